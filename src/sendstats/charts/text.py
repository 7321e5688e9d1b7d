"""How wide text is: Arial's advance widths, so that layout needs neither a browser nor a font."""

from __future__ import annotations

from functools import cache
from html import escape

#: Advance widths in thousandths of the font size, by character (Arial, Liberation Sans, Helvetica).
_WIDTHS = {
    191: "'",
    222: "ijl",
    260: "|",
    278: " !,./:;I[]ft\\",
    333: "()-r`",
    355: '"',
    389: "*",
    469: "^",
    500: "Jcksvxyz",
    556: "#$0123456789?L_abdeghnopqu£–",  # noqa: RUF001 - the en dash is meant
    584: "+<=>~−",  # noqa: RUF001 - the minus sign is meant
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "…—",
    1015: "@",
}
#: Of bold text to regular text, at most.
_BOLD = 1.09
LINE = 1.3


@cache
def _table() -> dict[str, int]:
    return {character: width for width, characters in _WIDTHS.items() for character in characters}


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of one line of text in pixels at a font `size` in pixels."""
    table = _table()
    units = sum(table.get(character, 667) for character in text)
    return units * size / 1000 * (_BOLD if bold else 1)


def wrap(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """Break text into lines no wider than `width` pixels, between words only."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def balanced(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """Break text into as few lines as `wrap` does, and as even ones as those allow."""
    lines = wrap(text, size, width, bold=bold)
    narrower = lines
    while len(narrower) == len(lines) and width > size:
        lines, width = narrower, width * 0.95
        narrower = wrap(text, size, width, bold=bold)
    return lines


def height_of(lines: int, size: float) -> int:
    """Return the height of some lines of text in whole pixels."""
    return round(lines * size * LINE)


def joined(lines: list[str]) -> str:
    """Join lines for plotly, which reads a little HTML: everything else is escaped."""
    return "<br>".join(escape(line, quote=False) for line in lines)
