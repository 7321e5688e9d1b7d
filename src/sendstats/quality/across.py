"""Identities across the tables of one release: one thing counted twice, and stocks with flows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL
from sendstats.ingest.periods import census_day
from sendstats.quality.broken import CONTRADICTION, DOUBT, FLOW, JUMP, SAME, Broken
from sendstats.quality.cells import TOTAL
from sendstats.quality.kept import KEY, Across, Kept, figures
from sendstats.quality.least import Impossible, impossible
from sendstats.quality.settings import Balance, Cell, balances, sames, threshold
from sendstats.quality.totals import between

#: The cause of a contradiction that no third figure decides.
ONE_OF_TWO = "one of the two figures is wrong, and no third one tells which"


def across(held: Mapping[str, Kept], repairs: pl.DataFrame) -> Iterator[Across]:
    """Run the gates across the tables of one release.

    Parameters
    ----------
    held : mapping of str to Kept
        By table id.
    repairs : polars.DataFrame
        Columns of `sendstats.quality.schema.REPAIRS`: a repaired figure is the one compared.
    """
    yield from between(held, repairs)
    whole = {name: kept for name, kept in held.items() if not kept.checked.extract}
    cannot, told = impossible(whole, repairs), set[tuple[str, str, str]]()
    for same in sames():
        first, *others = same.cells
        for other in others:
            if first.table in whole and other.table in whole:
                for found in _same(whole, (first, other), same.says, cannot):
                    one = found.broken[0]
                    told.add((found.checked.table.id, _day(one), one.topic))
                    yield found
    yield from (found for key, found in cannot.items() if key not in told)
    for balance in balances():
        if {c.table for c in (balance.stock, balance.begun, balance.ended)} <= set(whole):
            yield from _balance(whole, balance, repairs)


def _day(one: Broken) -> str:
    return str(census_day(one.period).year)


def _same(
    held: Mapping[str, Kept], cells: tuple[Cell, Cell], says: str, cannot: Impossible
) -> Iterator[Across]:
    tables = held[cells[0].table], held[cells[1].table]
    both = _joined(tables, cells)
    differ = both.filter(pl.col("n") != pl.col("n_two"))
    for day in differ["day"].unique().sort():
        mine, of_day = differ.filter(pl.col("day") == day), both.filter(pl.col("day") == day)
        whole = mine.filter(pl.col("topic") == TOTAL, pl.col("item") == TOTAL)
        local = pl.col("level") == LOCAL
        known = set(whole.filter(local)["place"])
        topics = mine.filter(local).group_by("topic").agg(pl.col("place").unique())
        more = [t for t, places in topics.sort("topic").iter_rows() if set(places) <= known]
        follows = pl.col("topic").is_in([TOTAL, *more])
        if whole.height:
            yield _open(_differ(tables, cells, mine.filter(follows), says, of_day))
        rest = mine.filter(~follows)
        for topic in rest["topic"].unique().sort():
            of = rest.filter(pl.col("topic") == topic)
            wrong, right = ((c.table, day, topic) for c in cells)
            if wrong in cannot and right not in cannot:
                turned = _turned(of), _turned(of_day)
                found = _differ(tables[::-1], cells[::-1], turned[0], says, turned[1])
                yield _shown(found, cannot[wrong])
            else:
                yield _open(_differ(tables, cells, of, says, of_day))


def _joined(tables: tuple[Kept, Kept], cells: tuple[Cell, Cell]) -> pl.DataFrame:
    """Return what two tables count, row by row; columns of the second end in ``_two``."""
    kept = [
        kept.rows.select(*KEY, "level", "period", "row", pl.col(cell.column).alias("n"))
        for kept, cell in zip(tables, cells, strict=True)
    ]
    return kept[0].join(kept[1].drop("level"), on=KEY, suffix="_two")


def _turned(rows: pl.DataFrame) -> pl.DataFrame:
    """Let the second table be the first."""
    names = ["period", "row", "n"]
    there = {name: f"{name}_two" for name in names}
    return rows.rename(there | {two: name for name, two in there.items()})


def _open(found: Across) -> Across:
    """Say that nothing tells which of the two tables is the wrong one."""
    first = found.broken[0]
    cause = f"in one of the two files {first.cause}" if first.cause else ONE_OF_TWO
    return replace(found, broken=(replace(first, cause=cause), *found.broken[1:]))


def _shown(found: Across, because: Across) -> Across:
    """Add what shows that the table of a finding is the wrong one, and flag its cells."""
    first, shown = found.broken[0], because.broken[0]
    cause = f"{shown.item} is {shown.found:,} here, which cannot be: {shown.says}"
    cause = "; ".join(c for c in (first.cause, cause) if c)
    broken = (replace(first, cause=cause), *found.broken[1:])
    mine = [cell for checked, cell in found.cells if checked is found.checked]
    wrong = sorted({*mine, *(cell for _, cell in because.cells)})
    return replace(found, broken=broken, cells=tuple((found.checked, cell) for cell in wrong))


def _differ(
    tables: tuple[Kept, Kept], cells: tuple[Cell, Cell], rows: pl.DataFrame, says: str,
    of_day: pl.DataFrame,
) -> Across:  # fmt: skip
    one, two = tables
    rows = rows.sort(pl.col("topic") != TOTAL, _order(), "row_two")
    local = rows.filter(pl.col("level") == LOCAL)
    few = 0 < local["place"].n_unique() <= threshold("named_places")
    top = local if few else rows
    broken = [_one(row, one, cells, says) for row in top.iter_rows(named=True)]
    first = broken[0]
    shifted = _shift(of_day, first.topic) if first.topic != TOTAL else ""
    broken[0] = replace(first, cause=shifted)
    touched = [
        *((one.checked, (*r, cells[0].column)) for r in rows.select("row", "period").rows()),
        *(
            (two.checked, (*r, cells[1].column))
            for r in rows.select("row_two", "period_two").rows()
        ),
    ]
    text, size = _two(rows, tables, cells)
    return Across(two.checked, tuple(broken), tuple(touched), text, size)


def _order() -> pl.Expr:
    return pl.col("level").replace_strict({NATIONAL: 0, LOCAL: 2}, default=1, return_dtype=pl.Int8)


def _one(row: dict[str, Any], one: Kept, cells: tuple[Cell, Cell], says: str) -> Broken:
    return Broken(
        rule=SAME,
        kind=CONTRADICTION,
        period=row["period_two"],
        place=row["place"],
        column=cells[1].column,
        row=row["row_two"],
        expected=row["n"],
        found=row["n_two"],
        says=f"{row['n']:,} ({says}, {one.checked.layout.file} row {row['row']})",
        topic=row["topic"],
        item=row["item"],
    )


def _shift(of_day: pl.DataFrame, topic: str) -> str:
    """Say which items stand under each other's names, where England's figures tell."""
    of = of_day.filter(pl.col("level") == NATIONAL, pl.col("topic") == topic)
    ours = {n: item for item, n in of.select("item", "n").iter_rows() if n}
    pairs = [(item, ours[n]) for item, n in of.select("item", "n_two").iter_rows() if n in ours]
    moved = [
        f"{there} is here {here}" for here, there in sorted(pairs, key=_numbered) if here != there
    ]
    return f"labels are shifted: {', '.join(moved)}" if 2 * len(moved) > len(ours) else ""


def _two(
    rows: pl.DataFrame, tables: tuple[Kept, Kept], cells: tuple[Cell, Cell]
) -> tuple[str, float]:
    of = rows.filter(pl.col("level") == NATIONAL).head(1)
    if of.is_empty():
        return "", 0.0
    row = of.row(0, named=True)
    item = "" if row["item"] == TOTAL else f" ({row['topic'].replace('_', ' ')}: {row['item']})"
    said = [
        f"{n:,} in {kept.checked.layout.file}"
        for n, kept in zip((row["n"], row["n_two"]), tables, strict=True)
    ]
    name = tables[1].checked.layout.columns[cells[1].column]
    size = 100 * abs(row["n"] - row["n_two"]) / max(row["n"], 1)
    return f"England {name}{item} {', '.join(said)}", size


def _balance(held: Mapping[str, Kept], balance: Balance, repairs: pl.DataFrame) -> Iterator[Across]:
    frame = _echoes(_reconciled(held, balance, repairs))
    whole = dict(frame.filter(pl.col("level") == NATIONAL).select("day", "stock").iter_rows())
    local = frame.filter(pl.col("level") == LOCAL)
    wrong = local.filter((pl.col("told") & ~pl.col("echo")) | pl.col("middle"))
    for row in wrong.sort("day", "place").iter_rows(named=True):
        yield _unbalanced(held, balance, row, whole.get(row["day"]))


def _echoes(frame: pl.DataFrame) -> pl.DataFrame:
    """Say which stocks are ``told``, which are the ``echo`` of the one before, and that ``middle``.

    A stock that is wrong is off against the one before and, the other way round, off against the
    one after. Where the two residuals cancel, the stocks on both sides fit each other. A stock
    that was no doubt of its own becomes one only where they fit closely.
    """
    share, residual = threshold("residual_share"), pl.col("residual")
    far = pl.col("distance").abs() > threshold("residual_deviations")
    jumped = (pl.col("stock") - pl.col("before")).abs() > threshold("jump_share") * pl.col("before")
    jumped &= pl.col("distance").abs() > threshold("jump_deviations")
    big = residual.abs() >= threshold("small")
    told = big & (((residual.abs() > share * pl.col("before")) & far) | jumped)
    off = residual.abs() > threshold("echo_share") * pl.col("before")
    frame = frame.with_columns(told.alias("told"), off.alias("off"))
    day = pl.col("day").cast(pl.Int32) + 1
    earlier = frame.select(day.cast(pl.String).alias("day"), "place", "off", "residual", "told")
    frame = frame.join(earlier, on=["day", "place"], how="left", suffix="_earlier")
    opposite = residual * pl.col("residual_earlier") < 0
    left = (residual + pl.col("residual_earlier")).abs() / pl.col("before")
    echo = pl.col("told") & pl.col("off_earlier") & opposite & (left <= share)
    echo = echo.fill_null(value=False)
    closes = pl.col("told_earlier") | (left <= threshold("echo_share"))
    after = frame.select(
        (pl.col("day").cast(pl.Int32) - 1).cast(pl.String).alias("day"), "place",
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
    before = stock.select((pl.col("day").cast(pl.Int32) + 1).cast(pl.String).alias("day"), "place",
                          pl.col("n").alias("before"))  # fmt: skip
    begun = figures(held, balance.begun, repairs).select("day", "place", pl.col("n").alias("begun"))
    ended = figures(held, balance.ended, repairs).select("day", "place", pl.col("n").alias("ended"))
    key = ["day", "place"]
    frame = stock.rename({"n": "stock"}).join(before, on=key).join(begun, on=key)
    frame = frame.join(ended, on=key, how="left").drop_nulls(["stock", "before", "begun"])
    known = pl.col("ended").count().over("day") > 0
    frame = frame.filter((pl.col("before") > 0) & (~known | pl.col("ended").is_not_null()))
    flows = pl.col("begun") - pl.col("ended").fill_null(0)
    frame = frame.with_columns((pl.col("stock") - pl.col("before") - flows).alias("residual"))
    share, local = pl.col("residual") / pl.col("before"), pl.col("level") == LOCAL
    middle = share.filter(local).median().over("day")
    spread = (share - middle).abs().filter(local).median().over("day") * 1.4826
    beyond = pl.col("ended").is_null() & (share > 0)
    unusual = pl.when(beyond).then(share).otherwise(share - middle)
    return frame.with_columns((unusual / spread).alias("distance"), middle.alias("usual")).sort(
        "day", "place"
    )


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
    back = ""
    if row["middle"]:
        later = row["stock"] + row["residual_after"]
        back = f"; the year after and its flows lead back to about {later:,}"
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
        cause=f"{growth:+.1f} % in a year; {100 * row['residual'] / row['before']:+.1f} % of the "
        f"stock is explained by no flow, where authorities differ by {usual} as a rule{back}",
    )
    text = ""
    if whole:
        text = f"England {checked.layout.columns[balance.stock.column]} {whole:,} as published, "
        text += f"about {whole - row['residual']:,} if the flows are right"
    size = 100 * abs(row["residual"]) / whole if whole else 0.0
    cell = (row["row"], row["period"], balance.stock.column)
    return Across(checked, (broken,), ((checked, cell),), text, size)


def _numbered(pair: tuple[str, str]) -> tuple[int, str]:
    """Sort labels that are numbers as numbers, before the others."""
    here = pair[0]
    return (int(here), "") if here.isdecimal() else (10**9, here)
