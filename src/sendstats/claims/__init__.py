"""Claims: a figure that someone quoted, and every figure it could be. Knows no file layout."""

from sendstats.claims.model import Claim, Match
from sendstats.claims.quote import Quote, read_quote
from sendstats.claims.search import claim

__all__ = ["Claim", "Match", "Quote", "claim", "read_quote"]
