"""Rows that one of two releases has alone, for a period that both publish."""

from __future__ import annotations

import polars as pl

from sendstats.quality.revisions.cells import TOTAL, Vintage

_ROW = ["period", "topic", "item", "place"]


def rows(old: Vintage, new: Vintage) -> pl.DataFrame:
    """Return rows withdrawn and added; a whole topic or item of a period is one line.

    Returns
    -------
    polars.DataFrame
        Columns of `REVISIONS` that are known: ``item`` and ``place`` are empty where all of a
        topic, or of an item, is meant.
    """
    found = []
    if not new.extract:
        found.append(_only(old, new, "withdrawn"))
    if not old.extract:
        found.append(_only(new, old, "added"))
    return pl.concat([pl.DataFrame(schema={"kind": pl.String}), *found], how="diagonal_relaxed")


def _only(here: Vintage, there: Vintage, kind: str) -> pl.DataFrame:
    """Return the rows of one release that another lacks, at the widest level that says it all.

    Of a table that is stored in part only the undivided rows are there for every place.
    """
    kept = here.frame if there.whole else here.frame.filter(pl.col("topic") == TOTAL)
    mine = kept.group_by([*_ROW, "level"], maintain_order=True).agg(pl.col("row").first())
    alone = mine.join(there.frame, on=_ROW, how="anti", maintain_order="left")
    levels, left = [], alone
    for depth in (2, 3):
        known = there.frame.select(_ROW[:depth]).unique()
        whole = left.join(known, on=_ROW[:depth], how="anti", maintain_order="left")
        left = left.join(known, on=_ROW[:depth], how="semi", maintain_order="left")
        counted = whole.group_by(_ROW[:depth], maintain_order=True).agg(pl.len().alias("_rows"))
        levels.append(counted)
    side = "old_row" if kind == "withdrawn" else "new_row"
    levels.append(left.rename({"row": side}).with_columns(pl.lit(1).alias("_rows")))
    lines = pl.concat(levels, how="diagonal_relaxed")
    return lines.with_columns(
        pl.lit(kind).alias("kind"),
        (pl.col("_rows") * len(here.columns)).cast(pl.Int64).alias("cells"),
        pl.when(pl.col("_rows") == 1)
        .then(pl.lit("1 row"))
        .otherwise(pl.format("{} rows", "_rows"))
        .alias("note"),
    ).drop("_rows")
