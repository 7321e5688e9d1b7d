"""Numbers of authorities that stand beside another authority's name."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from sendstats.catalogue.places import Place, places
from sendstats.catalogue.shapes import NUMBER
from sendstats.quality.broken import CODE, CONTRADICTION, Broken
from sendstats.quality.cells import Checked


def numbers(checked: Checked) -> Iterator[Broken]:
    """Hold that the number of every row belongs to the place that it names.

    A table in which number and place disagree is refused when it is read, but for one that is
    made for people to read: its names are unambiguous and decide, and the number is kept as it is
    printed. Two areas may share a name one after the other, and either number is theirs.
    """
    if NUMBER not in checked.frame.collect_schema():
        return
    mine = checked.frame.select("row", "period", pl.col("place").cast(pl.String), NUMBER)
    rows = mine.sort("row", "period").collect()
    wrong = rows.filter(pl.struct("place", NUMBER).map_elements(_apart, return_dtype=pl.Boolean))
    pairs = wrong.select("place", NUMBER).unique(maintain_order=True)
    told = [f"{n} beside {places()[key].name}" for key, n in pairs.iter_rows()]
    columns = (NUMBER, *checked.layout.columns)
    for row in wrong.iter_rows(named=True):
        named = places()[row["place"]]
        yield Broken(
            rule=CODE,
            kind=CONTRADICTION,
            period=row["period"],
            place=named.key,
            column=NUMBER,
            row=row["row"],
            expected=None,
            found=float(row[NUMBER]),
            says=f"{named.key} ({named.name})",
            rows=(row["row"],),
            columns=columns,
            cause=f"{', '.join(told)}: numbers of other authorities",
        )


def _apart(row: dict[str, str]) -> bool:
    """Whether a number belongs to no place of the name; none is printed for a region."""
    printed, named = row[NUMBER], places()[row["place"]]
    if not printed or printed in (named.key, *named.codes):
        return False
    owner = places().get(printed)
    return owner is None or not _names(owner) & _names(named)


def _names(place: Place) -> set[str]:
    return {place.name, *place.published_names}
