"""A part that may overlap with others is, by itself, not more than its whole."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from sendstats.quality.broken import CONTRADICTION, DEFINITION, WITHIN, Broken
from sendstats.quality.cells import Slice
from sendstats.quality.inside.sums import where
from sendstats.quality.settings import withins


def within(held: Slice) -> Iterator[Broken]:
    """Hold that a part which may overlap with others is not more than its whole, in every row."""
    mine = (w for w in withins() if w.table == held.checked.table.id)
    for one in (w for w in mine if w.whole in held.columns):
        whole = one.whole
        for part in (p for p in one.parts if p in held.columns):
            wrong = held.numbers.filter(pl.col(part) > pl.col(whole)).sort("row")
            for row in wrong.iter_rows(named=True):
                yield Broken(
                    **where(WITHIN, held, row, part, DEFINITION if one.says else CONTRADICTION),
                    expected=row[whole],
                    says=f"at most {row[whole]:,} ({held.checked.layout.columns[whole]})",
                    rows=(row["row"],),
                    columns=(part, whole),
                    cause=one.says,
                    explained=(part,) if one.says else (),
                )
