"""What one table prints of a place, against the years around it."""
