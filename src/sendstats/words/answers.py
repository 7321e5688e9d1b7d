"""The short answer to a question: one sentence a series, or two for a single one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sendstats.catalogue.labels import item_title
from sendstats.catalogue.load import document
from sendstats.catalogue.periods import say_period
from sendstats.catalogue.places import LOCAL
from sendstats.catalogue.series import placements, singular
from sendstats.catalogue.symbols import NO_ROW
from sendstats.errors import WrongUse
from sendstats.words.changes import Change, change_of
from sendstats.words.noted import few, gathered
from sendstats.words.numbers import half_up, number, percent, points
from sendstats.words.readings import Line, Reading, lines_of
from sendstats.words.statements import comparable

if TYPE_CHECKING:
    from sendstats.series.model import Note, Series

#: What clauses of ``sentences.toml`` are about, in the singular, and verbs of several and of one.
_COUNTED = (
    *("plan", "request", "assessment", "pupil", "statement", "case", "appeal", "decision"),
    *("review", "budget", "authority", "person"),
)
#: How many notes made of findings stand under an answer; the others are counted.
_MOST_FINDINGS = 2
_VERBS = {"were": "was", "are": "is"}


@dataclass(frozen=True)
class Answer:
    """Sentences generated from data.

    Attributes
    ----------
    sentences : tuple of str
        Each a full sentence with its final stop.
    notes : tuple of str
        Caveats and findings on the figures that the sentences name.
    """

    sentences: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the sentences as one paragraph."""
        return " ".join(self.sentences)

    def __repr__(self) -> str:
        """Return the paragraph and the notes, as a notebook shows them in plain text."""
        return "\n".join([str(self), *(f"  mind: {note}" for note in self.notes)])

    def _repr_markdown_(self) -> str:
        return "\n".join([f"**{self}**", *(f"\n- {note}" for note in self.notes)])


def answer(*series: Series) -> Answer:
    """Say the newest figures of one or more series, and how they moved.

    Parameters
    ----------
    *series : Series
        Each of one place and one placement or item. A single series gets a second sentence on
        how far it moved on this side of the last break, and one on periods without a row.

    Raises
    ------
    WrongUse
        If a series holds more than one line, or nothing to say.
    """
    lines = [_only(one) for one in series]
    said = [_newest(one, line) for one, line in zip(series, lines, strict=True)]
    alone = len(series) == 1
    if alone:
        said += [*_longer(series[0], lines[0]), *_absent(series[0])]
    pairs = zip(series, lines, strict=True)
    notes = [note for one, line in pairs for note in _minded(one, line, alone=alone)]
    told = few(gathered(dict.fromkeys(notes)), _MOST_FINDINGS)
    return Answer(tuple(said), tuple(one.text for one in told))


def _minded(one: Series, line: Line, *, alone: bool) -> list[Note]:
    """Return what is noted on the figures that are said; breaks are named where one is crossed."""
    last = line.known[-1]
    said = [last, *(r for r in line.known[-2:-1] if not _crossed(one, r, last))]
    said += [*(comparable(line, one.breaks) or ())][:1] if alone else []
    flags = {flag for reading in said for flag in reading.flags}
    return [n for n in one.notes if n.kind != "break" and n.id in flags]


def _only(one: Series) -> Line:
    lines = lines_of((one,))
    if len(lines) != 1:
        raise WrongUse(
            f"an answer needs one line with a figure; {one.definition.id} has {len(lines)} here",
            todo="narrow the series to one place and one placement or item",
        )
    if not lines[0].known:
        why = sorted({r.reason.replace("_", " ") for r in lines[0].readings})
        raise WrongUse(
            f"an answer needs one line with a figure; {one.definition.id} has none here",
            found=", ".join(why),
            todo="ask for another place, or see why with ss.table(series)",
        )
    return lines[0]


def _newest(one: Series, line: Line) -> str:
    last = line.known[-1]
    if _yes_or_no(one):
        return _word(one, line)
    head = f"In {say_period(last.period)}, {last.text} {_says(one, line)}"
    earlier = line.known[-2] if len(line.known) > 1 else None
    if earlier is None:
        return f"{head}."
    crossed = _crossed(one, earlier, last)
    if crossed:
        when = say_period(earlier.period)
        return f"{head}. It is not to be compared with the figure of {when}: {crossed[0].text}"
    return f"{head}{_move(one, earlier, last)}."


def _crossed(one: Series, earlier: Reading, later: Reading) -> list[Note]:
    """Return the breaks between two readings, the last one first."""
    between = [b for b in one.breaks if earlier.period < b.period <= later.period]
    return between[::-1]


def _yes_or_no(one: Series) -> bool:
    """Whether the series is what one authority answers with a yes or no."""
    return one.definition.in_words and one.rows["level"][0] == LOCAL


def _word(one: Series, line: Line) -> str:
    """Say a yes or no, and whether it was the same the period before."""
    said = document("sentences.toml")["yes" if line.known[-1].value else "no"]
    text = f"In {say_period(line.known[-1].period)}, "
    text += said[one.definition.id].format(place=line.place)
    if len(line.known) > 1:
        same = line.known[-1].value == line.known[-2].value
        text += f", {'as' if same else 'unlike'} in {say_period(line.known[-2].period)}"
    return f"{text}."


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
    alone = one.definition.unit_of(float(line.known[-1].value or 0)) != one.definition.unit
    return (_of_one(text) if alone else text) + narrowed


def _of_one(text: str) -> str:
    """Turn a clause about several into one about a single plan, request, person and so on."""
    words = text.split(" ")
    noun = next(n for n, word in enumerate(words) if singular(word.rstrip(",")) in _COUNTED)
    bare = words[noun].rstrip(",")
    words[noun] = singular(bare) + words[noun].removeprefix(bare)
    verb = next((n for n, word in enumerate(words) if n > noun and word in _VERBS), None)
    if verb is not None:
        words[verb] = _VERBS[words[verb]]
    return " ".join(words)


def _move(one: Series, before: Reading, after: Reading) -> str:
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
        return f", {way} {_points(made, before, after)} from {before.text} in {when}"
    if not one.definition.adds_up:
        way = "up" if made.direction > 0 else "down"
        return f", {way} from {before.said} in {when}"
    way = "more" if made.direction > 0 else "fewer"
    return f", {_size(made)} {way} than in {when}"


def _points(made: Change, before: Reading, after: Reading) -> str:
    """Say a change in points; that it is not the difference of what is printed, where it is not."""
    size = half_up(made.difference, made.decimals)
    printed = half_up(after.value or 0, made.decimals) - half_up(before.value or 0, made.decimals)
    rounded = "" if size == printed else " before rounding"
    return points(abs(size), made.decimals) + rounded


def _size(made: Change) -> str:
    return number(abs(made.difference)) if made.relative is None else percent(abs(made.relative))


def _longer(one: Series, line: Line) -> list[str]:
    """Say the longest comparable move, if it is longer than one step."""
    pair = None if _yes_or_no(one) else comparable(line, one.breaks)
    made = change_of(*pair) if pair else None
    if pair is None or made is None or pair[0] is line.known[-2]:
        return []
    before, after = pair
    averaged = after.unit != "percent" and not one.definition.adds_up
    what = "The average" if averaged else "The number"
    what = "The rate" if after.unit == "percent" else what
    verb = {1: "has risen", -1: "has fallen", 0: "stands where it stood"}[made.direction]
    since = f"since {say_period(before.period)}"
    if not made.direction:
        return [f"{what} {verb} in {say_period(before.period)}."]
    size = _points(made, before, after) if after.unit == "percent" else _size(made)
    return [f"{what} {verb} by {size} {since}, from {before.said}."]


def _absent(one: Series) -> list[str]:
    """Say of which periods the files have no row."""
    lost = [a for a in one.absent if a.why == NO_ROW]
    when = [say_period(a.period) for a in lost]
    return [f"There is no row of {lost[0].who} for {', '.join(when)}."] if lost else []
