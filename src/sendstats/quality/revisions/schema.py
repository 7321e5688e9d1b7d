"""The side table of revisions: one row a change between two releases."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from sendstats.catalogue.places import LEVELS

#: Every kind of change, the weightiest first.
KINDS = {
    "revised": "a number differs by more than its printing",
    "symbol": "a number became a symbol, a symbol a number, or one reason another",
    "redefined": "the cell means something else: a split, a merger, another basket or base",
    "withdrawn": "printed by the earlier release only, for a period that both publish",
    "added": "printed by the later release only, for a period that both publish",
    "relabelled": "a column, label or name is spelled otherwise",
    "recoded": "a place has another code",
    "reordered": "the same columns or rows stand in another order",
}

_COLUMNS: dict[str, pl.DataType] = {
    "revision": pl.String(),
    "kind": pl.String(),
    "publication": pl.String(),
    "table": pl.String(),
    "old_release": pl.String(),
    "new_release": pl.String(),
    "period": pl.String(),
    "place": pl.String(),
    "place_name": pl.String(),
    "level": pl.String(),
    "topic": pl.String(),
    "item": pl.String(),
    "column": pl.String(),
    "old": pl.String(),
    "new": pl.String(),
    "change": pl.Float64(),
    "england_old": pl.String(),
    "england_new": pl.String(),
    "cells": pl.Int64(),
    "old_row": pl.Int64(),
    "new_row": pl.Int64(),
    "old_column": pl.String(),
    "new_column": pl.String(),
    "note": pl.String(),
}
#: Columns of a list of revisions, in order. What concerns more than one cell has no row.
REVISIONS = pl.Schema(_COLUMNS)
#: How a list is sorted once the weightiest kinds stand first.
ORDER = [
    "publication", "new_release", "old_release", "table", "period", "_level", "place", "topic",
    "item", "column", "old", "new", "note",
]  # fmt: skip


def listed(found: list[pl.DataFrame]) -> pl.DataFrame:
    """Return changes as one list in its order, with every column of `REVISIONS`."""
    whole = pl.concat([pl.DataFrame(schema=REVISIONS), *found], how="diagonal_relaxed")
    whole = whole.with_columns(_named())
    whole = whole.select(pl.col(n).cast(t) for n, t in REVISIONS.items())
    ranks = whole.with_columns(_rank("kind", KINDS), _rank("level", LEVELS))
    return ranks.sort("_kind", *ORDER, nulls_last=True).drop("_kind", "_level")


def _named() -> pl.Expr:
    """Return what tells one change from another, as the id of a finding does."""
    column = pl.coalesce(pl.col("column").replace({"": None}), "old_column", "new_column")
    where = ["kind", "table", "old_release", "new_release", "period", "place", "topic", "item"]
    return pl.concat_str(*where, column, separator=".", ignore_nulls=True).alias("revision")


def _rank(column: str, order: Iterable[str]) -> pl.Expr:
    ranks = {name: rank for rank, name in enumerate(order)}
    ranked = pl.col(column).replace_strict(ranks, default=None, return_dtype=pl.Int8)
    return ranked.alias(f"_{column}")
