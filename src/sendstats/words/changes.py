"""Changes between two figures, worked out from unrounded counts and rounded once."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from sendstats.catalogue.periods import say_period
from sendstats.words.numbers import MINUS, half_up, number, percent, points
from sendstats.words.readings import Reading

if TYPE_CHECKING:
    pass


@dataclass(frozen=True)
class Change:
    """The difference of two figures of the same kind.

    Attributes
    ----------
    before, after : Fraction
        Exact figures.
    unit : str
        Unit of both; a difference of ``percent`` is in percentage points.
    first, last : str
        Their periods.
    decimals : int
        Decimals of a difference in points.
    """

    before: Fraction
    after: Fraction
    unit: str
    first: str
    last: str
    decimals: int = 1

    @property
    def difference(self) -> Fraction:
        """The later figure less the earlier one, exact; percentage points for a rate."""
        return self.after - self.before

    @property
    def relative(self) -> Fraction | None:
        """The difference in per cent of the earlier figure; None for a rate, and from zero."""
        if self.unit == "percent" or not self.before:
            return None
        return 100 * self.difference / self.before

    def __str__(self) -> str:
        """Print the change with its sign: per cent for a count, points for a rate."""
        if self.unit == "percent":
            return points(self.difference, self.decimals, signed=True)
        if self.relative is None:
            return number(self.difference, signed=True)
        return percent(self.relative, signed=True)

    @property
    def direction(self) -> int:
        """-1, 0 or 1, judged on the change as printed."""
        size = self.difference if self.unit == "percent" else (self.relative or self.difference)
        rounded = half_up(size, self.decimals if self.unit == "percent" else 1)
        return (rounded > 0) - (rounded < 0)

    def sentence(self, subject: str) -> str:
        """Print one sentence: the subject rose or fell by so much between two periods."""
        span = f"between {say_period(self.first)} and {say_period(self.last)}"
        if not self.direction:
            return f"{subject} did not change {span}."
        verb = "rose" if self.direction > 0 else "fell"
        size = str(self).lstrip(f"+{MINUS}")
        return f"{subject} {verb} by {size} {span}."


def change_of(before: Reading, after: Reading) -> Change | None:
    """Work out the change between two readings of one line; None where either has no value."""
    if before.value is None or after.value is None:
        return None
    return Change(
        before.value, after.value, before.unit, before.period, after.period, before.decimals
    )
