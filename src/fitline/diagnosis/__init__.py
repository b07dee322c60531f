"""What went wrong with a training, and what would help."""
