"""Periods as a reader says them, and where they stand in time."""

from __future__ import annotations

import re
from fractions import Fraction

from sendstats.errors import WrongUse

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_FORMS = {
    "month": re.compile(r"(\d{4})-(0[1-9]|1[0-2])"),
    "year": re.compile(r"(\d{4})"),
    "academic": re.compile(r"(\d{4})/(\d{2})"),
}


def _parts(period: str) -> tuple[str, int, int]:
    """Return form, year and month (or last two digits) of a period; refuse any other text."""
    for form, pattern in _FORMS.items():
        if found := pattern.fullmatch(period):
            groups = [int(g) for g in found.groups()]
            return form, groups[0], groups[1] if len(groups) > 1 else 0
    raise WrongUse(
        f"{period!r} is not a period",
        expected="year and month for a stock (yyyy-mm), year for a flow (yyyy), "
        "academic year (yyyy/yy)",
        found=repr(period),
    )


def is_month(period: str) -> bool:
    """Whether a period is a month, as the snapshots of a stock are."""
    return _parts(period)[0] == "month"


def year_of(period: str) -> int:
    """Return the calendar year of a period; for an academic year the one in which it begins."""
    return _parts(period)[1]


def say_period(period: str) -> str:
    """Print a period: ``January <year>`` for a snapshot, the year for a flow."""
    form, year, month = _parts(period)
    return f"{_MONTHS[month - 1]} {year}" if form == "month" else period


def say_range(first: str, last: str) -> str:
    """Print a span of periods; a single period is printed once."""
    if first == last:
        return say_period(first)
    return f"{say_period(first)} to {say_period(last)}"


def say_date(day: str) -> str:
    """Print an ISO 8601 date or instant as day, month and year: ``26 June <year>``."""
    year, month, number = day[:10].split("-")
    return f"{int(number)} {_MONTHS[int(month) - 1]} {year}"


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
    form, year, month = _parts(period)
    if form == "month":
        return Fraction(year) + Fraction(month - 1, 12)
    middle = {"year": Fraction(1, 2), "academic": Fraction(7, 6)}[form]
    return Fraction(year) + (middle if true_time else 0)
