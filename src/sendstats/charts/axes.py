"""Ticks and ranges, worked out exactly so that every machine draws the same axis."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from sendstats.words import figure

if TYPE_CHECKING:
    from collections.abc import Sequence

_STEPS = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5), Fraction(10))
#: Steps of a time axis, in years.
_YEARS = (1, 2, 5, 10, 20, 50)


@dataclass(frozen=True)
class Scale:
    """A value axis.

    Attributes
    ----------
    low, high : Fraction
        Range drawn; both are ticks.
    ticks : tuple of Fraction
    texts : tuple of str
    """

    low: Fraction
    high: Fraction
    ticks: tuple[Fraction, ...]
    texts: tuple[str, ...]

    @property
    def from_zero(self) -> bool:
        """Whether zero is on the axis."""
        return self.low <= 0 <= self.high

    def fraction(self, value: Fraction) -> float:
        """Return where a value stands, 0 at the bottom and 1 at the top."""
        return float((value - self.low) / (self.high - self.low))


def scale(values: Sequence[Fraction], unit: str, *, zero: bool, intervals: int = 5) -> Scale:
    """Return a value axis that holds all `values`, with round ticks.

    Parameters
    ----------
    values : sequence of Fraction
        May be empty: the axis then runs from 0 to 1.
    unit : str
        Unit, for the tick labels.
    zero : bool
        Whether the axis must hold zero.
    intervals : int
        About how many intervals.
    """
    low, high = (min(values), max(values)) if values else (Fraction(0), Fraction(1))
    if zero:
        low, high = min(low, Fraction(0)), max(high, Fraction(0))
    if low == high:
        high = low + 1
    step = _step((high - low) / intervals, whole=unit != "percent")
    first, last = floor(low / step), ceil(high / step)
    if not zero and low > 0:
        first = max(first, 0)
    if unit == "percent" and high <= 100:
        last = min(last, floor(100 / step)) if (last * step) > 100 and 100 % step == 0 else last
    ticks = tuple(step * n for n in range(first, last + 1))
    decimals = 0 if step.denominator == 1 else 1 if (step * 10).denominator == 1 else 2
    texts = tuple(figure(tick, unit, decimals) for tick in ticks)
    return Scale(ticks[0], ticks[-1], ticks, texts)


def _step(rough: Fraction, *, whole: bool) -> Fraction:
    """Return the smallest round step that is at least `rough`; counts have whole steps."""
    power = Fraction(1)
    while power * 10 <= rough:
        power *= 10
    while power > rough:
        power /= 10
    step = next(power * s for s in _STEPS if power * s >= rough)
    return Fraction(max(ceil(step), 1)) if whole else step


def years(first: int, last: int, most: int) -> list[int]:
    """Return the years labelled on a time axis, counted back from the last one.

    Parameters
    ----------
    first, last : int
        Years that the axis spans.
    most : int
        Most labels that fit.
    """
    step = next((s for s in _YEARS if (last - first) // s + 1 <= most), _YEARS[-1])
    return sorted(range(last, first - 1, -step))
