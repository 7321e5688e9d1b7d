"""Periods as a reader says them."""

from __future__ import annotations

import re

from sendstats.errors import WrongUse

MONTHS = [
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


def parts(period: str) -> tuple[str, int, int]:
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


def say_period(period: str) -> str:
    """Print a period: ``January <year>`` for a snapshot, the year for a flow."""
    form, year, month = parts(period)
    return f"{MONTHS[month - 1]} {year}" if form == "month" else period
