"""Find what is wrong by arithmetic, and repair only what other cells prove.

Knows accounting identities; never where files came from. No gate names a place or a year.
"""
