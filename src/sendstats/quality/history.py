"""A count against the same count of the years around it."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL
from sendstats.quality.broken import DOUBT, REPEAT, SPIKE, ZERO, Broken
from sendstats.quality.cells import Checked
from sendstats.quality.rates import denominators
from sendstats.quality.settings import performances, threshold


def history(checked: Checked) -> Iterator[Broken]:
    """Find noughts between counts, and counts far from both their neighbours, of authorities.

    A run of noughts between two counts that are not small is a return that was not made more
    often than a truth. At the ends of the series there is only one side, and nothing is said.
    Only totals and the two sides of rates are looked at: what is inside them may be sorted anew.
    """
    local = checked.totals().filter(pl.col("level") == LOCAL).sort("place", "period")
    for column in _main(checked):
        counts = local.select("row", "place", "period", pl.col(column).alias("n")).drop_nulls("n")
        yield from _noughts(counts, column)
        if not any(fnmatchcase(column, pattern) for pattern in performances()):
            yield from _spikes(counts, column)
    if checked.layout.additive:
        yield from _repeats(checked, local)


def _repeats(checked: Checked, local: pl.DataFrame) -> Iterator[Broken]:
    """Find undivided rows whose counts are all those of the year before, and are no small ones."""
    columns = checked.layout.additive
    before = [pl.col(c).shift(1).over("place").alias(f"{c}|before") for c in ("period", *columns)]
    same = pl.all_horizontal(pl.col(c).eq_missing(pl.col(f"{c}|before")) for c in columns)
    positive = pl.sum_horizontal(pl.col(c).fill_null(0) > 0 for c in columns)
    largest = pl.max_horizontal(pl.col(c) for c in columns)
    some = (positive >= threshold("repeat_counts")) & (largest >= threshold("repeat_least"))
    rows = local.with_columns(before).with_columns(largest.alias("n")).filter(same & some)
    for row in rows.sort("row", "period").iter_rows(named=True):
        if checked.divided_anew(row["place"], (row["period|before"], row["period"])):
            continue
        of = next(c for c in columns if row[c] == row["n"])
        yield Broken(
            rule=REPEAT,
            kind=DOUBT,
            period=row["period"],
            place=row["place"],
            column=of,
            row=row["row"],
            expected=None,
            found=row["n"],
            says="figures of its own",
            rows=(row["row"],),
            columns=tuple(columns),
            cause="every count of the row is that of the year before",
        )


def _main(checked: Checked) -> list[str]:
    """Return the first count of a table, its totals, and the counts that its rates are made of."""
    layout = checked.layout
    named = {s.total for s in layout.sums} | {r.numerator for r in layout.ratios}
    named |= {c for r in layout.ratios for c in denominators(r)}
    return [c for n, c in enumerate(layout.additive) if n == 0 or c in named]


def _noughts(counts: pl.DataFrame, column: str) -> Iterator[Broken]:
    some = pl.when(pl.col("n") > 0).then(pl.col("n"))
    around = counts.with_columns(
        some.forward_fill().over("place").alias("before"),
        some.backward_fill().over("place").alias("after"),
    )
    least = pl.min_horizontal("before", "after")
    both = pl.col("before").is_not_null() & pl.col("after").is_not_null()
    found = around.filter((pl.col("n") == 0) & both & (least >= threshold("small")))
    for row in found.sort("row", "period").iter_rows(named=True):
        says = f"a count, as {row['before']:,} before and {row['after']:,} after"
        yield _unlikely(ZERO, row, column, says, (row["before"] + row["after"]) / 2)


def _spikes(counts: pl.DataFrame, column: str) -> Iterator[Broken]:
    sides = counts.with_columns(
        pl.col("n").shift(1).over("place").alias("before"),
        pl.col("n").shift(-1).over("place").alias("after"),
    ).drop_nulls(["before", "after"])
    low, high = pl.min_horizontal("before", "after"), pl.max_horizontal("before", "after")
    times, least = threshold("spike_times"), threshold("spike_least")
    up = (pl.col("n") >= times * high) & (pl.col("n") >= least) & (high > 0)
    down = (pl.col("n") > 0) & (low >= times * pl.col("n")) & (low >= least)
    for row in sides.filter(up | down).sort("row", "period").iter_rows(named=True):
        if not _far(counts, row):
            continue
        says = f"nearer to {row['before']:,} before and {row['after']:,} after"
        yield _unlikely(SPIKE, row, column, says, (row["before"] + row["after"]) / 2)


def _far(counts: pl.DataFrame, row: dict[str, Any]) -> bool:
    """Whether a count is far from the middle of all other years as well.

    Beside a wrong count a right one is far from its neighbours too; the other years tell which.
    """
    others = (pl.col("place") == row["place"]) & (pl.col("period") != row["period"])
    middle = counts.filter(others).select(pl.col("n").median()).item()
    low, high = sorted((middle, row["n"]))
    return bool(high >= threshold("spike_middle") * low)


def _unlikely(rule: str, row: dict[str, Any], column: str, says: str, expected: float) -> Broken:
    return Broken(
        rule=rule,
        kind=DOUBT,
        period=row["period"],
        place=row["place"],
        column=column,
        row=row["row"],
        expected=expected,
        found=row["n"],
        says=says,
        rows=(row["row"],),
        columns=(column,),
    )
