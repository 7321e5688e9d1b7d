"""From stored text to values: cast, reason and lineage of the cells a series asks for.

Reasons and lineage are computed when a series is read, not stored: the stored tables hold what
was published and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from sendstats.catalogue.tables import Layout, Table
from sendstats.ingest.symbols import meaning, number, settled
from sendstats.store.tables import Store

KEY = ["period", "place", "item"]
#: A part with one of these reasons is no part in that period, so a sum may go without it.
ABSENT = ["not_collected", "not_applicable"]


@dataclass(frozen=True)
class Stored:
    """One stored table with the catalogue's knowledge of it."""

    store: Store
    table: Table
    release: str
    repaired: bool = True

    @property
    def layout(self) -> Layout:
        """The layout of this release."""
        return self.table.layout(self.release)

    def rows(self) -> pl.DataFrame:
        """Return the rows that are not broken down by a topic."""
        frame = self.store.read(self.table.id, self.release)
        return frame.filter(pl.col("topic").is_in(self.layout.whole_topics))


def parts(stored: Stored, leaves: Sequence[str], column: str = "plans") -> pl.DataFrame:
    """Return the cells of `leaves`, one row a cell.

    Parameters
    ----------
    stored : Stored
    leaves : sequence of str
        Columns of a wide layout, or labels of a long one; those it lacks are left out.
    column : str
        Where a long layout keeps the figure.

    Returns
    -------
    polars.DataFrame
        ``period``, ``place``, ``item``, ``level``, ``label``, ``row``, ``leaf``, ``text``
        (published, never null), ``shown`` and ``column`` (its column, as published and ours).
    """
    frame, layout = stored.rows(), stored.layout
    index = [*KEY, "level", "label", "row"]
    if layout.long:
        found = frame.filter(pl.col("placement").is_in(list(leaves))).select(
            *index, pl.col("placement").alias("leaf"), pl.col(column).alias("text")
        )
        return found.filter(pl.col("text").is_not_null()).with_columns(
            pl.format(layout.columns[column] + " ({})", "leaf").alias("shown"),
            pl.lit(column).alias("column"),
        )
    held = [leaf for leaf in leaves if leaf in layout.columns]
    names = {leaf: layout.columns[leaf] for leaf in held}
    found = frame.unpivot(on=held, index=index, variable_name="leaf", value_name="text")
    return found.filter(pl.col("text").is_not_null()).with_columns(
        pl.col("leaf").replace_strict(names, default=None, return_dtype=pl.String).alias("shown"),
        pl.col("leaf").alias("column"),
    )


def valued(stored: Stored, cells: pl.DataFrame) -> pl.DataFrame:
    """Add ``number``, ``reason``, ``repair`` and ``findings`` to the cells of `parts`."""
    book = stored.table.symbols(stored.release)
    read = cells.with_columns(number("text").alias("number"), meaning("text", book).alias("reason"))
    nobody = number("text", pl.Float64).is_null().all().over("period", "item", "leaf")
    read = read.with_columns(settled(pl.col("reason"), nobody_has_one=nobody).alias("reason"))
    return _found(stored, _repaired(stored, read))


def _repaired(stored: Stored, cells: pl.DataFrame) -> pl.DataFrame:
    repairs = _mine(stored, stored.store.repairs)
    if repairs.is_empty() or not stored.repaired:
        return cells.with_columns(pl.lit(None, pl.String).alias("repair"))
    proven = repairs.select(
        pl.col("row").cast(pl.Int32),
        pl.col("column"),
        pl.col("value").alias("_value"),
        pl.lit("repaired").alias("repair"),
    )
    joined = cells.join(proven, on=["row", "column"], how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("_value", "number").alias("number")).drop("_value")


def _found(stored: Stored, cells: pl.DataFrame) -> pl.DataFrame:
    """Add ``findings``: ids of the findings that touch each cell."""
    flags = _mine(stored, stored.store.flags).select(
        pl.col("row").cast(pl.Int32), "column", "finding"
    )
    if flags.is_empty():
        return cells.with_columns(pl.lit([], pl.List(pl.String)).alias("findings"))
    grouped = flags.group_by("row", "column").agg(pl.col("finding").sort().alias("findings"))
    return cells.join(grouped, on=["row", "column"], how="left", maintain_order="left")


def _mine(stored: Stored, side: pl.DataFrame) -> pl.DataFrame:
    return side.filter((pl.col("table") == stored.table.id) & (pl.col("release") == stored.release))


def summed(cells: pl.DataFrame) -> pl.DataFrame:
    """Add up the cells of one key.

    A part that was not collected in that period is left out; a part that is null for any other
    reason makes the sum null, with that reason.

    Returns
    -------
    polars.DataFrame
        ``period``, ``place``, ``item``, ``level``, ``label``, ``number``, ``reason``, ``text``,
        ``shown``, ``row`` (text, joined by " + ") and ``marks`` (list of flags).
    """
    missing = pl.col("number").is_null()
    blocking = missing & ~pl.col("reason").is_in(ABSENT)
    count = (~missing).sum()
    whole = (count > 0) & ~blocking.any()
    return cells.group_by([*KEY, "level", "label"], maintain_order=True).agg(
        pl.when(whole).then(pl.col("number").sum()).alias("number"),
        pl.when(whole)
        .then(None)
        .otherwise(pl.coalesce(pl.col("reason").filter(blocking).first(), pl.col("reason").first()))
        .alias("reason"),
        pl.col("text").str.join(" + ").alias("text"),
        pl.col("shown").unique(maintain_order=True).str.join(" + ").alias("shown"),
        pl.col("row").unique(maintain_order=True).cast(pl.String).str.join(" + ").alias("row"),
        pl.concat_list(
            pl.col("repair").drop_nulls().implode(),
            pl.col("findings").explode().drop_nulls().implode(),
        )
        .explode()
        .alias("marks"),
    )


def count(stored: Stored, leaves: Sequence[str], column: str = "plans") -> pl.DataFrame:
    """Return the sum of `leaves` for every key, as `summed` does."""
    key = ("count", *_named(stored), tuple(leaves), column)
    return stored.store.once(key, lambda: summed(valued(stored, parts(stored, leaves, column))))


def base(stored: Stored, name: str, column: str = "plans") -> pl.DataFrame:
    """Return what shares divide by in each period, as `summed` does, with ``says`` in words."""
    key = ("base", *_named(stored), name, column)
    return stored.store.once(key, lambda: _base(stored, name, column))


def _named(stored: Stored) -> tuple[str, str, bool]:
    return (stored.table.id, stored.release, stored.repaired)


def _base(stored: Stored, name: str, column: str) -> pl.DataFrame:
    found = []
    for rule in (b for b in stored.layout.bases if b.of == name):
        rows = count(stored, rule.leaves, column)
        holds = [p for p in rows["period"].unique() if rule.holds(p)]
        kept = rows.filter(pl.col("period").is_in(holds))
        found.append(kept.with_columns(pl.lit(rule.says).alias("says")))
    return pl.concat(found)
