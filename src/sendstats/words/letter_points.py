"""The points of a note to the publisher: findings of one file and rule told together."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any, TypeVar

from sendstats.catalogue.labels import titles
from sendstats.catalogue.periods import say_period
from sendstats.catalogue.places import LEVELS, places
from sendstats.catalogue.publications import publications
from sendstats.catalogue.tables import tables
from sendstats.series.about import cause_of, effect_of, expected_of
from sendstats.words.noted import listed

#: Kinds of finding, the weightiest first.
KINDS = ("contradiction", "definition", "gap", "doubt")
#: Rows that each finding touches: by its id, its table and its release.
Cells = Mapping[tuple[str, str, str], Collection[int]]
Row = dict[str, Any]
T = TypeVar("T")
_TOTAL, _NONE = "total", "none"
#: How many other places, and how many spans of rows, are named; the rest are counted.
_PLACES, _SPANS = 3, 2
#: How many effects on figures of England are told; the rest are counted.
_EFFECTS = 3
#: From which share of common words two footnotes with the same names and numbers say the same.
_ALIKE = 0.5


@dataclass(frozen=True)
class Point:
    """What is wrong with one file in one way.

    Attributes
    ----------
    facts : tuple of tuple of dict
        The largest effect first; a fact is one finding, or the same one in several releases, the
        newest first.
    """

    facts: tuple[tuple[Row, ...], ...]

    @property
    def first(self) -> Row:
        """The finding with the largest effect."""
        return self.facts[0][0]

    @property
    def findings(self) -> int:
        """Number of findings told, each release counted."""
        return sum(len(fact) for fact in self.facts)

    @property
    def effect_size(self) -> float:
        """By how much the weightiest moves a figure of England, in percent of it."""
        return max(float(fact[0]["effect_size"]) for fact in self.facts)

    def text(self, cells: Cells, footnotes: Sequence[str] = ()) -> str:
        """Return the point as a paragraph; several places or rows as a list in it.

        Parameters
        ----------
        cells : mapping
            Rows that each finding touches.
        footnotes : sequence of str
            As they are numbered at the end of the note, from 1.
        """
        head = f"**Rule “{self.first['rule']}”** ({self.first['kind']})"
        tail = [*self._shared(), *self._numbers(footnotes)]
        lines = self._lines(cells)
        if len(lines) == 1:
            return " ".join([f"{head}: {lines[0]}", *tail])
        return "\n   - ".join([" ".join([f"{head}.", *tail]), *lines])

    def footnotes(self) -> list[str]:
        """Return the publisher's footnotes on its tables and periods, each sentence once."""
        said = (one for fact in self.facts for row in fact for one in sentences(row["footnote"]))
        return list(dict.fromkeys(said))

    def _numbers(self, footnotes: Sequence[str]) -> list[str]:
        said = self.footnotes()
        held = [n for n, note in enumerate(footnotes, 1) if any(alike(note, one) for one in said)]
        return [f"Footnote{'s' * (len(held) > 1)} {listed([*map(str, held)])}."] if held else []

    def _shared(self) -> list[str]:
        """Return the parts of coverage and cause that all findings have."""
        return [_told(head, self._common(parts)) for head, parts in _ASIDE if self._common(parts)]

    def _common(self, parts: Callable[[Row], list[str]]) -> list[str]:
        every = [parts(fact[0]) for fact in self.facts]
        return [part for part in every[0] if all(part in told for told in every)]

    def _lines(self, cells: Cells) -> list[str]:
        """Return a line for each row of the file; places without one are listed by period."""
        gone = [fact for fact in self.facts if fact[0]["row"] is None]
        here = [fact for fact in self.facts if fact[0]["row"] is not None]
        said = {part for _, parts in _ASIDE for part in self._common(parts)}
        lines = [_absent(gone)] if gone else []
        return lines + [_line(facts, cells, said) for facts in _grouped(here, _where)]


def points(found: Iterable[Row]) -> list[Point]:
    """Return findings as points: by release, the newest first; in it, the largest effect first.

    Parameters
    ----------
    found : iterable of dict
        Rows by the columns of `sendstats.quality.schema.FINDINGS`.
    """
    facts = [tuple(same) for same in _grouped(sorted(found, key=_newest), _fact)]
    made = [Point(tuple(sorted(one, key=_weight))) for one in _grouped(facts, _shape)]
    weight: dict[tuple[Any, ...], float] = {}
    for one in made:
        weight[_file(one)] = max(weight.get(_file(one), 0.0), one.effect_size)
    return sorted(made, key=lambda one: _place_in_note(one, weight[_file(one)]))


def same_once(texts: Iterable[str]) -> list[str]:
    """Return texts without those that say nearly the same as an earlier one."""
    kept: list[str] = []
    for text in texts:
        if not any(alike(text, one) for one in kept):
            kept.append(text)
    return kept


def alike(one: str, other: str) -> bool:
    """Whether two footnotes say the same: the same names and numbers, and mostly the same words."""
    names = [set(re.findall(r"\b[A-Z]\w+|\d[\d,.]*\d", text)) for text in (one, other)]
    if names[0] != names[1]:
        return False
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio() >= _ALIKE


def sentences(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [one for one in re.split(r"(?<=[a-z0-9]{2}\.) (?=[A-Z])", text or "") if one]


def _grouped(items: Iterable[T], key: Callable[[T], Any]) -> list[list[T]]:
    """Group by `key`, in the order in which the first of each appears."""
    groups: dict[Any, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return list(groups.values())


def _newest(row: Row) -> tuple[Any, ...]:
    return (*_release_order(row), row["finding"])


def _release_order(row: Row) -> tuple[str, int]:
    slug = tables()[row["table"]].publication
    order = [release.slug for release in publications()[slug].releases]
    return (slug, -order.index(row["release"]))


def _fact(row: Row) -> tuple[Any, ...]:
    """Return what makes two findings the same fact, though two releases say it."""
    named = ("rule", "kind", "table", "place", "period", "topic", "label", "column", "found")
    return (*(row[name] for name in named), row["expected"].split(" (", maxsplit=1)[0])


def _shape(fact: Sequence[Row]) -> tuple[Any, ...]:
    row = fact[0]
    cause = re.sub(r"[+-]?\d[\d.,]*", "#", cause_of(row))
    return (row["release"], row["file"], row["rule"], row["kind"], cause)


def _weight(fact: Sequence[Row]) -> tuple[Any, ...]:
    row = fact[0]
    return (-row["effect_size"], -row["size"], row["finding"])


def _file(point: Point) -> tuple[Any, ...]:
    return (*_release_order(point.first), point.first["file"])


def _place_in_note(point: Point, weight: float) -> tuple[Any, ...]:
    row = point.first
    kind = KINDS.index(row["kind"])
    return (*_release_order(row), -weight, row["file"], -point.effect_size, kind, *_weight([row]))


def _where(fact: Sequence[Row]) -> tuple[Any, ...]:
    return tuple(fact[0][name] for name in ("place", "period", "row"))


def _absent(facts: Sequence[Sequence[Row]]) -> str:
    """List the places that have no row, by period."""
    ordered = sorted(facts, key=lambda fact: (fact[0]["period"], fact[0]["place_name"]))
    said = []
    for period, group in groupby(ordered, key=lambda fact: fact[0]["period"]):
        names = listed([fact[0]["place_name"] for fact in group])
        said.append(f"{names}, {say_period(period)}")
    return f"we expected a row and found none for {'; '.join(said)}.{_also(facts)}"


def _line(facts: Sequence[Sequence[Row]], cells: Cells, said: Collection[str]) -> str:
    """Return the findings on one row: what it prints, what was expected, what else it touches."""
    rows = [fact[0] for fact in facts]
    printed = "; ".join(dict.fromkeys(_printed(row) for row in rows))
    head = f"{rows[0]['place_name']}, {say_period(rows[0]['period'])}, row {rows[0]['row']}"
    told = [f"{head}: {printed}.", _reach(rows, cells)]
    for lead, parts in (("Effect: ", _effects), *_ASIDE):
        own = dict.fromkeys(one for row in rows for one in parts(row) if one not in said)
        told.append(_told(lead, list(own)) if own else "")
    told += ["Other cells prove what it should be."] * any(row["repairable"] for row in rows)
    return " ".join(filter(None, told)) + _also(facts)


def _told(lead: str, parts: Sequence[str]) -> str:
    return f"{lead}{'; '.join(parts)}."


def _coverage(row: Row) -> list[str]:
    return [row["coverage"]] if row["coverage"] else []


def _causes(row: Row) -> list[str]:
    """Return the parts of the cause, with the column names of the file."""
    said = cause_of(row, "`")
    return said.split("; ") if said else []


#: What is said beside a finding, once for all findings of a point as far as they have it in common.
_ASIDE = (("Coverage: ", _coverage), ("As far as we can see: ", _causes))


def _printed(row: Row) -> str:
    """Say what a cell prints and what was expected."""
    found = "no figure" if row["found"] == _NONE else row["found"]
    says = f" prints {found}" if found[-1:].isdigit() or found == "no figure" else f": {found}"
    return f"`{row['published_column']}`{_part(row)}{says}, expected {expected_of(row, '`')}"


def _part(row: Row) -> str:
    """Name the part of a breakdown, or the total that its items miss."""
    topic, label = (row[name].replace("_", " ") for name in ("topic", "label"))
    if topic == _TOTAL:
        return "" if label == _TOTAL else f" ({titles('placement').get(row['label'], label)})"
    return f" (total by {topic})" if label == _TOTAL else f" ({topic} {label})"


def _effects(row: Row) -> list[str]:
    """Return the first effects, without that which only repeats the two figures of the cell.

    Of a doubt only how far it would move a figure of England.
    """
    if row["kind"] == KINDS[-1]:
        size = row["effect_size"]
        return [f"moves a figure of England by {size:.1f} %"] if size else []
    told = {row["found"], *re.findall(r"\d[\d,.]*", row["expected"])[:1]}
    own = row["place"] in places() and places()[row["place"]].level == LEVELS[0]
    said = effect_of(row).split("; ") if row["effect"] else []
    said = [one for one in said if not (own and told <= set(one.replace(", ", " ").split()))]
    kept = said[:_EFFECTS]
    more = len(said) - len(kept)
    return [*kept, *([f"{more} more figure{'s' * (more > 1)}"] if more else [])]


def _reach(rows: Sequence[Row], cells: Cells) -> str:
    """Say which other places and rows are touched; many places are counted."""
    keys = dict.fromkeys(key for row in rows for key in row["touches"].split(";"))
    own = {row["place"] for row in rows}
    others = [places()[key].name for key in keys if key in places() and key not in own]
    held = {n for r in rows for n in cells.get((r["finding"], r["table"], r["release"]), ())}
    apart = sorted(held - {rows[0]["row"]})
    named = listed(others) if 0 < len(others) <= _PLACES else f"{len(others)} other places"
    told = [f"also {named}"] if others else []
    told += [f"other row{'s' * (len(apart) > 1)} {_spans(apart)}"] if apart else []
    text = "; ".join(told)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _spans(rows: Sequence[int]) -> str:
    """Return row numbers, neighbouring ones as a span."""
    spans: list[list[int]] = []
    for row in rows:
        if spans and row == spans[-1][-1] + 1:
            spans[-1].append(row)
        else:
            spans.append([row])
    named = [f"{s[0]}–{s[-1]}" if len(s) > 1 else str(s[0]) for s in spans[:_SPANS]]  # noqa: RUF001
    more = sum(len(span) for span in spans[_SPANS:])
    return ", ".join(named) + (f" and {more} more" if more else "")


def _also(facts: Sequence[Sequence[Row]]) -> str:
    """Name the older releases that say the same, with file and row."""
    told = []
    for newest, row in ((fact[0], row) for fact in facts for row in fact[1:]):
        publication = publications()[tables()[row["table"]].publication]
        at = f"no row of {row['place_name']}" if row["row"] is None else f"row {row['row']}"
        if row["published_column"] != newest["published_column"]:
            at += f", column `{row['published_column']}`"
        told.append(f"`{row['file']}` of {publication.release(row['release']).title}, {at}")
    return f" The same in {listed(list(dict.fromkeys(told)))}." if told else ""
