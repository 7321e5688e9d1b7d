"""Columns that each stand for some of a whole, and of which no case is in two."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL
from sendstats.quality.broken import APART, DEFINITION, Broken
from sendstats.quality.cells import LABELS, TOTAL, Slice
from sendstats.quality.findings.causes import remainder
from sendstats.quality.inside.sums import where
from sendstats.quality.settings import Apart, aparts, threshold


def apart(held: Slice) -> Iterator[Broken]:
    """Hold that what excludes each other adds up to no more than its whole, in undivided rows.

    Where it does so in many authorities the columns mean something else than their names say;
    then England tells of all of them.
    """
    for one in (m for m in aparts() if m.table == held.checked.table.id):
        if {*one.parts, *one.wholes} <= set(held.columns):
            yield from _apart(held, one)


def _apart(held: Slice, one: Apart) -> Iterator[Broken]:
    undivided = pl.all_horizontal(pl.col(c) == TOTAL for c in LABELS)
    rows = held.numbers.filter(undivided).with_columns(
        pl.sum_horizontal(one.parts, ignore_nulls=False).alias("_parts"),
        pl.sum_horizontal(one.wholes, ignore_nulls=False).alias("_whole"),
    )
    wrong = rows.filter(pl.col("_parts") > pl.col("_whole")).sort("row")
    local = wrong.filter(pl.col("level") == LOCAL)
    england = rows.filter(pl.col("level") == NATIONAL)
    meaning = local.height > threshold("named_places") and england.height == 1
    if meaning:
        yield _of_all(held, one, england.row(0, named=True), local)
    for row in (local if meaning else wrong).iter_rows(named=True):
        printed = held.checked.layout.columns
        whole = " + ".join(printed[c] for c in one.wholes)
        yield Broken(
            **where(APART, held, row, one.parts[-1])
            | ({"kind": DEFINITION} if meaning else {})
            | {"found": row["_parts"]},
            expected=row["_whole"],
            says=f"at most {row['_whole']:,} ({whole})",
            shown=f"{row['_parts']:,} together",
            rows=(row["row"],),
            columns=one.parts,
            explained=one.parts if meaning else (),
        )


def _of_all(held: Slice, one: Apart, england: dict[str, Any], local: pl.DataFrame) -> Broken:
    """Say of England what so many of its authorities do; its own figures may hide it."""
    printed = held.checked.layout.columns
    parts, whole = (" + ".join(printed[c] for c in cs) for cs in (one.parts, one.wholes))
    beyond = local.select((pl.col("_parts") - pl.col("_whole")).sum()).item()
    far = local.filter(pl.col("_parts") > 1.5 * pl.col("_whole")).height
    cause = f"{one.says}: {parts} is more than {whole} in {local.height} authorities"
    cause += f", by {beyond:,} together" + (f", in {far} by more than half of it" if far else "")
    if one.received and one.received in local.columns:
        above = local.filter(pl.col("_parts") > pl.col(one.received)).height
        cause += f", and in {above} more than {printed[one.received]}"
    rests = [remainder(held, c) for c in one.parts]
    cause += "".join(f"; {rest}" for rest in rests if rest)
    own = england["_parts"] > england["_whole"]
    limit = f"{england['_whole']:,} ({whole})" if own else f"{whole} in every place"
    effect = f"England {parts} {england['_parts']:,}"
    effect += f", {whole} {england['_whole']:,}" if own else ""
    effect += f", of which {beyond:,} at least are counted twice" if not own else ""
    size = 100 * ((england["_parts"] - england["_whole"]) if own else beyond) / england["_parts"]
    return Broken(
        **where(APART, held, england, one.parts[-1])
        | {"kind": DEFINITION, "found": england["_parts"]},
        expected=england["_whole"] if own else None,
        says=f"at most {limit}",
        shown=f"{england['_parts']:,} together",
        rows=(england["row"],),
        columns=one.parts,
        explained=one.parts,
        cause=cause,
        effect=effect,
        effect_size=size,
    )
