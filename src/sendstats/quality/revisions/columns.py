"""Columns that one of two layouts has alone, and columns that are spelled otherwise."""

from __future__ import annotations

import polars as pl

from sendstats.quality.revisions.cells import Vintage
from sendstats.quality.revisions.meanings import standing

#: How many placements a line names; the rest are counted.
_NAMED = 6


def alone(a: pl.DataFrame, b: pl.DataFrame, old: Vintage, new: Vintage) -> pl.DataFrame:
    """Return how many cells say something in columns that one side alone has.

    Parameters
    ----------
    a, b : polars.DataFrame
        `cells` of one period of the two vintages.
    old, new : Vintage

    Returns
    -------
    polars.DataFrame
        ``kind``, ``source``, ``column`` and ``cells``. A column that holds no number in the shared
        periods published nothing, and neither came nor went.
    """
    meant = standing(old, new)
    gone = [c for c in old.measures if new.lacks(c) and c not in meant]
    come = [c for c in new.measures if old.lacks(c) and c not in meant]
    sides = ((a, gone, "withdrawn"), (b, come, "added"))
    return pl.concat(
        found.filter(pl.col("column").is_in(names), pl.col("said"))
        .group_by("source", "column", maintain_order=True)
        .agg(pl.len().cast(pl.Int64).alias("cells"))
        .with_columns(pl.lit(kind).alias("kind"))
        for found, names, kind in sides
    )


def columns(counted: list[pl.DataFrame], old: Vintage, new: Vintage) -> pl.DataFrame:
    """Return columns withdrawn, added and relabelled.

    The placements of a long layout that have no counterpart are one line a column.

    Parameters
    ----------
    counted : list of polars.DataFrame
        What `alone` returns, for each period.
    old, new : Vintage

    Returns
    -------
    polars.DataFrame
        Columns of `REVISIONS` that are known.
    """
    every = pl.concat(counted)
    order = {name: n for n, name in enumerate(dict.fromkeys((*old.measures, *new.measures)))}
    place = pl.col("column").replace_strict(order, return_dtype=pl.Int32)
    every = every.sort(place, maintain_order=True)
    sides = {"withdrawn": "old_column", "added": "new_column"}
    lines = [
        _alone(every.filter(pl.col("kind") == kind), kind, side) for kind, side in sides.items()
    ]
    return pl.concat([*lines, _respelled(old, new)], how="diagonal_relaxed")


def _alone(counted: pl.DataFrame, kind: str, side: str) -> pl.DataFrame:
    lines = counted.group_by("source", maintain_order=True).agg(
        pl.col("column").unique(maintain_order=True).alias("_all"), pl.col("cells").sum()
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
