"""What changed between two releases of one table, each change of its own kind."""

from sendstats.quality.revisions.cells import Vintage
from sendstats.quality.revisions.compare import compare, described
from sendstats.quality.revisions.schema import KINDS, REVISIONS, listed

__all__ = ["KINDS", "REVISIONS", "Vintage", "compare", "described", "listed"]
