"""Findings as a note to the publisher: short, polite paragraphs that anyone can check."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from sendstats.catalogue.publications import publications
from sendstats.catalogue.tables import tables
from sendstats.words.letter_points import KINDS, Cells, Point, points, same_once
from sendstats.words.markdown import code, table
from sendstats.words.numbers import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sendstats.words.tables import Rows

#: What a reader is asked for, by the kind of finding.
_ASKED = {
    "contradiction": "figures that cannot all be right",
    "definition": "totals differ from their parts, or from one another, in many places: does one "
    "of them count something else?",
    "gap": "something that other figures rest on is missing",
    "doubt": "possible, but it stands out: could it be checked?",
}
_OPENING = (
    "Thank you for publishing these files. Adding them up, we came across the points below: the "
    "newest release first, in it the file and the point with the largest effect on a figure for "
    "England. Each names a rule that does not hold, what a row prints and what we expected; rows "
    "are data rows from 1, the header not counted. Where no cause is named, we do not know it. We "
    "may have misread something, and would be glad to be told."
)
_CLOSING = (
    "Found by arithmetic over the published files, with sendstats. These are not official "
    "statistics, and no published figure was changed."
)


def letter(found: Rows, flags: Rows) -> str:
    """Return findings as a note to the publisher, in Markdown.

    Parameters
    ----------
    found : Rows
        Findings, as `sendstats.findings` returns them.
    flags : Rows
        The cells that each finding touches: ``finding``, ``table``, ``release``, ``row``.

    Returns
    -------
    str
        Counts and contents, then a part a release, the newest first, with a heading a file: in it
        one numbered paragraph for all findings of one rule and cause, the largest effect first.
        What two releases say alike is told with the newer one.
    """
    rows = list(found.iter_rows(named=True))
    parts = ["# Note on published figures", _OPENING if rows else "There is nothing to report."]
    if rows:
        told = points(rows)
        footnotes = same_once(one for point in told for one in point.footnotes())
        parts += [*_contents(told), *_body(told, _cells(flags), footnotes), *_footnotes(footnotes)]
    return "\n\n".join([*parts, _CLOSING]) + "\n"


def _cells(flags: Rows) -> Cells:
    cells: dict[tuple[str, str, str], set[int]] = {}
    for flag in flags.iter_rows(named=True):
        key = (flag["finding"], flag["table"], flag["release"])
        cells.setdefault(key, set()).add(flag["row"])
    return cells


def _contents(told: Sequence[Point]) -> list[str]:
    """Say how much there is of what, and where it stands."""
    found = sum(point.findings for point in told)
    lines = [f"{number(found)} findings, told in {number(len(told))} points:"]
    for kind in KINDS:
        count = sum(point.findings for point in told if point.first["kind"] == kind)
        lines += [f"- {number(count)} × {kind}: {_ASKED[kind]}"] if count else []
    rows, start, above = [], 1, ""
    for (title, file), group in _by_file(told):
        effect = max(point.effect_size for point in group)
        last = start + len(group) - 1
        counts = (_span(start, last), str(sum(point.findings for point in group)))
        said = title.rsplit(", ", 1)[-1] if title != above else ""
        rows.append((said, code(file), *counts, f"{effect:.1f} %" if effect else "none"))
        above = title
        start = last + 1
    head = ("release", "file", "points", "findings", "largest effect on England")
    return ["\n".join(lines).replace(":\n", ":\n\n", 1), table(head, rows).rstrip("\n")]


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first} to {last}"


def _by_file(told: Iterable[Point]) -> list[tuple[tuple[str, str], list[Point]]]:
    return [(key, list(group)) for key, group in groupby(told, key=_heading)]


def _heading(point: Point) -> tuple[str, str]:
    return (_release(point.first), point.first["file"])


def _release(row: dict[str, Any]) -> str:
    publication = publications()[tables()[row["table"]].publication]
    return f"{publication.title}, {publication.release(row['release']).title}"


def _body(told: Sequence[Point], cells: Cells, footnotes: Sequence[str]) -> list[str]:
    """Return the headings and the points, numbered through the whole note."""
    parts: list[str] = []
    count, above = 0, ""
    for (title, file), group in _by_file(told):
        parts += [f"## {title}"] if title != above else []
        parts.append(f"### {code(file)}")
        above = title
        for point in group:
            count += 1
            parts.append(f"{count}. {point.text(cells, footnotes)}")
    return parts


def _footnotes(footnotes: Sequence[str]) -> list[str]:
    """List once what the publisher's own footnotes say of these tables and periods."""
    if not footnotes:
        return []
    listed = "\n".join(f"{n}. {text}" for n, text in enumerate(footnotes, 1))
    return ["## Footnotes of yours on these tables and periods", listed]
