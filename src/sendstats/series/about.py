"""What a note made of a finding is about, so that several findings can be told as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sendstats.catalogue.periods import say_period
from sendstats.catalogue.places import places
from sendstats.catalogue.tables import tables

UNKNOWN = ("", "unknown", None)


@dataclass(frozen=True, order=True)
class About:
    """One finding, by the parts that its note is made of.

    Attributes
    ----------
    rule, column : str
        The rule that is not kept, and the published column that does not keep it.
    place, level, period : str
        Name and level of the place; our period.
    expected, found : str
        Both figures as they are said.
    size : float
        How far apart they are.
    cause : str
        Empty where it is not known.
    """

    rule: str
    column: str
    place: str
    level: str
    period: str
    expected: str
    found: str
    size: float
    cause: str


def about(row: dict[str, Any]) -> About:
    """Return what one row of `sendstats.quality.schema.FINDINGS` is about."""
    held = places().get(row["place"])
    return About(
        rule=row["rule"],
        column=row["published_column"] or "",
        place=row["place_name"] or "",
        level=held.level if held else "",
        period=row["period"],
        expected=row["expected"] or "",
        found=row["found"] or "",
        size=row["size"] or 0.0,
        cause=cause_of(row),
    )


def cause_of(row: dict[str, Any], mark: str = "") -> str:
    """Return the cause of a finding with the column names of the file, empty if it is not known.

    Parameters
    ----------
    row : dict
        One row of `sendstats.quality.schema.FINDINGS`.
    mark : str, optional
        What stands before and after the name of a column.
    """
    said: str = "" if row["cause"] in UNKNOWN else row["cause"]
    if " counted in " not in said:
        return said
    columns = tables()[row["table"]].layout(row["release"]).columns
    return " ".join(f"{mark}{columns[w]}{mark}" if w in columns else w for w in said.split(" "))


def finding_text(row: dict[str, Any]) -> str:
    """Return one finding as a sentence or two."""
    known = cause_of(row)
    cause = f" Cause: {known}." if known else " The cause is not known."
    return (
        f"{row['place_name']}, {say_period(row['period'])}, {row['published_column']}: expected "
        f"{row['expected']}, published {row['found']} ({row['rule']}; found in release "
        f"{row['release']}).{cause}"
    )
