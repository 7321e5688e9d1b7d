"""What else bears a total out, where its own parts fall short of it."""

from __future__ import annotations

import polars as pl

from sendstats.catalogue.places import LOCAL
from sendstats.quality.cells import LABELS, TOTAL, Slice

#: Breakdowns that must add up to a total, each by itself, before they bear it out.
BREAKDOWNS = 2


def borne_out(held: Slice, rows: pl.DataFrame, total: str) -> dict[int, str]:
    """Return, by row, what agrees with a total to the unit: then its parts lack somebody.

    A total is borne out where it is itself part of a larger one that adds up in that row, or where
    at least `BREAKDOWNS` breakdowns of it do; never where its authorities add up to another figure.

    Parameters
    ----------
    held : Slice
    rows : polars.DataFrame
        Of one topic.
    total : str
    """
    apart = _apart(held, rows, total)
    found = dict.fromkeys(_divided(held, rows, total), "its breakdowns")
    layout = held.checked.layout
    for larger in (s for s in layout.sums if s.holds(held.period) and total in s.parts):
        if {larger.total, *larger.parts} <= set(held.columns):
            added = pl.sum_horizontal(larger.parts, ignore_nulls=False)
            agree = rows.filter(added == pl.col(larger.total))["row"]
            found |= dict.fromkeys(agree, f"{layout.columns[larger.total]}, which it is part of")
    return {row: by for row, by in found.items() if row not in apart}


def _divided(held: Slice, rows: pl.DataFrame, total: str) -> list[int]:
    """Return the undivided rows that enough breakdowns add up to."""
    whole = rows.filter(pl.all_horizontal(pl.col(c) == TOTAL for c in LABELS))
    nested = pl.col("item").str.contains(".", literal=True)
    added = (
        held.numbers.filter(pl.col("item") != TOTAL, ~nested)
        .group_by("place", "topic")
        .agg(pl.col(total).sum().alias("_added"), pl.col(total).null_count().alias("_nulls"))
        .filter(pl.col("_nulls") == 0)
    )
    agree = whole.join(added, on="place").filter(pl.col("_added") == pl.col(total))
    several = agree.group_by("row").len().filter(pl.col("len") >= BREAKDOWNS)
    return several["row"].to_list()


def _apart(held: Slice, rows: pl.DataFrame, total: str) -> set[int]:
    """Return the rows of regions and of England whose authorities add up to another figure."""
    local = held.numbers.filter(pl.col("level") == LOCAL)
    sums = [pl.col(total).sum().alias("_added"), pl.col(total).null_count().alias("_nulls")]
    of_region = local.group_by(pl.col("region").alias("place"), *LABELS).agg(sums)
    of_england = local.group_by(LABELS).agg(sums)
    national = rows.filter(pl.col("level") == "National").join(of_england, on=LABELS)
    regional = rows.join(of_region, on=["place", *LABELS])
    wrong = (pl.col("_nulls") == 0) & (pl.col("_added") != pl.col(total))
    return {row for part in (national, regional) for row in part.filter(wrong)["row"]}
