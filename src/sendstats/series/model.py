"""What a reader of a series gets: observations that keep their meaning, source and caveats."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from sendstats.catalogue.series import Definition, universes
from sendstats.errors import DataProblem, UnknownId, WrongUse
from sendstats.series.absent import Absent, coverage
from sendstats.series.gone import key_of, refuse_gone

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from sendstats.series.about import About

_ROWS: dict[str, pl.DataType] = {
    "series": pl.String(),
    "period": pl.String(),
    "label": pl.String(),
    "place": pl.String(),
    "place_name": pl.String(),
    "level": pl.String(),
    "region": pl.String(),
    "placement": pl.String(),
    "topic": pl.String(),
    "item": pl.String(),
    "basis": pl.String(),
    "value": pl.Float64(),
    "numerator": pl.Int64(),
    "denominator": pl.Int64(),
    "reason": pl.String(),
    "flags": pl.List(pl.String()),
    "published": pl.String(),
    "publication": pl.String(),
    "release": pl.String(),
    "file": pl.String(),
    "column": pl.String(),
    "row": pl.String(),
}
#: Columns of `Series.rows`, in order, with their types.
ROWS = pl.Schema(_ROWS)
KEY = ["period", "level", "place", "placement", "topic", "item"]
#: A rate of fewer than this many is flagged, and neither said, drawn nor compared.
SMALL_BASE = 30
#: Flags of a cell with a proven repair: the value is the repaired one, or the printed one.
REPAIRED, UNREPAIRED = "repaired", "unrepaired"


@dataclass(frozen=True, order=True)
class Note:
    """A caveat, break or finding that touches some values of a series.

    Attributes
    ----------
    id : str
        Id as it appears in the `flags` column.
    kind : {"caveat", "break", "finding", "small_base", "repair"}
        What sort of note it is.
    text : str
        One or two plain sentences.
    period : str
        For a break, the first period after it.
    label : str
        For a break, two or three words for a chart.
    about : About or None
        For a finding, the parts that its text is made of.
    slight : bool
        For a finding, whether the figure stays what it is: a total that misses its parts in what
        it means, or by next to nothing.
    """

    id: str
    kind: str
    text: str
    period: str = ""
    label: str = ""
    about: About | None = field(default=None, compare=False)
    slight: bool = False


@dataclass(frozen=True, order=True)
class Source:
    """One release that served values of a series.

    Attributes
    ----------
    publisher, publication, publication_title, release, release_title : str
        Who published what.
    published : str
        Date, ISO 8601.
    published_assumed : bool
        True where that date is only assumed.
    extract : bool
        True where only an extract of the release is held.
    licence, url : str
        Licence name and landing page.
    periods : tuple of str
        Periods that it served.
    """

    publication: str
    release: str
    publication_title: str
    release_title: str
    publisher: str
    published: str
    published_assumed: bool
    extract: bool
    licence: str
    url: str
    periods: tuple[str, ...] = ()


@dataclass(frozen=True)
class Observation:
    """One figure with everything it means. Fields are those of `ROWS` and the definition.

    Attributes
    ----------
    definition : Definition
    fields : dict
        One row of `Series.rows`.
    notes : tuple of Note
        What its `flags` say: caveats, findings, repairs, and a break that begins with it.
    breaks : tuple of Note
        Every break of its line, so that a change can name those that it crosses.
    """

    definition: Definition
    fields: dict[str, Any]
    notes: tuple[Note, ...] = ()
    breaks: tuple[Note, ...] = ()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - one row holds several types
        fields: dict[str, Any] = object.__getattribute__(self, "fields")
        if name in fields:
            return fields[name]
        raise AttributeError(name)

    def __repr__(self) -> str:
        f = self.fields
        basis = f", {f['basis']}" if f["basis"] else ""
        narrowed = "".join(f" {f[k]}" for k in ("placement", "item") if f[k] != "total")
        shown = f"null ({f['reason']})"
        if f["value"] is not None:
            d = self.definition
            shown = f"{f['value']:,.{d.decimals}f} {d.unit_of(f['value'])}"
        if f["denominator"] is not None and f["numerator"] is not None:
            shown += f" ({f['numerator']:,} of {f['denominator']:,})"
        return (
            f"<{f['series']}{basis}{narrowed} {f['period']} {f['place_name']}: {shown}; "
            f"published {f['published']!r}, release {f['release']}>"
        )


@dataclass(frozen=True, eq=False)  # frames have no single truth: two series are never compared
class Series:
    """Observations of one measure, with what they mean and where they come from.

    Attributes
    ----------
    definition : Definition
    rows : polars.DataFrame
        One row an observation, columns and types of `ROWS`, sorted by `KEY`.
    basis : str
        Basis in force, empty where the series has one only.
    notes : tuple of Note
        Every note whose id occurs in `rows["flags"]`, every break inside the periods held, and the
        findings of `absent`.
    sources : tuple of Source
        Every release that served a row.
    absent : tuple of Absent
        Places asked for that are in force in a period and have no row in it: no cell is made up
        for them, and none goes unsaid.
    """

    definition: Definition
    rows: pl.DataFrame
    basis: str = ""
    notes: tuple[Note, ...] = ()
    sources: tuple[Source, ...] = field(default_factory=tuple)
    absent: tuple[Absent, ...] = ()

    def __len__(self) -> int:
        return self.rows.height

    @property
    def breaks(self) -> tuple[Note, ...]:
        """The notes that mark a break, in order of period."""
        return tuple(
            sorted((n for n in self.notes if n.kind == "break"), key=lambda n: (n.period, n.id))
        )

    @property
    def periods(self) -> list[str]:
        """Periods held, sorted."""
        return sorted(self.rows["period"].unique().to_list())

    def at(self, period: str, place: str | None = None) -> Observation:
        """Return the single observation of `period`.

        Parameters
        ----------
        period : str
            ``"yyyy-01"`` for a stock, ``"yyyy"`` for a flow.
        place : str, optional
            Name, DfE number or ONS code; needed where several places are held.

        Raises
        ------
        UnknownId
            If the period is not held, or the place is not in it or did not exist then.
        DataProblem
            If the place has no row in that period though it is in force; the message says where.
        WrongUse
            If more than one observation fits.
        """
        found = self.rows.filter(pl.col("period") == str(period))  # a year may come as a number
        key = None if place is None else key_of(place)
        self._refuse_absent(str(period), key, only=found.is_empty())
        alone = [*self.rows["place"].unique()]
        refuse_gone(key or (alone[0] if len(alone) == 1 else ""), str(period))
        if found.is_empty():
            raise UnknownId.of("period", str(period), self.periods)
        if place is not None:
            held, found = found, found.filter(pl.col("place") == key)
            if found.is_empty():
                raise UnknownId.of(f"place in {period}", place, held["place_name"].unique().sort())
        if found.height != 1:
            raise WrongUse(
                f"{self.definition.id} has {found.height} observations for {period}",
                expected="exactly one",
                todo="narrow the series to one place, placement and item first",
            )
        row = found.row(0, named=True)
        line = self.rows.filter(pl.col(k).eq_missing(row[k]) for k in KEY if k != "period")
        ids = set(line["flags"].explode().drop_nulls())
        notes = tuple(n for n in self.notes if n.id in (row["flags"] or ()))
        return Observation(
            self.definition, row, notes, tuple(b for b in self.breaks if b.id in ids)
        )

    def _refuse_absent(self, period: str, place: str | None, *, only: bool) -> None:
        """Say why there is nothing, where that is because a file has no row."""
        for one in self.absent:
            named = dict(zip(one.places, one.names, strict=True))
            asked = only if place is None else place in named
            if one.period in ("", period) and asked:
                who = named.get(place or "", one.who)
                raise DataProblem(
                    f"{self.definition.id} has no row of {who} for {period}",
                    expected="a row of every place in force",
                    found=str(one),
                    todo="ask for another period or release; findings say what is known of a row "
                    "that is not there",
                )

    def coverage(self) -> pl.DataFrame:
        """Return how many of the places asked for each period has, and which it lacks.

        Returns
        -------
        polars.DataFrame
            One row a period: ``period``, ``release``, ``places`` (asked for and in force),
            ``rows`` (of them with a row), ``known`` (with a value somewhere), and ``absent``, in
            words.
        """
        return coverage(self.rows, self.absent)

    def latest(self, periods: int = 5) -> Series:
        """Return the same series with only its last few `periods`, and what touches those."""
        kept = self.periods[-periods:]
        rows = self.rows.filter(pl.col("period").is_in(kept))
        absent = tuple(a for a in self.absent if a.period in ("", *kept))
        flags = {*rows["flags"].explode().drop_nulls(), *(i for a in absent for i in a.findings)}
        served = [
            replace(s, periods=tuple(p for p in s.periods if p in kept)) for s in self.sources
        ]
        return replace(
            self,
            rows=rows,
            notes=tuple(n for n in self.notes if n.id in flags),
            sources=tuple(s for s in served if s.periods),
            absent=absent,
        )

    def to_polars(self) -> pl.DataFrame:
        """Return `rows`."""
        return self.rows

    def to_pandas(self) -> pd.DataFrame:
        """Return `rows` as a pandas frame with the same columns."""
        import pandas as pd  # noqa: PLC0415 - pandas is only for the edge

        return pd.DataFrame(self.rows.to_dict(as_series=False), columns=self.rows.columns)

    def lacks(self) -> list[str]:
        """Return a line for each reason why some places have no row: periods, places, reason."""
        told: dict[str, list[str]] = {}
        for one in self.absent:
            told.setdefault(str(one), []).append(one.period)
        return [f"{self._spans(when) or 'every period'}, {who}" for who, when in told.items()]

    def _spans(self, periods: Sequence[str]) -> str:
        """Name periods, those that follow one another here as a span."""
        order, runs = sorted({*self.periods, *filter(None, periods)}), list[list[str]]()
        for at, period in enumerate(order):
            if period in periods:
                follows = runs and at and runs[-1][-1] == order[at - 1]
                runs[-1].append(period) if follows else runs.append([period])
        return ", ".join(r[0] if len(r) == 1 else f"{r[0]} to {r[-1]}" for r in runs)

    def __repr__(self) -> str:
        d = self.definition
        flagged = self.rows.filter(pl.col("flags").list.len() > 0).height
        served = "; ".join(
            f"{s.release}{' (extract)' if s.extract else ''}: {self._spans(s.periods)}"
            for s in self.sources
            if s.periods
        )
        lines = [
            f"{d.title} [{d.id}]",
            f"  unit        {d.unit}{f', of {d.denominator}' if d.denominator else ''}",
            f"  kind        {d.kind}",
            f"  universe    {universes().get(d.universe, d.universe)}",
            f"  basis       {self.basis or 'one only'}",
            f"  releases    {served or 'none'}",
            f"  breaks      {'; '.join(b.text for b in self.breaks) or 'none in these periods'}",
            f"  cells       {len(self)}, of which {flagged} flagged",
            *(f"  absent      {line}" for line in self.lacks()),
        ]
        return "\n".join(lines)
