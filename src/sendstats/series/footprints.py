"""Counts that are summed when asked for: footprints, and regions that a file prints in parts.

A footprint is an area that stayed the same while its authorities were reorganised.
"""

from __future__ import annotations

import polars as pl

from sendstats.catalogue.footprints import FOOTPRINT, footprints
from sendstats.catalogue.places import REGIONAL, of_level
from sendstats.catalogue.symbols import NO_ROW
from sendstats.ingest.periods import census_day

#: Flag of a region that is the sum of the parts which the file prints of it.
IN_PARTS = "region_in_parts"


def with_footprints(
    counts: pl.DataFrame, divides: tuple[str, ...] = (), *, extract: bool = False
) -> pl.DataFrame:
    """Add a row for every footprint whose members are among the places, and every divided region.

    Parameters
    ----------
    counts : polars.DataFrame
        Columns as `sendstats.series.cells.summed` returns them.
    divides : tuple of str
        Keys of the regions that the file prints in parts only.
    extract : bool
        Whether rows were filtered out: an area of which some are missing is none then.

    Returns
    -------
    polars.DataFrame
        The same columns, ``place`` as text. A footprint is the sum of the members in force in the
        period; a member that counts 0 of 0 adds nothing to either side of a rate. It is null, with
        the reason, where one of them is null or has no row. A region is the sum of its parts.
    """
    counts = counts.with_columns(pl.col("place").cast(pl.String), pl.col("level").cast(pl.String))
    members = _members(counts["period"].unique().to_list(), divides)
    held = counts.join(members, on=["period", "place"], how="inner", maintain_order="left")
    if held.is_empty():
        return counts
    whole = _summed(held)
    if extract:
        whole = whole.filter(pl.col("_all"))
    return pl.concat([counts, whole.select(counts.columns)])


def _members(periods: list[str], divides: tuple[str, ...]) -> pl.DataFrame:
    """Return which places make up which area in a period, and how many are ``in_force``."""
    found = []
    for period in sorted(periods):
        for key, footprint in footprints().items():
            on = footprint.on(census_day(period))
            found += [(period, p, key, FOOTPRINT, len(on), footprint.note) for p in on]
        for region in divides:
            parts = [p.key for p in of_level(REGIONAL, divides) if p.region == region]
            found += [(period, p, region, REGIONAL, len(parts), IN_PARTS) for p in parts]
    names = ["period", "place", "area", "of", "in_force", "note"]
    schema = dict.fromkeys(names, pl.String) | {"in_force": pl.Int64}
    return pl.DataFrame(found, schema=schema, orient="row")


def _summed(held: pl.DataFrame) -> pl.DataFrame:
    number, reason = pl.col("number"), pl.col("reason")
    there = pl.len() == pl.col("in_force").first()
    whole = there & number.is_not_null().all()
    why = pl.coalesce(reason.filter(number.is_null()).first(), pl.lit(NO_ROW))
    keys = ["period", "area", "item", "group"]
    return (
        held.group_by(keys, maintain_order=True)
        .agg(
            pl.col("of").first().alias("level"),
            there.alias("_all"),
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
        .rename({"area": "place"})
    )
