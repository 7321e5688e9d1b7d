"""Breakdowns that are, item by item, those of the year before."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from sendstats.catalogue.places import LOCAL
from sendstats.quality.broken import DOUBT, REPEAT, Broken
from sendstats.quality.cells import TOTAL, Slice
from sendstats.quality.settings import threshold

_KEY = ["place", "topic", "item", "placement"]


class Repeats:
    """The breakdowns of one table, a period after the other; one period is kept."""

    def __init__(self) -> None:
        self._before: Slice | None = None
        self.found: list[Broken] = []

    def take(self, held: Slice) -> None:
        """Hold the breakdowns of authorities in a period against those of the one before."""
        before, self._before = self._before, held
        if before is not None and held.columns:
            self.found += _repeats(before, held)


def _repeats(before: Slice, held: Slice) -> Iterator[Broken]:
    """Find breakdowns with several items of which every count repeats, and not all are small.

    An item without a row or a figure has nobody: a list of items may grow.
    """
    now, then = _divided(held), _divided(before)
    joined = now.join(then, on=_KEY, how="full", coalesce=True, suffix="|before")
    counts = [pl.col(c).fill_null(0) for c in held.columns]
    same = pl.all_horizontal(
        pl.col(c).fill_null(0) == pl.col(f"{c}|before").fill_null(0) for c in held.columns
    )
    by_topic = joined.group_by("place", "topic").agg(
        same.all().alias("same"),
        pl.max_horizontal(counts).gt(0).sum().alias("items"),
        pl.max_horizontal(counts).max().alias("largest"),
        pl.col("row").drop_nulls().sort().alias("rows"),
        pl.col("row").sort_by(pl.max_horizontal(counts), descending=True).first().alias("row"),
    )
    some = (pl.col("items") >= threshold("repeat_items")) & (
        pl.col("largest") >= threshold("repeat_least")
    )
    for of in by_topic.filter(pl.col("same") & some).sort("place", "topic").to_dicts():
        row = joined.filter(pl.col("row") == of["row"]).row(0, named=True)
        column = next(c for c in held.columns if row[c] == of["largest"])
        kind = "placement" if of["topic"] == TOTAL else of["topic"].replace("_", " ")
        yield Broken(
            rule=REPEAT,
            kind=DOUBT,
            period=held.period,
            place=of["place"],
            column=column,
            row=row["row"],
            expected=None,
            found=of["largest"],
            says="figures of its own",
            topic=row["topic"],
            item=row["item"],
            placement=row["placement"],
            rows=tuple(of["rows"]),
            columns=tuple(held.columns),
            cause=f"every count of the breakdown by {kind}, {of['items']} above nought, is that of "
            "the year before",
        )


def _divided(held: Slice) -> pl.DataFrame:
    divided = (pl.col("topic") != TOTAL) | (pl.col("placement") != TOTAL)
    return held.numbers.filter((pl.col("level") == LOCAL) & divided)
