"""Claims of the press that were checked, as ``claims.toml`` lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sendstats.catalogue.load import document, record
from sendstats.errors import DataProblem

_FILE = "catalogue/claims.toml"
#: What a check can come to, in words.
VERDICTS = {
    "right": "right",
    "right_rounded": "right, rounded",
    "caveat_missing": "right, but a caveat is missing",
    "wrong_referent": "a true figure, but of something else",
    "mixed_universes": "figures of two universes are mixed",
}


@dataclass(frozen=True)
class Held:
    """One figure of England that we hold.

    Attributes
    ----------
    series, period : str
    value : str
        As a reader would print it.
    since : str
        The earlier period, where the figure is a change.
    placement, basis : str
        Empty for total and for series with one basis.
    """

    series: str
    period: str
    value: str
    since: str = ""
    placement: str = ""
    basis: str = ""


@dataclass(frozen=True)
class PressClaim:
    """One quoted figure and what it truly is.

    Attributes
    ----------
    id, press : str
        Our id, and who said it.
    figure : str
        As quoted; `sendstats.claim` reads it.
    said : str
        What it was attached to, in our words.
    verdict : str
        Key of `VERDICTS`.
    explanation : str
    about : Held
        The figure that the sentence asks for.
    fits : tuple of Held
        Every figure that has the value quoted; with `sum`, the parts that add up to it.
    sum : bool
    """

    id: str
    press: str
    figure: str
    said: str
    verdict: str
    explanation: str
    about: Held
    fits: tuple[Held, ...]
    sum: bool = False


@cache
def press_claims() -> tuple[PressClaim, ...]:
    """Return every checked claim, in order.

    Raises
    ------
    DataProblem
        If an entry has an unknown key or verdict, or an id occurs twice.
    """
    return read_claims(document("claims.toml")["claim"])


def read_claims(entries: list[dict[str, Any]]) -> tuple[PressClaim, ...]:
    """Return the claims of parsed `entries`; see `press_claims`."""
    found = tuple(_claim(entry) for entry in entries)
    ids = [claim.id for claim in found]
    if len(set(ids)) != len(ids):
        raise DataProblem("two claims have one id", where=_FILE, found=", ".join(ids))
    return found


def _claim(entry: Mapping[str, Any]) -> PressClaim:
    where = f"{_FILE}, {entry.get('id', 'a claim without id')}"
    if entry.get("verdict") not in VERDICTS:
        raise DataProblem(
            "the verdict of a claim is not known",
            where=where,
            expected=f"one of {', '.join(VERDICTS)}",
            found=repr(entry.get("verdict")),
        )
    about = record(Held, entry.get("about", {}), where)
    fits = tuple(record(Held, held, where) for held in entry.get("fits", []))
    return record(PressClaim, {**entry, "about": about, "fits": fits}, where)
