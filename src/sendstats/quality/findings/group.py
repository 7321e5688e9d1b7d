"""From broken identities to findings: one error that breaks twenty identities is one finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from sendstats.catalogue.places import LOCAL, england, places
from sendstats.quality.broken import (
    AGES,
    DETAIL,
    END,
    HALF,
    HOLE,
    ITEMS,
    MEMBERS,
    PARTS,
    RATE,
    ROW,
    SHARE,
    SIDES,
    SPIKE,
    WHOLE,
    WITHIN,
    ZERO,
    Broken,
    above,
)
from sendstats.quality.settings import threshold

#: Rules whose failures spread from a place to what contains it.
_SPREADING = (PARTS, ITEMS, WITHIN)
#: Rules over the same cells, the most telling first.
_KIN = (MEMBERS, PARTS, ITEMS, SHARE, RATE)
#: Rules over who stands on one side of a rate only.
_SIDED = (SIDES, HALF)
#: Rules over one count and the same of other years.
_AROUND = (ZERO, SPIKE, END)
#: Rules over what one place returned.
_RETURNED = (DETAIL, WHOLE, HOLE, HALF)


_ORDER = (*_KIN, SIDES, DETAIL, WHOLE, HOLE, HALF)


@dataclass(frozen=True)
class Group:
    """Broken identities with one root.

    Attributes
    ----------
    place : str
        The smallest place that holds every root.
    broken : tuple of Broken
        Every identity that fails because of it.
    roots : frozenset of str
        Places whose failure is not just that of a place inside them.
    """

    place: str
    broken: tuple[Broken, ...]
    roots: frozenset[str]

    @cached_property
    def first(self) -> Broken:
        """The identity that tells most: of the group's own place, undivided, the largest."""
        return min(self.broken, key=self._rank)

    def _rank(self, one: Broken) -> tuple[bool, bool, int, float, bool, int]:
        order = _ORDER.index(one.rule) if one.rule in _ORDER else 0
        far, clear = -abs(one.delta), len(one.explained) > 1
        return (one.place != self.place, not one.whole, order, far, not clear, one.row or 0)

    @cached_property
    def columns(self) -> set[str]:
        """The totals, rates and numerators that do not fit."""
        rates = {c for b in self.broken if b.rule in (RATE, SHARE) for c in b.columns[:2]}
        rates |= {c for b in self.broken if b.rule in _SIDED for c in b.columns}
        return {b.column for b in self.broken} | rates

    @cached_property
    def gaps(self) -> set[tuple[str, str, str, float]]:
        """How far each total is from its parts: one gap may show in two totals."""
        return {(b.place, b.topic, b.label, abs(b.delta)) for b in self.broken}


def groups(broken: Sequence[Broken]) -> list[Group]:
    """Group the broken identities of one period of one table."""
    keyed: dict[tuple[str, str], list[Broken]] = {}
    for one in broken:
        by = one.place if one.rule in (DETAIL, WHOLE, HOLE) else one.column
        by = f"{one.place} {one.period}" if one.rule == ROW else by
        by = f"{one.place} {one.column}" if one.rule == AGES else by
        keyed.setdefault((one.rule, by), []).append(one)
    found = [group for members in keyed.values() for group in _rooted(members)]
    return [one for group in _merged(_absorbed(found)) for one in _by_whole(group)]


def _by_whole(group: Group) -> list[Group]:
    """Give each whole its own finding where its rate has other members on each side.

    What the rate of a region should be is another figure than what that of England should be. What
    else fails goes to the first, the largest whole.
    """
    mine = [b for b in group.broken if b.rule == SIDES]
    wholes = sorted({b.place for b in mine}, key=lambda p: (len(above(p)), p))
    if len(wholes) == 1 or not wholes:
        return [group]
    rest = tuple(b for b in group.broken if b.rule != SIDES)
    found = [Group(p, tuple(b for b in mine if b.place == p), frozenset({p})) for p in wholes]
    first = found[0]
    return [Group(first.place, (*first.broken, *rest), first.roots), *found[1:]]


def one_group(broken: Sequence[Broken]) -> list[Group]:
    """Group what is wrong with how a file is made: whatever the places, one finding."""
    if not broken:
        return []
    places_of = frozenset(b.place for b in broken)
    return [Group(_common(places_of), tuple(broken), places_of)]


def doubtful(broken: Sequence[Broken]) -> list[Group]:
    """Group what is improbable of one place and period: several columns tell of one return."""
    keyed: dict[tuple[str, str, str], list[Broken]] = {}
    for one in broken:
        rule = "" if one.rule in _AROUND else one.rule
        keyed.setdefault((rule, one.place, one.period), []).append(one)
    return [Group(k[1], tuple(of), frozenset({k[1]})) for k, of in sorted(keyed.items())]


def _rooted(members: list[Broken]) -> list[Group]:
    """Split failures of one rule and column by root, unless they are too many to name."""
    roots = {b.place for b in members}
    if members[0].rule == SIDES:
        return [Group(_common(roots), tuple(members), frozenset(roots))]
    if members[0].rule in _SPREADING:
        roots = _roots(members)
    if len(roots) > threshold("named_places"):
        return [Group(_common(roots), tuple(members), frozenset(roots))]
    by_place: dict[str, list[Broken]] = {}
    for one in members:
        by_place.setdefault(one.place, []).append(one)
    found = []
    for root in sorted(roots, key=lambda r: (places()[r].level != LOCAL, r)):
        mine = tuple(b for p in above(root) for b in by_place.pop(p, ()))
        if mine:
            found.append(Group(root, mine, frozenset({root})))
    return found


def _roots(members: list[Broken]) -> set[str]:
    """Return the places whose gap is not the sum of the gaps of the places inside them."""
    own: dict[tuple[str, str, str], float] = {}
    inside: dict[tuple[str, str, str], float] = {}
    failing = {b.place for b in members}
    for b in members:
        own[b.topic, b.label, b.place] = own.get((b.topic, b.label, b.place), 0) + b.delta
        for holder in [p for p in above(b.place)[1:] if p in failing][:1]:
            key = (b.topic, b.label, holder)
            inside[key] = inside.get(key, 0) + b.delta
    return {key[2] for key, delta in own.items() if inside.get(key) != delta}


def _common(roots: Iterable[str]) -> str:
    shared = set.intersection(*(set(above(r)) for r in roots))
    return min(shared, key=lambda p: len(above(p)) * -1) if shared else england().key


def _absorbed(found: list[Group]) -> list[Group]:
    """Give what only follows from a total without detail to that total's finding."""
    bare = [g for g in found if g.first.rule == DETAIL]
    kept, more = [], dict[int, list[Broken]]()
    for group in found:
        mine = [n for n, g in enumerate(bare) if group.columns & g.columns]
        inside = {p for n in mine for p in above(bare[n].place)}
        if group.first.rule in (PARTS, ITEMS) and group.roots <= inside:
            for b in group.broken:
                for n in mine:
                    if b.place in above(bare[n].place):
                        more.setdefault(n, []).append(b)
        elif group.first.rule != DETAIL:
            kept.append(group)
    for n, g in enumerate(bare):
        kept.append(Group(g.place, (*g.broken, *more.get(n, ())), g.roots))
    return kept


def _merged(found: list[Group]) -> list[Group]:
    """Join groups of kindred rules that are about the same cells, gap or row."""
    joined: list[Group] = []
    for group in found:
        near = [g for g in joined if _kindred(g, group) and _near(g, group)]
        if near:
            joined = [g for g in joined if g not in near]
            broken = tuple(b for g in (*near, group) for b in g.broken)
            roots = frozenset(r for g in (*near, group) for r in g.roots)
            group = Group(_common(roots), broken, roots)  # noqa: PLW2901 - it grows
        joined.append(group)
    return joined


def _kindred(one: Group, other: Group) -> bool:
    rules = {one.first.rule, other.first.rule}
    return any(rules <= set(kin) for kin in (_KIN, _SIDED, _RETURNED))


def _near(one: Group, other: Group) -> bool:
    if one.first.rule in _RETURNED and other.first.rule in _RETURNED:
        return one.roots == other.roots
    nested = any(a in above(b) or b in above(a) for a in one.roots for b in other.roots)
    same_row = one.first.rule == other.first.rule and one.first.row == other.first.row
    same_row &= one.first.rule in (MEMBERS, ITEMS)
    same_gap = one.first.rule == other.first.rule == PARTS and one.gaps == other.gaps
    return same_row or same_gap or (nested and bool(one.columns & other.columns))
