"""Rates over the authorities that have both counts: the basis ``same_authorities``."""

from __future__ import annotations

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL, REGIONAL, england, places
from sendstats.catalogue.series import SAME_AUTHORITIES
from sendstats.series.cells import ROW
from sendstats.series.model import REPAIRED, UNREPAIRED

_ON = ["period", "item", "group"]


def over_same_authorities(joined: pl.DataFrame) -> pl.DataFrame:
    """Return rates of England, the regions and the authorities themselves.

    Parameters
    ----------
    joined : polars.DataFrame
        Counts of each place: ``number`` over ``denominator`` with what is known of both.

    Returns
    -------
    polars.DataFrame
        An authority's rate is its own; that of a region or of England sums both counts over the
        authorities in it that have both in the period. ``row`` says how many those are.
    """
    local = joined.filter(pl.col("level") == LOCAL)
    regions = {key: place.region for key, place in places().items() if place.region}
    region = pl.col("place").replace_strict(regions, default=None, return_dtype=pl.String)
    wholes = [
        _summed(local.with_columns(region.alias("whole")), REGIONAL),
        _summed(local.with_columns(pl.lit(england().key).alias("whole")), NATIONAL),
    ]
    own = local.with_columns(
        pl.coalesce("reason", "_reason").alias("reason"),
        pl.concat_str("row", pl.lit(" ÷ "), "_row").alias("row"),
        pl.concat_list("marks", "_marks").list.unique(maintain_order=True).alias("marks"),
    )
    return _rates(pl.concat([*wholes, own.select(wholes[0].columns)]))


def _summed(local: pl.DataFrame, level: str) -> pl.DataFrame:
    both = pl.col("number").is_not_null() & pl.col("denominator").is_not_null()
    marks = pl.concat_list("marks", "_marks").list
    repairs = [
        pl.when((marks.contains(mark) & both).any()).then(pl.lit(mark))
        for mark in (REPAIRED, UNREPAIRED)
    ]
    found = local.group_by("whole", *_ON, maintain_order=True).agg(
        pl.col("label").first(),
        pl.col("number").filter(both).sum(),
        pl.col("denominator").filter(both).sum(),
        pl.when(~both.any()).then(pl.lit("non_return")).alias("reason"),
        pl.col("shown").first(),
        pl.col("_shown").first(),
        pl.format("rows of {} of {} authorities", both.sum(), pl.len()).alias("row"),
        pl.concat_list(repairs).list.drop_nulls().alias("marks"),
    )
    return found.rename({"whole": "place"}).with_columns(pl.lit(level).alias("level")).select(
        *ROW, "group", "level", "label", "number", "denominator", "reason", "shown", "_shown",
        "row", "marks",
    )  # fmt: skip


def _rates(counts: pl.DataFrame) -> pl.DataFrame:
    top, bottom = pl.col("number"), pl.col("denominator")
    known = top.is_not_null() & (bottom > 0)
    undefined = bottom == 0
    return counts.select(
        *ROW,
        "group",
        "level",
        "label",
        pl.when(known).then(100 * top / bottom).alias("value"),
        top.alias("numerator"),
        bottom,
        pl.when(undefined).then(pl.lit("undefined")).otherwise("reason").alias("reason"),
        pl.lit(None, pl.String).alias("published"),
        pl.concat_str(pl.lit("computed: "), "shown", pl.lit(" ÷ "), "_shown").alias("column"),
        "row",
        pl.concat_list(pl.lit(SAME_AUTHORITIES), "marks").alias("marks"),
    )
