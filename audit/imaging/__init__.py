"""Physical perturbations of torch batches, and pictures of what they do."""
