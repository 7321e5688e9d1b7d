"""What is wrong in the published files: in two sentences, or finding by finding."""

from __future__ import annotations

from collections import Counter
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from sendstats.catalogue.periods import say_period
from sendstats.errors import WrongUse
from sendstats.series.about import cause_of
from sendstats.words.answers import Answer
from sendstats.words.numbers import number

if TYPE_CHECKING:
    from sendstats.words.tables import Rows

#: Kinds of finding, the weightiest first, with one and many of each.
_KINDS = {
    "contradiction": ("contradiction", "contradictions"),
    "definition": ("difference of meaning", "differences of meaning"),
    "gap": ("gap", "gaps"),
    "doubt": ("doubt", "doubts"),
}

_NARROW, _INDENT = 40, " " * 7


def say_findings(found: Rows) -> Answer:
    """Say how many findings there are of each kind, and which moves a printed England figure most.

    Parameters
    ----------
    found : Rows
        As `sendstats.findings` returns it, the largest effect first.

    Raises
    ------
    WrongUse
        If there is none.
    """
    rows = list(found.iter_rows(named=True))
    if not rows:
        raise WrongUse("there is no finding to speak of", todo="ask for another place")
    counts = Counter(row["kind"] for row in rows)
    said = [
        f"{number(counts[kind])} {one if counts[kind] == 1 else many}"
        for kind, (one, many) in _KINDS.items()
        if counts[kind]
    ]
    listed = ", ".join(said[:-1]) + " and " + said[-1] if len(said) > 1 else said[0]
    return Answer((f"Arithmetic finds {listed} in the published files.", _largest(rows)))


def _largest(rows: list[dict[str, Any]]) -> str:
    wrong = [r for r in rows if r["kind"] == "contradiction" and r["effect"].startswith("England")]
    if not wrong:
        return "No contradiction touches a printed figure of England."
    row = wrong[0]
    effect = row["effect"].split("; ")[0].removeprefix("England ")
    when = say_period(row["period"])
    where = f"{row['file']}, {when}"
    return f"The largest contradiction for a figure of England is in {where}: {effect}."


def paragraphs(found: Rows, width: int) -> str:
    """Return findings one below the other, each a few lines of at most `width` letters.

    Parameters
    ----------
    found : Rows
        As `sendstats.findings` returns it.
    width : int
        Columns of the terminal; never taken as less than 40.
    """
    return "\n".join(_paragraph(row, max(width, _NARROW)) for row in found.iter_rows(named=True))


def _paragraph(row: dict[str, Any], width: int) -> str:
    """Return one finding: its effect, where it stands, both figures, and its cause."""
    first, *others = row["effect"].split("; ") if row["effect"] else ["no figure of England moves"]
    head = f"{row['effect_size']:.2f}  {first}"
    head += f", and {len(others)} more figure{'s' * (len(others) > 1)}" if others else ""
    where = f"{row['place_name']}, {say_period(row['period'])}, release {row['release']}"
    row_is = "no row" if row["row"] is None else f"row {row['row']}"
    cell = f"{row['file']}, {row_is}, column {row['published_column'] or 'none'}"
    told = [
        f"{where}, {cell}: expected {row['expected']}, found {row['found']}",
        f"{row['kind']}: {row['rule']}",
        f"cause: {cause_of(row) or 'unknown'}",
    ]
    lines = wrap(head, width, subsequent_indent=_INDENT)
    for text in told:
        lines += wrap(text, width, initial_indent=_INDENT, subsequent_indent=_INDENT)
    return "\n".join(lines)
