"""Single-cell edits drawn at random over the whole EHC files, by a seed that is printed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

from mutations.edits import EHC
from mutations.named import classes
from mutations.outcome import SILENT, UNDETECTABLE, Outcome, judge
from mutations.pipeline import Bench, release_of
from mutations.sheet import Sheet
from sendstats.catalogue.symbols import symbols
from sendstats.catalogue.tables import PERCENT, Layout, Table
from sendstats.ingest.checks import IDENTITY
from sendstats.store.ingested import planned

Dice = random.Random
#: How many cells are tried for one edit before none is said to fit.
TRIES = 10_000
FIGURE = r"\d+(\.\d+)?"


def more(text: str, dice: Dice, _: str) -> str:
    """A figure one higher."""
    return _changed(text, 1)


def fewer(text: str, dice: Dice, _: str) -> str:
    """A figure one lower."""
    return _changed(text, -1) if not text.startswith("0") else text


def _changed(text: str, by: int) -> str:
    if not re.fullmatch(FIGURE, text):
        return text
    whole, dot, rest = text.partition(".")
    return f"{int(whole) + by}{dot}{rest}"


def digits_exchanged(text: str, dice: Dice, _: str) -> str:
    """Two neighbouring digits of a figure exchanged."""
    pairs = [i for i in range(len(text) - 1) if text[i : i + 2].isdecimal()]
    pairs = [i for i in pairs if text[i] != text[i + 1]]
    if not re.fullmatch(FIGURE, text) or not pairs:
        return text
    i = dice.choice(pairs)
    return text[:i] + text[i + 1] + text[i] + text[i + 2 :]


def ten_times(text: str, dice: Dice, _: str) -> str:
    """A nought typed too many."""
    return text + "0" if text.isdecimal() and text != "0" else text


def symbol(text: str, dice: Dice, mark: str) -> str:
    """A figure gives way to the release's symbol."""
    return mark if re.fullmatch(FIGURE, text) else text


def figure(text: str, dice: Dice, mark: str) -> str:
    """A symbol gives way to a figure."""
    return str(dice.randint(1, 99)) if text == mark else text


def blank(text: str, dice: Dice, _: str) -> str:
    """A cell left out."""
    return ""


KINDS: dict[str, Callable[[str, Dice, str], str]] = {
    "one more": more,
    "one fewer": fewer,
    "digits exchanged": digits_exchanged,
    "ten times": ten_times,
    "figure to symbol": symbol,
    "symbol to figure": figure,
    "blank": blank,
}


@dataclass(frozen=True)
class Edit:
    """One cell of one real file and the text that replaces it."""

    file: str
    kind: str
    row: int
    column: str
    was: str
    now: str

    def sheet(self, bench: Bench) -> Sheet:
        sheet = Sheet.of(bench.source(self.file).read_bytes())
        sheet.put(self.row, self.column, self.now)
        return sheet


@dataclass(frozen=True)
class Drawn:
    """An edit, what it came to, and the classes that it belonged to before it was run."""

    edit: Edit
    outcome: Outcome
    table: str
    cell: str
    excused: tuple[str, ...]

    @property
    def came_to(self) -> str:
        """The outcome; what is silent is undetectable where a class says so."""
        silent = self.outcome.what == SILENT and self.excused
        return UNDETECTABLE if silent else self.outcome.what


def whole_files(bench: Bench) -> dict[str, list[tuple[Table, Layout]]]:
    """The whole EHC files that tables are read from, with those tables.

    A table that is laid out to be read by people has no columns to draw from; its mutations are
    named ones.
    """
    found: dict[str, list[tuple[Table, Layout]]] = {}
    for one in planned(bench.raw):
        receipt, layout = one.receipt, one.layout
        if receipt.publication == EHC and not receipt.extract and layout.cross is None:
            found.setdefault(f"{receipt.release}/{receipt.file}", []).append((one.table, layout))
    return dict(sorted(found.items()))


def draw(bench: Bench, seed: int, number: int) -> list[Edit]:
    """Draw edits: kinds in turn, then a file, a row and a column until one fits."""
    dice = random.Random(seed)  # noqa: S311 - a sample, not a secret
    files = whole_files(bench)
    sheets = {file: Sheet.of(bench.source(file).read_bytes()) for file in files}
    marks = {file: "z" if "z" in _marks(file, sheets[file]) else "x" for file in files}
    edits = []
    for i in range(number):
        kind = [*KINDS][i % len(KINDS)]
        for _ in range(TRIES):
            file = dice.choice([*files])
            where = _where(sheets[file], _columns(files[file]), dice)
            was = sheets[file].get(*where)
            now = KINDS[kind](was, dice, marks[file])
            if now != was:
                edits.append(Edit(file, kind, *where, was, now))
                break
        else:
            raise LookupError(f"no cell for {kind}")
    return edits


def _marks(file: str, sheet: Sheet) -> set[str]:
    """Symbols that stand in the first rows of a file."""
    book = symbols(EHC, release_of(file))
    return {cell for line in sheet.lines[:50] for cell in line.split(",") if cell in book}


def _columns(read: list[tuple[Table, Layout]]) -> list[str]:
    """Published columns of figures that some table reads, in a fixed order."""
    return sorted({c for _, layout in read for c in layout.columns.values()} - {*IDENTITY})


def _where(sheet: Sheet, columns: list[str], dice: Dice) -> tuple[int, str]:
    return dice.randint(1, len(sheet.lines)), dice.choice(columns)


def run(bench: Bench, edits: list[Edit]) -> Iterator[Drawn]:
    """Run edits file by file."""
    files = whole_files(bench)
    for edit in sorted(edits, key=lambda e: e.file):
        table, ours = next(
            (table, our)
            for table, layout in files[edit.file]
            for our, published in layout.columns.items()
            if published == edit.column
        )
        before = _before(bench, edit, table, ours)
        excused = tuple(i for i, entry in classes().items() if _allows(entry, edit, before))
        outcome = judge(bench, edit.file, edit.sheet(bench))
        yield Drawn(edit, outcome, table.id, before.cell, excused)


@dataclass(frozen=True)
class Before:
    """What is known of a cell before it is spoilt.

    Attributes
    ----------
    cell : str
        Count or rate, of an undivided row or of a breakdown.
    flagged : bool
        Whether it carries a finding as published.
    silent_row : bool
        Whether most figures of its row are symbols.
    baseless : bool
        Whether it is a rate over something that no column of its table holds.
    """

    cell: str
    flagged: bool
    silent_row: bool
    baseless: bool = False


def _before(bench: Bench, edit: Edit, table: Table, ours: str) -> Before:
    sound, release = bench.sound(edit.file), release_of(edit.file)
    what = "rate" if ours.endswith(PERCENT) else "count"
    rows = sound.frame(table.id, release).filter(pl.col("row") == edit.row)
    if rows.is_empty():
        return Before(f"{what}, row not read", flagged=False, silent_row=False)
    layout = table.layout(release)
    whole = rows["topic"].item() in layout.whole_topics
    known = bool(layout.bases) or ours in {ratio.percent for ratio in layout.ratios}
    texts = rows.select(list(layout.columns)).row(0)
    silent = sum(text in table.symbols(release) for text in texts)
    here = (pl.col("table") == table.id) & (pl.col("row") == edit.row) & (pl.col("column") == ours)
    return Before(
        f"{what}, {'undivided' if whole else 'breakdown'}",
        flagged=not sound.store.flags.filter(here).is_empty(),
        silent_row=2 * silent > len(texts),
        baseless=what == "rate" and not known,
    )


def _allows(entry: dict, edit: Edit, before: Before) -> bool:
    """Whether a class of `undetectable.toml` holds for the edit."""
    asked = {name: entry[name] for name in ("flagged", "silent_row", "baseless") if name in entry}
    held = all(getattr(before, name) == value for name, value in asked.items())
    return edit.kind in entry.get("edits", ()) and held
