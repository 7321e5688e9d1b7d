"""What must hold between the cells of one table, in one period."""
