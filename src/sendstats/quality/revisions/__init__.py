"""What changed between two releases of one table, each change of its own kind."""
