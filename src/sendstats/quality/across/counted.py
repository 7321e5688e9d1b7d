"""A flow of which other tables count nearly all: neither is far below the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL
from sendstats.quality.across.kept import Across, Kept, figures, has
from sendstats.quality.across.least import Impossible
from sendstats.quality.across.stayed import stayed
from sendstats.quality.broken import COUNTED, DOUBT, Broken
from sendstats.quality.cells import TOTAL
from sendstats.quality.settings import Cell, Counted, threshold

_KEY = ["day", "place"]
#: What a balance says of a stock and the flows before it.
_STOCK = ["before", "residual", "rest", "gives_way", "usual", "ended", "told"]
#: Which counts of a flow they tell are wrong.
_FLOW, _PARTS, _BOTH, _EACH = "flow", "parts", "both", "each"
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
    if not all(has(held, cell) for cell in (*counted.parts, counted.feed)):
        return None
    whole = next((cell for cell in counted.whole if has(held, cell)), None)
    return Flow(held, counted, whole, repairs) if whole else None


def apart(flow: Flow, stocks: pl.DataFrame | None, cannot: Impossible) -> pl.DataFrame:
    """Return the authorities and years in which the counts of a flow are far from each other.

    Parameters
    ----------
    flow : Flow
    cannot : mapping of (str, str, str) to Across
        As `sendstats.quality.across.least.impossible` returns it.
    stocks : polars.DataFrame or None
        As `sendstats.quality.across.balance.stocks` returns it, where the flow is part of a
        balance.

    Returns
    -------
    polars.DataFrame
        ``day``, ``place``, ``n`` with ``period`` and ``row`` of the flow, and the same of each
        part, ending in its number; ``short`` where the flow is the smaller; ``before``,
        ``residual``, ``rest``, ``usual``, ``ended`` and ``told`` of the stock after it; and
        ``gives_way``; what `sendstats.quality.across.stayed.stayed` returns; and ``side``, the
        counts that it tells are wrong.
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
    counts = frame.with_columns(pl.max_horizontal(n, *parts).alias("most"))
    begun = stayed(flow.held, counts.select(*_KEY, "n", "most"), cannot)
    told = frame.filter(pl.col("short") | pl.col("over")).sort("day", "place")
    if stocks is None:
        told = told.with_columns(pl.lit(None, pl.Boolean).alias(name) for name in _STOCK)
    else:
        after = stocks.select(*_KEY, *_STOCK)
        told = told.join(after, on=_KEY, how="left", maintain_order="left")
        doubted = stocks.filter(pl.col("told") & ~pl.col("gives_way")).select("place", held="day")
        begun = begun.join(doubted, on=["place", "held"], how="anti")
    told = told.join(begun, on=_KEY, how="left", maintain_order="left")
    return told.with_columns(_side(pl.max_horizontal(parts)).alias("side"))


def _side(most: pl.Expr) -> pl.Expr:
    """Say which counts the stocks after a flow tell are wrong; nothing where they do not tell."""
    there, n, high = pl.col("stayed"), pl.col("n"), threshold("stayed_high")
    more, most_more = (there > high * c for c in (n, most))
    fits, most_fits = (there.is_between(threshold("stayed_low") * c, high * c) for c in (n, most))
    fewer, most_fewer = (there < threshold("stayed_least") * c for c in (n, most))
    short = pl.col("short")
    return (
        pl.when(more & most_more)
        .then(pl.lit(_BOTH))
        .when(more & most_fewer)
        .then(pl.lit(_EACH))
        .when((short & more & most_fits) | (~short & fewer & most_fits))
        .then(pl.lit(_FLOW))
        .when((short & fits & most_fewer) | (~short & fits & most_more))
        .then(pl.lit(_PARTS))
    )


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

    The stocks after it decide, where they hold the year's beginners, or else a stock that the other
    count leads to, and this one does not. That this one leads to it says nothing: a list that lacks
    plans lacks them in the stock as well.
    """
    mine, most = (flow.whole, row), max(parts, key=lambda part: part[1]["n"])
    reached = _reached(row, flow.says, ("rest", "residual"))
    said = _told(flow, row, parts)
    if not said and reached and row["gives_way"]:
        said = "so these are too few"
    among = f"all {flow.says} should be in {flow.name(flow.whole)}, but for a few of another year"
    cause = [among, *_repaired(flow, row), said or _OPEN, reached]
    if said == "so these are too few":
        cause[-2:] = [f"{reached}, {said}"]
    if row["side"] == _PARTS:
        wrong = [most, *(part for part in parts if part is not most)]
        return _accused(flow, row, (most, row["n"], [mine]), wrong, cause)
    sound = row["side"] == _FLOW or said == "so these are too few"
    expected = _expected(row, most[1]["n"])
    return _accused(flow, row, (mine, expected, parts), [mine, *(() if sound else parts)], cause)


def _many(flow: Flow, row: dict[str, Any], parts: list[_Figure]) -> Across:
    """Say that what other tables count of a flow is far less than it.

    Where they have less to come from as well, their return is the short one; where the flow is
    more than all it comes from, it is the wrong one; else the stocks after it decide.
    """
    mine, (now, earlier) = (flow.whole, row), _feed(flow, row)
    most, said = max(part["n"] for _, part in parts), _told(flow, row, parts)
    cause, wrong = said or _OPEN, [*parts, *([] if row["side"] == _PARTS else [mine])]
    if now and earlier and now["n"] < threshold("feed_share") * earlier["n"]:
        cause = f"the return is short: {flow.terms([(flow.counted.feed, now)])}, and "
        cause += f"{earlier['n']:,} in {earlier['period']}"
        wrong = [*parts, (flow.counted.feed, now)]
    elif now and now["n"] < row["n"]:
        terms = flow.terms([(flow.counted.feed, now)])
        cause = f"more than the year's {terms}, so these are too many"
        return _accused(flow, row, (mine, most, parts), [mine], [cause])
    elif row["side"] == _FLOW:
        return _accused(flow, row, (mine, most, parts), [mine], [cause])
    reached = _reached(row, flow.name(flow.whole), ("residual", "rest"))
    expected = _expected(row, row["n"]) if cause == said else row["n"]
    return _accused(flow, row, (parts[0], expected, [mine]), wrong, [cause, reached])


def _told(flow: Flow, row: dict[str, Any], parts: list[_Figure]) -> str:
    """Say what the stocks after a flow tell of its counts; nothing where they do not tell."""
    if row["side"] is None:
        return ""
    name, (now, _) = flow.name(flow.whole), _feed(flow, row)
    many = {True: ("too few", "too many"), False: ("too many", "too few")}[row["short"]]
    verdict = {
        _FLOW: f"{name} is {many[0]}",
        _PARTS: f"the {flow.says} are {many[1]}",
        _BOTH: "all counts are too few",
        _EACH: f"{name} is too few and the {flow.says} are too many",
    }[row["side"]]
    also = [flow.name(c) for c, part in parts if now and part["n"] == now["n"]]
    alike = f"; {also[0]} is the number of {flow.name(flow.counted.feed)} too" if also else ""
    return (
        f"{row['stayed']:,} of the year are in the stock ({row['evidence']}), where half of all "
        f"authorities have {row['usual_times']:.2f} times their {name} or more, so {verdict}{alike}"
    )


def _expected(row: dict[str, Any], other: int) -> int:
    """Return the other count, or what the stock after a flow holds where both are wrong."""
    if row["side"] in {_BOTH, _EACH}:
        other = round(row["stayed"] / row["usual_times"])
    return other


def _repaired(flow: Flow, row: dict[str, Any]) -> list[str]:
    """Say what the cell prints where another figure was held against the counts."""
    printed = _printed(flow, (flow.whole, row))
    return [f"the cell prints {printed:,}, repaired to {row['n']:,}"] if printed != row["n"] else []


def _printed(flow: Flow, figure: _Figure) -> int:
    cell, row = figure
    of = (pl.col("row") == row["row"]) & (pl.col("period") == row["period"])
    return int(flow.held[cell.table].rows.filter(of)[cell.column].item())


def _reached(row: dict[str, Any], other: str, names: tuple[str, str]) -> str:
    """Say how near two counts of a flow lead to the stock after it, the other count first.

    A stock that is itself in doubt says nothing, nor one of which next to nothing ended.
    """
    if row["rest"] is None or (row["told"] and not row["gives_way"]):
        return ""
    if row["ended"] is not None and row["ended"] < threshold("ended_share") * row["before"]:
        return ""
    theirs, ours = (f"{100 * row[name] / row['before']:+.1f} %" for name in names)
    return (
        f"with {other} {theirs} of the stock before stays unexplained, with these {ours}, "
        f"where the middle of all authorities is {100 * row['usual']:+.1f} %"
    )


def _feed(flow: Flow, row: dict[str, Any]) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Return what the parts come from, and its last figure before."""
    feed = flow.figures(flow.counted.feed).drop_nulls("n")
    mine = feed.filter(pl.col("place") == row["place"]).sort("day", descending=True)
    now = mine.filter(pl.col("day") == row["day"]).to_dicts()
    earlier = mine.filter(pl.col("day") < row["day"]).to_dicts()
    return next(iter(now), None), next(iter(earlier), None)


def _accused(
    flow: Flow,
    row: dict[str, Any],
    against: tuple[_Figure, int, list[_Figure]],
    wrong: list[_Figure],
    cause: list[str],
) -> Across:
    """Return the finding of one figure against what it should be, and by which figures."""
    (cell, mine), expected, terms = against
    one = Broken(
        rule=COUNTED,
        kind=DOUBT,
        period=mine["period"],
        place=row["place"],
        column=cell.column,
        row=mine["row"],
        expected=expected,
        found=_printed(flow, against[0]),
        says=f"about {expected:,} ({flow.terms(terms)})",
        cause="; ".join(said for said in cause if said),
    )
    if row["side"] in {_BOTH, _EACH} and expected not in {part["n"] for _, part in terms}:
        condition = "the stock is right"
    else:
        whole = terms[0][0] == flow.whole
        condition = f"{flow.name(flow.whole)} is right" if whole else f"the {flow.says} are right"
    return _across(flow, one, wrong, (expected - mine["n"], condition))


def _across(flow: Flow, one: Broken, wrong: list[_Figure], moved: tuple[int, str]) -> Across:
    (cell, _), kept = wrong[0], flow.held[wrong[0][0].table]
    cells = tuple(
        (flow.held[c.table].checked, (row["row"], row["period"], c.column)) for c, row in wrong
    )
    england = kept.rows.filter(
        pl.col("level") == NATIONAL, pl.col("period") == one.period, pl.col("topic") == TOTAL
    )[cell.column]
    if not sum(england.drop_nulls()):
        return Across(kept.checked, (one,), cells)
    (delta, condition), printed = moved, england.item()
    text = f"England {flow.name(cell)} {printed:,} as published, about "
    text += f"{printed + delta:,} if {condition}"
    return Across(kept.checked, (one,), cells, text, 100 * abs(delta) / printed)
