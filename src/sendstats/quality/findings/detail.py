"""A total without its parts: whether what contains it holds them, and what the publisher says."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sendstats.catalogue.footnotes import footnotes_for
from sendstats.catalogue.places import LOCAL, places
from sendstats.quality.broken import DETAIL
from sendstats.quality.cells import LABELS, TOTAL, Slice
from sendstats.quality.findings.group import Group

#: Release, table, year of the census day, and place of a total without parts.
Place = tuple[str, str, int, str]


@dataclass(frozen=True)
class Detail:
    """How many of a total that has no parts stand in the parts of its region.

    Attributes
    ----------
    total, held : int
    region : str
        Name.
    """

    total: int
    held: int
    region: str


def detail_of(group: Group, held: Slice) -> Detail | None:
    """Return what the parts of a region hold beyond those of its other members.

    None where that cannot be told: the total has no parts by columns, the region has none either,
    or several of its members lack theirs and some of them are in the region's parts.

    Parameters
    ----------
    group : Group
        Of a total without parts.
    held : Slice
    """
    first = group.first
    total, *parts = first.columns
    if first.rule != DETAIL or not first.whole or first.level != LOCAL or not parts:
        return None
    whole = pl.all_horizontal(pl.col(c) == TOTAL for c in LABELS)
    rows = held.numbers.filter(whole).select(
        "place", "level", "region", pl.col(total).alias("_total"),
        pl.sum_horizontal(parts).alias("_parts"),
        pl.all_horizontal(pl.col(p).is_null() for p in parts).alias("_bare"),
    )  # fmt: skip
    mine = rows.filter(pl.col("place") == first.place)["region"].item()
    region = rows.filter((pl.col("place") == mine) & ~pl.col("_bare"))
    members = rows.filter((pl.col("region") == mine) & (pl.col("level") == LOCAL))
    if region.is_empty():
        return None
    bare = members.filter("_bare")["_total"].sum()
    beyond = region["_parts"].item() - members.filter(~pl.col("_bare"))["_parts"].sum()
    return _told(int(first.found or 0), int(beyond), int(bare), places()[mine].name)


def _told(total: int, beyond: int, bare: int, region: str) -> Detail | None:
    if beyond == bare:
        return Detail(total, total, region)
    if beyond == 0 or (bare == total and 0 < beyond < total):
        return Detail(total, beyond, region)
    return None


def why_bare(group: Group, held: Slice) -> str:
    """Return why a total has no parts: what the publisher says, and what the region's row shows.

    Parameters
    ----------
    group : Group
        Of a total without parts.
    held : Slice
    """
    told, detail = publisher_says(group, held), detail_of(group, held)
    if detail is None:
        return told or "only a total is in this row"
    if detail.held == detail.total:
        shown = f"the parts of {detail.region} hold all {detail.total:,}"
        return f"{told}; {shown}" if told else f"held back in this row only: {shown}"
    if detail.held:
        shown = f"the parts of {detail.region} hold {detail.held:,} for it"
        return f"{told}; {shown}" if told else f"{shown}, and no row has the parts of the others"
    return told or "only a total is in any row"


def publisher_says(group: Group, held: Slice) -> str:
    """Return what a footnote says of why parts are missing in a place, empty if none does."""
    first = group.first
    notes = footnotes_for(held.checked.table.id, first.column, first.period)
    said = [note.missing[first.place] for note in notes if first.place in note.missing]
    return "; ".join(dict.fromkeys(said))
