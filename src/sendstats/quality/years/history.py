"""A count against the same count of the years around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

import polars as pl

from sendstats.catalogue.periods import say_period
from sendstats.catalogue.places import LOCAL, NATIONAL
from sendstats.ingest.periods import census_day
from sendstats.quality.broken import DOUBT, END, REPEAT, SPIKE, ZERO, Broken
from sendstats.quality.cells import Checked
from sendstats.quality.inside.rates import denominators
from sendstats.quality.settings import performances, threshold, unsteady


def history(checked: Checked) -> Iterator[Broken]:
    """Find noughts between counts, and counts far from those around them, of authorities.

    A run of noughts between two counts that are not small is a return that was not made more
    often than a truth. Totals and the two sides of rates are held against their neighbours; in
    the last year, where there is only one, against all other years. What is inside a total may
    be sorted anew, so only what no other year of the place comes near is found there.
    """
    totals = checked.totals
    local = totals.filter(pl.col("level") == LOCAL).sort("place", "period")
    main = _main(checked)
    for column in checked.layout.additive:
        counts = local.select("row", "place", "period", pl.col(column).alias("n")).drop_nulls("n")
        if column not in main:
            if not _like(column, (*unsteady(), *performances())):
                yield from _parts(checked, counts, totals, column)
            continue
        yield from _noughts(counts, column)
        if not _like(column, performances()):
            yield from _spikes(counts, column)
            yield from _ends(counts, column, checked.periods[-1])
    if checked.layout.additive:
        yield from _repeats(checked, local)


def _like(column: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(column, pattern) for pattern in patterns)


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
    some, when = (pl.when(pl.col("n") > 0).then(pl.col(c)) for c in ("n", "period"))
    around = counts.with_columns(
        some.forward_fill().over("place").alias("before"),
        some.backward_fill().over("place").alias("after"),
        when.forward_fill().over("place").alias("since"),
        when.backward_fill().over("place").alias("until"),
    )
    least = pl.min_horizontal("before", "after")
    both = pl.col("before").is_not_null() & pl.col("after").is_not_null()
    found = around.filter((pl.col("n") == 0) & both & (least >= threshold("small")))
    for row in found.sort("row", "period").iter_rows(named=True):
        before, after = (
            word if _years(row["period"], row[of]) == 1 else f"in {say_period(row[of])}"
            for word, of in (("before", "since"), ("after", "until"))
        )
        says = f"a count, as {row['before']:,} {before} and {row['after']:,} {after}"
        yield _unlikely(ZERO, row, column, says, min(row["before"], row["after"]))


def _years(one: str, other: str) -> int:
    return abs(census_day(one).year - census_day(other).year)


def _sided(counts: pl.DataFrame) -> pl.DataFrame:
    """Add the counts before and after, and the lowest and the highest of all other years."""
    n = pl.col("n")
    second = [n.sort(descending=d).slice(1, 1).first().over("place") for d in (False, True)]
    ends = [n.min().over("place"), n.max().over("place")]
    return counts.with_columns(
        n.shift(1).over("place").alias("before"),
        n.shift(-1).over("place").alias("after"),
        *(
            pl.when(n == end).then(next_).otherwise(end).alias(name)
            for end, next_, name in zip(ends, second, ("low", "high"), strict=True)
        ),
        (pl.len().over("place") - 1).alias("others"),
    )


def _parts(
    checked: Checked, counts: pl.DataFrame, totals: pl.DataFrame, column: str
) -> Iterator[Broken]:
    """Find counts in parts of totals that no other year of the place comes near.

    A count that is much too large must also be a visible share of England's figure.
    """
    national = totals.filter(pl.col("level") == NATIONAL)
    whole = dict(national.select("period", column).iter_rows())
    sides = _sided(counts).drop_nulls(["before", "after"])
    times, n = threshold("part_times"), pl.col("n")
    large = (n >= times * pl.max_horizontal("high", 1)) & (n >= threshold("part_least"))
    small = (pl.col("low") >= times * pl.max_horizontal("n", 1)) & (
        pl.col("low") >= threshold("part_low")
    )
    for row in sides.filter(large | small).sort("row", "period").iter_rows(named=True):
        one = _beside(row, column)
        england, more = whole.get(row["period"]), row["n"] - (row["before"] + row["after"]) / 2
        if row["n"] < row["low"]:
            yield one
        elif england and more >= threshold("part_share") * england:
            name, right = checked.layout.columns[column], england - more
            text = f"England {name} {england:,} as published, about {right:,.0f} if it were as in "
            yield replace(
                one,
                effect=text + "the years around",
                effect_size=100 * more / england,
            )


def _ends(counts: pl.DataFrame, column: str, last: str) -> Iterator[Broken]:
    """Find counts of the last year that are far from every other count of the place.

    Where authorities changed as a rule in that year, something else was counted. In a first year
    what is small may have begun, and what is large may have come to its end.
    """
    mine = _sided(counts).filter(pl.col("period") == last).drop_nulls("before")
    times, n, before = threshold("end_times"), pl.col("n"), pl.col("before")
    changes = mine.filter(before > 0).select((n / before - 1).abs().median())
    if (changes.item() or 0) > threshold("end_change"):
        return
    least = threshold("end_least")
    large = (n >= times * pl.max_horizontal("high", 1)) & (n >= least)
    small = (pl.col("low") >= times * pl.max_horizontal("n", 1)) & (before >= least)
    enough = pl.col("others") >= threshold("end_others")
    for row in mine.filter(enough & (large | small)).sort("row").iter_rows(named=True):
        says = f"nearer to {row['before']:,} in the year before, and to {row['low']:,} to "
        says += f"{row['high']:,} in all {row['others']} others"
        yield _unlikely(END, row, column, says, row["before"])


def _spikes(counts: pl.DataFrame, column: str) -> Iterator[Broken]:
    sides = _sided(counts).drop_nulls(["before", "after"])
    low, high = pl.min_horizontal("before", "after"), pl.max_horizontal("before", "after")
    times, least = threshold("spike_times"), threshold("spike_least")
    up = (pl.col("n") >= times * high) & (pl.col("n") >= least) & (high > 0)
    down = (pl.col("n") > 0) & (low >= times * pl.col("n")) & (low >= least)
    for row in sides.filter(up | down).sort("row", "period").iter_rows(named=True):
        if not _far(counts, row):
            continue
        yield _beside(row, column)


def _beside(row: dict[str, Any], column: str) -> Broken:
    says = f"nearer to {row['before']:,} before and {row['after']:,} after"
    nearer = min(row["before"], row["after"], key=lambda side: abs(side - row["n"]))
    return _unlikely(SPIKE, row, column, says, nearer)


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
