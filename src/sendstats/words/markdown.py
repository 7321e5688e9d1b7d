"""Small pieces of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def code(text: str) -> str:
    """Return `text` as code."""
    return f"`{text}`"


def listed(parts: Iterable[str]) -> str:
    """Return `parts` joined by commas."""
    return ", ".join(parts)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; a bar within a cell is escaped.

    Parameters
    ----------
    head : sequence of str
    rows : iterable of sequence of str
        As many cells as `head` has.
    """
    lines = [head, ["---"] * len(head), *rows]
    text = ("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
    return "\n".join(text) + "\n"
