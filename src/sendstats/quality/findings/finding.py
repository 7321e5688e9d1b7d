"""One broken identity, with all that it takes along, as the row of a finding."""

from __future__ import annotations

from typing import Any

import polars as pl

from sendstats.catalogue.footnotes import footnotes_for
from sendstats.catalogue.places import LOCAL, places
from sendstats.quality.across.kept import Across
from sendstats.quality.broken import DEFINITION, DETAIL, ITEMS, PARTS, SIDES, Broken, Touched
from sendstats.quality.cells import LABELS, TOTAL, Checked, Slice
from sendstats.quality.findings.detail import publisher_says, why_bare
from sendstats.quality.findings.effects import effect, own
from sendstats.quality.findings.group import Group
from sendstats.quality.findings.links import misprint
from sendstats.quality.schema import FINDINGS, FLAGS
from sendstats.quality.settings import threshold


def between(found: Across) -> dict[str, Any]:
    """Return the finding of an identity across tables: its cells may stand in several."""
    first = found.broken[0]
    group = Group(first.place, found.broken, frozenset({first.place}))
    cells = [(c.table.id, c.release, *cell) for c, cell in found.cells]
    told = {"effect": found.effect, "effect_size": found.effect_size, "cells": cells}
    return finding(found.checked, group, first=first) | told


def finding(
    checked: Checked, group: Group, held: Slice | None = None, *, first: Broken | None = None
) -> dict[str, Any]:
    """Return the row of a finding, with the cells it touches under ``cells``.

    Parameters
    ----------
    checked : Checked
        The table it is told of.
    group : Group
        The identities that fail for one reason.
    held : Slice, optional
        The period it was found in, which tells what it does to England's figures.
    first : Broken, optional
        The identity that speaks for all, where it is not that of the group.
    """
    first, layout = first or group.first, checked.layout
    told = effect(group, held) if held else own(group)
    label = first.label if first.topic == TOTAL else f"{first.topic} {first.label}"
    where = f"{checked.table.id}.{checked.release}.{first.period}.{first.place}"
    return {
        "finding": f"{first.rule}.{where}.{label}.{first.column}",
        "rule": first.rule,
        "kind": _kind(checked, group),
        "table": checked.table.id,
        "release": checked.release,
        "file": layout.file,
        "period": first.period,
        "place": first.place,
        "place_name": places()[first.place].name,
        "topic": first.topic,
        "label": first.label,
        "column": first.column,
        "published_column": layout.printed(first.column, first.period),
        "row": first.row,
        "expected": first.says,
        "found": _shown(first),
        "size": abs(first.delta),
        "places": len({b.place for b in group.broken}),
        "touches": ";".join(sorted({p for b in group.broken for p in (b.place, *b.others)})),
        "also": _also(group),
        "cause": _cause(group, held),
        "effect": told.text,
        "effect_size": told.size,
        "coverage": _coverage(group, held),
        "repairable": False,
        "footnote": _footnote(checked, group),
        "cells": [(checked.table.id, checked.release, *cell) for cell in _cells(checked, group)],
    }


def _cells(checked: Checked, group: Group) -> list[Touched]:
    """Return every cell that the finding touches.

    Where a meaning differs these are the columns that explain the gap, not a total that is right;
    where nothing explains it, all columns, unless the gap is too small to matter to any of them.
    """
    if group.first.rule == DETAIL:
        return sorted({cell for b in group.broken for cell in _below(b)})
    if _kind(checked, group) != DEFINITION:
        return sorted({cell for b in group.broken for cell in b.cells})
    first = group.first
    matters = abs(first.delta) >= threshold("definition_share") * abs(first.found or 0)
    touched: set[Touched] = set()
    for b in group.broken:
        columns = b.explained or (b.columns if matters else ())
        touched |= {*b.touched(columns)}
    return sorted(touched)


def _kind(checked: Checked, group: Group) -> str:
    """Tell an error from a matter of meaning: parts that miss their total in many authorities.

    Where an extract holds England alone the two cannot be told apart, and no error is claimed, but
    where parts are more than their total, and nothing explains it.
    """
    local = {b.place for b in group.broken if places()[b.place].level == LOCAL}
    many = len(local) > threshold("named_places")
    unlike = group.first.delta > 0 and not group.first.cause
    meaning = group.first.rule == PARTS and (many or (checked.extract and not unlike))
    return DEFINITION if meaning else group.first.kind


def _below(one: Broken) -> list[Touched]:
    """Return the cells that lack somebody: of a whole above, the parts and not the total."""
    if one.rule == PARTS:
        return one.touched(one.columns[1:])
    return [cell for cell in one.cells if one.rule != ITEMS or cell[0] != one.row]


def _shown(first: Broken) -> str:
    if first.row is None or first.found is None:
        return "none"
    if first.rule == DETAIL:
        return f"{first.found:,} and no part"
    return first.shown or f"{first.found:,.10g}"


def _cause(group: Group, held: Slice | None) -> str:
    told = {b.cause for b in group.broken if b.cause and b.rule == group.first.rule}
    known = group.first.cause or (told.pop() if len(told) == 1 else "")
    return known or (_shown_by(group, held) if held else "") or "unknown"


def _shown_by(group: Group, held: Slice) -> str:
    """Return what other cells of the period, or a footnote, show of the cause."""
    if group.first.rule == DETAIL:
        return why_bare(group, held)
    if group.first.rule == PARTS and group.first.delta < 0:
        return publisher_says(group, held)
    return misprint(group, held)


def _also(group: Group) -> str:
    """Return what else fails for the same reason, rule by rule."""
    others: dict[str, list[str]] = {}
    for b in group.broken:
        if b is not group.first:
            others.setdefault(b.rule, []).append(b.place)
    return "; ".join(
        f"{rule}: {len(where)} in {len(set(where))} place{'s' * (len(set(where)) > 1)}"
        for rule, where in sorted(others.items())
    )


def _footnote(checked: Checked, group: Group) -> str:
    """Return what the publisher's footnotes say of this place or this period, if any does."""
    first, touched = group.first, {b.place for b in group.broken}
    column = first.placement if checked.layout.long else first.column
    notes = footnotes_for(checked.table.id, column, first.period)
    of = [n for n in notes if touched & set(n.places) or (n.periods and not n.places)]
    return " ".join(dict.fromkeys(n.says for n in of))


def _coverage(group: Group, held: Slice | None) -> str:
    """Return how many authorities have a number where the finding is about some that have none.

    Of a rate these are the authorities with both sides of it.
    """
    first = group.first
    if held is None or first.rule not in (DETAIL, SIDES):
        return ""
    local = held.numbers.filter(
        (pl.col("level") == LOCAL) & pl.all_horizontal(pl.col(c) == TOTAL for c in LABELS)
    )
    rate = next((r for r in held.checked.layout.ratios if r.percent == first.column), None)
    if rate:
        both = [pl.col(c).is_not_null() for c in rate.columns[:2]]
        return f"{local.filter(both).height} of {local.height} authorities have both counts"
    of = [c for c in first.columns[1:] if c in local.columns] or [first.column]
    have = local.select(pl.any_horizontal(pl.col(c).is_not_null() for c in of).sum()).item()
    return f"{have} of {local.height} authorities have a figure"


def tables_of(rows: list[dict[str, Any]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return findings and their flags; columns of `FINDINGS` and `FLAGS`."""
    flags = [(row["finding"], *cell) for row in rows for cell in row.pop("cells")]
    return pl.DataFrame(rows, schema=FINDINGS), pl.DataFrame(flags, schema=FLAGS, orient="row")
