"""Generations that do not exist, and what absorbs them."""
