"""Identities across the tables of one release: one thing counted twice, and stocks with flows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from sendstats.ingest.periods import census_day
from sendstats.quality.balance import balanced
from sendstats.quality.broken import Broken
from sendstats.quality.kept import Across, Kept
from sendstats.quality.least import impossible
from sendstats.quality.same import differing
from sendstats.quality.settings import balances, sames
from sendstats.quality.totals import between


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
                for found in differing(whole, (first, other), same.says, cannot):
                    one = found.broken[0]
                    told.add((found.checked.table.id, _day(one), one.topic))
                    yield found
    yield from (found for key, found in cannot.items() if key not in told)
    for balance in balances():
        if {c.table for c in (balance.stock, balance.begun, balance.ended)} <= set(whole):
            yield from balanced(whole, balance, repairs)


def _day(one: Broken) -> str:
    return str(census_day(one.period).year)
