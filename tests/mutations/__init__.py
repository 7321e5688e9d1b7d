"""Spoil real files one way at a time and see that the pipeline never takes a wrong figure silently.

`named.toml` says before any run what each mutation must come to, `undetectable.toml` which changes
no arithmetic can see and why. ``make mutations`` prints the tables.
"""
