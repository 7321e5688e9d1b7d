"""How a stored table lies on disk."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sendstats.catalogue.shapes import UNDER
from sendstats.catalogue.tables import Layout

#: Key columns of a stored table, in order. `placement` is there in long layouts only.
KEYS = ["period", "place", "topic", "item", "placement"]
#: Rows that are written, and later read, together.
ROW_GROUP = 200_000


def stored(path: Path) -> pl.LazyFrame:
    """Return a stored table to be read in part, its labels as text."""
    return pl.scan_parquet(path).with_columns(pl.col(pl.Categorical).cast(pl.String))


def printed(name: pl.Expr, layout: Layout) -> pl.Expr:
    """Return names of published columns; those of a cross table with the ``period`` above them."""
    return pl.format(f"{{}}{UNDER}", name, "period") if layout.cross else name
