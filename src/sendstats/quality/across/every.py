"""Identities across the tables of one release: one thing counted twice, and stocks with flows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from sendstats.catalogue.periods import say_period
from sendstats.catalogue.places import NATIONAL
from sendstats.ingest.periods import census_day
from sendstats.quality.across.balance import stocks, unbalanced
from sendstats.quality.across.closed import exceeding
from sendstats.quality.across.counted import apart, far, flow_of
from sendstats.quality.across.few import few
from sendstats.quality.across.firsts import firsts
from sendstats.quality.across.kept import Across, Kept
from sendstats.quality.across.least import Impossible, impossible
from sendstats.quality.across.same import differing
from sendstats.quality.across.totals import between
from sendstats.quality.across.unrecorded import unrecorded
from sendstats.quality.across.withheld import withheld
from sendstats.quality.across.witness import SHIFTED, shifted
from sendstats.quality.broken import COUNTED, Broken
from sendstats.quality.settings import Cell, balances, counteds, sames


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
    cannot = impossible(whole, repairs)
    flows = list(_flows(whole, repairs, cannot))
    yield from few(whole, repairs, _short(flows))
    yield from _twice(whole, cannot)
    yield from unrecorded(whole)
    yield from withheld(whole)
    yield from _once(flows, list(firsts(whole, repairs, cannot)))


def _once(flows: list[Across], years: list[Across]) -> Iterator[Across]:
    """Yield what flows and first years tell, once: a flow against its twin, or its first year.

    What two counts of one flow tell is not told again by the first year that it made; what a first
    year tells is not told again of the stock.
    """
    twice = {_where(found) for found in flows if found.broken[0].rule == COUNTED}
    decided = {_where(found) for found in years} - twice
    yield from (f for f in flows if _where(f) not in decided)
    yield from (f for f in years if _where(f) in decided)


def _short(flows: list[Across]) -> set[tuple[str, str]]:
    """Return the days and places of which two counts say that what began may be too few."""
    begun = {(b.begun.table, b.begun.column) for b in balances()}
    return {
        _where(found)
        for found in flows
        if found.broken[0].rule == COUNTED
        and begun & {(checked.table.id, cell[2]) for checked, cell in found.cells}
    }


def _where(found: Across) -> tuple[str, str]:
    return _day(found.broken[0]), found.broken[0].place


def _twice(held: Mapping[str, Kept], cannot: Impossible) -> Iterator[Across]:
    """Hold what two tables count against each other, then what no other table was held against."""
    told: dict[tuple[str, str, str], Broken] = {}
    for same in sames():
        first, *others = same.cells
        for other in others:
            if first.table in held and other.table in held:
                for found in differing(held, same, other, cannot):
                    one = found.broken[0]
                    told[found.checked.table.id, _day(one), one.topic] = one
                    yield found
    for key, found in cannot.items():
        if key not in told:
            yield _moved(found, shifted(held, key, set(cannot)) or _alike(key, told))


def _alike(key: tuple[str, str, str], told: Mapping[tuple[str, str, str], Broken]) -> str:
    """Say in which other period the same labels of a table are known to be shifted."""
    table, _, topic = key
    known = [
        one.period for (t, _, of), one in told.items() if (t, of) == (table, topic)
        if one.cause.startswith(SHIFTED)
    ]  # fmt: skip
    return f"{SHIFTED} as those of {say_period(known[0])} in the same file" if known else ""


def _moved(found: Across, cause: str) -> Across:
    """Add why the labels of a whole table cannot be right; a place alone has its own reason."""
    first, *others = found.broken
    if first.level != NATIONAL:
        return found
    return replace(found, broken=(replace(first, cause=cause), *others))


def _flows(held: Mapping[str, Kept], repairs: pl.DataFrame, cannot: Impossible) -> Iterator[Across]:
    """Hold flows against each other, then stocks against flows.

    Where a stock is told that the other count of what began leads to, the flow is told instead.
    """
    known = [b for b in balances() if {c.table for c in b.cells} <= set(held)]
    frames = {b.begun: (b, stocks(held, b, repairs)) for b in known}
    given: dict[Cell, set[tuple[str, str]]] = {}
    for counted in counteds():
        meant = flow_of(held, counted, repairs)
        if meant:
            _, frame = frames.get(meant.whole, (None, None))
            rows = apart(meant, frame, cannot)
            yield from far(meant, rows)
            gives_way = pl.col("gives_way").fill_null(value=False) & pl.col("side").ne_missing(
                "parts"
            )
            wrong = rows.filter(pl.col("short") & gives_way)
            given[meant.whole] = set(wrong.select("day", "place").iter_rows())
    yield from exceeding(held, repairs)
    for balance, frame in frames.values():
        yield from unbalanced(held, balance, frame, given.get(balance.begun, set()))


def _day(one: Broken) -> str:
    return str(census_day(one.period).year)
