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
    return as_text(pl.scan_parquet(path))


def printed(name: pl.Expr, layout: Layout) -> pl.Expr:
    """Return names of published columns; those of a cross table with the ``period`` above them."""
    return pl.format(f"{{}}{UNDER}", name, "period") if layout.cross else name


def as_text(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return rows with their labels as text, which is how every other room reads them."""
    return rows.with_columns(pl.col(pl.Categorical).cast(pl.String))


def write(rows: pl.LazyFrame, path: Path) -> None:
    """Write rows in their order, piece by piece; the same bytes whatever the number of threads."""
    rows.sink_parquet(
        path,
        compression="lz4",
        row_group_size=ROW_GROUP,
        statistics=False,
        maintain_order=True,
        engine="streaming",
    )
