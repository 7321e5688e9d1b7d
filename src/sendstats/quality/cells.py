"""The cells of one stored table as numbers, one row a cell: what the gates read."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sendstats.catalogue.places import england, places
from sendstats.catalogue.tables import Layout, Table
from sendstats.ingest.symbols import number

#: What tells one cell of a place from another.
WHAT = ["period", "label", "column"]


@dataclass(frozen=True)
class Checked:
    """One ingested table of one release, ready for the gates.

    Attributes
    ----------
    table : Table
    release : str
    frame : polars.DataFrame
        As `sendstats.ingest.table.ingest` returns it.
    extract : bool
        An extract lacks rows on purpose: what it lacks is no finding.
    """

    table: Table
    release: str
    frame: pl.DataFrame
    extract: bool

    @property
    def layout(self) -> Layout:
        """The layout of this release."""
        return self.table.layout(self.release)

    def total(self) -> pl.DataFrame:
        """Return the rows that no topic breaks down."""
        return self.frame.filter(pl.col("topic").is_in(self.layout.whole_topics))


def counts(checked: Checked) -> pl.DataFrame:
    """Return every count of the rows that no topic breaks down.

    Returns
    -------
    polars.DataFrame
        ``row``, ``place``, ``level``, ``region`` (key), ``period``, ``label`` (item or
        placement), ``column``, ``number`` (null for a symbol). Blank cells are left out.
    """
    frame, layout = checked.total(), checked.layout
    label = pl.col("placement") if layout.long else pl.col("item")
    place = pl.col("place").cast(pl.String)
    region = {key: p.region or england().key for key, p in places().items()}
    keyed = frame.with_columns(
        place.alias("place"),
        pl.col("level").cast(pl.String),
        place.replace_strict(region, return_dtype=pl.String).alias("region"),
        label.alias("_label"),
    )
    index = ["row", "place", "level", "region", "period", "_label"]
    long = (
        keyed.unpivot(on=layout.additive, index=index, variable_name="column", value_name="text")
        .rename({"_label": "label"})
        .cast({"text": pl.String, "column": pl.String})
    )
    return long.filter(pl.col("text").is_not_null()).with_columns(number("text").alias("number"))
