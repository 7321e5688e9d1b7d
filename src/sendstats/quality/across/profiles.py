"""How the cases of a place divide, against how the same place's cases divide elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL
from sendstats.catalogue.tables import PERCENT
from sendstats.quality.across.kept import Across, Kept
from sendstats.quality.broken import DOUBT, PROFILE, Broken
from sendstats.quality.returns import Profile, profiles
from sendstats.quality.settings import threshold

Counts = dict[str, int]
Exchanges = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Pair:
    """The cases of one place in the two tables, item by item."""

    here: Counts
    there: Counts

    @property
    def least(self) -> int:
        """How many cases the smaller of the two has."""
        return min(sum(self.here.values()), sum(self.there.values()))

    def apart(self, *only: str, exchanged: Exchanges = ()) -> float:
        """Half the sum of the distances between the shares, of all items or of some."""
        mine = _exchange(self.here, exchanged)
        one, two = sum(mine.values()), sum(self.there.values())
        return sum(abs(mine[i] / one - self.there[i] / two) for i in only or mine) / 2

    def exchanges(self) -> Exchanges:
        """Return the pairs of items that stand in each other's place, the most telling first."""
        found: Exchanges = ()
        gains = {pair: self._gain(pair) for pair in combinations(self.here, 2)}
        for pair in sorted(gains, key=lambda pair: -gains[pair]):
            if gains[pair] > threshold("profile_gain") and not {*pair} & {
                c for p in found for c in p
            }:
                found = (*found, pair)
        return found

    def _gain(self, pair: tuple[str, str]) -> float:
        """Return how much nearer an exchange brings the two items, if it brings them near."""
        before, after = self.apart(*pair), self.apart(*pair, exchanged=(pair,))
        return before - after if after < threshold("profile_left") * before else 0.0


def _exchange(counts: Counts, pairs: Exchanges) -> Counts:
    other = {a: b for one, two in pairs for a, b in ((one, two), (two, one))}
    return {item: counts[other.get(item, item)] for item in counts}


def profiled(kept: Mapping[str, Mapping[str, Kept]]) -> Iterator[Across]:
    """Find places whose cases divide in another way than the same place's in another publication.

    Parameters
    ----------
    kept : mapping of str to mapping of str to Kept
        By release and table id; extracts serve for comparison only.
    """
    for entry in profiles():
        releases = [held for _, held in sorted(kept.items())]
        others = [held[entry.items.table] for held in releases if entry.items.table in held]
        for mine in (held.get(entry.table) for held in releases):
            if mine is not None and others and not mine.checked.extract:
                yield from _unlike(mine, others, entry)


def _unlike(mine: Kept, others: list[Kept], entry: Profile) -> Iterator[Across]:
    whole = mine.undivided
    start = f"{entry.topic}."
    names = {c.removeprefix(start): c for c in whole.columns if c.startswith(start)}
    for day in whole["day"].unique().sort():
        other = next((o for o in others[::-1] if day in o.rows["day"]), None)
        if other is None:
            continue
        theirs = other.rows.filter(pl.col("day") == day, pl.col("topic") == entry.topic)
        of_day = whole.filter(pl.col("day") == day).sort("row")
        for row in of_day.filter(pl.col("level") == LOCAL).iter_rows(named=True):
            rows = theirs.filter(pl.col("place") == row["place"])
            there = dict(rows.select("item", entry.items.column).drop_nulls().iter_rows())
            items = [i for i in names if i in there]
            pair = _Pair(
                {names[i]: row[names[i]] or 0 for i in items}, {names[i]: there[i] for i in items}
            )
            if pair.least >= threshold("shares_least") and pair.apart() > threshold(
                "profile_apart"
            ):
                yield _across(mine, other, row, pair, _england(of_day))


def _england(rows: pl.DataFrame) -> dict[str, Any]:
    national = rows.filter(pl.col("level") == NATIONAL)
    return national.row(0, named=True) if national.height == 1 else {}


def _across(
    mine: Kept, other: Kept, row: dict[str, Any], pair: _Pair, england: dict[str, Any]
) -> Across:
    layout = mine.checked.layout
    named = layout.columns
    one, two = sum(pair.here.values()), sum(pair.there.values())
    most = max(pair.here, key=lambda c: pair.here[c] / one - pair.there[c] / two)
    usual = round(one * pair.there[most] / two)
    exchanges = pair.exchanges()
    files = other.checked.layout.file
    fit = " and ".join(f"{named[a]} with {named[b]}" for a, b in exchanges)
    cause = f"shares are nearest to those of {files} when {fit} are exchanged" if fit else ""
    columns = [c for p in exchanges for c in p] or list(pair.here)
    broken = Broken(
        rule=PROFILE,
        kind=DOUBT,
        period=row["period"],
        place=row["place"],
        column=most,
        row=row["row"],
        expected=usual,
        found=row[most],
        says=f"about {usual:,} of {one:,}, as {pair.there[most]:,} of {two:,} in {files}",
        cause=cause,
    )
    rates = [f"{c}{PERCENT}" for c in columns if f"{c}{PERCENT}" in named]
    cells = tuple((mine.checked, (row["row"], row["period"], c)) for c in (*columns, *rates))
    told = _effect(mine, pair, exchanges, england) if england else []
    text = "; ".join(said for said, _ in told)
    return Across(mine.checked, (broken,), cells, text, max((n for _, n in told), default=0.0))


def _effect(
    mine: Kept, pair: _Pair, exchanges: Exchanges, england: dict[str, Any]
) -> list[tuple[str, float]]:
    """Say which of England's shares print otherwise when the items are exchanged back."""
    layout, back = mine.checked.layout, _exchange(pair.here, exchanges)
    below = {r.numerator: r.denominator for r in layout.ratios if isinstance(r.denominator, str)}
    told = []
    for column in (c for c in pair.here if back[c] != pair.here[c] and c in below):
        of, n = england.get(below[column]), england[column]
        if of and n is not None:
            shares = 100 * n / of, 100 * (n + back[column] - pair.here[column]) / of
            if f"{shares[0]:.1f}" != f"{shares[1]:.1f}":
                text = f"England {layout.columns[column]} {shares[0]:.1f} % as published"
                told.append((f"{text}, {shares[1]:.1f} % if exchanged", abs(shares[1] - shares[0])))
    return sorted(told, key=lambda one: -one[1])
