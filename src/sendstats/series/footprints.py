"""Counts of footprints: areas that stayed the same while their authorities were reorganised."""

from __future__ import annotations

import polars as pl

from sendstats.catalogue.footprints import FOOTPRINT, footprints
from sendstats.ingest.periods import census_day

#: What a member in force without a row is.
NO_ROW = "non_return"


def with_footprints(counts: pl.DataFrame) -> pl.DataFrame:
    """Add a row for every footprint whose members are among the places.

    Parameters
    ----------
    counts : polars.DataFrame
        Columns as `sendstats.series.cells.summed` returns them.

    Returns
    -------
    polars.DataFrame
        The same columns, ``place`` as text. A footprint is the sum of the members in force in the
        period. It is null, with the reason, where one of them is null or has no row.
    """
    counts = counts.with_columns(pl.col("place").cast(pl.String), pl.col("level").cast(pl.String))
    members = _members(counts["period"].unique().to_list())
    held = counts.join(members, on=["period", "place"], how="inner", maintain_order="left")
    if held.is_empty():
        return counts
    return pl.concat([counts, _summed(held).select(counts.columns)])


def _members(periods: list[str]) -> pl.DataFrame:
    """Return ``period``, ``place``, ``footprint`` and ``in_force``: how many members count."""
    found = []
    for period in sorted(periods):
        for key, footprint in footprints().items():
            on = footprint.on(census_day(period))
            found += [(period, place, key, len(on), footprint.note) for place in on]
    names = ["period", "place", "footprint", "in_force", "note"]
    schema = dict.fromkeys(names, pl.String) | {"in_force": pl.Int64}
    return pl.DataFrame(found, schema=schema, orient="row")


def _summed(held: pl.DataFrame) -> pl.DataFrame:
    number, reason = pl.col("number"), pl.col("reason")
    whole = (pl.len() == pl.col("in_force").first()) & number.is_not_null().all()
    why = pl.coalesce(reason.filter(number.is_null()).first(), pl.lit(NO_ROW))
    keys = ["period", "footprint", "item", "group"]
    return (
        held.group_by(keys, maintain_order=True)
        .agg(
            pl.lit(FOOTPRINT).alias("level"),
            pl.col("label").first(),
            pl.when(whole).then(number.sum()).alias("number"),
            pl.when(whole).then(None).otherwise(why).alias("reason"),
            pl.col("text").str.join(" + "),
            pl.col("shown").unique(maintain_order=True).str.join(" + "),
            pl.col("row").str.join(" + "),
            pl.concat_list(
                pl.col("note").first().implode(),
                pl.col("marks").explode().drop_nulls().unique(maintain_order=True).implode(),
            )
            .explode()
            .alias("marks"),
        )
        .rename({"footprint": "place"})
    )
