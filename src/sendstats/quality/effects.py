"""What a finding does to the figures that DfE prints for England."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sendstats.catalogue.places import NATIONAL, england
from sendstats.ingest.symbols import number
from sendstats.quality.broken import BASE, DETAIL, ITEMS, MEMBERS, PARTS, RATE, SHARE, SIDES, Broken
from sendstats.quality.cells import LABELS, TOTAL, Slice
from sendstats.quality.group import Group
from sendstats.quality.rates import Rate, rates_of
from sendstats.quality.settings import threshold


@dataclass(frozen=True)
class Effect:
    """What would change in an England figure.

    Attributes
    ----------
    text : str
        In words; empty where no England figure is touched.
    size : float
        Per cent of a count, or percentage points of a rate; the largest.
    """

    text: str = ""
    size: float = 0.0


def effect(group: Group, held: Slice) -> Effect:
    """Return what the finding does to England's undivided figures of its period."""
    if group.first.rule == SIDES:
        return _sides(group)
    row = _england(held)
    if not row:
        return Effect()
    deltas = _deltas(group)
    if not deltas:
        return _printed(group, held)
    found = [_count(held, row, c, d) for c, d in deltas.items()]
    if group.first.rule == DETAIL:
        found = [_uncovered(held, row, c, d) for c, d in deltas.items()]
    found += [e for e in _rates(held, row, deltas) if group.first.rule != DETAIL]
    told = sorted((e for e in found if e.text), key=lambda e: (-e.size, e.text))
    most = int(threshold("named_effects"))
    more = [f"and {len(told) - most} more"] if len(told) > most else []
    text = "; ".join([*(e.text for e in told[:most]), *more])
    return Effect(text, max((e.size for e in told), default=0.0))


def _sides(group: Group) -> Effect:
    from sendstats.catalogue.places import places  # noqa: PLC0415 - one name of it only

    told = [b for b in group.broken if b.whole and b.effect]
    told.sort(key=lambda b: (places()[b.place].level != NATIONAL, b.place))
    text = "; ".join(f"{places()[b.place].name} {b.effect}" for b in told)
    return Effect(text, max((b.effect_size for b in told), default=0.0))


def _england(held: Slice) -> dict[str, int | None]:
    whole = pl.all_horizontal(pl.col(c) == TOTAL for c in LABELS)
    of = held.numbers.filter((pl.col("level") == NATIONAL) & whole)
    return of.row(0, named=True) if of.height == 1 else {}


def _deltas(group: Group) -> dict[str, float]:
    """Return how far each of England's counts is from what its parts say."""
    found: dict[str, float] = {}
    for rule in (ITEMS, MEMBERS, PARTS):
        mine = [b for b in group.broken if b.rule == rule and b.whole and not b.sound]
        mine = [b for b in mine if b.expected is not None]
        if any("carry the total" in b.cause for b in mine):
            return {}  # the members are wrong, not what contains them
        for column in {b.column for b in mine}:
            of = [b for b in mine if b.column == column]
            own = [b for b in of if b.place == england().key]
            found[column] = own[0].delta if own else sum(b.delta for b in _roots(of, group))
    return {c: d for c, d in sorted(found.items()) if d}


def _roots(of: list[Broken], group: Group) -> list[Broken]:
    return [b for b in of if b.place in group.roots]


def _count(held: Slice, row: dict[str, int | None], column: str, delta: float) -> Effect:
    printed = row.get(column)
    if not printed:
        return Effect()
    name = held.checked.layout.columns.get(column, column)
    text = f"England {name} {printed:,} as published, {printed + delta:,.0f} by its parts"
    return Effect(text, 100 * abs(delta) / printed)


def _uncovered(held: Slice, row: dict[str, int | None], column: str, delta: float) -> Effect:
    """Say what shares of the covered part and of all would be, for the largest part."""
    printed = row.get(column)
    if not printed or delta >= 0:
        return Effect()
    name = held.checked.layout.columns.get(column, column)
    parts = [p for s in held.checked.layout.sums if s.total == column for p in s.parts]
    parts += [p for b in held.checked.layout.bases if b.holds(held.period) for p in b.leaves]
    text = f"England {name} {printed:,}, of which {-delta:,.0f} are in no part"
    largest = max((p for p in parts if row.get(p)), key=lambda p: row[p] or 0, default="")
    top = row.get(largest)
    if not top:
        return Effect(text, 100 * -delta / printed)
    shares = 100 * top / (printed + delta), 100 * top / printed
    called = held.checked.layout.columns.get(largest, largest)
    text += f": {called} {shares[0]:.1f} % of the others, {shares[1]:.1f} % of all"
    return Effect(text, abs(shares[0] - shares[1]))


def _rates(held: Slice, row: dict[str, int | None], deltas: dict[str, float]) -> list[Effect]:
    """Return England's printed rates that would print otherwise."""
    percents = held.percents.filter(pl.col("row") == row["row"])
    return [e for rate in rates_of(held) if (e := _rate(held, row, percents, rate, deltas)).text]


def _rate(
    held: Slice,
    row: dict[str, int | None],
    percents: pl.DataFrame,
    rate: Rate,
    deltas: dict[str, float],
) -> Effect:
    if not {rate.numerator, *rate.denominators} & set(deltas):
        return Effect()
    text = percents[rate.percent].item()
    printed = percents.select(number(rate.percent, pl.Float64)).item()
    top = row.get(rate.numerator)
    base = sum(row.get(d) or 0 for d in rate.denominators)
    new_base = base + sum(deltas.get(d, 0) for d in rate.denominators)
    if printed is None or top is None or not base or new_base <= 0:
        return Effect()
    new = 100 * (top + deltas.get(rate.numerator, 0)) / new_base
    decimals = min(len(text.partition(".")[2].rstrip("0")) or 1, 2)
    if round(new, decimals) == round(printed, decimals):
        return Effect()
    name = held.checked.layout.columns[rate.percent]
    return Effect(f"England {name} {text} as published, {new:.{decimals}f}", abs(new - printed))


def _printed(group: Group, held: Slice) -> Effect:
    """Return what a misprinted rate of England should be."""
    of = [b for b in group.broken if b.rule in (BASE, RATE, SHARE) and b.whole]
    mine = [b for b in of if b.place == england().key]
    told = [
        f"England {held.checked.layout.columns[b.column]} {b.found:g} as published, {b.says}"
        for b in mine
    ]
    return Effect("; ".join(told), max((abs(b.delta) for b in mine), default=0.0))
