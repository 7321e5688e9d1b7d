"""What changed between two releases, in two sentences."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sendstats.catalogue.periods import say_period
from sendstats.catalogue.publications import publications
from sendstats.catalogue.series import placements
from sendstats.catalogue.tables import PERCENT, tables
from sendstats.errors import WrongUse
from sendstats.words.answers import Answer
from sendstats.words.numbers import number

if TYPE_CHECKING:
    from sendstats.words.tables import Rows

_NATIONAL = "National"
_TOTAL = "total"


def say_revisions(found: Rows) -> Answer:
    """Say what changed between two releases: how much of each kind, and the largest for England.

    Parameters
    ----------
    found : Rows
        As `sendstats.revisions` returns it for two releases.

    Raises
    ------
    WrongUse
        If it is empty, or about more than two releases.
    """
    rows = list(found.iter_rows(named=True))
    pairs = {(row["publication"], row["old_release"], row["new_release"]) for row in rows}
    if len(pairs) != 1:
        raise WrongUse(
            "an answer about revisions needs two releases",
            expected="changes from one release to another",
            found=f"{len(pairs)} pairs of releases",
            todo="name the two: ss.revisions(old, new)",
        )
    counts = Counter(row["kind"] for row in rows)
    return Answer((_counted(pairs.pop(), counts), _largest(rows) or _rest(counts)))


def _counted(pair: tuple[str, str, str], counts: Counter[str]) -> str:
    slug, *releases = pair
    old, new = (publications()[slug].release(r).title for r in releases)
    revised = _several(counts["revised"], "number was revised", "numbers were revised")
    symbols = _several(counts["symbol"], "cell changed its symbol", "cells changed their symbol")
    meant = _several(
        counts["redefined"], "figure changed its definition", "figures changed their definition"
    )
    return f"From {old} to {new}, {revised}, {symbols} and {meant}."


def _several(count: int, one: str, many: str) -> str:
    if count == 0:
        return f"no {one}"
    return f"{number(count)} {one if count == 1 else many}"


def _largest(rows: list[dict[str, Any]]) -> str:
    """Return the largest revision of a count of England, or nothing."""
    counts = [
        row
        for row in rows
        if (row["kind"], row["level"]) == ("revised", _NATIONAL)
        and not row["column"].endswith(PERCENT)
        and row["old"].isdecimal()
        and row["new"].isdecimal()
    ]
    if not counts:
        return ""
    row = max(counts, key=lambda r: (abs(r["change"]), r["period"], r["revision"]))
    was, now = (number(int(row[side])) for side in ("old", "new"))
    return f"The largest revision for England is of {_figure(row)}: {was} became {now}."


def _figure(row: dict[str, Any]) -> str:
    """Name a figure: its table, the placement or column, what it is divided by, and the period."""
    column = row["column"]
    known = placements().get(column)
    parts = [tables()[row["table"]].title.split(",")[0], *([known.title.lower()] if known else [])]
    if not known and row["new_column"]:
        parts.append(f"column {row['new_column']}")
    if row["item"] != _TOTAL:
        parts.append(str(row["item"]).replace("_", " "))
    parts = [p[:1].lower() + p[1:] if not p[:2].isupper() else p for p in parts]
    return ", ".join([*parts, say_period(row["period"])])


def _rest(counts: Counter[str]) -> str:
    """Return what else differs where no number of England was revised."""
    gone = _several(counts["withdrawn"], "line was withdrawn", "lines were withdrawn")
    come = _several(counts["added"], "line was added", "lines were added")
    return f"Besides, {gone} and {come}."
