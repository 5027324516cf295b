"""What a contributor meets: probes, and what they see of a model and its images."""
