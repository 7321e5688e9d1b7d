"""Rows that one of two releases has alone, for a period that both publish."""

from __future__ import annotations

import polars as pl

from sendstats.quality.revisions.cells import TOTAL, Vintage
from sendstats.quality.revisions.meanings import moved_items

_ROW = ["period", "topic", "item", "place"]


def rows(old: Vintage, new: Vintage) -> pl.DataFrame:
    """Return rows withdrawn and added; a whole topic or item of a period is one line.

    Rows that a declared change of definition accounts for are neither.

    Returns
    -------
    polars.DataFrame
        Columns of `REVISIONS` that are known: ``item`` and ``place`` are empty where all of a
        topic, or of an item, is meant.
    """
    key = {"topic": pl.String, "item": pl.String}
    meant = pl.DataFrame(sorted(moved_items(old, new)), schema=key, orient="row")
    found = []
    if not new.extract:
        gone = _only(old, new, meant).rename({"row": "old_row"})
        found.append(gone.with_columns(pl.lit("withdrawn").alias("kind")))
    if not old.extract:
        come = _only(new, old, meant).rename({"row": "new_row"})
        found.append(come.with_columns(pl.lit("added").alias("kind")))
    return pl.concat([pl.DataFrame(schema={"kind": pl.String}), *found], how="diagonal_relaxed")


def _only(here: Vintage, there: Vintage, meant: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of one release that another lacks, at the widest level that says it all.

    Of a table that is stored in part only the undivided rows are there for every place.
    """
    kept = here.held if there.whole else here.held.filter(pl.col("topic") == TOTAL)
    mine = kept.group_by([*_ROW, "level"], maintain_order=True).agg(pl.col("row").first())
    alone = mine.join(there.held, on=_ROW, how="anti", maintain_order="left")
    alone = alone.join(meant, on=["topic", "item"], how="anti", maintain_order="left")
    levels, left = [], alone
    for depth in (2, 3):
        known = there.held.select(_ROW[:depth]).unique()
        whole = left.join(known, on=_ROW[:depth], how="anti", maintain_order="left")
        left = left.join(known, on=_ROW[:depth], how="semi", maintain_order="left")
        counted = whole.group_by(_ROW[:depth], maintain_order=True).agg(pl.len().alias("_rows"))
        levels.append(counted)
    levels.append(left.with_columns(pl.lit(1).alias("_rows")))
    lines = pl.concat(levels, how="diagonal_relaxed")
    return lines.with_columns(
        (pl.col("_rows") * len(here.columns)).cast(pl.Int64).alias("cells"),
        pl.when(pl.col("_rows") == 1)
        .then(pl.lit("1 row"))
        .otherwise(pl.format("{} rows", "_rows"))
        .alias("note"),
    ).drop("_rows")
