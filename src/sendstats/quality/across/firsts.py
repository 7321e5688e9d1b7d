"""The first year of a stock holds about what began in it, and hardly more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, england
from sendstats.quality.across.kept import Across, Kept, figures, label, years_on
from sendstats.quality.across.least import Impossible
from sendstats.quality.across.moved import if_so
from sendstats.quality.broken import DOUBT, FIRST, Broken
from sendstats.quality.settings import Cell, Least, leasts, threshold

#: What is known of a first year that holds too many.
_HELD = [
    "day", "place", "period", "n", "row", "item", "items", "rows",
    "began", "begun", "begun_row", "ended", "grew", "beyond",
]  # fmt: skip


def firsts(held: Mapping[str, Kept], repairs: pl.DataFrame, cannot: Impossible) -> Iterator[Across]:
    """Find authorities whose stock holds far more of its first year than began in it.

    Where the stock grew by as many without their having begun, too few are counted as begun, and
    the finding stands in that table; where it did not, the first year holds older ones.

    Parameters
    ----------
    held : mapping of str to Kept
        By table id.
    repairs : polars.DataFrame
        Columns of `sendstats.quality.schema.REPAIRS`: a repaired figure is the one compared.
    cannot : mapping of (str, str, str) to Across
        Breakdowns of `impossible`: their labels are one off.
    """
    for rule in leasts():
        stocks = [s for s in rule.stocks if s.table in held]
        if {rule.stocks[0].table, rule.begun.table, rule.ended.table} <= set(held) and stocks:
            frame = _flows(held, rule, repairs)
            over = [_over(held, rule, stock, frame, cannot) for stock in stocks]
            every = pl.concat(over).sort("day", "place", "off", "stock")
            for (_, _), rows in every.group_by("day", "place", maintain_order=True):
                yield _across(held, rule, rows.to_dicts())


def _flows(held: Mapping[str, Kept], rule: Least, repairs: pl.DataFrame) -> pl.DataFrame:
    """Return what began, and by how much the stock grew beyond its flows."""
    key = ["day", "place"]
    begun = figures(held, rule.begun, repairs).rename(
        {"n": "begun", "period": "began", "row": "begun_row"}
    )
    stock = figures(held, rule.stocks[0], repairs).select(*key, pl.col("n").alias("stock"))
    before = stock.select(years_on(), "place", pl.col("stock").alias("before"))
    ended = figures(held, rule.ended, repairs).select(*key, pl.col("n").alias("ended"))
    frame = begun.join(stock, on=key).join(before, on=key).join(ended, on=key)
    grew = pl.col("stock") - pl.col("before")
    beyond = grew - pl.col("begun") + pl.col("ended")
    return frame.with_columns(grew.alias("grew"), beyond.alias("beyond")).drop_nulls("beyond")


def _over(
    held: Mapping[str, Kept], rule: Least, stock: Cell, flows: pl.DataFrame, cannot: Impossible
) -> pl.DataFrame:
    """Return the first years of authorities in one table that hold too many."""
    off = [day for table, day, topic in cannot if (table, topic) == (stock.table, rule.topic)]
    named = pl.col("item") == rule.item
    named |= pl.col("day").is_in(off) & pl.col("item").is_in(rule.shifted)
    mine = (
        held[stock.table]
        .rows.filter(named, pl.col("topic") == rule.topic, pl.col("level") == LOCAL)
        .sort(stock.column, "row")
    )
    first = mine.group_by("day", "place", "period", maintain_order=True).agg(
        pl.col(stock.column).sum().alias("n"),
        pl.col("row").last(),
        pl.col("item").last(),
        pl.col("item").alias("items"),
        pl.col("row").alias("rows"),
    )
    most_of = threshold("first_year_times") * pl.col("begun") + threshold("small")
    told = pl.lit(rule.stocks.index(stock)).alias("stock")
    over = first.join(flows.drop("stock"), on=["day", "place"]).filter(pl.col("n") > most_of)
    return over.select(*_HELD, pl.col("day").is_in(off).alias("off"), told)


def _across(held: Mapping[str, Kept], rule: Least, rows: list[dict[str, Any]]) -> Across:
    first = rows[0]
    if 2 * first["beyond"] >= first["n"] - first["begun"]:
        return _short(held, rule, first)
    return _older(held, rule, rows)


def _short(held: Mapping[str, Kept], rule: Least, row: dict[str, Any]) -> Across:
    """Say that too few began: the stock holds them, and grew by them."""
    kept, stock = held[rule.begun.table], rule.stocks[row["stock"]]
    file = held[stock.table].checked.layout.file
    first = _label(rule.topic, row["items"])
    broken = Broken(
        rule=FIRST,
        kind=DOUBT,
        period=row["began"],
        place=row["place"],
        column=rule.begun.column,
        row=row["begun_row"],
        expected=row["n"],
        found=row["begun"],
        says=f"about {row['n']:,} ({first}, {file} row {row['row']})",
        cause=f"the stock grew by {row['grew']:,}, {row['beyond']:,} more than what began less "
        f"the {row['ended']:,} that ended: too few are counted as begun",
    )
    cells = ((kept.checked, (row["begun_row"], row["began"], rule.begun.column)),)
    effect = _england(kept, rule.begun.column, row["day"], broken.delta)
    return Across(kept.checked, (broken,), cells, *effect)


def _older(held: Mapping[str, Kept], rule: Least, rows: list[dict[str, Any]]) -> Across:
    """Say that the first year holds plans that began before it."""
    first = rows[0]
    stock = rule.stocks[first["stock"]]
    kept = held[stock.table]
    file = held[rule.begun.table].checked.layout.file
    broken = Broken(
        rule=FIRST,
        kind=DOUBT,
        period=first["period"],
        place=first["place"],
        column=stock.column,
        row=first["row"],
        expected=first["begun"],
        found=first["n"],
        says=f"about {first['begun']:,} ({file} row {first['begun_row']})",
        cause=f"the stock grew by {first['grew']:,}; {first['begun']:,} began and "
        f"{first['ended']:,} ended, which makes {first['begun'] - first['ended']:,}: the others "
        "are older",
        topic=rule.topic,
        item=first["item"],
    )
    cells = [
        (held[s.table].checked, (n, row["period"], s.column))
        for row in rows for s in [rule.stocks[row["stock"]]] for n in row["rows"]
    ]  # fmt: skip
    told = [_labelled(kept, stock, first, broken)]
    for cell in (c for c in rule.follows if c.table in held):
        other = held[cell.table]
        mine = _undivided(other, first["day"])
        own = mine.filter(pl.col("place") == first["place"], pl.col(cell.column) == first["n"])
        cells += [(other.checked, (*r, cell.column)) for r in own.select("row", "period").rows()]
        told.append(_england(other, cell.column, first["day"], broken.delta))
    return Across(kept.checked, (broken,), tuple(cells), *_effects(told))


def _undivided(kept: Kept, day: str) -> pl.DataFrame:
    return kept.undivided.filter(pl.col("day") == day)


def _england(kept: Kept, column: str, day: str, delta: float) -> tuple[str, float]:
    """Say what England's undivided figure would be, and by how many per cent it would move."""
    whole = _sum(_undivided(kept, day), column)
    return _moved(kept.checked.layout.columns[column], whole, delta, whole)


def _sum(rows: pl.DataFrame, column: str) -> int:
    return int(rows.filter(pl.col("place") == england().key)[column].sum())


def _labelled(kept: Kept, stock: Cell, row: dict[str, Any], broken: Broken) -> tuple[str, float]:
    """Say what England's first year would be, and by how much of the stock it is too large."""
    here = (pl.col("day") == row["day"]) & (pl.col("topic") == broken.topic)
    first = kept.rows.filter(here, pl.col("item").is_in(row["items"]))
    year = _label(broken.topic, row["items"])
    name = f"{kept.checked.layout.columns[stock.column]} ({year})"
    whole = _sum(_undivided(kept, row["day"]), stock.column)
    return _moved(name, _sum(first, stock.column), broken.delta, whole)


def _label(topic: str, items: list[str]) -> str:
    return f"{topic.replace('_', ' ')}: {label(topic, sorted(items, reverse=True))}"


def _moved(name: str, printed: int, delta: float, of: int) -> tuple[str, float]:
    if not printed or not of:
        return "", 0.0
    return if_so(name, printed, delta), 100 * abs(delta) / of


def _effects(told: list[tuple[str, float]]) -> tuple[str, float]:
    said = [(text, size) for text, size in told if text]
    return "; ".join(text for text, _ in said), max((size for _, size in said), default=0.0)
