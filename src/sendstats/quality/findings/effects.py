"""What a finding does to the figures that DfE prints for England, and for the place it is about."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sendstats.catalogue.places import NATIONAL, england, places
from sendstats.ingest.symbols import number
from sendstats.quality.broken import (
    BASE,
    DEFINITION,
    DETAIL,
    ITEMS,
    MEMBERS,
    PARTS,
    RATE,
    SHARE,
    SIDES,
    Broken,
)
from sendstats.quality.cells import LABELS, TOTAL, Slice
from sendstats.quality.findings.detail import Detail, detail_of
from sendstats.quality.findings.group import Group
from sendstats.quality.inside.rates import Rate, printed_decimals, rates_of
from sendstats.quality.settings import threshold


@dataclass(frozen=True)
class Effect:
    """What would change in a printed figure.

    Attributes
    ----------
    text : str
        In words; empty where no figure of England, or of the place itself, is touched.
    size : float
        Per cent of a count of England, or percentage points of a rate of England; the largest.
    """

    text: str = ""
    size: float = 0.0


@dataclass(frozen=True)
class _Change:
    """How far one count of England is from what it should be.

    Attributes
    ----------
    by : float
    least : bool
        Whether it is at least so far: some of what is added up has no figure.
    how : str
        What the other figure is made of.
    short : bool
        Whether parts fall short of a total that nothing else contradicts: somebody is in no part.
    sound : bool
        Whether something else bears the total out.
    """

    by: float
    least: bool = False
    how: str = "by its parts"
    short: bool = False
    sound: bool = False


def effect(group: Group, held: Slice) -> Effect:
    """Return what the finding does to England's undivided figures of its period.

    Where who is counted differs between the two sides of a rate, every whole has its own finding,
    and the effect is on the rate of that whole.
    """
    if group.first.rule == SIDES and group.first.whole:
        size = group.first.effect_size if group.first.level == NATIONAL else 0.0
        return Effect(group.first.effect, size)
    said, row = own(group), _england(held)
    if said.text or not row:
        return said
    if group.first.rule == DETAIL:
        return _uncovered(group, held, row)
    changes = _changes(group, held, row)
    if not changes:
        return _printed(group, held)
    found = [_count(held, row, c, change) for c, change in changes.items()]
    found += _rates(held, row, changes)
    return _largest([e for e in found if e.text])


def _largest(found: list[Effect]) -> Effect:
    told = sorted(found, key=lambda e: (-e.size, e.text))
    most = int(threshold("named_effects"))
    more = [f"and {len(told) - most} more"] if len(told) > most else []
    text = "; ".join([*(e.text for e in told[:most]), *more])
    return Effect(text, max((e.size for e in told), default=0.0))


def own(group: Group) -> Effect:
    """Return what the gate itself says of England's figures."""
    told = [b for b in group.broken if b.effect]
    text = "; ".join(dict.fromkeys(b.effect for b in told))
    return Effect(text, max((b.effect_size for b in told), default=0.0))


def _england(held: Slice) -> dict[str, int | None]:
    whole = pl.all_horizontal(pl.col(c) == TOTAL for c in LABELS)
    of = held.numbers.filter((pl.col("level") == NATIONAL) & whole)
    return of.row(0, named=True) if of.height == 1 else {}


def _changes(group: Group, held: Slice, row: dict[str, int | None]) -> dict[str, _Change]:
    """Return how far each of England's counts is from what its parts say."""
    found: dict[str, _Change] = {}
    for rule in (ITEMS, MEMBERS, PARTS):
        mine = [b for b in group.broken if b.rule == rule and b.whole]
        mine = [b for b in mine if b.expected is not None]
        if any("carry the total" in b.cause for b in mine):
            return {}  # the members are wrong, not what contains them
        for column in {b.column for b in mine}:
            of = [b for b in mine if b.column == column]
            found[column] = _change(group, held, row, of)
    return {c: d for c, d in sorted(found.items()) if d.by}


def _change(group: Group, held: Slice, row: dict[str, int | None], of: list[Broken]) -> _Change:
    """Return the change that England's own row tells, or else the roots below it together."""
    own = [b for b in of if b.place == england().key]
    told = own[:1] or [b for b in of if b.place in group.roots]
    by = sum(b.delta for b in told)
    rule, column, explained = of[0].rule, of[0].column, of[0].explained
    if rule == PARTS and explained:
        meant = [c for c in explained if c != column]
        named = " and ".join(held.checked.layout.columns[c] for c in meant)
        if column in explained:  # a part is left out: England's own row says how many that is
            return _Change(sum(row.get(c) or 0 for c in meant), how=f"with {named}")
        return _Change(by, how=f"without {named}")
    against = {b.column for b in group.broken if b.rule == MEMBERS}
    short = rule == PARTS and by < 0 and column not in against
    least, sound = (any(x) for x in ((b.says.startswith("at least") for b in told),
                                     (b.sound for b in told)))  # fmt: skip
    return _Change(by, least, short=short or sound, sound=sound)


def _count(held: Slice, row: dict[str, int | None], column: str, change: _Change) -> Effect:
    printed = row.get(column)
    if not printed:
        return Effect()
    if change.sound:
        return Effect()
    if change.short:
        return _lacking(held, row, column, int(-change.by))
    name = held.checked.layout.printed(column, held.period)
    least = "at least " * change.least
    text = (
        f"England {name} {printed:,} as published, {least}{printed + change.by:,.0f} {change.how}"
    )
    return Effect(text, 100 * abs(change.by) / printed)


def _lacking(held: Slice, row: dict[str, int | None], column: str, lacking: int) -> Effect:
    """Say who is in no part of a total, unless a rate divides by it: then the rates say it."""
    if any(column in r.denominators for r in rates_of(held)) or not _parts(held, column):
        return Effect()
    return _covered(held, row, column, lacking, f"of which {lacking:,} are in no part")


def _uncovered(group: Group, held: Slice, row: dict[str, int | None]) -> Effect:
    """Say which share of what England's parts lack is of this finding's place."""
    short = [b for b in group.broken if b.rule == PARTS and b.whole and b.delta < 0]
    of = [b for b in short if b.place == england().key]
    found = []
    for one in of:
        all_, detail = int(-one.delta), detail_of(group, held)
        mine = _share(detail, all_)
        who = f"of which {all_:,} are in no part"
        if mine != all_:
            name = places()[group.place].name
            who = f"of which {mine:,} of {name} are in no part ({all_:,} in all)"
        found.append(_covered(held, row, one.column, mine, who))
    return _largest([e for e in found if e.text])


def _share(detail: Detail | None, all_: int) -> int:
    """Return how many of those that are in no part are of one place."""
    return all_ if detail is None else min(detail.total - detail.held, all_)


def _covered(
    held: Slice, row: dict[str, int | None], column: str, lacking: int, who: str
) -> Effect:
    """Say what shares of those with a part, and of all, the largest part is."""
    printed = row.get(column)
    if not printed or not lacking:
        return Effect()
    name = held.checked.layout.printed(column, held.period)
    text = f"England {name} {printed:,}, {who}"
    largest = max((p for p in _parts(held, column) if row.get(p)), key=lambda p: row[p] or 0,
                  default="")  # fmt: skip
    top = row.get(largest)
    if not top:
        return Effect(text, 100 * lacking / printed)
    shares = 100 * top / (printed - lacking), 100 * top / printed
    called = held.checked.layout.printed(largest, held.period)
    text += f": {called} {shares[0]:.1f} % without them, {shares[1]:.1f} % of all"
    return Effect(text, abs(shares[0] - shares[1]))


def _parts(held: Slice, column: str) -> list[str]:
    """Return the columns that a total is made of in this period, and those that its base has."""
    layout = held.checked.layout
    parts = [p for s in layout.sums if s.total == column and s.holds(held.period) for p in s.parts]
    return parts + [
        p for b in layout.bases if b.holds(held.period) for p in b.leaves if p != column
    ]


def _rates(held: Slice, row: dict[str, int | None], changes: dict[str, _Change]) -> list[Effect]:
    """Return England's printed rates that would print otherwise."""
    percents = held.percents.filter(pl.col("row") == row["row"])
    return [e for rate in rates_of(held) if (e := _rate(held, row, percents, rate, changes)).text]


def _rate(
    held: Slice,
    row: dict[str, int | None],
    percents: pl.DataFrame,
    rate: Rate,
    changes: dict[str, _Change],
) -> Effect:
    above = {c: d for c, d in changes.items() if c == rate.numerator and not d.short}
    below = {c: d for c, d in changes.items() if c in rate.denominators}
    text = percents[rate.percent].item()
    printed = percents.select(number(rate.percent, pl.Float64)).item()
    top = row.get(rate.numerator)
    base = sum(row.get(d) or 0 for d in rate.denominators)
    new_base = base + sum(d.by for d in below.values())
    if not (above or below) or printed is None or top is None or not base or new_base <= 0:
        return Effect()
    new = 100 * (top + sum(d.by for d in above.values())) / new_base
    decimals = printed_decimals(held, rate.percent, printed)
    if f"{new:.{decimals}f}" == f"{printed:.{decimals}f}":
        return Effect()
    bound = _bound(above, below)
    name = held.checked.layout.printed(rate.percent, held.period)
    short = sum(-d.by for d in below.values() if d.short)
    without = f" without the {short:,.0f} in no part" if short else ""
    said = f"England {name} {text} as published, {bound}{new:.{decimals}f}{without}"
    return Effect(said, abs(new - printed))


def _bound(above: dict[str, _Change], below: dict[str, _Change]) -> str:
    """Return which way a rate may still move where one of its counts is a lower bound."""
    over, under = (any(d.least for d in side.values()) for side in (above, below))
    return "about " if over and under else "at least " * over + "at most " * under


def _printed(group: Group, held: Slice) -> Effect:
    """Return what a misprinted rate of England should be."""
    of = [b for b in group.broken if b.rule in (BASE, RATE, SHARE) and b.whole]
    mine = [b for b in of if b.place == england().key and b.kind != DEFINITION]
    told = [
        f"England {held.checked.layout.columns[b.column]} {b.found:g} as published, {b.says}"
        for b in mine
    ]
    return Effect("; ".join(told), max((abs(b.delta) for b in mine), default=0.0))
