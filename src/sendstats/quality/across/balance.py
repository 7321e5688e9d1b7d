"""A stock against the one before, what began and what ended between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL
from sendstats.quality.across.kept import Across, Kept, figures, has, years_on
from sendstats.quality.broken import DOUBT, FLOW, JUMP, Broken
from sendstats.quality.settings import Balance, threshold


def stocks(held: Mapping[str, Kept], balance: Balance, repairs: pl.DataFrame) -> pl.DataFrame:
    """Return every stock with the one before and the flows between, and whether it is told.

    Parameters
    ----------
    held : mapping of str to Kept
        By table id.
    balance : Balance
    repairs : polars.DataFrame
        Columns of `sendstats.quality.schema.REPAIRS`: a repaired figure is the one compared.

    Returns
    -------
    polars.DataFrame
        ``day``, ``place``, ``before``, ``begun``, ``ended``, ``stock``; ``residual``, and ``rest``
        with the other count of those that began (``instead``); ``told``, ``echo`` and ``middle``;
        and ``gives_way`` where the stock is told and is not with the other count.
    """
    frame = _echoes(_reconciled(held, balance, repairs))
    near = (pl.col("rest") - pl.col("usual") * pl.col("before")).abs()
    closes = near <= threshold("echo_share") * pl.col("before")
    gives_way = (pl.col("told") & closes).fill_null(value=False)
    return frame.with_columns(gives_way.alias("gives_way"))


def unbalanced(
    held: Mapping[str, Kept], balance: Balance, frame: pl.DataFrame, begun: set[tuple[str, str]]
) -> Iterator[Across]:
    """Yield the stocks that the one before and the flows between do not lead to.

    Parameters
    ----------
    held : mapping of str to Kept
        By table id.
    balance : Balance
    frame : polars.DataFrame
        As `stocks` returns it.
    begun : set of (str, str)
        Days and places where what began is known to be the wrong figure, and not the stock.
    """
    whole = dict(frame.filter(pl.col("level") == NATIONAL).select("day", "stock").iter_rows())
    local = frame.filter(pl.col("level") == LOCAL)
    wrong = local.filter((pl.col("told") & ~pl.col("echo")) | pl.col("middle"))
    for row in wrong.sort("day", "place").iter_rows(named=True):
        if (row["day"], row["place"]) not in begun:
            yield _unbalanced(held, balance, row, whole.get(row["day"]))


def _echoes(frame: pl.DataFrame) -> pl.DataFrame:
    """Say which stocks are ``told``, which are the ``echo`` of the one before, and that ``middle``.

    A stock that is wrong is off against the one before and, the other way round, off against the
    one after. Where the two residuals cancel, the stocks on both sides fit each other. A stock
    that was no doubt of its own becomes one only where they fit closely.
    """
    share, residual = threshold("residual_share"), pl.col("residual")
    asked, unasked = threshold("residual_deviations"), threshold("unasked_deviations")
    limit = pl.when(pl.col("ended").is_null()).then(unasked).otherwise(asked)
    far = pl.col("distance").abs() > limit
    jumped = (pl.col("stock") - pl.col("before")).abs() > threshold("jump_share") * pl.col("before")
    jumped &= pl.col("distance").abs() > threshold("jump_deviations")
    big = residual.abs() >= threshold("small")
    told = big & (((residual.abs() > share * pl.col("before")) & far) | jumped)
    odd = (residual - pl.col("usual") * pl.col("before")).alias("odd")
    frame = frame.with_columns(told.alias("told"), odd)
    names = ["before", "ended", "residual", "odd", "told"]
    earlier = frame.select(years_on(), "place", *names)
    frame = frame.join(earlier, on=["day", "place"], how="left", suffix="_earlier")
    alone = pl.col("ended_earlier").is_null()
    now, ago = (
        pl.when(alone).then(pl.col(f"odd{when}")).otherwise(pl.col(f"residual{when}"))
        for when in ("", "_earlier")
    )
    off = ago.abs() > threshold("echo_share") * pl.col("before_earlier")
    left = (now + ago).abs() / pl.col("before")
    echo = (pl.col("told") & off & (now * ago < 0) & (left <= share)).fill_null(value=False)
    closes = pl.col("told_earlier") | (left <= threshold("echo_share"))
    after = frame.select(
        years_on(-1), "place",
        (echo & closes).alias("middle"), residual.alias("residual_after"),
    )  # fmt: skip
    frame = frame.with_columns(echo.alias("echo")).join(after, on=["day", "place"], how="left")
    return frame.with_columns(pl.col("middle").fill_null(value=False)).sort("day", "place")


def _reconciled(held: Mapping[str, Kept], balance: Balance, repairs: pl.DataFrame) -> pl.DataFrame:
    """Return every stock with the one before, its flows, what they leave, and how unusual that is.

    Where what ended was not collected, the stock is held against what began alone: nobody knows
    how many ended in a place, so only what is beyond all that began counts as unusual.
    """
    stock = figures(held, balance.stock, repairs)
    before = stock.select(years_on(), "place", pl.col("n").alias("before"))
    begun = figures(held, balance.begun, repairs).select("day", "place", pl.col("n").alias("begun"))
    ended = figures(held, balance.ended, repairs).select("day", "place", pl.col("n").alias("ended"))
    key = ["day", "place"]
    frame = stock.rename({"n": "stock"}).join(before, on=key).join(begun, on=key)
    frame = frame.join(ended, on=key, how="left").drop_nulls(["stock", "before", "begun"])
    frame = frame.join(instead(held, balance, repairs), on=key, how="left")
    known = pl.col("ended").count().over("day") > 0
    frame = frame.filter((pl.col("before") > 0) & (~known | pl.col("ended").is_not_null()))
    flows = pl.col("begun") - pl.col("ended").fill_null(0)
    residual = pl.col("stock") - pl.col("before") - flows
    rest = residual + pl.col("begun") - pl.col("instead")
    frame = frame.with_columns(residual.alias("residual"), rest.alias("rest"))
    share, local = pl.col("residual") / pl.col("before"), pl.col("level") == LOCAL
    middle = share.filter(local).median().over("day")
    spread = (share - middle).abs().filter(local).median().over("day") * 1.4826
    beyond = pl.col("ended").is_null() & (share > 0)
    unusual = pl.when(beyond).then(share).otherwise(share - middle)
    return frame.with_columns((unusual / spread).alias("distance"), middle.alias("usual")).sort(
        "day", "place"
    )


def instead(held: Mapping[str, Kept], balance: Balance, repairs: pl.DataFrame) -> pl.DataFrame:
    """Return the other count of those that began; no row where the release has none."""
    cell = balance.instead
    if not has(held, cell):
        schema = {"day": pl.String, "place": pl.String, "instead": pl.Int64}
        return pl.DataFrame(schema=schema)
    return figures(held, cell, repairs).select("day", "place", pl.col("n").alias("instead"))


def _unbalanced(
    held: Mapping[str, Kept], balance: Balance, row: dict[str, Any], whole: int | None
) -> Across:
    checked = held[balance.stock.table].checked
    jump = abs(row["residual"]) <= threshold("residual_share") * row["before"]
    flows = f"{row['before']:,} + {row['begun']:,} begun"
    expected = row["before"] + row["begun"]
    if row["ended"] is not None:
        flows, expected = f"{flows} less {row['ended']:,} ended", expected - row["ended"]
    growth = 100 * (row["stock"] / row["before"] - 1)
    usual = f"{100 * row['usual']:+.1f} %"
    broken = Broken(
        rule=JUMP if jump else FLOW,
        kind=DOUBT,
        period=row["period"],
        place=row["place"],
        column=balance.stock.column,
        row=row["row"],
        expected=expected,
        found=row["stock"],
        says=f"about {expected:,} ({flows})",
        cause=f"{growth:+.1f} % in a year; what began and what ended do not explain "
        f"{100 * row['residual'] / row['before']:+.1f} % of the stock, where the middle of all "
        f"authorities is {usual}"
        f"{_besides(held, balance, row)}",
    )
    text = ""
    if whole:
        text = f"England {checked.layout.columns[balance.stock.column]} {whole:,} as published, "
        text += f"about {whole - row['residual']:,} if the flows are right"
    size = 100 * abs(row["residual"]) / whole if whole else 0.0
    cell = (row["row"], row["period"], balance.stock.column)
    return Across(checked, (broken,), ((checked, cell),), text, size)


def _besides(held: Mapping[str, Kept], balance: Balance, row: dict[str, Any]) -> str:
    """Say what else speaks of a stock: the other count of what began, and the year after."""
    said = ""
    if row["rest"] is not None and abs(row["rest"]) < abs(row["residual"]):
        cell = balance.instead
        name = held[cell.table].checked.layout.columns[cell.column]
        rest = 100 * row["rest"] / row["before"]
        said = f"; with {row['instead']:,} {name} the rest is {rest:+.1f} %"
        unusual = rest / 100 - row["usual"]
        spread = (row["residual"] / row["before"] - row["usual"]) / row["distance"]
        said += ", as usual" if abs(unusual) <= threshold("jump_deviations") * spread else ""
    if row["middle"]:
        later = row["stock"] + row["residual_after"]
        said += f"; the year after and its flows lead back to about {later:,}"
    return said
