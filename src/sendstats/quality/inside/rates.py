"""Published rates against the counts beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor, log10
from typing import Any

import polars as pl

from sendstats.catalogue.places import NATIONAL
from sendstats.catalogue.tables import PERCENT, Ratio
from sendstats.ingest.symbols import number
from sendstats.quality.broken import BARE, GAP, HALF, RATE, SHARE, Broken
from sendstats.quality.cells import KEYS, TOTAL, Slice
from sendstats.quality.inside.sums import where
from sendstats.quality.settings import threshold


@dataclass(frozen=True)
class Rate:
    """One published percentage: its numerator, and the columns whose sum it divides by."""

    rule: str
    numerator: str
    denominators: tuple[str, ...]
    percent: str


def rates(held: Slice) -> Iterator[Broken]:
    """Hold that 100 * numerator / denominator is the published percentage, as printed.

    How exactly depends on how many decimals the column prints: half a unit of the last, and a
    hair for ties that floating point rounds the other way.
    """
    for rate in rates_of(held):
        frame = _computed(held, rate)
        wrong = (pl.col("_computed") - pl.col("_printed")).abs() > _slack(held, rate.percent)
        for row in frame.filter(pl.col("_base") > 0, wrong).sort("row").iter_rows(named=True):
            yield _broken(held, rate, row)
        if held.checked.extract:
            continue
        yield from _halves(held, rate, frame)
        bare = pl.col("_printed").is_not_null() & (
            pl.col("_top").is_null() | (pl.col("_base") == 0)
        )
        for row in frame.filter(bare).sort("row").iter_rows(named=True):
            yield _bare(held, rate, row)


def lone(held: Slice) -> Iterator[Broken]:
    """Hold that a percentage no identity is known of stands beside a count of its own name."""
    if held.checked.extract:
        return
    known = {r.percent for r in rates_of(held)}
    for percent in (c for c in held.percents.columns if c not in {*known, "row"}):
        count = percent.removesuffix(PERCENT)
        if count in held.columns:
            printed = held.percents.select("row", number(percent, pl.Float64).alias("_printed"))
            frame = held.numbers.join(printed, on="row")
            bare = (pl.col("_printed") > 0) & pl.col(count).is_null()
            for row in frame.filter(bare).sort("row").iter_rows(named=True):
                yield _bare(held, Rate(BARE, count, (), percent), row)


def rates_of(held: Slice) -> list[Rate]:
    """Return every published percentage that a wide layout says the counts of, in this period."""
    layout = held.checked.layout
    found = [Rate(RATE, r.numerator, denominators(r), r.percent) for r in layout.ratios]
    if layout.long:
        return found
    known = {r.percent for r in found}
    for base in (b for b in layout.bases if b.holds(held.period) and b.leaves != (TOTAL,)):
        for percent in (c for c in held.percents.columns if c.endswith(PERCENT)):
            count = percent.removesuffix(PERCENT)
            if count in held.columns and percent not in known:
                found.append(Rate(SHARE, count, base.leaves, percent))
    return found


def denominators(ratio: Ratio) -> tuple[str, ...]:
    """Return the columns whose sum a published percentage divides by."""
    of = ratio.denominator
    return (of,) if isinstance(of, str) else tuple(of)


def _computed(held: Slice, rate: Rate) -> pl.DataFrame:
    """Return the rows with ``_top``, ``_base``, ``_computed`` and ``_printed``.

    A part of the base that nobody has a number for is no part; one that is missing in this row
    only leaves the row without a base.
    """
    somewhere = [c for c in rate.denominators if held.numbers[c].count()]
    base = pl.sum_horizontal(pl.col(c) for c in somewhere) if somewhere else pl.lit(0)
    whole = pl.all_horizontal(
        pl.lit(bool(somewhere)), *(pl.col(c).is_not_null() for c in somewhere)
    )
    printed = number(rate.percent, pl.Float64).alias("_printed")
    frame = held.numbers.join(held.percents.select("row", printed), on="row")
    return frame.with_columns(
        pl.col(rate.numerator).alias("_top"), pl.when(whole).then(base).alias("_base")
    ).with_columns((100 * pl.col("_top") / pl.col("_base")).alias("_computed"))


def _slack(held: Slice, percent: str) -> pl.Expr:
    """Return how far a computed rate may be from ``_printed``."""
    return unit(held, percent) * (0.5 + threshold("rounding_tie"))


def unit(held: Slice, percent: str) -> pl.Expr:
    """Return a unit of the last decimal that ``_printed`` was rounded to.

    Noughts at the end are dropped in print, and some columns print figures and not decimals: the
    longest cell of the same size tells how many decimals all of them were rounded to.
    """
    decimals = pl.col(percent).str.strip_chars_end("0").str.extract(r"\.(\d+)$").str.len_chars()
    cells = held.percents.select(
        _size(number(percent, pl.Float64)).alias("size"), decimals.fill_null(1).alias("most")
    )
    most = cells.group_by("size").agg(pl.col("most").max()).drop_nulls()
    longest = _size(pl.col("_printed")).replace_strict(
        dict(most.iter_rows()), default=1, return_dtype=pl.Float64
    )
    return pl.lit(10.0).pow(-longest)


def _size(printed: pl.Expr) -> pl.Expr:
    """Return how many digits stand before the point, negative for noughts behind it."""
    return printed.abs().clip(lower_bound=1e-6).log10().floor().cast(pl.Int64)


def printed_decimals(held: Slice, percent: str, printed: float) -> int:
    """Return how many decimals a column prints in a period for figures as large as `printed`.

    Noughts at the end are dropped in print, so the longest cell of the same size tells.

    Parameters
    ----------
    held : Slice
    percent : str
        Our column of a published percentage.
    printed : float
    """
    decimals = pl.col(percent).str.strip_chars_end("0").str.extract(r"\.(\d+)$").str.len_chars()
    same = _size(number(percent, pl.Float64)) == _size(pl.lit(printed))
    most = held.percents.filter(same).select(decimals.max()).item()
    return int(most or 1)


def _broken(held: Slice, rate: Rate, row: dict[str, Any]) -> Broken:
    columns = tuple(d for d in rate.denominators if d in held.columns)
    figures = max(2, -floor(log10(abs(row["_computed"] - row["_printed"]))) + 1)
    return Broken(
        **where(rate.rule, held, row, rate.percent) | {"found": row["_printed"]},
        expected=row["_computed"],
        says=f"{row['_computed']:.{min(figures, 6)}f} ({row['_top']:,} of {row['_base']:,})",
        rows=(row["row"],),
        columns=(rate.percent, rate.numerator, *columns),
    )


def _halves(held: Slice, rate: Rate, frame: pl.DataFrame) -> Iterator[Broken]:
    """Find rows with one side of a rate, or both and no rate, where England has all three."""
    whole = [*_with_all_three(frame)]
    top, base, printed = pl.col("_top"), pl.col("_base"), pl.col("_printed")
    one = top.is_null() != base.is_null()
    unsaid = printed.is_null() & (top > 0) & (base > 0)
    asked = pl.col("topic").is_in(whole)
    for row in frame.filter(asked & (one | unsaid)).sort("row").iter_rows(named=True):
        have = [
            n
            for n, v in (("numerator", row["_top"]), ("denominator", row["_base"]))
            if v is not None
        ]
        yield Broken(
            **where(HALF, held, row, rate.percent),
            expected=None,
            says="numerator, denominator and rate, or none of them",
            rows=(row["row"],),
            columns=(
                rate.percent,
                rate.numerator,
                *(c for c in rate.denominators if c in held.columns),
            ),
            cause=f"only {' and '.join(have)} printed",
        )


def _with_all_three(frame: pl.DataFrame) -> Iterator[str]:
    """Yield the topics for which England has a numerator, a denominator and the rate."""
    said = pl.all_horizontal(pl.col(c).is_not_null() for c in ("_top", "_base", "_printed"))
    of = frame.filter((pl.col("level") == NATIONAL) & said)
    yield from of["topic"].unique().sort()


def _bare(held: Slice, rate: Rate, row: dict[str, Any]) -> Broken:
    return Broken(
        **where(BARE, held, row, rate.percent, kind=GAP) | {"found": row["_printed"]},
        expected=None,
        says="no rate, or the counts that it is made of",
        rows=(row["row"],),
        columns=(rate.percent,),
    )


def shares(held: Slice) -> Iterator[Broken]:
    """Hold that the share of a row, of a placement or an item, is its count over the total's."""
    bases = [b for b in held.checked.layout.bases if b.holds(held.period)]
    if any(base.leaves == (TOTAL,) for base in bases):
        for percent in (c for c in held.percents.columns if c.endswith(PERCENT)):
            yield from _row_share(held, percent)


def _row_share(held: Slice, percent: str) -> Iterator[Broken]:
    count = percent.removesuffix(PERCENT)
    long = held.checked.layout.long
    keys = ["place", "topic", "item"] if long else ["place"]
    of = held.numbers.filter(pl.col("placement" if long else "topic") == TOTAL)
    base = of.group_by(keys).agg(
        pl.col(count).sum().alias("_base"), pl.col(count).is_null().any().alias("_hole")
    )
    printed = held.percents.select("row", number(percent, pl.Float64).alias("_printed"))
    frame = held.numbers.select(*KEYS, pl.col(count).alias("_top")).join(printed, on="row")
    frame = frame.join(base, on=keys).filter(~pl.col("_hole") & (pl.col("_base") > 0))
    frame = frame.with_columns((100 * pl.col("_top") / pl.col("_base")).alias("_computed"))
    wrong = (pl.col("_computed") - pl.col("_printed")).abs() > _slack(held, percent)
    rate = Rate(SHARE, count, (TOTAL,), percent)
    for row in frame.filter(wrong).sort("row").iter_rows(named=True):
        yield _broken(held, rate, row)
