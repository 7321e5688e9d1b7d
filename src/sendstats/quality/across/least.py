"""What began in a year and has not ended stands in the stock under the label of its first year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL
from sendstats.quality.across.kept import Across, Kept, figures, label
from sendstats.quality.broken import CONTRADICTION, LEAST, Broken
from sendstats.quality.settings import Cell, Least, leasts, threshold

#: Table, census day and topic of labels that cannot be right, to what shows it.
Impossible = dict[tuple[str, str, str], Across]


def impossible(held: Mapping[str, Kept], repairs: pl.DataFrame) -> Impossible:
    """Return the breakdowns whose first year holds fewer than what began and has not ended.

    Parameters
    ----------
    held : mapping of str to Kept
        By table id.
    repairs : polars.DataFrame
        Columns of `sendstats.quality.schema.REPAIRS`: a repaired figure is the one compared.
    """
    found: Impossible = {}
    for least in leasts():
        flows = {least.begun.table, least.ended.table} <= set(held)
        for stock in (s for s in least.stocks if flows and s.table in held):
            frame = _short(held, least, stock, repairs)
            for day in frame["day"].unique().sort():
                mine = frame.filter(pl.col("day") == day)
                found[stock.table, day, least.topic] = _across(held[stock.table], stock, mine)
    return found


def _short(
    held: Mapping[str, Kept], least: Least, stock: Cell, repairs: pl.DataFrame
) -> pl.DataFrame:
    """Return the first years that hold too few, with what began and what ended."""
    first = (
        held[stock.table]
        .rows.filter(pl.col("topic") == least.topic, pl.col("item") == least.item)
        .rename({stock.column: "n"})
    )
    for name, cell in (("begun", least.begun), ("ended", least.ended)):
        flow = figures(held, cell, repairs).select("day", "place", pl.col("n").alias(name))
        first = first.join(flow, on=["day", "place"])
    short = pl.col("begun") - pl.col("ended") - pl.col("n")
    return first.filter(short >= threshold("small"))


def _across(kept: Kept, stock: Cell, short: pl.DataFrame) -> Across:
    few = 0 < short.filter(pl.col("level") == LOCAL).height <= threshold("named_places")
    order = pl.col("level") != (LOCAL if few else NATIONAL)
    ordered = short.sort(order, "row").to_dicts()
    broken = tuple(_broken(stock, row) for row in ordered)
    first = ordered[0]
    mine = kept.rows.filter(pl.col("day") == first["day"], pl.col("topic") == first["topic"])
    if few:  # otherwise the labels are wrong, whether or not the figures of a place show it
        mine = mine.filter(pl.col("place").is_in(short["place"].to_list()))
    rows = mine.select("row", "period").rows()
    cells = tuple((kept.checked, (*row, stock.column)) for row in rows)
    return Across(kept.checked, broken, cells, *_effect(kept, stock, broken))


def _broken(stock: Cell, row: dict[str, Any]) -> Broken:
    expected = row["begun"] - row["ended"]
    return Broken(
        rule=LEAST,
        kind=CONTRADICTION,
        period=row["period"],
        place=row["place"],
        column=stock.column,
        row=row["row"],
        expected=expected,
        found=row["n"],
        says=f"at least {expected:,} ({row['begun']:,} begun less all {row['ended']:,} that ended)",
        topic=row["topic"],
        item=row["item"],
    )


def _effect(kept: Kept, stock: Cell, broken: tuple[Broken, ...]) -> tuple[str, float]:
    """Say what England's first year is, and by how much of the stock it is too small."""
    for one in (b for b in broken if b.level == NATIONAL):
        whole = kept.rows.filter(
            pl.col("place") == one.place, pl.col("period") == one.period,
            pl.col("topic") == "total",
        )[stock.column].item()  # fmt: skip
        name = kept.checked.layout.columns[stock.column]
        years = f"{one.topic.replace('_', ' ')}: {label(one.topic, [one.item])}"
        text = f"England {name} ({years}) {one.found:,} as published, at least {one.expected:,}"
        return text, 100 * one.delta / whole
    return "", 0.0
