"""Identities that add up: over places, over columns, and over the items of a breakdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL, REGIONAL, of_level
from sendstats.catalogue.tables import Sum
from sendstats.ingest.periods import census_day
from sendstats.quality.broken import (
    CONTRADICTION,
    DETAIL,
    GAP,
    HOLE,
    ITEMS,
    MEMBERS,
    PARTS,
    WHOLE,
    Broken,
)
from sendstats.quality.cells import LABELS, TOTAL, Slice, parent
from sendstats.quality.findings.causes import beside, besides, counted, left_for, meaning, redefined
from sendstats.quality.inside.borne import borne_out, lacking
from sendstats.quality.settings import families


def members(held: Slice) -> Iterator[Broken]:
    """Hold that authorities sum to their region and regions to England, in every count and row.

    Where some children have no number the parent is at least the sum of the others. A child
    without a row has nobody of that kind, if it has rows of the same topic.
    """
    for child, whole_level in ((LOCAL, REGIONAL), (REGIONAL, NATIONAL)):
        frame = _summed(held, child, whole_level)
        for column in held.columns:
            total, nulls = pl.col(f"{column}|sum"), pl.col(f"{column}|nulls")
            signed = held.numbers.select((pl.col(column) < 0).any()).item()
            whole = (nulls == 0) & pl.col("_whole")
            wrong = whole & (total != pl.col(column))
            if not signed:
                wrong |= ~whole & (total > pl.col(column))
            gone = pl.col(column).is_null() & (nulls < pl.col("_held"))
            for row in frame.filter(gone).sort("row").iter_rows(named=True):
                cells = (row["row"], *row["_rows"])
                yield _gone(held, row, (column,), cells)
            for row in frame.filter(wrong).sort("row").iter_rows(named=True):
                yield _member(held, row, column)


def _summed(held: Slice, child: str, above: str) -> pl.DataFrame:
    kids = held.numbers.filter(pl.col("level") == child)
    of = pl.col("region").alias("place")
    summed = kids.group_by(of, *LABELS).agg(
        *(pl.col(c).sum().alias(f"{c}|sum") for c in held.columns),
        *(pl.col(c).is_null().sum().alias(f"{c}|nulls") for c in held.columns),
        pl.col("row").alias("_rows"),
        pl.len().alias("_held"),
    )
    in_topic = kids.group_by(of, "topic").agg(pl.col("place").n_unique().alias("_in_topic"))
    wholes = held.numbers.filter(pl.col("level") == above)
    joined = wholes.join(summed, on=["place", *LABELS]).join(in_topic, on=["place", "topic"])
    return joined.with_columns((pl.col("_in_topic") >= _in_force(held, child)).alias("_whole"))


def _in_force(held: Slice, level: str) -> pl.Expr:
    """Return how many members of `level` each place has in the period."""
    day, divides, found = census_day(held.period), held.checked.layout.divides, dict[str, int]()
    for place in of_level(level, divides):
        if place.in_force(day):
            key = parent(place, divides)
            found[key] = found.get(key, 0) + 1
    return pl.col("place").replace_strict(found, default=0, return_dtype=pl.Int64)


def _member(held: Slice, row: dict[str, Any], column: str) -> Broken:
    rows = row["_rows"]
    numbers = held.numbers.filter(pl.col("row").is_in(rows))[column].to_list()
    copies = sum(n == row[column] for n in numbers) if row[column] else 0
    whole = row[f"{column}|nulls"] == 0 and row["_whole"]
    least = "" if whole else "at least "
    says, shown = f"{least}{row[f'{column}|sum']:,} (sum of {row['_held']} members)", ""
    if copies > 1:
        says = f"members that add up to {row[column]:,}"
        total = row[f"{column}|sum"]
        shown = f"{copies} that print {row[column]:,} each, with all others {total:,}"
    return Broken(
        **where(MEMBERS, held, row, column),
        expected=row[f"{column}|sum"],
        says=says,
        shown=shown,
        rows=(row["row"], *rows),
        columns=(column,),
        cause=f"{copies} of {row['_held']} members carry the total itself" if copies > 1 else "",
    )


def parts(held: Slice) -> Iterator[Broken]:
    """Hold that parts sum to their total, in every row.

    A part that was not asked for is no part. Where every part of a total is missing, the total
    has no detail; where some are, or England prints a symbol for one that may stand for somebody,
    the total is at least the others and the rest is coverage.
    """
    for identity in (s for s in held.checked.layout.sums if s.holds(held.period)):
        for topic in held.collected["topic"].unique().sort():
            used = [p for p in identity.parts if p in held.holds(topic)]
            if used and identity.total in held.holds(topic):
                rows = held.numbers.filter(pl.col("topic") == topic)
                yield from _parts(held, rows, identity.total, used, identity)


def _parts(
    held: Slice, rows: pl.DataFrame, total: str, used: list[str], identity: Sum
) -> Iterator[Broken]:
    unsaid: list[str] = []
    if len(used) < len(identity.parts):
        silent = held.unsaid(rows["topic"][0])
        unsaid = [p for p in identity.parts if p in silent and p not in used]
    nulls = pl.sum_horizontal(pl.col(p).is_null() for p in used)
    frame = rows.with_columns(
        pl.sum_horizontal(pl.col(p).fill_null(0) for p in (*used, *unsaid)).alias("_sum"),
        nulls.alias("_nulls"),
        pl.sum_horizontal(pl.col(p).is_null() for p in (*used, *unsaid)).alias("_open"),
    ).filter(pl.col(total).is_not_null())
    gone = rows.filter(pl.col(total).is_null() & (nulls == 0))
    for row in gone.sort("row").iter_rows(named=True):
        yield _gone(held, row, (total, *used), (row["row"],))
    bare = frame.filter((pl.col("_nulls") == len(used)) & (pl.col(total) > 0))
    for row in bare.sort("row").iter_rows(named=True):
        yield _bare(held, row, total, (total, *used), (row["row"],))
    apart = frame.filter(pl.col("_sum") != pl.col(total))
    wrong = (pl.col("_open") == 0) | (pl.col("_sum") > pl.col(total))
    failing = apart.filter(wrong).sort("row")
    cause, explained = meaning(failing, total, used, identity, held)
    part = beside(held, rows, total, used) if failing.height and not cause else ""
    if part:
        yield from _beside(held, frame.filter(pl.col(part) > 0).sort("row"), total, part, used)
        return
    beyond = apart.filter((pl.col("_nulls") == 0) & (pl.col("_sum") < pl.col(total)))
    more = besides(beyond, total, held) if failing.is_empty() else ()
    if more:
        failing, explained = beyond.sort("row"), more
        cause = counted(held, more, total)
    cause = cause or redefined(held, total, used)
    short = failing.filter(pl.col("_sum") < pl.col(total))
    sound = borne_out(held, short, total) if short.height and not cause else {}
    for row in failing.iter_rows(named=True):
        least = "at least " if row["_open"] and not more else ""
        known = len(used) + sum(row[p] is not None for p in unsaid)
        yield Broken(
            **where(PARTS, held, row, total),
            expected=row["_sum"],
            says=f"{least}{row['_sum']:,} (sum of {known} parts)",
            rows=(row["row"],),
            columns=(total, *used),
            cause=cause or lacking(row, total, sound, short) or left_for(held, row, total, used),
            explained=explained,
            sound=row["row"] in sound,
        )


def _beside(
    held: Slice, frame: pl.DataFrame, total: str, part: str, used: list[str]
) -> Iterator[Broken]:
    """Yield every row in which a total leaves out a part that is counted beside it."""
    names = held.checked.layout.columns
    for row in frame.iter_rows(named=True):
        whole = row[total] + row[part]
        terms = f"{row[total]:,} {names[total]} and {row[part]:,} {names[part]} beside it"
        yield Broken(
            **where(PARTS, held, row, total),
            expected=whole,
            says=f"{whole:,} ({terms})",
            rows=(row["row"],),
            columns=(total, *used),
            cause=counted(held, (part,), total, "not counted"),
            explained=(total, part),
        )


def _gone(
    held: Slice, row: dict[str, Any], columns: tuple[str, ...], rows: tuple[int, ...]
) -> Broken:
    """Say that a total is missing; what its parts add up to is not said: it may be suppressed."""
    return Broken(
        **where(WHOLE, held, row, columns[0], kind=GAP),
        expected=None,
        says=f"a figure, as all of its {max(len(rows), len(columns)) - 1} parts have one",
        rows=rows,
        columns=columns,
    )


def _bare(
    held: Slice, row: dict[str, Any], total: str, columns: tuple[str, ...], rows: tuple[int, ...]
) -> Broken:
    parts = f"{len(columns) - 1} parts" if len(columns) > 1 else f"{len(rows) - 1} items"
    of = f" of {row['topic']}" if row["topic"] != TOTAL else ""
    return Broken(
        **where(DETAIL, held, row, total, kind=GAP),
        expected=None,
        says=f"{parts}{of} with a number",
        rows=rows,
        columns=columns,
    )


def items(held: Slice) -> Iterator[Broken]:
    """Hold that the items of every breakdown, and every placement, sum to their total row.

    An item ``a.b`` is part of item ``a`` where both are rows; the others are parts of the row
    that is not broken down. An item without a row has nobody.
    """
    numbers = held.numbers
    divided = numbers.filter(pl.col("item") != TOTAL)
    for topic in divided["topic"].unique().sort():
        mine = divided.filter(pl.col("topic") == topic)
        owned = mine.with_columns(_owner("item", mine["item"].unique().to_list()))
        yield from _items(held, owned, "item", topic)
    placed = numbers.filter(pl.col("placement") != TOTAL)
    if placed.height:
        owned = placed.with_columns(_owner("placement", placed["placement"].unique().to_list()))
        yield from _items(held, owned, "placement", "")


def _owner(label: str, known: Iterable[str]) -> pl.Expr:
    """Return the total that each label is part of: by its own name, by a family, or the whole."""
    named, found = set(known), {}
    for item in named:
        pieces = item.split(".")
        prefixes = [".".join(pieces[:n]) for n in range(len(pieces) - 1, 0, -1)]
        kin = [total for name in (item, *prefixes) for total in families().get(name, ())]
        held = [p for p in (*prefixes, *kin) if p in named]
        found[item] = held[0] if held else TOTAL
    return pl.col(label).replace_strict(found, return_dtype=pl.String).alias("_owner")


def _items(held: Slice, owned: pl.DataFrame, label: str, topic: str) -> Iterator[Broken]:
    keys = ["place", *(k for k in LABELS if k != label)]
    summed = owned.group_by(*keys, "_owner").agg(
        *(pl.col(c).sum().alias(f"{c}|sum") for c in held.columns),
        *(pl.col(c).is_null().sum().alias(f"{c}|nulls") for c in held.columns),
        *(
            pl.col("row").filter(pl.col(c).is_null()).first().alias(f"{c}|hole")
            for c in held.columns
        ),
        pl.col("row").alias("_rows"),
        pl.len().alias("_held"),
    )
    wholes = held.numbers
    if label == "item":
        of_topic = wholes.filter(pl.col("topic") == topic, pl.col("item") != TOTAL)
        wholes = pl.concat([_as_topic(wholes.filter(pl.col("item") == TOTAL), topic), of_topic])
    joined = wholes.join(summed, left_on=[*keys, label], right_on=[*keys, "_owner"])
    asked = held.holds(topic) if topic else set(held.columns)
    for column in (c for c in held.columns if c in asked):
        yield from _item_faults(held, joined, column, topic)


def _as_topic(wholes: pl.DataFrame, topic: str) -> pl.DataFrame:
    undivided = wholes.filter(pl.col("topic") == TOTAL)
    return undivided.with_columns(pl.lit(topic).alias("topic"))


def _item_faults(held: Slice, joined: pl.DataFrame, column: str, topic: str) -> Iterator[Broken]:
    total, nulls = pl.col(f"{column}|sum"), pl.col(f"{column}|nulls")
    none = (nulls == pl.col("_held")) & (pl.col(column) > 0)
    whole = (nulls == 0) & (not held.checked.extract)
    wrong = (whole & (total != pl.col(column))) | (~whole & ~none & (total > pl.col(column)))
    gone = whole & pl.col(column).is_null()
    hole = (nulls == 1) & (pl.col("_held") > 1) & pl.col(column).is_not_null()
    asked = pl.col(f"{column}|hole").is_in(_unasked(held, column)).not_()
    found = joined.filter(wrong | none | gone | (hole & asked))
    found = found.with_columns(none.alias("_none"), (hole & ~wrong).alias("_hole")).sort("row")
    for row in found.iter_rows(named=True):
        rows = (row["row"], *row["_rows"])
        if row["_hole"]:
            yield _hole(held, row, column)
            continue
        if row[column] is None:
            yield _gone(held, row, (column,), rows)
            continue
        if row["_none"]:
            yield _bare(held, row, column, (column,), rows)
            continue
        least = "at least " if row[f"{column}|nulls"] else ""
        of = f" of {topic}" if topic else ""
        yield Broken(
            **where(ITEMS, held, row, column),
            expected=row[f"{column}|sum"],
            says=f"{least}{row[f'{column}|sum']:,} (sum of {row['_held']} items{of})",
            rows=rows,
            columns=(column,),
        )


def _unasked(held: Slice, column: str) -> list[int]:
    """Return the rows of what England has no figure for: it was not asked, or not said."""
    silent = held.numbers.filter((pl.col("level") == NATIONAL) & pl.col(column).is_null())
    same = held.numbers.join(silent.select(LABELS).unique(), on=LABELS, how="semi")
    return same["row"].to_list()


def _hole(held: Slice, row: dict[str, Any], column: str) -> Broken:
    """Say that one part is missing; what is left for it is not said: it may be suppressed."""
    at = held.numbers.filter(pl.col("row") == row[f"{column}|hole"]).row(0, named=True)
    return Broken(
        **where(HOLE, held, at, column, kind=GAP),
        expected=None,
        says=f"a figure, as the total and the other {row['_held'] - 1} parts have one",
        rows=(at["row"],),
        columns=(column,),
    )


def where(
    rule: str, held: Slice, row: dict[str, Any], column: str, kind: str = CONTRADICTION
) -> dict[str, Any]:
    """Return what a broken identity over one row of a table says of where it is."""
    return {
        "rule": rule,
        "kind": kind,
        "period": held.period,
        "place": row["place"],
        "column": column,
        "row": row["row"],
        "found": row.get(column),
        **{k: row[k] for k in LABELS},
    }
