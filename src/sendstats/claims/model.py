"""What a claim comes to: the figures that it could be, each with everything it means."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sendstats.catalogue.series import entry, universes
from sendstats.claims.quote import PERCENT, POINTS, Quote
from sendstats.words import figure, humanise, percent, points, say_period

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sendstats.catalogue.series import Definition
    from sendstats.series.model import Note

#: How many matches the printed list holds; `Claim.matches` has them all.
SHOWN = 6
PROVES_NOTHING = (
    "A match of the value alone proves nothing: what was counted, when, where and on which basis "
    "must match too."
)


@dataclass(frozen=True)
class Match:
    """One figure, or one change between consecutive periods, with its full meaning.

    Attributes
    ----------
    definition : Definition
        Of the series it belongs to: stock or flow, universe, denominator and so on.
    title : str
        Title of the series, narrowed to placement and item.
    basis, placement, item, place, place_name : str
    period, since : str
        Its period; `since` is the earlier period of a change and empty for a figure.
    unit : str
        Unit of `value`: that of the series, or ``percent`` or ``percentage points`` of a change.
    value : Fraction
        Exact, from counts where they are known.
    numerator, denominator : int or None
        Counts of a rate.
    releases : tuple of str
        Releases that say it, two for a change across releases.
    published : str
        The published text; empty for a change.
    caveats : tuple of Note
        Caveats, breaks, findings and repairs that touch it.
    now : Fraction or None
        What the release that serves this period says, where it says something else.
    superseded : bool
        Whether another release serves this period, as a rule a newer one.
    as_printed : bool
        Whether only the published text fits the quote, not the value from counts or repairs.
    also : tuple of str
        Other series that hold the same figure of the same universe.
    """

    definition: Definition
    title: str
    basis: str
    placement: str
    item: str
    place: str
    place_name: str
    period: str
    unit: str
    value: Fraction
    since: str = ""
    numerator: int | None = None
    denominator: int | None = None
    releases: tuple[str, ...] = ()
    published: str = ""
    caveats: tuple[Note, ...] = ()
    now: Fraction | None = None
    superseded: bool = False
    as_printed: bool = False
    also: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """What tells this figure from every other, its value and release left out."""
        cell = (self.basis, self.placement, self.item, self.place, self.period, self.since)
        return (self.definition.id, *cell, self.unit)

    def text(self, decimals: int = 0, value: Fraction | None = None) -> str:
        """Print the value (or another one of its kind) with at least `decimals` decimals."""
        shown = self.value if value is None else value
        if self.unit == POINTS:
            return points(shown, max(decimals, self.definition.decimals), signed=True)
        if self.since:
            return percent(shown, max(decimals, 1), signed=True)
        places = max(decimals, self.definition.decimals) if self.definition.decimals else 0
        return figure(shown, self.unit, places)

    @property
    def when(self) -> str:
        """The period in words, or the two periods of a change."""
        if not self.since:
            return say_period(self.period)
        return f"{say_period(self.since)} to {say_period(self.period)}"

    @property
    def universe(self) -> str:
        """Who or what is counted, in words."""
        return universes()[self.definition.universe]

    @property
    def base(self) -> str:
        """What a rate is a share of, in words; empty for a count."""
        whole = self.definition.denominator
        return entry(whole).title.split(", by ")[0] if whole else ""

    @property
    def about(self) -> list[str]:
        """What the figure is, in two lines and one for each thing that is odd about it."""
        basis = f", {humanise(self.basis).lower()}" if self.basis else ""
        lines = [
            f"{self.title}{basis}: {self.place_name}, {self.when} [{self.definition.id}]",
            f"{self.definition.kind}{self._share()}; counts {self.universe}",
        ]
        if self.as_printed:
            lines.append(f"as printed ({self.published}); counts or repairs give {self.text(1)}")
        if self.superseded:
            now = "" if self.now is None else f", which says {self.text(1, self.now)}"
            says = " and ".join(self.releases)
            lines.append(f"as release {says} says it; another release serves this period{now}")
        return lines

    def _share(self) -> str:
        if not self.base:
            return ""
        counts = self.denominator is not None and not self.since
        of = f"{self.numerator:,} of {self.denominator:,}, " if counts else ""
        return f"; {of}a share of: {self.base}"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values: everything above, numbers as floats, caveats as texts."""
        d = self.definition
        return {
            "series": d.id,
            "title": self.title,
            "kind": d.kind,
            "change": bool(self.since),
            "place": self.place_name,
            "since": self.since or None,
            "period": self.period,
            "period_in_words": self.when,
            "basis": self.basis or None,
            "placement": self.placement,
            "item": self.item,
            "unit": self.unit,
            "value": float(self.value),
            "shown": self.text(),
            "numerator": self.numerator,
            "denominator": self.denominator,
            "share_of": d.denominator or None,
            "universe": self.universe,
            "measures": d.measures,
            "published": self.published,
            "as_printed": self.as_printed,
            "releases": list(self.releases),
            "superseded": self.superseded,
            "now": None if self.now is None else float(self.now),
            "also": list(self.also),
            "caveats": [note.text for note in self.caveats],
        }


@dataclass(frozen=True)
class Claim:
    """A quoted figure and every figure that it could be.

    Attributes
    ----------
    quote : Quote
    places : tuple of str
        Names of the places searched.
    matches : tuple of Match
        Nearest to the period asked first, then newest.
    nearest : tuple of Match
        Where nothing fits, the two figures nearest in value.
    period : str
        The period asked; empty for none.
    """

    quote: Quote
    places: tuple[str, ...]
    matches: tuple[Match, ...]
    nearest: tuple[Match, ...] = ()
    period: str = ""

    def __len__(self) -> int:
        return len(self.matches)

    def __bool__(self) -> bool:
        return bool(self.matches)

    @property
    def finding(self) -> str:
        """One sentence: how many different figures fit, and what that is worth."""
        where = " or ".join(self.places)
        if not self.matches:
            return f"No figure held for {where} fits."
        if len(self.matches) == 1:
            return f"One figure held for {where} fits. {PROVES_NOTHING}"
        return f"{len(self.matches)} different figures held for {where} fit. {PROVES_NOTHING}"

    def __repr__(self) -> str:
        head = [f"{self.quote.text!r}, read as {self.quote.reading}", self.finding]
        shown = self.matches[:SHOWN]
        if not self.matches and self.nearest:
            head.append("The nearest in value:")
            shown = self.nearest
        rest = len(self.matches) - SHOWN
        more = [f"... and {rest} more, in .matches"] if rest > 0 else []
        return "\n".join([*head, *self._listed(shown), *more])

    def _listed(self, shown: Sequence[Match]) -> list[str]:
        """List matches, and under them each caveat once, referred to by a letter."""
        notes = list(dict.fromkeys(note for match in shown for note in match.caveats))
        marks = {note: f"[{_letters(i)}]" for i, note in enumerate(notes)}
        lines = []
        for i, match in enumerate(shown, 1):
            first, *others = match.about
            lines.append(f"{i:>3}. {match.text(self.quote.decimals)}  {first}")
            others[0] += "".join(f" {marks[n]}" for n in match.caveats)
            if self.quote.unit == PERCENT and match.unit == POINTS:
                others.append("a change in percentage points, not in per cent")
            if match.also:
                others.append(f"also in {', '.join(match.also)}")
            lines += [f"     {line}" for line in others]
        return [*lines, *(f"{mark} {note.text}" for note, mark in marks.items())]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values: the quote as read, the finding, matches and nearest figures."""
        return {
            "quote": self.quote.text,
            "read_as": self.quote.reading,
            "places": list(self.places),
            "period": self.period or None,
            "finding": self.finding,
            "matches": [match.to_dict() for match in self.matches],
            "nearest": [match.to_dict() for match in self.nearest],
        }


def _letters(index: int) -> str:
    """Return a, b, ... z, aa, ab and so on."""
    before, last = divmod(index, 26)
    return (_letters(before - 1) if before else "") + chr(ord("a") + last)
