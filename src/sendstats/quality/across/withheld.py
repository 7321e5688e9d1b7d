"""Figures that one table withholds as columns and another prints as the items of a breakdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from sendstats.catalogue.places import NATIONAL
from sendstats.quality.across.kept import Across, Kept
from sendstats.quality.broken import GAP, PRINTED, Broken
from sendstats.quality.returns import Columned, columneds
from sendstats.quality.settings import Cell

_KEY = ["day", "place", "item"]


def withheld(held: Mapping[str, Kept]) -> Iterator[Across]:
    """Find columns of a place that hold a symbol although another table has the figures.

    A column of the one table and the item of the other that bears its name count the same. What
    England has no figure for was not asked, or is held back everywhere; a row without any figure
    is a total without parts, which is told as that.
    """
    for entry in columneds():
        others = [cell for cell in entry.items if cell.table in held]
        if others and entry.table in held:
            frames = [_withheld(held, entry, cell) for cell in others]
            numbered = [f.with_columns(pl.lit(n).alias("_of")) for n, f in enumerate(frames)]
            order = ["_n", "_of", "row", "_row"]
            found = pl.concat(numbered).sort(order, descending=[True, False, False, False])
            for _, mine in sorted(found.group_by("day", "place", maintain_order=True)):
                if mine["_n"].sum():
                    yield _across(held[entry.table], mine.to_dicts())


def _withheld(held: Mapping[str, Kept], entry: Columned, other: Cell) -> pl.DataFrame:
    """Return the cells withheld in the one table, with the row, file and figure of the other."""
    wide = held[entry.table].undivided
    rows = held[other.table].rows.filter(pl.col("topic") == entry.topic)
    items = [i for i in rows["item"].unique().sort() if i in wide.columns]
    key = ["day", "place", "level", "period", "row"]
    long = wide.select(*key, *items).unpivot(items, index=key, variable_name="item")
    asked = long.filter(pl.col("level") == NATIONAL).drop_nulls("value")
    there = rows.select(
        *_KEY,
        pl.col("row").alias("_row"),
        pl.col(other.column).alias("_n"),
        pl.lit(held[other.table].checked.layout.file).alias("_file"),
    )
    some = long.drop_nulls("value").select("day", "place").unique()
    gone = long.filter(pl.col("value").is_null()).join(some, on=["day", "place"], how="semi")
    found = gone.join(there.drop_nulls("_n"), on=_KEY)
    return found.join(asked, on=["day", "item"], how="semi")


def _across(kept: Kept, rows: list[dict[str, Any]]) -> Across:
    first = rows[0]
    cells = sorted({(row["row"], row["period"], row["item"]) for row in rows})
    files = " and ".join(dict.fromkeys(row["_file"] for row in rows))
    many = f"{len(cells)} figures" if len(cells) > 1 else "1 figure"
    broken = Broken(
        rule=PRINTED,
        kind=GAP,
        period=first["period"],
        place=first["place"],
        column=first["item"],
        row=first["row"],
        expected=None,
        found=None,
        says=f"a figure, as {first['_file']} row {first['_row']} has one",
        cause=f"withheld here and printed in {files}: {many}",
    )
    return Across(kept.checked, (broken,), tuple((kept.checked, cell) for cell in cells))
