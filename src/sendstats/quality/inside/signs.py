"""Counts below nought, and what they take from England's figure."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from sendstats.catalogue.places import LOCAL
from sendstats.quality.broken import SIGN, Broken
from sendstats.quality.cells import LABELS, TOTAL, Slice
from sendstats.quality.findings.causes import remainder
from sendstats.quality.inside.sums import where


def signs(held: Slice) -> Iterator[Broken]:
    """Hold that no count is below nought."""
    for column in held.columns:
        wrong = held.numbers.filter(pl.col(column) < 0).sort("row")
        rest = remainder(held, column) if wrong.height else ""
        cause = f"{rest}: what is taken off is more than what it is taken from" if rest else ""
        effect, size = _below(held, wrong, column)
        for row in wrong.iter_rows(named=True):
            yield Broken(
                **where(SIGN, held, row, column),
                expected=0,
                says="0 or more",
                rows=(row["row"],),
                columns=(column,),
                cause=cause,
                effect=effect,
                effect_size=size,
            )


def _below(held: Slice, wrong: pl.DataFrame, column: str) -> tuple[str, float]:
    """Say how much lower England's figure is for the authorities whose own is negative."""
    undivided = pl.all_horizontal(pl.col(c) == TOTAL for c in LABELS)
    local, whole = wrong.filter(undivided, pl.col("level") == LOCAL), held.england(column)
    if not local.height or not whole:
        return "", 0.0
    less = -int(local[column].sum())
    who = f"{local.height} authorities" if local.height > 1 else "1 authority"
    text = f"England {held.checked.layout.columns[column]} {whole:,} as published, "
    text += f"{whole + less:,} without the negative figures of {who}"
    return text, 100 * less / abs(whole)
