"""What a task makes of truth and prediction."""
