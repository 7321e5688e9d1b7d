"""Splits and mergers: the parts of one release add up to the parts of another, or are revised."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from sendstats.catalogue.places import NATIONAL
from sendstats.catalogue.revisions import Redefinition
from sendstats.catalogue.tables import AVERAGE, PERCENT


def sums(a: pl.DataFrame, b: pl.DataFrame, of: Redefinition) -> Iterator[pl.DataFrame]:
    """Yield one line a figure and period, and one for each place whose two sums differ.

    Parameters
    ----------
    a, b : polars.DataFrame
        `cells` of the earlier and the later vintage.
    of : Redefinition
        One that adds up.

    Yields
    ------
    polars.DataFrame
        Columns of `REVISIONS` that are known.
    """
    axis, other = ("item", "column") if of.items else ("column", "item")
    figure = ["period", "topic", other]
    before, after = (_sum(side, names, of) for side, names in ((a, of.old), (b, of.new)))
    whole = of.new if len(of.old) > 1 else of.old
    tested = before.join(
        after, on=["place", *figure], suffix="_new", maintain_order="left"
    ).with_columns(
        (pl.col("number_new") - pl.col("number")).alias("change"),
        pl.lit(" + ".join(whole)).alias(axis),
    )
    england = tested.filter(pl.col("level") == NATIONAL).select(
        *figure, pl.col("text").alias("england_old"), pl.col("text_new").alias("england_new")
    )
    yield _figures(tested, england, figure, axis, of)
    yield _places(tested, england, figure, of)


def _figures(
    tested: pl.DataFrame, england: pl.DataFrame, figure: list[str], axis: str, of: Redefinition
) -> pl.DataFrame:
    """Return one line a figure: England's sums, and in how many places the two sides agree."""
    told = pl.format("{} The sums agree in {} of {} places.", pl.lit(of.why), "_agree", "cells")
    national = pl.col("level") == NATIONAL
    counted = tested.group_by(figure, maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("cells"),
        (pl.col("change") == 0).sum().alias("_agree"),
        pl.col("change").filter(national).first(),
        *(pl.col(c).first() for c in (axis, "old_column", "new_column")),
    )
    lines = counted.join(england, on=figure, how="left", maintain_order="left")
    return lines.with_columns(
        pl.lit("redefined").alias("kind"),
        pl.col("england_old").alias("old"),
        pl.col("england_new").alias("new"),
        told.alias("note"),
    ).drop("_agree")


def _places(
    tested: pl.DataFrame, england: pl.DataFrame, figure: list[str], of: Redefinition
) -> pl.DataFrame:
    """Return one line for each place where the sums differ."""
    differ = tested.filter(pl.col("change") != 0)
    names = {"text": "old", "text_new": "new", "row": "old_row", "row_new": "new_row"}
    lines = differ.join(england, on=figure, how="left", maintain_order="left").rename(names)
    return lines.with_columns(
        pl.lit("revised").alias("kind"),
        pl.lit(1).cast(pl.Int64).alias("cells"),
        pl.lit(f"sums of what was split or merged; {of.why}").alias("note"),
    ).drop("number", "number_new", "level_new")


def _sum(found: pl.DataFrame, names: tuple[str, ...], of: Redefinition) -> pl.DataFrame:
    """Return the sum of some parts wherever every one that must be there has a number."""
    axis, other = ("item", "column") if of.items else ("column", "item")
    side = "old_column" if names == of.old else "new_column"
    counts = ~(pl.col("column").str.ends_with(PERCENT) | pl.col("column").str.starts_with(AVERAGE))
    held = found.filter(
        pl.col(axis).is_in(list(names)),
        pl.col("period").is_in([p for p in found["period"].unique() if of.holds(p)]),
        pl.lit(not of.topic) | (pl.col("topic") == of.topic),
        pl.col("number").is_not_null() & counts,
    )
    needed = [name for name in names if name not in of.may_lack]
    summed = (
        held.sort(axis)
        .group_by(["place", "level", "period", "topic", other], maintain_order=True)
        .agg(
            pl.col("number").sum(),
            pl.col("text").str.join(" + "),
            pl.col("row").min(),
            pl.col("source").unique(maintain_order=True).str.join(" + ").alias(side),
            pl.col(axis).is_in(needed).sum().alias("_held"),
        )
    )
    return summed.filter(pl.col("_held") == len(needed)).drop("_held").sort("row", other)
