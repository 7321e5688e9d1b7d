"""What a note made of a finding is about, so that several findings can be told as one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import polars as pl

from sendstats.catalogue.labels import titles
from sendstats.catalogue.periods import say_period
from sendstats.catalogue.places import places
from sendstats.catalogue.tables import tables

UNKNOWN = ("", "unknown", None)
#: Where a cause or an expected figure names columns: in words around them, or in brackets.
_NAMES_COLUMNS = (" counted in ", "which it is part of")
_BRACKETS = re.compile(r"\(([\w.]+)\)")
#: Names of ours with a part of their own, which no file has; file names look alike and stay.
_DOTTED = re.compile(r"\b[a-z]\w*(?:\.\w+)+")


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
        expected=expected_of(row),
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
    plain = r"[\w.]*\w" if any(words in said for words in _NAMES_COLUMNS) else r"\w+[._][\w.]*\w"
    return re.sub(plain, lambda word: _published(row, word[0], mark), said)


def expected_of(row: dict[str, Any], mark: str = "") -> str:
    """Return what was expected with the column names of the file, such as ``at most 13 (total)``.

    Parameters
    ----------
    row : dict
        One row of `sendstats.quality.schema.FINDINGS`.
    mark : str, optional
        What stands before and after the name of a column.
    """
    said = _BRACKETS.sub(lambda word: f"({_published(row, word[1], mark)})", row["expected"] or "")
    return _DOTTED.sub(lambda word: _published(row, word[0], mark), said)


def effect_of(row: dict[str, Any]) -> str:
    """Return the effect of a finding with the names that the file has for what it counts."""
    return _DOTTED.sub(lambda word: _published(row, word[0], ""), row["effect"] or "")


def readable(found: pl.DataFrame) -> pl.DataFrame:
    """Return findings with the published names of columns in expected figure, cause and effect."""
    rows = [
        row
        | {"expected": expected_of(row), "cause": cause_of(row) or row["cause"]}
        | {"effect": effect_of(row)}
        for row in found.iter_rows(named=True)
    ]
    return pl.DataFrame(rows, schema=found.schema)


def _published(row: dict[str, Any], word: str, mark: str) -> str:
    columns = tables()[row["table"]].layout(row["release"]).columns
    name = columns.get(word, word)
    if name in columns.values():
        return f"{mark}{name}{mark}"
    return f"“{titles('placement')[word]}”" if word in titles("placement") else word


def found_of(found: str) -> str:
    """Return what was found: a figure as published, or what several cells together make."""
    figure = found[-1:].isdigit() or found == "none"
    return f"published {found}" if figure else f"found {found}"


def finding_text(row: dict[str, Any]) -> str:
    """Return one finding as a sentence or two."""
    known = cause_of(row)
    cause = f" Cause: {known}." if known else " The cause is not known."
    return (
        f"{row['place_name']}, {say_period(row['period'])}, {row['published_column']}: expected "
        f"{expected_of(row)}, {found_of(row['found'])} ({row['rule']}; found in release "
        f"{row['release']}).{cause}"
    )
