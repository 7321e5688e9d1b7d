"""How the cases of a place divide into groups, against how they do in the years around."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL
from sendstats.catalogue.tables import PERCENT
from sendstats.quality.broken import DOUBT, MIX, Broken, Touched
from sendstats.quality.cells import Checked
from sendstats.quality.settings import threshold

#: A group with its count, and its shares in the year, the year before and the year after.
_Group = tuple[str, int, float, float, float]


def mixed(checked: Checked, caught: Collection[Touched]) -> Iterator[Broken]:
    """Find authorities that divide into groups of one base unlike in both years around.

    A total that is right says nothing of what it divides into. Each place and year is told once,
    by the group that is farthest beyond both its neighbours.

    Parameters
    ----------
    checked : Checked
    caught : collection of (int, str, str)
        Row, period and column of cells that something contradicts already, or that are exchanged;
        no group is held against such a neighbour.
    """
    layout = checked.layout
    groups = next((b.leaves for b in layout.bases if len(b.leaves) > 1), ())
    names = [c for c in groups if c in layout.additive]
    if layout.long or checked.extract or not names:
        return
    whole, totals = layout.additive[0], checked.totals
    told = {*caught}
    england = {r["period"]: r for r in totals.filter(pl.col("level") == NATIONAL).to_dicts()}
    local = totals.filter(pl.col("level") == LOCAL, pl.col(whole) >= threshold("mix_least"))
    for _, rows in local.sort("place", "period").group_by("place", maintain_order=True):
        years = rows.to_dicts()
        for around in zip(years, years[1:], years[2:], strict=False):
            sound = [
                c for c in (whole, *names)
                if not any((year["row"], year["period"], c) in told for year in around)
            ]  # fmt: skip
            if sound[:1] == [whole]:
                off = sorted(_off(around, whole, sound[1:]), key=lambda g: (-_beyond(g), g[0]))
                if off and _beyond(off[0]) > threshold("mix_share"):
                    row = around[1]
                    yield _broken(checked, row, whole, off, england.get(row["period"], {}))


def _off(around: tuple[Mapping[str, Any], ...], whole: str, names: list[str]) -> Iterator[_Group]:
    """Yield the groups that are off, the farthest and those that it took from or gave to."""
    before, here, after = around
    for name in names:
        if None not in (before[name], here[name], after[name]):
            shares = (year[name] / year[whole] for year in (here, before, after))
            group = (name, here[name], *shares)
            if _beyond(group) > threshold("mix_also"):
                yield group


def _beyond(group: _Group) -> float:
    """How far a share is outside those of both years around it."""
    _, _, share, *around = group
    return max(share - max(around), min(around) - share)


def _broken(
    checked: Checked, row: dict[str, Any], whole: str, off: list[_Group], england: dict[str, Any]
) -> Broken:
    (name, n, _, before, after), called = off[0], checked.layout.columns
    usual = (before + after) / 2 * row[whole]
    cause = "; ".join(
        f"{called[g]} is {100 * now:.1f} % of {called[whole]}, {100 * was:.1f} the year before and "
        f"{100 * then:.1f} the year after"
        for g, _, now, was, then in off
    )
    deltas = {g: (was + then) / 2 * row[whole] - count for g, count, _, was, then in off}
    base = next((b.leaves for b in checked.layout.bases if b.holds(row["period"])), (whole,))
    effect, size = _effect(checked, deltas, england, base)
    return Broken(
        rule=MIX,
        kind=DOUBT,
        period=row["period"],
        place=row["place"],
        column=name,
        row=row["row"],
        expected=round(usual),
        found=n,
        says=f"about {usual:,.0f}, by the shares of the years before and after",
        rows=(row["row"],),
        columns=tuple(g for g, *_ in off),
        cause=cause,
        effect=effect,
        effect_size=size,
    )


def _effect(
    checked: Checked, deltas: dict[str, float], england: dict[str, Any], base: tuple[str, ...]
) -> tuple[str, float]:
    """Say what England's groups, and their shares, would be with the shares of the years around."""
    called = checked.layout.columns
    of = sum(england.get(leaf) or 0 for leaf in base)
    told, size = list[str](), 0.0
    for name, delta in deltas.items():
        printed = england.get(name)
        if printed and of:
            told.append(f"{called[name]} {printed:,} as published, about {printed + delta:,.0f}")
            old, new = (f"{100 * count / of:.1f}" for count in (printed, printed + delta))
            if name + PERCENT in called and old != new:
                told.append(f"{called[name + PERCENT]} {old} as published, about {new}")
            size = max(size, 100 * abs(delta) / printed)
    return f"England {'; '.join(told)} if it were as in the years around" if told else "", size
