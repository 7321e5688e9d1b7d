"""A layout told by what differs from another: `extends`, `renamed`, `added`, `dropped`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sendstats.errors import DataProblem

Entry = dict[str, Any]
#: What belongs to one layout alone.
_OWN = {"id", "releases", "proven", "named", "extends", "renamed", "added", "dropped"}
#: What is merged with the parent's; everything else that is given replaces it.
_MERGED = {"topics", "sums", "ratios"}
#: Lists of columns of ours: a column that is dropped leaves them.
_LISTED = {"signed", "blanks"}


def derived(entry: Mapping[str, Any], parent: Callable[[str], Entry], where: str) -> Entry:
    """Return the full entry of a layout that may extend another.

    Parameters
    ----------
    entry : mapping
        As written. ``renamed`` gives columns of ours a new published name, ``added`` new columns;
        ``dropped`` lists columns and topics of ours that are gone. A published topic replaces the
        parent's name for the same topic of ours; an identity replaces the parent's identities of
        the same total or denominator.
    parent : callable
        Gives the full entry of a layout by ``"C"`` or, of another table, ``"caseload.C"``.
    where : str
        For messages.

    Raises
    ------
    DataProblem
        If it renames or drops what the parent lacks, adds what it has, or lists columns as well.
    """
    if "extends" not in entry:
        return dict(entry)
    base = parent(entry["extends"])
    _check(entry, base, f"{where}, layout {entry['id']}")
    gone = set(entry.get("dropped", ()))
    inherited = {k: v for k, v in base.items() if k not in _OWN}
    given = {
        k: v for k, v in entry.items() if k not in _MERGED | (_OWN - {"id", "releases", "named"})
    }
    listed = {k: [c for c in inherited[k] if c not in gone] for k in _LISTED & {*inherited}}
    merged = {
        "columns": _columns(entry, base, gone),
        "topics": _topics(entry.get("topics", {}), base.get("topics", {}), gone),
        "sums": _sums(entry.get("sums", []), base.get("sums", []), gone),
        "ratios": _ratios(entry.get("ratios", {}), base.get("ratios", {}), gone),
    }
    return inherited | listed | given | {"proven": entry.get("proven", True)} | merged


def _check(entry: Mapping[str, Any], base: Entry, where: str) -> None:
    held, topics = set(base["columns"]), set(base.get("topics", {}).values())
    renamed, added = entry.get("renamed", {}), entry.get("added", {})
    same = {ours for ours, name in renamed.items() if base["columns"].get(ours) == name}
    faults = {
        "a column is renamed that the parent lacks": set(renamed) - held,
        "a column is renamed to the name that it has": same,
        "a column or topic is dropped that the parent lacks": set(entry.get("dropped", ()))
        - held
        - topics,
        "a column is added that the parent has": set(added) & held,
        "a layout that extends another lists its columns": set(entry) & {"columns"},
    }
    found = [f"{what}: {', '.join(sorted(names))}" for what, names in faults.items() if names]
    if found:
        raise DataProblem(
            "a layout does not fit the one that it extends",
            where=where,
            expected=f"what differs from layout {entry['extends']}",
            found="; ".join(found),
        )


def _columns(entry: Mapping[str, Any], base: Entry, gone: set[str]) -> dict[str, str]:
    kept = {ours: name for ours, name in base["columns"].items() if ours not in gone}
    return {**kept, **entry.get("renamed", {}), **entry.get("added", {})}


def _topics(mine: dict[str, str], base: dict[str, str], gone: set[str]) -> dict[str, str]:
    """Put my name for a topic where the parent's stood; the others come after."""
    named = {ours: printed for printed, ours in mine.items()}
    kept = {named.get(ours, printed): ours for printed, ours in base.items() if ours not in gone}
    return {**kept, **mine}


def _sums(mine: list[Entry], base: list[Entry], gone: set[str]) -> list[Entry]:
    stated = {entry["total"] for entry in mine} | gone
    return [*(entry for entry in base if entry["total"] not in stated), *mine]


def _ratios(
    mine: dict[str, list[str]], base: dict[str, list[str]], gone: set[str]
) -> dict[str, list[str]]:
    """Drop the rate whose percentage, or whose numerator, is gone."""
    kept = {
        below: [n for n in above if not gone & {n, f"{n}.percent"}] for below, above in base.items()
    }
    return {below: above for below, above in kept.items() if above and below not in gone} | mine
