"""The short answer to a question: one sentence a series, or two for a single one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sendstats.catalogue.labels import item_title
from sendstats.catalogue.load import document
from sendstats.catalogue.series import placements
from sendstats.errors import WrongUse
from sendstats.words.changes import Change, change_of
from sendstats.words.numbers import half_up, number, percent, points
from sendstats.words.periods import say_period
from sendstats.words.readings import Line, Reading, lines_of
from sendstats.words.statements import comparable

if TYPE_CHECKING:
    from sendstats.series.model import Series


@dataclass(frozen=True)
class Answer:
    """Sentences generated from data.

    Attributes
    ----------
    sentences : tuple of str
        Each a full sentence with its final stop.
    """

    sentences: tuple[str, ...]

    def __str__(self) -> str:
        """Return the sentences as one paragraph."""
        return " ".join(self.sentences)

    def __repr__(self) -> str:
        """Return the paragraph, as a notebook shows it in plain text."""
        return str(self)

    def _repr_markdown_(self) -> str:
        return f"**{self}**"


def answer(*series: Series) -> Answer:
    """Say the newest figures of one or more series, and how they moved.

    Parameters
    ----------
    *series : Series
        Each of one place and one placement or item. A single series gets a second sentence on
        how far it moved on this side of the last break.

    Raises
    ------
    WrongUse
        If a series holds more than one line, or nothing to say.
    """
    lines = [_only(one) for one in series]
    said = [_newest(one, line) for one, line in zip(series, lines, strict=True)]
    if len(series) == 1:
        said += _longer(series[0], lines[0])
    return Answer(tuple(said))


def _only(one: Series) -> Line:
    lines = lines_of((one,))
    if len(lines) != 1 or not lines[0].known:
        raise WrongUse(
            f"an answer needs one line with a figure; {one.definition.id} has {len(lines)} here",
            todo="narrow the series to one place and one placement or item",
        )
    return lines[0]


def _newest(one: Series, line: Line) -> str:
    last = line.known[-1]
    head = f"In {say_period(last.period)}, {last.text} {_says(one, line)}"
    before = [r for r in line.known[:-1] if _same_side(one, r, last)]
    return f"{head}{_move(before[-1], last)}." if before else f"{head}."


def _same_side(one: Series, earlier: Reading, later: Reading) -> bool:
    return not any(earlier.period < b.period <= later.period for b in one.breaks)


def _says(one: Series, line: Line) -> str:
    row = one.rows.row(0, named=True)
    known = placements()
    where = known[row["placement"]].title if row["placement"] in known else row["placement"]
    said: str = document("sentences.toml")["says"][one.definition.id]
    item = item_title(row["topic"], row["item"])
    narrowed = f" ({item})" if item and "{item}" not in said else ""
    text = said.format(
        place=line.place,
        placement=where[:1].lower() + where[1:],
        item=item[:1].lower() + item[1:],
        basis=one.basis.replace("_", " "),
    )
    return text + narrowed


def _move(before: Reading, after: Reading) -> str:
    """Say the change from the figure before; rates printed without counts only as a pair."""
    made = change_of(before, after)
    if made is None:
        return ""
    when = say_period(before.period)
    if after.unit == "percent" and after.denominator is None:
        way = {1: "up from", -1: "down from", 0: "as much as the"}[made.direction]
        return f", {way} {before.text} in {when}"
    if not made.direction:
        return f", about as much as in {when}"
    if after.unit == "percent":
        way = "up" if made.direction > 0 else "down"
        return f", {way} {_points(made)} from {before.text} in {when}"
    way = "more" if made.direction > 0 else "fewer"
    return f", {_size(made)} {way} than in {when}"


def _points(made: Change) -> str:
    return points(abs(half_up(made.difference, made.decimals)), made.decimals)


def _size(made: Change) -> str:
    return number(abs(made.difference)) if made.relative is None else percent(abs(made.relative))


def _longer(one: Series, line: Line) -> list[str]:
    """Say the longest comparable move, if it is longer than one step."""
    pair = comparable(line, one.breaks)
    made = change_of(*pair) if pair else None
    if pair is None or made is None or pair[0] is line.known[-2]:
        return []
    before, after = pair
    what = "The rate" if after.unit == "percent" else "The number"
    verb = {1: "has risen", -1: "has fallen", 0: "stands where it stood"}[made.direction]
    since = f"since {say_period(before.period)}"
    if not made.direction:
        return [f"{what} {verb} in {say_period(before.period)}."]
    size = _points(made) if after.unit == "percent" else _size(made)
    return [f"{what} {verb} by {size} {since}, from {before.text}."]
