"""Rates over the authorities that have both counts: the basis ``same_authorities``."""

from __future__ import annotations

from collections import Counter

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL, REGIONAL, england, of_level, places
from sendstats.catalogue.series import SAME_AUTHORITIES
from sendstats.ingest.periods import census_day
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
        authorities in it that have both in the period. ``row`` says how many those are, of how
        many that are in force then, whether or not each has a row.
    """
    local = joined.filter(pl.col("level") == LOCAL)
    regions = {key: place.region for key, place in places().items() if place.region}
    region = pl.col("place").replace_strict(regions, default=None, return_dtype=pl.String)
    known = _in_force(local["period"].unique().to_list())
    wholes = [
        _summed(local.with_columns(whole.alias("whole")), level, known)
        for whole, level in ((region, REGIONAL), (pl.lit(england().key), NATIONAL))
    ]
    own = local.with_columns(
        pl.coalesce("reason", "_reason").alias("reason"),
        pl.concat_str("row", pl.lit(" ÷ "), "_row").alias("row"),
        pl.concat_list("marks", "_marks").list.unique(maintain_order=True).alias("marks"),
    )
    return _rates(pl.concat([*wholes, own.select(wholes[0].columns)]))


def _in_force(periods: list[str]) -> pl.DataFrame:
    """Return ``period``, ``whole`` and how many authorities of it are ``in_force`` then."""
    local, found = of_level(LOCAL), Counter[tuple[str, str]]()
    for period in periods:
        on = [p for p in local if p.in_force(census_day(period))]
        found.update((period, whole) for p in on for whole in (p.region, england().key))
    rows = [(*key, count) for key, count in sorted(found.items())]
    schema = {"period": pl.String, "whole": pl.String, "in_force": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _summed(local: pl.DataFrame, level: str, known: pl.DataFrame) -> pl.DataFrame:
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
        both.sum().alias("_both"),
        pl.concat_list(repairs).list.drop_nulls().alias("marks"),
    )
    found = found.join(known, on=["period", "whole"], how="left", maintain_order="left")
    rows = pl.format("rows of {} of {} authorities", "_both", "in_force").alias("row")
    named = found.rename({"whole": "place"}).with_columns(pl.lit(level).alias("level"), rows)
    return named.select(
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
