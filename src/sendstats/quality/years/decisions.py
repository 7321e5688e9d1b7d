"""A decision that must have been taken: something followed from it, or another took its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL
from sendstats.catalogue.tables import PERCENT
from sendstats.ingest.symbols import number
from sendstats.quality.broken import DOUBT, FOLLOWS, TAKEN, Broken
from sendstats.quality.cells import Checked
from sendstats.quality.returns import Decision, decisions
from sendstats.quality.settings import threshold

_BEFORE = "_before"


def decided(checked: Checked) -> Iterator[Broken]:
    """Find authorities with too few decisions of a kind for what else their row says.

    Disputes over a decision are not more than the decisions of the year and of the year before
    together. And where all cases end in one of a few ways, one that is common everywhere is not
    next to nought while another holds what it holds hardly anywhere: then the one was recorded
    as the other.
    """
    for decision in (d for d in decisions() if d.table == checked.table.id):
        if {decision.decision, decision.whole, *decision.follows} <= set(checked.layout.columns):
            yield from _decided(checked, decision)


def _decided(checked: Checked, decision: Decision) -> Iterator[Broken]:
    totals = checked.totals.sort("place", "period")
    before = pl.col(decision.decision).shift(1).over("place").alias(_BEFORE)
    local = totals.filter(pl.col("level") == LOCAL).with_columns(before)
    england = totals.filter(pl.col("level") == NATIONAL).partition_by("period", as_dict=True)
    for (period,), rows in sorted(local.partition_by("period", as_dict=True).items()):
        taken = _taken(checked, rows, decision)
        whole = england[(period,)].row(0, named=True) if (period,) in england else None
        for row in rows.drop_nulls(decision.decision).sort("row").iter_rows(named=True):
            many = [c for c in decision.follows if _more(row[c], row[decision.decision])]
            if _beyond(row, decision, many) or row["row"] in taken:
                one = _few(checked, row, decision, many, taken.get(row["row"]))
                if one.rule == FOLLOWS and not one.cause:
                    one = replace(one, cause=_either(checked, local, row, decision))
                yield one if whole is None else _told(checked, one, row, whole, decision)


def _more(follows: int | None, *decided: int | None) -> bool:
    """Whether more disputes, and no small number of them, follow than there were decisions.

    One more is nothing: a dispute may be older than two years.
    """
    return (
        None not in decided
        and follows is not None
        and follows >= threshold("follows_least")
        and follows > sum(n for n in decided if n) + 1
    )


def _beyond(row: dict[str, Any], decision: Decision, many: list[str]) -> list[str]:
    """Return the disputes that are more than the decisions of the year and the year before."""
    return [c for c in many if _more(row[c], row[decision.decision], row[_BEFORE])]


def _taken(checked: Checked, local: pl.DataFrame, decision: Decision) -> dict[int, tuple[int, str]]:
    """Return, by row, how many decisions would be usual, and what stands in their place."""
    parts = (decision.decision, *decision.instead)
    if checked.extract or not decision.instead or not set(parts) <= set(local.columns):
        return {}
    known = local.filter(pl.col(decision.whole) >= threshold("shares_least")).drop_nulls(parts)
    if known.height < threshold("shares_places"):
        return {}
    shares = known.select((pl.col(c) / pl.col(decision.whole)).alias(c) for c in parts)
    usual = shares.median().row(0, named=True)[decision.decision]
    most = shares.quantile(1 - threshold("shares_tail"), "nearest").row(0, named=True)
    found = {}
    for row, of in zip(known.iter_rows(named=True), shares.iter_rows(named=True), strict=True):
        beyond = [c for c in decision.instead if of[c] > most[c]]
        if beyond and of[decision.decision] < threshold("shares_few") * usual:
            says = "; ".join(_stands(checked, row[c], of[c], most[c], c) for c in beyond)
            found[row["row"]] = round(usual * row[decision.whole]), says
    return found


def _stands(checked: Checked, n: int, share: float, most: float, column: str) -> str:
    name, tail = checked.layout.columns[column], threshold("shares_tail")
    return (
        f"{n:,} ({100 * share:.1f} %) stand in {name}, where {100 * (1 - tail):.0f} of 100 "
        f"authorities have at most {100 * most:.1f} %"
    )


def _few(
    checked: Checked,
    row: dict[str, Any],
    decision: Decision,
    many: list[str],
    taken: tuple[int, str] | None,
) -> Broken:
    beyond = _beyond(row, decision, many)
    usual, instead = taken or (0, "")
    named = checked.layout.columns
    disputes = ", ".join(f"{row[c]:,} {named[c]}" for c in (beyond or many))
    if beyond:
        most = max(row[c] for c in beyond)
        says = f"at least {most - row[_BEFORE]:,} ({disputes}; {row[_BEFORE]:,} the year before)"
        rule, expected = FOLLOWS, most - row[_BEFORE]
    else:
        of = f"the usual share of {row[decision.whole]:,} {named[decision.whole]}"
        rule, expected, says = TAKEN, usual, f"about {usual:,} ({of})"
        instead += f"; beside {disputes}" if many else ""
    columns = (decision.decision, *many, *(decision.instead if taken else ()))
    rates = [f"{c}{PERCENT}" for c in columns if f"{c}{PERCENT}" in named]
    return Broken(
        rule=rule,
        kind=DOUBT,
        period=row["period"],
        place=row["place"],
        column=decision.decision,
        row=row["row"],
        expected=expected,
        found=row[decision.decision],
        says=says,
        rows=(row["row"],),
        columns=(*columns, *rates),
        cause=instead,
    )


def _either(checked: Checked, local: pl.DataFrame, row: dict[str, Any], decision: Decision) -> str:
    """Say that the disputes may be what is wrong, where they are out of their own other years.

    The decisions are then within theirs, or above.
    """
    years = local.filter(pl.col("place") == row["place"], pl.col("period") != row["period"])
    mine = years[decision.decision].drop_nulls()
    if mine.is_empty() or row[decision.decision] < min(mine):
        return ""
    named = checked.layout.columns
    far = [
        f"{row[c]:,} {named[c]} where other years have at most {max(years[c].drop_nulls()):,}"
        for c in _beyond(row, decision, list(decision.follows))
        if years[c].count() and row[c] > max(years[c].drop_nulls())
    ]
    own = f"while {row[decision.decision]:,} is no less than its other years have"
    return f"the disputes may be too many: {', '.join(far)}, {own}" if far else ""


def _told(
    checked: Checked, one: Broken, row: dict[str, Any], england: dict[str, Any], decision: Decision
) -> Broken:
    """Add what England's printed share is without the authority, if it prints otherwise."""
    percent = f"{decision.decision}{PERCENT}"
    if percent not in checked.layout.columns:
        return one
    cell = checked.frame.filter(
        pl.col("row") == england["row"], pl.col("period") == england["period"]
    ).select(pl.col(percent).str.strip_chars().alias("text"), number(percent, pl.Float64))
    text, printed = cell.collect().row(0)
    base = (england[decision.whole] or 0) - (row[decision.whole] or 0)
    top = (england[decision.decision] or 0) - row[decision.decision]
    decimals = len(text.partition(".")[2]) or 1
    others = 100 * top / base if base > 0 else None
    if printed is None or others is None or f"{others:.{decimals}f}" == f"{printed:.{decimals}f}":
        return one
    name = checked.layout.columns[percent]
    says = f"England {name} {text} as published, {others:.{decimals}f} without this authority"
    return replace(one, effect=says, effect_size=abs(others - printed))
