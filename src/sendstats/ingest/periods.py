"""From DfE's labels to periods: a stock is a January, a flow is a calendar year."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

CALENDAR, ACADEMIC = "Calendar year", "Academic year"
ACADEMIC_START = "academic_start"
_YEAR = "[12][0-9]{3}"


@cache
def period(label: str, identifier: str, kind: str, rule: str = "") -> str | None:
    """Return the period of a label, or None where the label makes no sense.

    Parameters
    ----------
    label, identifier : str
        ``time_period`` and ``time_identifier`` as published.
    kind : {"stock", "flow"}
        What the table counts.
    rule : {"", "academic_start"}
        ``academic_start`` for a flow whose academic label names the year that it starts in.

    Returns
    -------
    str or None
        ``YYYY-01`` for a stock: the January of a calendar label, and of an academic label the
        January inside that year. ``YYYY`` for a flow with a calendar label, or with an academic
        one where the rule says so.
    """
    if identifier == CALENDAR and re.fullmatch(_YEAR, label):
        return f"{label}-01" if kind == "stock" else label
    start = label[:4] if _academic(label) and identifier == ACADEMIC else ""
    if start and kind == "stock":
        return f"{int(start) + 1}-01"
    return start if start and rule == ACADEMIC_START else None


def _academic(label: str) -> bool:
    """Whether a label is a year and the last two digits of the next one."""
    if not re.fullmatch(_YEAR + "[0-9]{2}", label):
        return False
    return f"{int(label[:4]) + 1:04d}"[2:] == label[4:]


def census_day(of: str) -> date:
    """Return a day that stands for the census which reports a period, for who is in force.

    A stock is counted in its January; a flow is returned in the January that follows, by the
    authorities in force then.
    """
    year, _, month = of.partition("-")
    return date(int(year) + (0 if month else 1), 1, 15)


def ended(of: str) -> date:
    """Return the last day of a period: of a stock the first day that it can be counted on."""
    year, _, month = of.partition("-")
    return date(int(year), 1, 1) if month else date(int(year), 12, 31)
