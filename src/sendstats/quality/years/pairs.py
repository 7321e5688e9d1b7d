"""Pairs of counts that fit the years around them in each other's place only."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from sendstats.quality.settings import threshold

_RETURN = ["place", "period"]


def pairs(
    counts: pl.DataFrame,
    names: set[str],
    england: Mapping[tuple[str, str], int | None],
    *,
    kin: bool = False,
) -> pl.DataFrame:
    """Return the counts that fit the years around them if two of them are exchanged.

    Parameters
    ----------
    counts : polars.DataFrame
        ``name``, ``place``, ``period``, ``row``, ``n``.
    names : set of str
        Those of which two may have been exchanged.
    england : mapping
        What England prints, by name and period: a first or last count is held against the two
        years beside it, and the larger of a pair must be a visible share of this.
    kin : bool
        Whether all of them are of one group, whatever their names begin with.

    Returns
    -------
    polars.DataFrame
        The larger count of each pair and, with names that end in ``_two``, the smaller; each with
        ``before`` and ``after``. No count is in two pairs.
    """
    odd = _beside(counts.filter(pl.col("name").is_in(sorted(names))).drop_nulls("n"))
    odd = odd.with_columns(_off("n", "").alias("off"))
    most = pl.max_horizontal("n", pl.min_horizontal("before", "after"))
    odd = odd.filter(pl.col("off") >= threshold("exchange_least"))
    odd = odd.with_columns((pl.col("off") / most).alias("share"))
    both = odd.join(odd, on=_RETURN, suffix="_two").filter(pl.col("n") > pl.col("n_two"))
    both = _visible(both, england)
    both = both.with_columns(
        (pl.col("off") + pl.col("off_two")).alias("off_both"),
        (_off("n_two", "") + _off("n", "_two")).alias("left"),
        (pl.lit(int(kin)) + _shared(2) + _shared(1)).alias("akin"),
    )
    return _once(both.filter(_telling()))


def _beside(counts: pl.DataFrame) -> pl.DataFrame:
    """Add the counts ``before`` and ``after``; a first or last count has two on one side.

    ``alone`` names that side, and is empty for the others.
    """
    one, two = (
        [pl.col("n").shift(by * step).over("name", "place") for by in (1, -1)] for step in (1, 2)
    )
    first, last = one[0].is_null(), one[1].is_null()
    sides = counts.sort("name", "place", "period").with_columns(
        pl.when(first).then(two[1]).otherwise(one[0]).alias("before"),
        pl.when(last).then(two[0]).otherwise(one[1]).alias("after"),
        pl.when(first).then(pl.lit("after")).when(last).then(pl.lit("before"))
        .otherwise(pl.lit("")).alias("alone"),
    )  # fmt: skip
    return sides.drop_nulls(["before", "after"])


def _visible(both: pl.DataFrame, england: Mapping[tuple[str, str], int | None]) -> pl.DataFrame:
    """Leave pairs with years on both sides, and of the others those that are much of England."""
    schema = {"name": pl.String, "period": pl.String, "whole": pl.Int64}
    figures = pl.DataFrame([(*key, n) for key, n in england.items()], schema, orient="row")
    both = both.join(figures, on=["name", "period"], how="left")
    much = pl.col("n") >= threshold("exchange_alone") * pl.col("whole")
    much &= pl.min_horizontal("share", "share_two") >= threshold("exchange_share_alone")
    same = pl.col("alone") == pl.col("alone_two")
    return both.filter(same & ((pl.col("alone") == "") | much))


def _telling() -> pl.Expr:
    """Say which pairs are no chance: those of one group, and closer ones of two groups."""
    small, large = pl.min_horizontal("share", "share_two"), pl.max_horizontal("share", "share_two")
    fits = pl.col("left") <= threshold("exchange_left") * pl.col("off_both")
    least = pl.min_horizontal("off", "off_two") >= threshold("exchange_least_apart")
    close = least & (large >= threshold("exchange_share_apart"))
    return fits & (small >= threshold("exchange_share")) & ((pl.col("akin") > 0) | close)


def _shared(pieces: int) -> pl.Expr:
    """Return 1 where two names begin with as many pieces that are the same, and have more."""
    begins = f"^((?:[^.]+\\.){{{pieces}}})"
    same = pl.col("name").str.extract(begins) == pl.col("name_two").str.extract(begins)
    return same.fill_null(value=False).cast(pl.Int32)


def _once(both: pl.DataFrame) -> pl.DataFrame:
    """Leave every count one pair, the nearest in kind, then the one that tells most.

    Beside a pair of the year before or after that tells more, the other years are right.
    """
    gain = (pl.col("off_both") - pl.col("left")).alias("gain")
    found = both.with_columns(gain).sort(
        *_RETURN,
        "akin",
        "gain",
        "name",
        "name_two",
        descending=[False, False, True, True, False, False],
    )
    for name in ("name", "name_two"):
        found = found.unique([*_RETURN, name], keep="first", maintain_order=True)
    pair = pl.concat_list("name", "name_two").list.sort().list.join(" ")
    year = pl.col("period").str.slice(0, 4).cast(pl.Int32)
    found = found.with_columns(pair.alias("pair"), year.alias("year"))
    beside = found.select("place", "pair", "year", "gain")
    both = found.join(beside, on=["place", "pair"], suffix="_beside")
    next_to = (pl.col("year") - pl.col("year_beside")).abs() == 1
    echo = both.filter(next_to & (pl.col("gain_beside") > pl.col("gain")))
    found = found.join(echo, on=["place", "pair", "year"], how="anti")
    return found.sort("row", "period", "name")


def _off(count: str, other: str) -> pl.Expr:
    """Return how far a count is from what lies between the counts of the years around."""
    low = pl.min_horizontal(f"before{other}", f"after{other}")
    high = pl.max_horizontal(f"before{other}", f"after{other}")
    return pl.max_horizontal(pl.col(count) - high, low - pl.col(count), 0)
