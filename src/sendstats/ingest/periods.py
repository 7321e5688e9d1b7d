"""From DfE's labels to periods: a stock is a January, a flow is a calendar year."""

from __future__ import annotations

import re
from datetime import date

CALENDAR, ACADEMIC = "Calendar year", "Academic year"
_YEAR = "[12][0-9]{3}"


def period(label: str, identifier: str, kind: str) -> str | None:
    """Return the period of a label, or None where the label makes no sense.

    Parameters
    ----------
    label, identifier : str
        ``time_period`` and ``time_identifier`` as published.
    kind : {"stock", "flow"}
        What the table counts.

    Returns
    -------
    str or None
        ``YYYY-01`` for a stock: the January of a calendar label, and of an academic label the
        January inside that year. ``YYYY`` for a flow with a calendar label.
    """
    if identifier == CALENDAR and re.fullmatch(_YEAR, label):
        return f"{label}-01" if kind == "stock" else label
    if identifier == ACADEMIC and kind == "stock" and re.fullmatch(_YEAR + "[0-9]{2}", label):
        end = int(label[:4]) + 1
        return f"{end}-01" if f"{end:04d}"[2:] == label[4:] else None
    return None


def census_day(of: str) -> date:
    """Return a day that stands for the census which reports a period, for who is in force.

    A stock is counted in its January; a flow is returned in the January that follows, by the
    authorities in force then.
    """
    year, _, month = of.partition("-")
    return date(int(year) + (0 if month else 1), 1, 15)
