"""The lines of a series, one reading a period, as words and charts need them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sendstats.catalogue.labels import TOTAL, item_title
from sendstats.catalogue.symbols import NO_ROW
from sendstats.series.model import SMALL_BASE
from sendstats.words.numbers import exact, figure, half_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sendstats.series.model import Series


@dataclass(frozen=True)
class Reading:
    """One figure of a line.

    Attributes
    ----------
    period : str
    value : Fraction or None
        Exact, from the counts where they are known; None for a gap and for a small base.
    decimals : int
        Decimals shown.
    unit : str
    numerator, denominator : int or None
    reason : str
        Why there is no value; ``small_base`` where there is one that must not be shown as a rate.
    flags : tuple of str
    slight : tuple of str
        Flags of findings that leave the figure what it is.
    published, release : str
        The published text and the release that says it.
    """

    period: str
    value: Fraction | None
    unit: str
    decimals: int
    numerator: int | None = None
    denominator: int | None = None
    reason: str = ""
    flags: tuple[str, ...] = ()
    slight: tuple[str, ...] = ()
    published: str = ""
    release: str = ""

    @property
    def rounded(self) -> Decimal | None:
        """The value as printed and drawn, rounded once; None for a gap."""
        return None if self.value is None else half_up(self.value, self.decimals)

    @property
    def text(self) -> str:
        """The value in words; empty for a gap."""
        return "" if self.value is None else figure(self.value, self.unit, self.decimals)

    @property
    def said(self) -> str:
        """The value with its unit, where a sentence would not say it: an average of weeks."""
        averaged = self.decimals and self.unit != "percent" and self.text
        return f"{self.text} {self.unit}" if averaged else self.text


@dataclass(frozen=True)
class Line:
    """Readings of one place, placement, item and basis, in order of period.

    Attributes
    ----------
    label : str
        What tells this line from the others in the same chart.
    subject : str
        Title of the series, narrowed to the placement and item.
    place : str
        Name of the place.
    key : str
        Stable id: series, basis, place, placement and item, as ``topic=item``.
    readings : tuple of Reading
    """

    label: str
    subject: str
    place: str
    key: str
    readings: tuple[Reading, ...]

    @property
    def known(self) -> tuple[Reading, ...]:
        """The readings that have a value."""
        return tuple(r for r in self.readings if r.value is not None)


def humanise(identifier: str) -> str:
    """Turn an id such as ``alternative_provision`` into words in sentence case."""
    text = identifier.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


_PARTS = ("subject", "basis", "place", "placement", "item", "release")


def printed(series: Series) -> list[str | None]:
    """Return the value of each row with the decimals that the series is printed with."""
    counts = series.rows.select("value", "numerator", "denominator").iter_rows()
    exactly = (None if row[0] is None else exact(*row) for row in counts)
    decimals = series.definition.decimals
    return [None if value is None else str(half_up(value, decimals)) for value in exactly]


def lines_of(series: tuple[Series, ...], labels: Mapping[str, str] | None = None) -> list[Line]:
    """Split series into lines, each labelled by whatever tells them apart.

    One figure asked of two releases is two lines, each with the name of its release.

    Parameters
    ----------
    series : tuple of Series
    labels : mapping of str to str, optional
        Words for ids of placements, items, bases and series, used in place of the id itself.

    Returns
    -------
    list of Line
        In order of series, then of first appearance in its rows.
    """
    named = dict(labels or {})
    groups = _grouped(series)
    faces = {key: _face(key, one, rows[0], named) for key, (one, rows) in groups.items()}
    telling = [p for p in _PARTS if len({face[p] for face in faces.values()}) > 1] or ["place"]
    return [
        Line(
            label=", ".join(filter(None, (faces[key][part] for part in telling))),
            subject=_subject(key[3], key[4], faces[key]),
            place=faces[key]["place"],
            key="|".join(key),
            readings=tuple(sorted(_readings(one, rows), key=lambda r: r.period)),
        )
        for key, (one, rows) in groups.items()
    ]


def _readings(one: Series, rows: list[dict[str, Any]]) -> Iterator[Reading]:
    """Yield what a line reads, and a gap for each period in which its place has no row."""
    for row in rows:
        yield _reading(one, row)
    unit, decimals = one.definition.unit, one.definition.decimals
    for absent in one.absent:
        if absent.why == NO_ROW and rows[0]["place"] in absent.places:
            gap = Reading(absent.period, None, unit, decimals, reason=NO_ROW)
            yield replace(gap, release=absent.release)


def _grouped(
    series: tuple[Series, ...],
) -> dict[tuple[str, ...], tuple[Series, list[dict[str, Any]]]]:
    """Return the rows of each line by its identity, which names the release only where it must."""
    lines: list[tuple[tuple[str, ...], Series, list[dict[str, Any]]]] = []
    for one in series:
        mine: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for row in one.rows.iter_rows(named=True):
            topic, item = row["topic"], row["item"]
            divided = item if topic in ("", TOTAL) else f"{topic}={item}"
            identity = (one.definition.id, one.basis, row["place"], row["placement"], divided)
            mine.setdefault(tuple(p or "" for p in identity), []).append(row)
        lines += [(key, one, rows) for key, rows in mine.items()]
    times = Counter(key for key, _, _ in lines)
    return {
        (key if times[key] == 1 else (*key, _releases(rows))): (one, rows)
        for key, one, rows in lines
    }


def _releases(rows: list[dict[str, Any]]) -> str:
    return " and ".join(sorted({row["release"] for row in rows if row["release"]}))


def _face(
    key: tuple[str, ...], one: Series, row: dict[str, Any], named: dict[str, str]
) -> dict[str, str]:
    """Return what each part of a line's identity is called."""
    _, basis, place, placement, _, *release = key
    item = row["item"]
    title = "" if row["topic"] == "" else item_title(row["topic"], item)
    return {
        "subject": named.get(one.definition.id, one.definition.title),
        "basis": named.get(basis, humanise(basis)),
        "place": row["place_name"] or place,
        "placement": named.get(placement, humanise(placement)),
        "item": named.get(item, title or humanise(item)),
        "release": f"Release {release[0]}" if release else "",
    }


def _subject(placement: str, item: str, face: dict[str, str]) -> str:
    """Name what a line measures: the title of its series, narrowed to its placement and item."""
    base = face["subject"].split(", by ")[0]
    parts = [("placement", placement), ("item", item)]
    narrow = ", ".join(face[part] for part, asked in parts if asked not in {"", "total"})
    if not narrow:
        return face["subject"]
    if base.startswith("Share of "):
        return f"{narrow} share of {base.removeprefix('Share of ')}"
    return f"{base}, {narrow[:1].lower()}{narrow[1:]}"


def _reading(one: Series, row: dict[str, Any]) -> Reading:
    """Build one reading; a rate of a small base is held back here, for words and charts alike."""
    rate = one.definition.is_rate
    numerator, denominator = row["numerator"], row["denominator"]
    counted = rate and numerator is not None and denominator is not None
    value = exact(row["value"], *((numerator, denominator) if counted else (None, None)))
    reason = row["reason"] or ""
    if row["value"] is None:
        # a published gap stays a gap, even where a rate could be worked out from its counts
        value = None
    elif value is not None and rate and _is_small(one, row):
        value, reason = None, "small_base"
    return Reading(
        period=row["period"],
        value=value,
        unit=one.definition.unit,
        decimals=one.definition.decimals,
        numerator=numerator,
        denominator=denominator,
        reason=reason,
        flags=tuple(sorted(row["flags"] or ())),
        slight=tuple(n.id for n in one.notes if n.slight and n.id in (row["flags"] or ())),
        published=row["published"] or "",
        release=row["release"] or "",
    )


def _is_small(one: Series, row: dict[str, Any]) -> bool:
    """Whether a rate rests on a small base: by its denominator or by a note that says so."""
    small = {n.id for n in one.notes if n.kind == "small_base"}
    denominator = row["denominator"]
    below = denominator is not None and denominator < SMALL_BASE
    return below or bool(small.intersection(row["flags"] or ()))
