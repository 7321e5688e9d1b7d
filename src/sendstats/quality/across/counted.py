"""A flow of which other tables count nearly all: neither is far below the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL
from sendstats.quality.across.kept import Across, Kept, figures
from sendstats.quality.broken import COUNTED, DOUBT, Broken
from sendstats.quality.cells import TOTAL
from sendstats.quality.settings import Cell, Counted, threshold

_KEY = ["day", "place"]
#: What a balance says of a stock and the flows before it.
_STOCK = ["before", "residual", "rest", "gives_way"]
_OPEN = "which of the two is wrong is not told"
#: A column, and the row of it that is meant.
_Figure = tuple[Cell, dict[str, Any]]


@dataclass(frozen=True)
class Flow:
    """A flow of one release, with the other counts of it.

    Attributes
    ----------
    held : mapping of str to Kept
        By table id.
    counted : Counted
    whole : Cell
        The column of the flow that this release has.
    repairs : polars.DataFrame
        Columns of `sendstats.quality.schema.REPAIRS`: a repaired figure is the one compared.
    """

    held: Mapping[str, Kept]
    counted: Counted
    whole: Cell
    repairs: pl.DataFrame

    @property
    def says(self) -> str:
        """What the other tables count."""
        return self.counted.says

    def figures(self, cell: Cell) -> pl.DataFrame:
        """Return the undivided figures of a column; see `sendstats.quality.across.kept.figures`."""
        return figures(self.held, cell, self.repairs)

    def name(self, cell: Cell) -> str:
        """Return how the publisher calls a column."""
        return self.held[cell.table].checked.layout.columns[cell.column]

    def terms(self, given: list[_Figure]) -> str:
        """Return figures with their column and file."""
        file = {c.table: self.held[c.table].checked.layout.file for c, _ in given}
        return ", ".join(f"{row['n']:,} {self.name(c)} in {file[c.table]}" for c, row in given)


def flow_of(held: Mapping[str, Kept], counted: Counted, repairs: pl.DataFrame) -> Flow | None:
    """Return the flow as a release has it; nothing where it lacks one of the counts."""
    if not all(_has(held, cell) for cell in (*counted.parts, counted.feed)):
        return None
    whole = next((cell for cell in counted.whole if _has(held, cell)), None)
    return Flow(held, counted, whole, repairs) if whole else None


def _has(held: Mapping[str, Kept], cell: Cell) -> bool:
    return cell.table in held and cell.column in held[cell.table].rows.columns


def apart(flow: Flow, stocks: pl.DataFrame | None) -> pl.DataFrame:
    """Return the authorities and years in which the counts of a flow are far from each other.

    Parameters
    ----------
    flow : Flow
    stocks : polars.DataFrame or None
        As `sendstats.quality.across.balance.stocks` returns it, where the flow is part of a
        balance.

    Returns
    -------
    polars.DataFrame
        ``day``, ``place``, ``n`` with ``period`` and ``row`` of the flow, and the same of each
        part, ending in its number; ``short`` where the flow is the smaller; ``before``,
        ``residual`` and ``rest`` of the stock after it; and ``gives_way``.
    """
    frame = flow.figures(flow.whole).filter(pl.col("level") == LOCAL).drop_nulls("n")
    for i, part in enumerate(flow.counted.parts):
        of = flow.figures(part).select(*_KEY, "period", "row", "n")
        frame = frame.join(of, on=_KEY, how="left", suffix=f"_{i}")
    n, parts = pl.col("n"), [pl.col(f"n_{i}") for i in range(len(flow.counted.parts))]
    limits, small = zip(parts, flow.counted.short, strict=True), threshold("small")
    short = [(p - n > limit * p) & (p - n >= small) for p, limit in limits]
    over = [(n - p > flow.counted.over * n) & (n - p >= small) for p in parts]
    known = pl.any_horizontal(p.is_not_null() for p in parts)
    frame = frame.with_columns(
        pl.any_horizontal(s.fill_null(value=False) for s in short).alias("short"),
        (known & pl.all_horizontal(o.fill_null(value=True) for o in over)).alias("over"),
    )
    told = frame.filter(pl.col("short") | pl.col("over")).sort("day", "place")
    if stocks is None:
        return told.with_columns(pl.lit(None).alias(name) for name in _STOCK)
    return told.join(stocks.select(*_KEY, *_STOCK), on=_KEY, how="left", maintain_order="left")


def far(flow: Flow, rows: pl.DataFrame) -> Iterator[Across]:
    """Yield a finding of every row of `apart`, in the table that is doubted."""
    for row in rows.iter_rows(named=True):
        parts = [
            (part, {name: row[f"{name}_{i}"] for name in ("period", "row", "n")})
            for i, part in enumerate(flow.counted.parts)
            if row[f"n_{i}"] is not None
        ]
        yield _few(flow, row, parts) if row["short"] else _many(flow, row, parts)


def _few(flow: Flow, row: dict[str, Any], parts: list[_Figure]) -> Across:
    """Say that a flow is less than what other tables count of it.

    A stock that the other count leads to, and this one does not, decides. That this one leads to
    it says nothing: a list that lacks plans lacks them in the stock as well.
    """
    reached = _reached(row, flow.says, ("rest", "residual"))
    told = (f"{reached}, so these are too few",) if row["gives_way"] else (_OPEN, reached)
    among = f"the {flow.says} are among them, but for a few of another year"
    cause = "; ".join(said for said in (among, *told) if said)
    mine = (flow.whole, row)
    wrong = [mine, *(() if row["gives_way"] else parts)]
    expected = max(part["n"] for _, part in parts)
    one = _broken(flow, mine, expected, parts, cause)
    return _across(flow, one, wrong, f"the {flow.says} are right")


def _many(flow: Flow, row: dict[str, Any], parts: list[_Figure]) -> Across:
    """Say that what other tables count of a flow is far less than it.

    Where they have less to come from as well, their return is the short one; where the flow is
    more than all it comes from, it is the wrong one.
    """
    mine, (now, earlier) = (flow.whole, row), _feed(flow, row)
    cause, wrong = _OPEN, [*parts, mine]
    if now and earlier and now["n"] < threshold("feed_share") * earlier["n"]:
        cause = f"the return is short: {flow.terms([(flow.counted.feed, now)])}, and "
        cause += f"{earlier['n']:,} in {earlier['period']}"
        wrong = [*parts, (flow.counted.feed, now)]
    elif now and now["n"] < row["n"]:
        terms = flow.terms([(flow.counted.feed, now)])
        cause = f"more than the year's {terms}, so these are too many"
        one = _broken(flow, mine, max(part["n"] for _, part in parts), parts, cause)
        return _across(flow, one, [mine], f"the {flow.says} are right")
    reached = _reached(row, flow.name(flow.whole), ("residual", "rest"))
    cause = "; ".join(said for said in (cause, reached) if said)
    cell, first = parts[0]
    one = _broken(flow, (cell, first | {"place": row["place"]}), row["n"], [mine], cause)
    return _across(flow, one, wrong, f"{flow.name(flow.whole)} is right")


def _reached(row: dict[str, Any], other: str, names: tuple[str, str]) -> str:
    """Say how near two counts of a flow lead to the stock after it, the other count first."""
    if row["rest"] is None:
        return ""
    theirs, ours = (f"{100 * row[name] / row['before']:+.1f} %" for name in names)
    return f"with {other} {theirs} of the next stock stays unexplained, with these {ours}"


def _feed(flow: Flow, row: dict[str, Any]) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Return what the parts come from, and its last figure before."""
    feed = flow.figures(flow.counted.feed).drop_nulls("n")
    mine = feed.filter(pl.col("place") == row["place"]).sort("day", descending=True)
    now = mine.filter(pl.col("day") == row["day"]).to_dicts()
    earlier = mine.filter(pl.col("day") < row["day"]).to_dicts()
    return next(iter(now), None), next(iter(earlier), None)


def _broken(flow: Flow, figure: _Figure, expected: int, terms: list[_Figure], cause: str) -> Broken:
    cell, row = figure
    return Broken(
        rule=COUNTED,
        kind=DOUBT,
        period=row["period"],
        place=row["place"],
        column=cell.column,
        row=row["row"],
        expected=expected,
        found=row["n"],
        says=f"about {expected:,} ({flow.terms(terms)})",
        cause=cause,
    )


def _across(flow: Flow, one: Broken, wrong: list[_Figure], condition: str) -> Across:
    (cell, _), kept = wrong[0], flow.held[wrong[0][0].table]
    cells = tuple(
        (flow.held[c.table].checked, (row["row"], row["period"], c.column)) for c, row in wrong
    )
    england = kept.rows.filter(
        pl.col("level") == NATIONAL, pl.col("period") == one.period, pl.col("topic") == TOTAL
    )[cell.column]
    if not sum(england.drop_nulls()):
        return Across(kept.checked, (one,), cells)
    printed = england.item()
    text = f"England {flow.name(cell)} {printed:,} as published, about "
    text += f"{printed + one.delta:,} if {condition}"
    return Across(kept.checked, (one,), cells, text, 100 * abs(one.delta) / printed)
