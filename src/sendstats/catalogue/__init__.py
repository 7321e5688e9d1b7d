"""Everything a person must know about the publisher, as TOML, and the readers of it."""
