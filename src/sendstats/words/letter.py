"""Findings as a note to the publisher: short, polite paragraphs that anyone can check."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sendstats.catalogue.periods import say_period
from sendstats.catalogue.places import places
from sendstats.catalogue.publications import publications
from sendstats.catalogue.tables import tables
from sendstats.series.about import cause_of

if TYPE_CHECKING:
    from sendstats.words.tables import Rows

#: What a reader is asked for, by the kind of finding.
KINDS = {
    "contradiction": "The figures cannot all be right.",
    "definition": "Parts miss the total in many places; does it count something else here?",
    "gap": "Something that other figures rest on is missing.",
    "doubt": "This is possible, but it stands out; could it be checked?",
}
_TOTAL, _NONE = "total", "none"
#: How many places and rows a paragraph names; the rest are counted.
_NAMED = 6
_OPENING = (
    "Thank you for publishing these files. Adding them up, we came across the points below: those "
    "with the largest effect on a figure for England come first. Each names file, column and row, "
    "so that it can be checked; rows are data rows from 1, the header not counted. We may have "
    "misread something, and would be glad to be told."
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
        One part a release, the newest first; in it one numbered paragraph a finding, the largest
        effect first.
    """
    rows = list(found.iter_rows(named=True))
    cells: dict[tuple[str, str, str], set[int]] = {}
    for flag in flags.iter_rows(named=True):
        key = (flag["finding"], flag["table"], flag["release"])
        cells.setdefault(key, set()).add(flag["row"])
    parts = ["# Note on published figures", _OPENING if rows else "There is nothing to report."]
    for (title, _), group in groupby(sorted(rows, key=_order), key=_release):
        parts.append(f"## {title}")
        for number, row in enumerate(group, 1):
            key = (row["finding"], row["table"], row["release"])
            parts.append(f"{number}. {paragraph(row, sorted(cells.get(key, ())))}")
    return "\n\n".join([*parts, _CLOSING]) + "\n"


def _order(row: dict[str, Any]) -> tuple[Any, ...]:
    slug = tables()[row["table"]].publication
    order = [release.slug for release in publications()[slug].releases]
    kind = list(KINDS).index(row["kind"])
    effect = (-row["effect_size"], kind, -row["size"], row["finding"])
    return (slug, -order.index(row["release"]), *effect)


def _release(row: dict[str, Any]) -> tuple[str, str]:
    publication = publications()[tables()[row["table"]].publication]
    return (f"{publication.title}, {publication.release(row['release']).title}", row["release"])


def paragraph(row: dict[str, Any], rows: Iterable[int]) -> str:
    """Return one finding as a paragraph.

    Parameters
    ----------
    row : dict
        One finding, by the columns of `sendstats.quality.schema.FINDINGS`.
    rows : iterable of int
        Rows of its file that it touches.
    """
    sentences = [
        f"**{row['place_name']}, {say_period(row['period'])}**: {_printed(row)}",
        f"The rule is “{row['rule']}”. {KINDS[row['kind']]}",
        _reach(row, [r for r in rows if r != row["row"]]),
        f"What it changes: {row['effect']}." if row["effect"] else "",
        f"Coverage: {row['coverage']}." if row["coverage"] else "",
        _cause(row),
        f"Footnotes on this table and period: {row['footnote']}" if row["footnote"] else "",
        "Other cells of the file prove what the figures should be." if row["repairable"] else "",
    ]
    return " ".join(filter(None, sentences))


def _printed(row: dict[str, Any]) -> str:
    """Say where it stands, what is printed there and what was expected."""
    file = f"`{row['file']}`"
    if row["row"] is None:
        return f"we find no row for it in {file} where we expected one."
    where = f"{file}, row {row['row']}, column `{row['published_column']}`{_part(row)}"
    apart = f", a difference of {row['size']:,.10g}" if row["size"] else ""
    found = "no figure" if row["found"] == _NONE else row["found"]
    return f"{where} prints {found}; expected: {row['expected']}{apart}."


def _part(row: dict[str, Any]) -> str:
    """Name the part of a breakdown, or the total that its items miss."""
    topic, label = (row[name].replace("_", " ") for name in ("topic", "label"))
    if topic == _TOTAL:
        return ""
    return f", the total by {topic}," if label == _TOTAL else f", {topic} {label}"


def _reach(row: dict[str, Any], rows: list[int]) -> str:
    """Say which other places and rows are touched."""
    named = [places()[key].name for key in row["touches"].split(";") if key in places()]
    others = [name for name in named if name != row["place_name"]]
    told = [f"places touched: {_some(others)}"] if others else []
    told += [f"other rows: {_some([str(r) for r in rows])}"] if rows else []
    text = "; ".join(told)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _some(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _cause(row: dict[str, Any]) -> str:
    """Say the cause with the column names of the file, which the publisher knows."""
    said = cause_of(row, "`")
    return f"As far as we can see: {said}." if said else "We do not know the cause."
