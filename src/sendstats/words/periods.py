"""Periods as a reader says them, and where they stand in time."""

from __future__ import annotations

import re
from fractions import Fraction

from sendstats.catalogue.periods import MONTHS, parts, say_period
from sendstats.errors import WrongUse


def is_month(period: str) -> bool:
    """Whether a period is a month, as the snapshots of a stock are."""
    return parts(period)[0] == "month"


def year_of(period: str) -> int:
    """Return the calendar year of a period; for an academic year the one in which it begins."""
    return parts(period)[1]


def say_range(first: str, last: str) -> str:
    """Print a span of periods; a single period is printed once."""
    if first == last:
        return say_period(first)
    return f"{say_period(first)} to {say_period(last)}"


def say_date(day: str) -> str:
    """Print an ISO 8601 date or instant as day, month and year: ``26 June <year>``."""
    year, month, number = day[:10].split("-")
    return f"{int(number)} {MONTHS[int(month) - 1]} {year}"


def academic_year(label: str) -> str:
    """Print DfE's six-digit academic-year label with a stroke: yyyyyy becomes yyyy/yy."""
    if not re.fullmatch(r"\d{6}", label) or (int(label[:4]) + 1) % 100 != int(label[4:]):
        raise WrongUse(f"{label!r} is not an academic-year label", expected="yyyyyy, one year on")
    return f"{label[:4]}/{label[4:]}"


def position(period: str, *, true_time: bool = False) -> Fraction:
    """Return where a period stands on a time axis, in years.

    Parameters
    ----------
    period : str
    true_time : bool
        Where snapshots and flows share an axis, a flow stands in the middle of its year. Alone it
        stands at the year itself, under its label.
    """
    form, year, month = parts(period)
    if form == "month":
        return Fraction(year) + Fraction(month - 1, 12)
    middle = {"year": Fraction(1, 2), "academic": Fraction(7, 6)}[form]
    return Fraction(year) + (middle if true_time else 0)
