"""What may stand in a cell of a value column: a figure, a listed word, or a known symbol."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from sendstats.catalogue.labels import spellings
from sendstats.catalogue.tables import PERCENT, Layout

#: How the publisher prints a figure: a nought in front, an exponent or a plus is a slip.
COUNT = r"(0|[1-9][0-9]{0,17})"
FIGURE = COUNT + r"(\.[0-9]+)?"
BLANK = "cell is blank"
NEITHER = "cell is neither a number nor a known symbol"
RANGE = "number is out of range"
WORD = "word is not known"
#: The largest percentage.
MOST = 100


@dataclass(frozen=True)
class Column:
    """One value column and what its cells may say.

    Attributes
    ----------
    ours, published : str
    words : tuple of str
        The words of a column that holds words.
    symbols : dict of str to str
        Symbol to meaning.
    whole, signed, share, blank : bool
        Whether its figures are counts, may be negative, and end at 100; and whether a cell may
        be blank.
    """

    ours: str
    published: str
    words: tuple[str, ...]
    symbols: dict[str, str]
    whole: bool
    signed: bool
    share: bool
    blank: bool

    @property
    def known(self) -> list[str]:
        """Every text that is no figure and may stand in a cell."""
        return [*self.words, *self.symbols]

    @property
    def plain(self) -> str:
        """Pattern of a figure as the publisher prints it; "" where the column holds words."""
        if self.words:
            return ""
        return f"^{'-?' if self.signed else ''}{COUNT if self.whole else FIGURE}$"

    def number(self) -> pl.Expr:
        """Return an expression for the plain figures, null where there is none."""
        return pl.col(self.published).cast(pl.Float64, strict=False)

    def problem(self, text: str) -> str:
        """Return what is wrong with an odd text, "" where nothing is."""
        stripped = text.strip()
        if stripped in self.symbols or (self.words and stripped in self.words):
            return ""
        if self.words:
            return WORD
        if not re.fullmatch("-?" + (COUNT if self.whole else FIGURE), stripped):
            return NEITHER
        least = float("-inf") if self.signed else 0
        most = MOST if self.share else float("inf")
        return "" if least <= float(stripped) <= most else RANGE


def columns(layout: Layout, symbols: dict[str, str]) -> list[Column]:
    """Return the value columns of a layout, in its order."""
    return [
        Column(
            ours=ours,
            published=published,
            words=tuple(spellings(layout.texts[ours])) if ours in layout.texts else (),
            symbols=symbols,
            whole=ours in layout.additive,
            signed=ours in layout.signed,
            share=ours.endswith(PERCENT),
            blank=ours in layout.blanks or layout.cross is not None,
        )
        for ours, published in layout.columns.items()
    ]
