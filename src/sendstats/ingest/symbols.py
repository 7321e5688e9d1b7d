"""Split a published cell into a number or the meaning of its symbol."""

from __future__ import annotations

import polars as pl

from sendstats.catalogue.symbols import UNAVAILABLE


def number(column: str | pl.Expr, kind: type[pl.DataType] = pl.Int64) -> pl.Expr:
    """Return an expression for the number in a text column, null where it holds none."""
    text = pl.col(column) if isinstance(column, str) else column
    return text.str.strip_chars().cast(kind, strict=False)


def meaning(column: str | pl.Expr, book: dict[str, str]) -> pl.Expr:
    """Return an expression for the meaning of the symbol in a text column, null for numbers."""
    text = pl.col(column) if isinstance(column, str) else column
    return text.str.strip_chars().replace_strict(book, default=None, return_dtype=pl.String)


def settled(reason: pl.Expr, *, nobody_has_one: pl.Expr) -> pl.Expr:
    """Decide what an unavailable cell is: not collected at all, or one place's non-return."""
    decided = pl.when(nobody_has_one).then(pl.lit("not_collected")).otherwise(pl.lit("non_return"))
    return pl.when(reason == UNAVAILABLE).then(decided).otherwise(reason)
