"""What must hold between the tables of one release."""
