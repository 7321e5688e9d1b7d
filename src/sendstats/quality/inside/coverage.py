"""Who stands on one side of a ratio and not on the other, and who is not there at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL, Place, england, places, printed
from sendstats.catalogue.tables import Ratio
from sendstats.ingest.periods import census_day
from sendstats.ingest.symbols import number
from sendstats.quality.broken import GAP, ROW, SIDES, Broken
from sendstats.quality.cells import LABELS, TOTAL, Checked, Slice, parent
from sendstats.quality.inside.rates import printed_decimals
from sendstats.quality.inside.sums import where
from sendstats.quality.settings import threshold


def sides(held: Slice) -> Iterator[Broken]:
    """Find wholes that count somebody on one side of a ratio and not on the other.

    Where some members have no number on one side, what a whole holds beyond the members that
    have both (or began or ended in that year) must be there on both sides or on neither. One
    outcome of several may truly be nil, so all the numerators of a denominator are looked at
    together.
    """
    of: dict[str, list[Ratio]] = {}
    for ratio in held.checked.layout.ratios:
        if isinstance(ratio.denominator, str):
            of.setdefault(ratio.denominator, []).append(ratio)
    for denominator, ratios in of.items():
        yield from _sides(held, denominator, ratios)


def _sides(held: Slice, denominator: str, ratios: list[Ratio]) -> Iterator[Broken]:
    tops = [r.numerator for r in ratios if held.numbers[r.numerator].count()]
    if not tops or not held.numbers[denominator].count():
        return
    lone = pl.all_horizontal(pl.col(t).is_null() for t in tops)
    both = (~lone & pl.col(denominator).is_not_null()) | pl.col("place").is_in(_changed(held))
    local = held.numbers.filter(pl.col("level") == LOCAL).with_columns(both.alias("_both"))
    twice = pl.concat(
        [
            local.with_columns(pl.col("region").alias("_whole")),
            local.with_columns(pl.lit(england().key).alias("_whole")),
        ]
    )
    summed = twice.group_by(pl.col("_whole").alias("place"), *LABELS).agg(
        *(pl.col(c).filter(pl.col("_both")).sum().alias(f"{c}|both") for c in (denominator, *tops)),
        *(pl.col(c).sum().alias(f"{c}|all") for c in tops),
        (~pl.col("_both")).sum().alias("_out"),
        pl.col("_both").sum().alias("_in"),
    )
    wholes = held.numbers.filter(pl.col("level") != LOCAL).join(summed, on=["place", *LABELS])
    below = pl.col(denominator) - pl.col(f"{denominator}|both")
    above = pl.sum_horizontal(pl.col(t) - pl.col(f"{t}|both") for t in tops)
    some = (pl.col("_out") > 0) & (pl.col("_in") > 0)
    one = ((below > 0) & (above == 0)) | ((below == 0) & (above > 0))
    found = wholes.with_columns(below.alias("_below"), above.alias("_above")).filter(some & one)
    for row in found.sort("row").iter_rows(named=True):
        yield _side(held, row, denominator, [r for r in ratios if r.numerator in tops])


def _changed(held: Slice) -> list[str]:
    """Return the authorities that began or ended in the year of the period.

    What such an authority did may be counted under it on one side, and under those that follow it
    on the other; a whole has both.
    """
    year = held.period[:4]
    return [
        place.key
        for place in places().values()
        if any(day is not None and f"{day:%Y}" == year for day in (place.start, place.end))
    ]


def _side(held: Slice, row: dict[str, Any], denominator: str, ratios: list[Ratio]) -> Broken:
    """Return the side that counts too many, or the rate, where that side is a sum of all."""
    extra, out = int(row["_below"] or row["_above"]), row["_out"]
    members = "authority has" if out == 1 else "authorities have"
    if row["_below"]:
        column, cause = denominator, f"{out} {members} no numerator, yet {extra:,} of their cases"
        cause += " are in the denominator"
    else:
        column = next(r.numerator for r in ratios if row[r.numerator] != row[f"{r.numerator}|both"])
        cause = f"{out} {members} no denominator, yet {extra:,} of their cases are in a numerator"
    kept = row[f"{column}|both"]
    effect, size = _rate_without(held, row, ratios[0], denominator)
    if effect and not row["_below"] and row[column] == row[f"{column}|all"]:
        return _rate_of_some(held, row, ratios[0], cause, (effect, size))
    return Broken(
        **where(SIDES, held, row, column),
        expected=kept,
        says=f"{kept:,} (authorities that have both counts)",
        rows=(row["row"],),
        columns=(column, *(r.percent for r in ratios)),
        cause=cause,
        effect=effect,
        effect_size=size,
    )


def _rate_of_some(
    held: Slice, row: dict[str, Any], ratio: Ratio, cause: str, effect: tuple[str, float]
) -> Broken:
    """Accuse a rate whose numerator is the sum of all, and its denominator that of some."""
    top, base = (row[f"{c}|both"] for c in ratio.columns[:2])
    printed = held.percents.filter(pl.col("row") == row["row"])
    found = printed.select(number(ratio.percent, pl.Float64)).item()
    return Broken(
        **where(SIDES, held, row, ratio.percent) | {"found": found},
        expected=100 * top / base,
        says=f"{100 * top / base:.2f} ({top:,} of {base:,}, authorities that have both counts)",
        rows=(row["row"],),
        columns=(ratio.percent,),
        cause=f"{cause}, which is the sum of all",
        effect=effect[0],
        effect_size=effect[1],
    )


def _rate_without(
    held: Slice, row: dict[str, Any], ratio: Ratio, denominator: str
) -> tuple[str, float]:
    """Return a rate as printed and for the authorities that have both counts, if they differ."""
    top, base = row[f"{ratio.numerator}|both"], row[f"{denominator}|both"]
    percents = held.percents.filter(pl.col("row") == row["row"])
    text, printed = percents.select(
        ratio.percent, number(ratio.percent, pl.Float64).alias("_printed")
    ).row(0)
    if printed is None or not base:
        return "", 0.0
    decimals = printed_decimals(held, ratio.percent, printed)
    coherent = 100 * top / base
    if f"{printed:.{decimals}f}" == f"{coherent:.{decimals}f}":
        return "", 0.0
    name = held.checked.layout.printed(ratio.percent, held.period)
    said = f"{places()[row['place']].name} {name} {text} as published, {coherent:.{decimals}f} for "
    return f"{said}the authorities that have both counts", abs(coherent - printed)


def presence(checked: Checked) -> Iterator[Broken]:
    """Hold that every place in force has a row in every period that the table has.

    A place that counts next to nobody in its other years, and whose whole is the sum of the
    others, has a nought that is not printed.
    """
    yield from _skipped(checked)
    totals = checked.totals
    rows = set(totals.select("period", "place").unique().iter_rows())
    levels = {*totals["level"], LOCAL} | ({NATIONAL} if checked.layout.additive else set())
    for period in checked.periods:
        day = census_day(period)
        held = (p for p in places().values() if printed(p, checked.layout.divides))
        due = [p for p in held if p.in_force(day) and p.level in levels]
        local = [p for p in due if p.level == LOCAL]
        there = sum((period, p.key) in rows for p in local)
        for place in due:
            if (period, place.key) not in rows and not _nil(checked, totals, place, period):
                yield Broken(
                    rule=ROW,
                    kind=GAP,
                    period=period,
                    place=place.key,
                    column=next(iter(checked.layout.columns)),
                    row=None,
                    expected=None,
                    found=None,
                    says="a row",
                    topic=TOTAL,
                    cause=f"the whole row is missing; {there} of {len(local)} authorities have one"
                    if place in local
                    else "",
                )


def _nil(checked: Checked, totals: pl.DataFrame, place: Place, period: str) -> bool:
    """Whether a place without a row has nobody: its whole is the sum of the other members."""
    columns = checked.layout.additive
    mine = totals.filter(pl.col("place") == place.key).select(columns)
    most = max((n for row in mine.iter_rows() for n in row if n is not None), default=None)
    if place.level != LOCAL or most is None or most >= threshold("small"):
        return False
    of, whole = totals.filter(pl.col("period") == period), parent(place, checked.layout.divides)
    printed = of.filter(pl.col("place") == whole).select(columns)
    others = of.filter(pl.col("region") == whole, pl.col("level") == LOCAL).select(columns)
    return printed.height == 1 and printed.fill_null(0).equals(others.sum().fill_null(0))


def _skipped(checked: Checked) -> Iterator[Broken]:
    """Find years that are missing between those of a table."""
    years = {census_day(period).year: period for period in checked.periods}
    for year in range(min(years, default=0), max(years, default=0)):
        if year not in years:
            after = years[min(y for y in years if y > year)]
            yield Broken(
                rule=ROW,
                kind=GAP,
                period=after,
                place=england().key,
                column=next(iter(checked.layout.columns)),
                row=None,
                expected=None,
                found=None,
                says="the year before it",
                cause="a year is missing between two that are there",
            )
