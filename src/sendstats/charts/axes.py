"""Ticks and ranges, worked out exactly so that every machine draws the same axis."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from sendstats.words import figure

if TYPE_CHECKING:
    from collections.abc import Sequence

_STEPS = tuple(Fraction(n, 20) for n in (2, 4, 5, 10, 20, 40, 50, 100))
#: Intervals between ticks: what may be, and what looks best.
_FEWEST, _MOST, _BEST = 3, 7, 5
#: Steps of a time axis, in years.
_YEARS = (1, 2, 3, 5, 10, 20, 50)


@dataclass(frozen=True)
class Scale:
    """A value axis.

    Attributes
    ----------
    low, high : Fraction
        Lowest and highest tick.
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

    @property
    def top(self) -> Fraction:
        """End of the axis: a little above the highest tick, so that its gridline is seen."""
        return self.high + (self.high - self.low) / 100

    def fraction(self, value: Fraction) -> float:
        """Return where a value stands, 0 at the bottom and 1 at the top."""
        return float((value - self.low) / (self.top - self.low))


def scale(values: Sequence[Fraction], unit: str, *, zero: bool) -> Scale:
    """Return a value axis that holds all `values`, with round ticks.

    Parameters
    ----------
    values : sequence of Fraction
        May be empty: the axis then runs from 0 to 1.
    unit : str
        Unit, for the tick labels.
    zero : bool
        Whether the axis must hold zero.
    """
    low, high = (min(values), max(values)) if values else (Fraction(0), Fraction(1))
    if zero:
        low, high = min(low, Fraction(0)), max(high, Fraction(0))
    if low == high:
        high = low + 1
    step = _step(low, high, whole=unit != "percent")
    first, last = floor(low / step), ceil(high / step)
    ticks = tuple(step * n for n in range(first, last + 1))
    decimals = 0 if step.denominator == 1 else 1 if (step * 10).denominator == 1 else 2
    texts = tuple(figure(tick, unit, decimals) for tick in ticks)
    return Scale(ticks[0], ticks[-1], ticks, texts)


def _step(low: Fraction, high: Fraction, *, whole: bool) -> Fraction:
    """Return the round step that wastes least of the axis; counts have whole steps."""
    power = Fraction(1)
    while power * 10 <= high - low:
        power *= 10
    while power > high - low:
        power /= 10
    steps = [power * s for s in _STEPS]
    if whole:
        steps = [step for step in steps if step.denominator == 1] or [Fraction(1)]

    def waste(step: Fraction) -> tuple[bool, Fraction, int]:
        intervals = ceil(high / step) - floor(low / step)
        unused = intervals * step - (high - low)
        return not _FEWEST <= intervals <= _MOST, unused, abs(intervals - _BEST)

    return min(steps, key=waste)


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
