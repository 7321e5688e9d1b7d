"""Columns that one of two layouts has alone, and columns that are spelled otherwise."""

from __future__ import annotations

import polars as pl

from sendstats.quality.revisions.cells import Vintage
from sendstats.quality.revisions.meanings import standing

#: How many placements a line names; the rest are counted.
_NAMED = 6


def columns(a: pl.DataFrame, b: pl.DataFrame, old: Vintage, new: Vintage) -> pl.DataFrame:
    """Return columns withdrawn, added and relabelled.

    A column that holds no number in the shared periods published nothing, and neither came nor
    went. The placements of a long layout that have no counterpart are one line a column.

    Parameters
    ----------
    a, b : polars.DataFrame
        `cells` of the two vintages.
    old, new : Vintage

    Returns
    -------
    polars.DataFrame
        Columns of `REVISIONS` that are known.
    """
    meant = standing(old, new)
    gone = [c for c in old.measures if new.lacks(c) and c not in meant]
    come = [c for c in new.measures if old.lacks(c) and c not in meant]
    return pl.concat(
        [
            _alone(a, gone, "withdrawn", "old_column"),
            _alone(b, come, "added", "new_column"),
            _respelled(old, new),
        ],
        how="diagonal_relaxed",
    )


def _alone(found: pl.DataFrame, names: list[str], kind: str, side: str) -> pl.DataFrame:
    held = found.filter(pl.col("column").is_in(names), pl.col("said"))
    lines = held.group_by("source", maintain_order=True).agg(
        pl.col("column").unique(maintain_order=True).alias("_all"),
        pl.len().cast(pl.Int64).alias("cells"),
    )
    several = pl.col("_all").list.len() > 1
    named = pl.col("_all").list.head(_NAMED).list.join(", ")
    more = pl.when(pl.col("_all").list.len() > _NAMED).then(pl.lit(", …")).otherwise(pl.lit(""))
    return lines.select(
        pl.lit(kind).alias("kind"),
        pl.when(several).then(pl.lit("")).otherwise(pl.col("_all").list.first()).alias("column"),
        "cells",
        pl.col("source").alias(side),
        pl.when(several)
        .then(pl.format("{} columns of ours: {}{}", pl.col("_all").list.len(), named, more))
        .otherwise(pl.lit("the column"))
        .alias("note"),
    )


def _respelled(old: Vintage, new: Vintage) -> pl.DataFrame:
    """Return columns whose published name differs; one line where placements left the rows."""
    if old.layout.long != new.layout.long:
        told = [
            "placements are rows" if v.layout.long else "placements are columns" for v in (old, new)
        ]
        return pl.DataFrame({"kind": ["relabelled"], "old": told[:1], "new": told[1:]})
    was, now = old.measures, new.measures
    pairs = {(was[c], now[c]): c for c in reversed(was) if c in now and was[c] != now[c]}
    lines = [
        {"kind": "relabelled", "column": ours, "old": before, "new": after,
         "old_column": before, "new_column": after, "note": "published name of the column"}
        for (before, after), ours in pairs.items()
    ]  # fmt: skip
    schema = dict.fromkeys(("kind", "column", "old", "new", "old_column", "new_column"), pl.String)
    return pl.DataFrame(lines, schema=schema | {"note": pl.String})
