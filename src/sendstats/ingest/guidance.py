"""Footnotes of the publisher's data guidance: read, and held against those that are listed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sendstats.catalogue.footnotes import Spot, footnotes
from sendstats.catalogue.tables import Layout, readers, tables
from sendstats.errors import Fault, FaultyFile
from sendstats.ingest.cross import notes as notes_below
from sendstats.receipts import Receipt, receipts

KIND = "guidance"
_FILE = "Filename:"
_HEADING = re.compile(r"footnotes?\s*:?", re.IGNORECASE)
_NUMBERED = re.compile(r"(\d+)\.\s+(\S.*)")
#: Characters of a footnote that a message quotes: enough to find it in the text.
_QUOTED = 60
_UNTOUCHED = "every table already stored; no table was built"

Line = tuple[int, str]


@dataclass(frozen=True)
class Printed:
    """One footnote as a guidance text prints it.

    Attributes
    ----------
    file : str
        Published file that its section describes.
    number : int
        Its number in the section.
    text : str
        With every run of white space as one blank.
    line : int
        Line where it begins, from 1.
    """

    file: str
    number: int
    text: str
    line: int

    @property
    def sha256(self) -> str:
        """SHA-256 of `text` in UTF-8, by which the catalogue knows the footnote."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def read(path: Path, name: str = "data guidance") -> list[Printed]:
    """Return every footnote of the guidance text at `path`, as `printed` does.

    Raises
    ------
    FaultyFile
        If it is not UTF-8, or `printed` refuses it.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        fault = Fault("the file is not UTF-8", expected="UTF-8", found="bytes of another encoding")
        todo = "fetch the file again, or take it to the publisher"
        raise FaultyFile(name, [fault], untouched=_UNTOUCHED, todo=todo) from error
    return printed(text, name)


def printed(text: str, name: str = "data guidance") -> list[Printed]:
    """Return every footnote of a guidance text, in its order.

    A section describes one file, named after ``Filename:``. Its footnotes come after the heading
    ``Footnotes:``, numbered from 1; a line right below one continues it.

    Parameters
    ----------
    text : str
    name : str
        How a message calls the text.

    Raises
    ------
    FaultyFile
        If a heading stands outside a section or has no footnotes, or numbers do not run from 1.
    """
    found: list[Printed] = []
    faults: list[Fault] = []
    for file, lines in _sections(text):
        notes, heading = _footnotes(file, lines)
        found += notes
        faults += _form(file, notes, heading)
    if faults:
        todo = "look at the text: the reader of footnotes does not know this form"
        raise FaultyFile(name, faults, untouched=_UNTOUCHED, todo=todo)
    return found


def _sections(text: str) -> list[tuple[str, list[Line]]]:
    """Split a text at the lines that name a file; what is before the first belongs to none."""
    sections: list[tuple[str, list[Line]]] = [("", [])]
    for number, line in enumerate(text.splitlines(), 1):
        words = " ".join(line.split())
        if words.startswith(_FILE):
            sections.append((words.removeprefix(_FILE).strip(), []))
        else:
            sections[-1][1].append((number, words))
    return sections


def _footnotes(file: str, lines: Sequence[Line]) -> tuple[list[Printed], int]:
    """Return the footnotes of one section and the line of their heading, 0 if there is none."""
    heads = [i for i, (_, words) in enumerate(lines) if _HEADING.fullmatch(words)]
    if not heads:
        return [], 0
    found: list[Printed] = []
    above = ""
    for number, words in lines[heads[0] + 1 :]:
        start = _NUMBERED.fullmatch(words)
        if start:
            found.append(Printed(file, int(start[1]), start[2], number))
        elif words and above and found:
            last = found.pop()
            found.append(Printed(file, last.number, f"{last.text} {words}", last.line))
        elif words:
            break  # the title of the next section
        above = words
    return found, lines[heads[0]][0]


def _form(file: str, notes: Sequence[Printed], heading: int) -> list[Fault]:
    if not heading:
        return []
    numbers = [n.number for n in notes]
    if file and numbers and numbers == [*range(1, len(numbers) + 1)]:
        return []
    expected = "footnotes numbered from 1 in the section of a file"
    listed = ", ".join(map(str, numbers)) or "no footnote"
    return [Fault(f"line {heading}: {file or 'no file'}", expected=expected, found=listed)]


def check(raw: Path) -> list[str]:
    """Hold every guidance text under `raw` against the listed footnotes.

    Parameters
    ----------
    raw : Path
        Folder of raw files with receipts.

    Returns
    -------
    list of str
        One line for each listed footnote that its guidance no longer prints.

    Raises
    ------
    FaultyFile
        If a text prints footnotes that are not listed: all of all texts at once.
    """
    unlisted: list[Fault] = []
    gone: list[str] = []
    for receipt in receipts(raw):
        layout, path = _crossed(receipt), receipt.path(raw)
        more: list[Fault] = []
        fewer: list[str] = []
        if layout:
            with suppress(FaultyFile):  # a table that cannot be read is refused by itself
                notes = below(path, layout)
                more, fewer = compare(receipt.publication, receipt.release, notes, receipt.file)
        elif receipt.kind == KIND and receipt.file.endswith(".txt"):
            notes = read(path, f"{receipt.release}/{receipt.file}")
            more, fewer = compare(receipt.publication, receipt.release, notes)
        unlisted += more
        gone += fewer
    if unlisted:
        raise FaultyFile(
            "data guidance",
            unlisted,
            untouched=_UNTOUCHED,
            todo="list each in catalogue/footnotes.toml, linked or not linked with the reason",
        )
    return gone


def _crossed(receipt: Receipt) -> Layout | None:
    """Return the layout of a raw file if it is a table that prints notes of its own."""
    read = readers(receipt.publication, receipt.release, receipt.file)
    return next((layout for _, layout in read if layout.cross), None)


def below(path: Path, layout: Layout) -> list[Printed]:
    """Return the notes that a table made to be read by people prints itself.

    What explains a symbol of the layout is no note. One without a number has the number 0.

    Raises
    ------
    FaultyFile
        If the file is not a readable CSV.
    """
    found: list[Printed] = []
    for row, words in notes_below(path, layout.cross) if layout.cross else ():
        numbered = _NUMBERED.fullmatch(words)
        if numbered:
            found.append(Printed(layout.file, int(numbered[1]), numbered[2], row))
        elif words.split()[0] not in layout.symbols:
            found.append(Printed(layout.file, 0, words, row))
    return found


def compare(
    publication: str, release: str, notes: Sequence[Printed], file: str = ""
) -> tuple[list[Fault], list[str]]:
    """Hold the footnotes of one text against those listed for its release.

    Parameters
    ----------
    publication, release : str
    notes : sequence of Printed
    file : str
        The table that prints them itself; empty where they are those of a guidance.

    Returns
    -------
    list of Fault, list of str
        What is printed and not listed with these words; what is listed and not printed there.
    """
    own = {x.file for t in tables().values() for x in t.layouts if x.cross}
    listed = {
        (spot, note.sha256)
        for note in footnotes()
        for spot in note.at
        if (note.publication, spot.release) == (publication, release)
        if note.sha256 and (spot.file if spot.file in own else "") == file
    }
    held = {(Spot(release, n.file, n.number), n.sha256): n for n in notes}
    unlisted = [
        Fault(
            f"{release}, {note.file}, footnote {note.number} is not listed",
            expected=f"an entry with sha256 {note.sha256}",
            found=f"{note.text[:_QUOTED]}{'…' if len(note.text) > _QUOTED else ''}",
        )
        for key, note in held.items()
        if key not in listed
    ]
    gone = sorted(spot for spot, sha256 in listed if (spot, sha256) not in held)
    return unlisted, [
        f"{spot.release}, {spot.file}, footnote {spot.number} is listed and not printed there"
        for spot in gone
    ]
