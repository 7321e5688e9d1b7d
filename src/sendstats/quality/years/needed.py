"""Counts of what ended that a stock needs, however far they stand from the years around."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from sendstats.catalogue.places import LOCAL
from sendstats.quality.across.balance import stocks
from sendstats.quality.across.kept import Kept, figures
from sendstats.quality.broken import END, SPIKE
from sendstats.quality.settings import Balance, balances, threshold


def needed(
    held: Mapping[str, Kept], findings: pl.DataFrame, repairs: pl.DataFrame
) -> frozenset[str]:
    """Return the findings of counts far from other years that a stock does not do without.

    The stock before, what began and what ended meet the stock after; with as many as in the
    nearer of the years around they would not.

    Parameters
    ----------
    held : mapping of str to Kept
        By table id.
    findings : polars.DataFrame
        Columns of `sendstats.quality.schema.FINDINGS`.
    repairs : polars.DataFrame
        Columns of `sendstats.quality.schema.REPAIRS`.
    """
    asked = findings.filter(pl.col("rule").is_in([SPIKE, END]))
    found = [pl.DataFrame(schema={"finding": pl.String})]
    for balance in (b for b in balances() if all(c.table in held for c in b.cells)):
        of = held[balance.ended.table].checked
        mine = pl.col("table") == of.table.id, pl.col("release") == of.release
        column = pl.col("column") == balance.ended.column
        key = ["period", "place"]
        meant = _meant(held, balance, repairs)
        found.append(asked.filter(*mine, column).join(meant, on=key, how="semi").select("finding"))
    return frozenset(pl.concat(found)["finding"])


def _meant(held: Mapping[str, Kept], balance: Balance, repairs: pl.DataFrame) -> pl.DataFrame:
    """Return period and place of the counts without which the stock would not fit."""
    n, share = pl.col("n"), threshold("echo_share") * pl.col("before")
    ended = figures(held, balance.ended, repairs).filter(pl.col("level") == LOCAL).drop_nulls("n")
    sides = [n.shift(by).over("place", order_by="period") for by in (1, -1)]
    ended = ended.with_columns(sides[0].alias("earlier"), sides[1].alias("later"))
    nearer = pl.when((n - pl.col("earlier")).abs() <= (n - pl.col("later")).abs())
    usual = nearer.then("earlier").otherwise(pl.coalesce("later", "earlier")).alias("usual_ended")
    ended = ended.with_columns(usual).select("day", "period", "place", "usual_ended")
    frame = stocks(held, balance, repairs).drop("period", strict=False).drop_nulls("ended")
    off = pl.col("residual") - pl.col("usual") * pl.col("before")
    without = off + pl.col("usual_ended") - pl.col("ended")
    fits = (off.abs() <= share) & (without.abs() > share)
    return ended.join(frame, on=["day", "place"]).filter(fits).select("period", "place")
