"""What comes of comparing two figures: a number with its unit, both ends and what is noted."""

from __future__ import annotations

from dataclasses import dataclass

from sendstats.series.model import UNREPAIRED, Note, Observation

#: Decimals of what is worked out of rates: enough to see that it is not the printed difference.
_DECIMALS = 3


@dataclass(frozen=True)
class Compared:
    """A number worked out of two figures; `float` gives it bare.

    Attributes
    ----------
    value : float
        Unrounded, in `unit`.
    unit : str
    """

    value: float
    unit: str

    def __float__(self) -> float:
        return self.value

    @property
    def ends(self) -> tuple[Observation, Observation]:
        """Return the two figures, with their values, lineage, flags and notes."""
        raise NotImplementedError

    @property
    def basis(self) -> str:
        """Basis of both; of two that differ, which can only be on purpose, both."""
        return " and ".join(
            dict.fromkeys(o.fields["basis"] for o in self.ends if o.fields["basis"])
        )

    @property
    def sources(self) -> tuple[str, ...]:
        """Release, file, row and column of each end."""
        return tuple(
            f"{o.publication} {o.release}: {o.file}, row {o.row}, column {o.column}"
            for o in self.ends
        )

    @property
    def flags(self) -> tuple[str, ...]:
        """Ids of what is noted on either end."""
        return tuple(dict.fromkeys(flag for o in self.ends for flag in o.flags or ()))

    @property
    def notes(self) -> tuple[Note, ...]:
        """What is to be known of either end, then the breaks that lie between them."""
        ends = (n for o in self.ends for n in o.notes if n.kind != "break")
        return (*dict.fromkeys(ends), *self.breaks)

    @property
    def breaks(self) -> tuple[Note, ...]:
        """The breaks between the two periods; the first figure after one lies behind it."""
        first, last = sorted(o.period for o in self.ends)
        crossed = (b for o in self.ends for b in o.breaks)
        return tuple(b for b in dict.fromkeys(crossed) if first < b.period <= last)

    def _said(self, what: str, number: str) -> str:
        """Return what it is, the number, which ends stand as printed, and a line for each note."""
        basis = f", {self.basis.replace('_', ' ')}" if self.basis else ""
        as_printed = [self._called(o) for o in self.ends if UNREPAIRED in o.flags]
        wrong = (
            f"; {' and '.join(as_printed)} as printed, though proven wrong" if as_printed else ""
        )
        lines = [
            f"{note.kind.replace('_', ' ')}, {self._carrying(note)}: {note.text}"
            for note in self.notes
            if note.kind != "break"
        ]
        lines += [f"break at {b.period}: {b.text}" for b in self.breaks]
        noted = "".join(f"\n  {line}" for line in lines)
        return f"<{what}{basis}: {number}{wrong}{noted}>"

    def _carrying(self, note: Note) -> str:
        carrying = [self._called(o) for o in self.ends if note in o.notes]
        return "both figures" if len(carrying) > 1 else carrying[0]

    def _called(self, end: Observation) -> str:
        """Name one end by what tells it from the other."""
        apart = [_names(o) for o in self.ends]
        own = _names(end)
        told = [name for n, name in enumerate(own) if name and apart[0][n] != apart[1][n]]
        return " ".join(told) or "the total"


def _names(o: Observation) -> tuple[str, ...]:
    """Return everything that a figure can be named by; the total of a topic has no name."""
    narrowed = ["" if o.fields[k] == "total" else o.fields[k] for k in ("placement", "item")]
    return (o.fields["series"], *narrowed, o.fields["place_name"], o.fields["period"])


@dataclass(frozen=True)
class Change(Compared):
    """The change of one series between two periods.

    Attributes
    ----------
    value : float
        Later minus earlier, unrounded: in the unit, or in percentage points for a rate.
    unit : str
    earlier, later : Observation
    percent : float or None
        The change as a percentage of the earlier value; None for a rate, whose change is in
        percentage points.
    """

    earlier: Observation
    later: Observation
    percent: float | None

    @property
    def ends(self) -> tuple[Observation, Observation]:
        """Return the earlier and the later figure."""
        return (self.earlier, self.later)

    def __repr__(self) -> str:
        percent = "" if self.percent is None else f" ({self.percent:+.1f} %)"
        what = f"{self.earlier.series} {self.earlier.period} to {self.later.period}"
        return self._said(what, _signed(self) + percent)


@dataclass(frozen=True)
class Difference(Compared):
    """One figure less another of the same period.

    Attributes
    ----------
    value : float
        `one` minus `other`, unrounded: in the unit, or in percentage points for rates.
    unit : str
    one, other : Observation
    """

    one: Observation
    other: Observation

    @property
    def ends(self) -> tuple[Observation, Observation]:
        """Return the figure and what is taken from it."""
        return (self.one, self.other)

    def __repr__(self) -> str:
        one, other = (self._called(o) for o in self.ends)
        shared = [n for n, m in zip(*map(_names, self.ends), strict=True) if n == m and n]
        return self._said(f"{' '.join(shared)}: {one} less {other}", _signed(self))


@dataclass(frozen=True)
class Ratio(Compared):
    """A part as a percentage of its whole.

    Attributes
    ----------
    value : float
        Unrounded.
    unit : str
        Always ``percent``.
    part, whole : Observation
    """

    part: Observation
    whole: Observation

    @property
    def ends(self) -> tuple[Observation, Observation]:
        """Return part and whole."""
        return (self.part, self.whole)

    def __repr__(self) -> str:
        part, whole = (" ".join(filter(None, _names(o)[:3])) for o in self.ends)
        what = f"{part} of {whole}, {self.part.place_name}, {self.part.period}"
        counts = f" ({self.part.value:,.10g} of {self.whole.value:,.10g})"
        return self._said(what, f"{self.value:.{_DECIMALS}f} {self.unit}{counts}")


def unit_of(one: Observation, other: Observation) -> str:
    """Return the unit of a difference of two figures; of two units, both."""
    if one.definition.is_rate and other.definition.is_rate:
        return "percentage points"
    return " less ".join(dict.fromkeys(o.definition.unit for o in (one, other)))


def _signed(compared: Compared) -> str:
    definition = compared.ends[0].definition
    places = _DECIMALS if definition.is_rate else definition.decimals
    return f"{compared.value:+,.{places}f} {compared.unit}"
