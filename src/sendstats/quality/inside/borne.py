"""What else bears a total out, where its own parts fall short of it."""

from __future__ import annotations

from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, REGIONAL, places
from sendstats.quality.cells import LABELS, TOTAL, Slice
from sendstats.quality.settings import threshold

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
    rows = rows.select(held.numbers.columns)
    apart = _apart(held, rows, total)
    found = dict.fromkeys(_divided(held, rows, total), "its breakdowns")
    layout = held.checked.layout
    for larger in (s for s in layout.sums if s.holds(held.period) and total in s.parts):
        if {larger.total, *larger.parts} <= set(held.columns):
            added = pl.sum_horizontal(larger.parts, ignore_nulls=False)
            agree = rows.filter(added == pl.col(larger.total))["row"]
            found |= dict.fromkeys(agree, f"{layout.columns[larger.total]}, which it is part of")
    return {row: by for row, by in found.items() if row not in apart}


def lacking(row: dict[str, Any], total: str, sound: dict[int, str], short: pl.DataFrame) -> str:
    """Say who is missing from the parts of a total that something else bears out."""
    if row["row"] not in sound:
        return ""
    gap = row[total] - row["_sum"]
    are = "is" if gap == 1 else "are"
    said = f"the total agrees with {sound[row['row']]}; {gap:,} {are} in none of its parts"
    few = _most_of(short, total, row)
    return said + (f", most of them in few places: {few}" if few else "")


def _most_of(rows: pl.DataFrame, total: str, one: dict[str, Any]) -> str:
    """Name the few authorities that hold nearly all that the parts of a whole lack."""
    inside = (pl.col("level") == LOCAL) & pl.all_horizontal(pl.col(c) == one[c] for c in LABELS)
    if one["level"] == LOCAL:
        return ""
    if one["level"] == REGIONAL:
        inside &= pl.col("region") == one["place"]
    gap = pl.col(total) - pl.col("_sum")
    mine = rows.filter(inside).select("place", gap.alias("gap"))
    mine = mine.sort("gap", "place", descending=[True, False])
    few = mine.head(int(threshold("lacking_named")))
    if few["gap"].sum() < threshold("lacking_share") * (one[total] - one["_sum"]):
        return ""
    return ", ".join(f"{places()[place].name} {n:,}" for place, n in few.iter_rows())


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
    sums = [pl.col(total).sum().alias("_of_members"), pl.col(total).null_count().alias("_withheld")]
    of_region = local.group_by(pl.col("region").alias("place"), *LABELS).agg(sums)
    of_england = local.group_by(LABELS).agg(sums)
    national = rows.filter(pl.col("level") == "National").join(of_england, on=LABELS)
    regional = rows.join(of_region, on=["place", *LABELS])
    wrong = (pl.col("_withheld") == 0) & (pl.col("_of_members") != pl.col(total))
    return {row for part in (national, regional) for row in part.filter(wrong)["row"]}
