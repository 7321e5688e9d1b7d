"""Totals of one table that are made of columns of others, and figures that changed places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

import polars as pl

from sendstats.catalogue.places import NATIONAL, places
from sendstats.catalogue.tables import Layout
from sendstats.quality.across.kept import Across, Kept, figures, has
from sendstats.quality.broken import CONTRADICTION, DOUBT, TOTALS, Broken
from sendstats.quality.inside.rates import denominators
from sendstats.quality.settings import Cell, Total, threshold, totals

_KEY = ["day", "place"]
_EXCHANGED = "exchanged with"


def between(held: Mapping[str, Kept], repairs: pl.DataFrame) -> Iterator[Across]:
    """Hold that a total is the sum of its parts in other tables, within what is stated for it.

    Where a part has no figure the total is at least the sum of the others. Two places whose
    totals do not fit, and fit when they are exchanged, are one finding.

    Parameters
    ----------
    held : mapping of str to Kept
        By table id.
    repairs : polars.DataFrame
        Columns of `sendstats.quality.schema.REPAIRS`: a repaired figure is the one compared.
    """
    found: dict[tuple[Any, ...], Across] = {}
    for total in totals():
        if all(has(held, c) for c in total.cells):
            for one in _total(held, total, repairs):
                key = (total.total.table, *(_root(b) for b in one.broken))
                found[key] = _joined(found[key], one) if key in found else one
    yield from found.values()


def _root(one: Broken) -> tuple[str, str, str | float]:
    """Return what tells one error from another: what is wrong in two totals alike is one."""
    why = one.cause if one.cause.startswith(_EXCHANGED) else one.delta
    return (one.period, one.place, why)


def _joined(one: Across, other: Across) -> Across:
    cells = (*one.cells, *(c for c in other.cells if c[1] not in [held[1] for held in one.cells]))
    return replace(one, broken=(*one.broken, *other.broken), cells=cells)


def _total(held: Mapping[str, Kept], total: Total, repairs: pl.DataFrame) -> Iterator[Across]:
    frame = figures(held, total.total, repairs).drop_nulls("n")
    for i, part in enumerate(total.parts):
        of = figures(held, part, repairs)
        frame = frame.join(
            of.select(
                *_KEY,
                pl.col("n").alias(f"_{i}"),
                pl.col("row").alias(f"_row{i}"),
                pl.col("period").alias(f"_period{i}"),
            ),
            on=_KEY,
            how="left",
        )
    parts = [pl.col(f"_{i}") for i in range(len(total.parts))]
    known = pl.sum_horizontal(p.fill_null(0) for p in parts)
    frame = frame.with_columns(
        known.alias("_sum"), pl.any_horizontal(p.is_null() for p in parts).alias("_open")
    ).filter(pl.any_horizontal(p.is_not_null() for p in parts))
    short = pl.col("_sum") - pl.col("n")
    apart = pl.when("_open").then(short).otherwise(short.abs())
    wrong = apart > total.residual * pl.col("_sum")
    if total.residual:
        wrong &= apart >= threshold("small")
    for day in frame["day"].unique().sort():
        of_day = frame.filter(pl.col("day") == day)
        yield from _failures(held, total, of_day.filter(wrong).sort("place").to_dicts(), of_day)


def _failures(
    held: Mapping[str, Kept], total: Total, failing: list[dict[str, Any]], of_day: pl.DataFrame
) -> Iterator[Across]:
    """Yield pairs that are exchanged, then the others; very many are one finding."""
    if len(failing) > max(threshold("named_places"), threshold("many_share") * of_day.height):
        failing.sort(key=lambda row: (row["level"] != NATIONAL, row["place"]))
        yield _found(held, total, [(row, "") for row in failing])
        return
    left = {row["place"]: row for row in failing}
    for one, two in combinations(failing, 2):
        if {one["place"], two["place"]} <= set(left) and _exchanged(one, two, total):
            named = [(a, f"{_EXCHANGED} {places()[b['place']].name}") for a, b in
                     ((one, two), (two, one))]  # fmt: skip
            yield _found(held, total, named, kind=CONTRADICTION)
            del left[one["place"]], left[two["place"]]
    for row in left.values():
        yield _found(held, total, [(row, _missing(held, total, row, of_day))])


def _exchanged(one: dict[str, Any], two: dict[str, Any], total: Total) -> bool:
    """Whether each of two totals is what the other place's parts add up to."""
    fits = (
        abs(a["n"] - b["_sum"]) <= total.residual * b["_sum"] for a, b in ((one, two), (two, one))
    )
    return not one["_open"] and not two["_open"] and all(fits)


def _missing(
    held: Mapping[str, Kept], total: Total, row: dict[str, Any], of_day: pl.DataFrame
) -> str:
    """Name the part that is nought where the total holds more than its parts, if there is one.

    A part that is nought in many places tells nothing.
    """
    if row["_open"] or row["n"] < row["_sum"]:
        return ""
    many = 1 + threshold("many_share") * of_day.height
    noughts = [
        part
        for i, part in enumerate(total.parts)
        if row[f"_{i}"] == 0 and (of_day[f"_{i}"] == 0).sum() < many
    ]
    if len(noughts) != 1:
        return ""
    layout = held[noughts[0].table].checked.layout
    return f"{layout.columns[noughts[0].column]} in {layout.file} is nought"


def _found(
    held: Mapping[str, Kept], total: Total, named: list[tuple[dict[str, Any], str]],
    kind: str = DOUBT,
) -> Across:  # fmt: skip
    mine = held[total.total.table].checked
    kind = kind if total.residual else CONTRADICTION
    broken = tuple(_broken(held, total, row, cause, kind) for row, cause in named)
    columns = _columns(mine.layout, total.total)
    cells = [(mine, (row["row"], row["period"], c)) for row, _ in named for c in columns]
    for row, cause in named:
        for i, part in enumerate(total.parts):
            column = held[part.table].checked.layout.columns[part.column]
            nought = kind == DOUBT and cause.startswith(f"{column} in ")
            if row[f"_row{i}"] is not None and (nought or not total.residual):
                cell = (row[f"_row{i}"], row[f"_period{i}"], part.column)
                cells.append((held[part.table].checked, cell))
    text, size = _effect(mine.layout, total, [r for r, _ in named])
    return Across(mine, broken, tuple(cells), text, size)


def _columns(layout: Layout, total: Cell) -> list[str]:
    """Return the total's column, and the published rates that divide by it."""
    rates = [r.percent for r in layout.ratios if total.column in denominators(r)]
    return [total.column, *(c for c in rates if c in layout.columns)]


def _broken(
    held: Mapping[str, Kept], total: Total, row: dict[str, Any], cause: str, kind: str
) -> Broken:
    terms = []
    for i, part in enumerate(total.parts):
        if row[f"_{i}"] is not None:
            layout = held[part.table].checked.layout
            terms.append(f"{row[f'_{i}']:,} {layout.columns[part.column]}")
    least = "at least " if row["_open"] else "about " * bool(total.residual)
    return Broken(
        rule=TOTALS,
        kind=kind,
        period=row["period"],
        place=row["place"],
        column=total.total.column,
        row=row["row"],
        expected=row["_sum"],
        found=row["n"],
        says=f"{least}{row['_sum']:,} ({' + '.join(terms)})",
        cause=cause,
    )


def _effect(layout: Layout, total: Total, rows: list[dict[str, Any]]) -> tuple[str, float]:
    for row in (r for r in rows if r["level"] == NATIONAL and r["n"]):
        about = "about " * bool(total.residual)
        name = layout.printed(total.total.column, row["period"])
        text = f"England {name} {row['n']:,} as published, {about}{row['_sum']:,} by its parts"
        return text, 100 * abs(row["n"] - row["_sum"]) / row["n"]
    return "", 0.0
