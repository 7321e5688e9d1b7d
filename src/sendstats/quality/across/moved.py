"""What England's printed figures would be if those of some places were others."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from sendstats.catalogue.places import NATIONAL
from sendstats.ingest.symbols import number
from sendstats.quality.broken import SHARE
from sendstats.quality.cells import LABELS, TOTAL, Slice
from sendstats.quality.inside.rates import Rate, rates_of


def moved(held: Slice, deltas: Mapping[str, float]) -> tuple[str, float]:
    """Say what England's undivided counts, and the rates over them, would be.

    Parameters
    ----------
    held : Slice
    deltas : mapping of str to float
        By column, what would be added. Whoever is no longer in one part of a whole is in another:
        what a share divides by stays.

    Returns
    -------
    tuple of (str, float)
        In words, and the largest move: per cent of a count or percentage points of a rate.
    """
    told: list[tuple[float, str]] = []
    for column, delta in deltas.items():
        printed = held.england(column)
        if printed:
            text = if_so(held.checked.layout.columns[column], printed, delta)
            told.append((100 * abs(delta) / printed, text))
    told += [found for rate in rates_of(held) if (found := _rate(held, rate, deltas))]
    told.sort(key=lambda one: (-one[0], one[1]))
    return "; ".join(text for _, text in told), told[0][0] if told else 0.0


def if_so(name: str, printed: int, delta: float) -> str:
    """Say what a printed count of England would be."""
    return f"England {name} {printed:,} as published, about {printed + delta:,.0f} if so"


def _rate(held: Slice, rate: Rate, deltas: Mapping[str, float]) -> tuple[float, str] | None:
    """Return by how many points a printed rate of England would move, and its words."""
    of = {rate.numerator} if rate.rule == SHARE else {rate.numerator, *rate.denominators}
    top, text = held.england(rate.numerator), _printed(held, rate.percent)
    base: float = sum(held.england(d) or 0 for d in rate.denominators)
    if not of & set(deltas) or top is None or not text or not base:
        return None
    if rate.rule != SHARE:
        base += sum(deltas.get(d, 0) for d in rate.denominators)
    new = 100 * (top + deltas.get(rate.numerator, 0)) / base
    printed = float(text.rstrip("%"))
    decimals = min(len(text.partition(".")[2].rstrip("0%")) or 1, 2)
    if round(new, decimals) == round(printed, decimals):
        return None
    name = held.checked.layout.columns[rate.percent]
    return abs(new - printed), f"England {name} {text} as published, about {new:.{decimals}f} if so"


def _printed(held: Slice, percent: str) -> str:
    """Return the printed text of a rate of England, empty where it is no number."""
    whole = pl.all_horizontal(pl.col(c) == TOTAL for c in LABELS)
    rows = held.numbers.filter(whole, pl.col("level") == NATIONAL).select("row")
    mine = rows.join(held.percents, on="row").filter(number(percent, pl.Float64).is_not_null())
    return str(mine[percent].item()) if mine.height == 1 else ""
