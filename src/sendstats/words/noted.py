"""Notes as a reader meets them: findings of one kind are told together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sendstats.catalogue.periods import say_period
from sendstats.catalogue.places import LEVELS, LOCAL
from sendstats.catalogue.series import universes
from sendstats.series.about import found_of
from sendstats.words.periods import position, say_range

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sendstats.series.about import About
    from sendstats.series.model import Note, Series

#: How many places of one level are named; of more, the first, and how many others there are.
_NAMED = 2
#: How many notes made of findings stand under the rows of a series; the others are counted.
_MOST_FINDINGS = 8


@dataclass(frozen=True)
class Told:
    """One note, or several findings told as one.

    Attributes
    ----------
    notes : tuple of Note
    text : str
    """

    notes: tuple[Note, ...]
    text: str

    @property
    def kind(self) -> str:
        """Kind of the notes told."""
        return self.notes[0].kind

    @property
    def local(self) -> bool:
        """Whether it is about single regions or authorities only."""
        first = self.notes[0].about
        return first is not None and first.level != LEVELS[0]


def gathered(notes: Iterable[Note]) -> list[Told]:
    """Tell notes, findings of one rule, column and kind of cause together.

    Parameters
    ----------
    notes : iterable of Note

    Returns
    -------
    list of Told
        In the order in which the first note of each appears. Of findings told together, those on
        England stand first.
    """
    groups: dict[tuple[str, ...], list[Note]] = {}
    for note in notes:
        said = note.about
        shape = re.sub(r"\d[\d.,]*", "#", said.cause) if said else ""
        key = (said.rule, said.column, shape) if said else ("", note.id)
        groups.setdefault(key, []).append(note)
    return [_told(sorted(group, key=_order)) for group in groups.values()]


def few(told: Iterable[Told], most: int) -> list[Told]:
    """Return notes with those on single regions and authorities last, and few made of findings.

    Parameters
    ----------
    told : iterable of Told
    most : int
        How many made of findings stay; the others become one, which says how to list them.
    """
    ordered = sorted(told, key=lambda one: one.local)
    found = [one for one in ordered if one.kind == "finding"]
    kept = [one for one in ordered if one not in found[most:]]
    rest = tuple(note for one in found[most:] for note in one.notes)
    return [*kept, *([Told(rest, _uncounted(rest))] if rest else [])]


def noted_rows(series: Series) -> tuple[list[str | None], list[str]]:
    """Return the marks of each row of a series, such as ``[1] [3]``, and the notes they stand for.

    Parameters
    ----------
    series : Series
        Its breaks have no mark: they are said above its rows.
    """
    told = few(gathered(n for n in series.notes if n.kind != "break"), _MOST_FINDINGS)
    meant = [{note.id for note in one.notes} for one in told]
    marks = [
        " ".join(f"[{n}]" for n, ids in enumerate(meant, 1) if ids.intersection(flags)) or None
        for flags in series.rows["flags"].to_list()
    ]
    return marks, [f"[{n}] {one.text}" for n, one in enumerate(told, 1)]


def meaning(series: Series) -> dict[str, Any]:
    """Return what the figures of a series mean, as plain types.

    Returns
    -------
    dict
        ``series``, ``title``, ``kind``, ``unit``, ``universe`` in words, ``basis``, and
        ``notes``: of every id among the flags, its text once.
    """
    d = series.definition
    said: dict[str, Any] = {"series": d.id, "title": d.title, "kind": d.kind, "unit": d.unit}
    said |= {"universe": universes().get(d.universe, d.universe), "basis": series.basis}
    return said | {"notes": {note.id: note.text for note in series.notes}}


def _uncounted(rest: Sequence[Note]) -> str:
    """Say how many findings are not told, and what lists them."""
    places = {note.about.place if note.about else "" for note in rest}
    asked = f' --place "{places.pop()}"' if len(places) == 1 and "" not in places else ""
    touch = "findings touch" if len(rest) > 1 else "finding touches"
    return f"{len(rest)} more {touch} these values: sendstats findings{asked} lists all."


def _order(note: Note) -> tuple[int, str, str, str]:
    said = note.about
    if said is None:
        return (0, "", "", note.id)
    rank = LEVELS.index(said.level) if said.level in LEVELS else len(LEVELS)
    return (rank, said.period, said.place, note.id)


def _told(notes: Sequence[Note]) -> Told:
    several = [note.about for note in notes if note.about]
    return Told(tuple(notes), _several(several) if len(several) > 1 else notes[0].text)


def _several(found: Sequence[About]) -> str:
    """Tell several findings of one rule and column as one."""
    where = ", ".join(filter(None, (_places(found), _periods(found), found[0].column)))
    text = f"{where}: {len(found)} figures do not keep the rule “{found[0].rule}”"
    largest = max(found, key=lambda one: one.size)
    if largest.size:
        cell = [largest.place] if len({one.place for one in found}) > 1 else []
        cell += [say_period(largest.period)] if len({one.period for one in found}) > 1 else []
        cell += [f"expected {_short(largest.expected)}", found_of(largest.found)]
        text += f"; the largest gap: {', '.join(cell)}"
    causes = {one.cause for one in found}
    if causes == {""}:
        return f"{text}. The cause is not known."
    if not largest.cause:
        return f"{text}. The cause of that is not known."
    return f"{text}. Cause{'' if len(causes) == 1 else ' of that'}: {largest.cause}."


def _short(expected: str) -> str:
    return expected.split(" (", maxsplit=1)[0]


def _places(found: Sequence[About]) -> str:
    """Name the places, England first; many of one level are counted."""
    parts = []
    for level in dict.fromkeys(one.level for one in found):
        names = list(dict.fromkeys(one.place for one in found if one.level == level))
        if len(names) > _NAMED:
            what = "authorities" if level == LOCAL else "regions"
            names = [names[0], f"{len(names) - 1} other {what}"]
        parts += names
    return listed(parts)


def _periods(found: Sequence[About]) -> str:
    """Name the periods, those of neighbouring years as spans."""
    spans: list[list[str]] = []
    for period in sorted({one.period for one in found}):
        if spans and position(period) - position(spans[-1][-1]) == 1:
            spans[-1].append(period)
        else:
            spans.append([period])
    return listed([say_range(span[0], span[-1]) for span in spans])


def listed(parts: Sequence[str]) -> str:
    """Return names as a list in words: one, two and three."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
