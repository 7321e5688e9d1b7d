"""Ages at which nobody can be in what a column counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import polars as pl

from sendstats.catalogue.load import document, record
from sendstats.catalogue.places import LOCAL, NATIONAL
from sendstats.quality.across.moved import moved
from sendstats.quality.broken import AGES, Broken
from sendstats.quality.cells import TOTAL, Checked, Slice
from sendstats.quality.inside.sums import where
from sendstats.quality.settings import WHERE, threshold, unsteady


@dataclass(frozen=True)
class Excluded:
    """Ages at which nobody can be in a column.

    Attributes
    ----------
    says : str
        Why not.
    topics : tuple of str
        The table, and its topic of the age that counts, such as ``"caseload age"``.
    columns : tuple of str
    whole : str
        The column that England's figure is printed in.
    below, above : int
        Nobody is younger than the one or older than the other.
    """

    says: str
    topics: tuple[str, ...]
    columns: tuple[str, ...]
    whole: str
    below: int = 0
    above: int = 99


@cache
def excludeds() -> tuple[Excluded, ...]:
    """Return every column with the ages that it cannot hold."""
    return tuple(record(Excluded, entry, WHERE) for entry in document(WHERE)["excluded"])


def ages(held: Slice) -> Iterator[Broken]:
    """Find authorities that count many at an age which the column cannot hold.

    A few are slips of single records; many are a column that holds somebody else.
    """
    for rule in excludeds():
        columns = [c for c in rule.columns if c in held.columns]
        named = (t.split(" ") for t in rule.topics)
        topics = [topic for table, topic in named if table == held.checked.table.id]
        for topic in topics if columns else ():
            for row in _odd(held, rule, topic, columns):
                yield _broken(held, rule, row, columns)


def possible(checked: Checked, one: Broken) -> bool:
    """Say whether a column can hold the ages that the larger of an exchanged pair counts.

    What is not recorded may hold anybody, and says nothing.

    Parameters
    ----------
    checked : Checked
    one : Broken
        Two counts of a return that look exchanged; its first two columns, the larger first.
    """
    larger, other = one.columns[:2]
    if any(fnmatchcase(larger, pattern) for pattern in unsteady()):
        return True
    for rule in (r for r in excludeds() if other in r.columns):
        topics = [t.split(" ")[1] for t in rule.topics if t.startswith(f"{checked.table.id} ")]
        age = pl.col("item").str.extract(r"(\d+)").cast(pl.Int32)
        impossible = (age < rule.below) | (age > rule.above)
        here = (pl.col("place") == one.place) & (pl.col("period") == one.period)
        of = checked.items(larger).filter(here, impossible, pl.col("topic").is_in(topics))
        if of["n"].sum() >= threshold("excluded_least"):
            return False
    return True


def _odd(held: Slice, rule: Excluded, topic: str, columns: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the row with most of each authority, with all its rows and how many they hold."""
    age = pl.col("item").str.extract(r"(\d+)").cast(pl.Int32)
    impossible = (age < rule.below) | (age > rule.above)
    rows = held.numbers.filter(
        impossible, pl.col("topic") == topic, pl.col("placement") == TOTAL
    ).with_columns(pl.sum_horizontal(columns).alias("_odd"))
    england = int(rows.filter(pl.col("level") == NATIONAL)["_odd"].sum())
    there = rows.filter(pl.col("level") == LOCAL, pl.col("_odd") > 0)
    many = there.with_columns(pl.col("_odd").sum().over("place").alias("_sum")).filter(
        pl.col("_sum") >= threshold("excluded_least")
    )
    ordered = many.sort("place", "_odd", "row", descending=[False, True, False])
    for _, of in ordered.group_by("place", maintain_order=True):
        yield of.row(0, named=True) | {"_rows": sorted(of["row"]), "_england": england}


def _broken(held: Slice, rule: Excluded, row: dict[str, Any], columns: list[str]) -> Broken:
    column = max(columns, key=lambda c: row[c] or 0)
    text, size = moved(held, {rule.whole: -row["_sum"]})
    rows = len(row["_rows"])
    return Broken(
        **where(AGES, held, row, column),
        expected=0,
        says=f"0: {rule.says}",
        rows=tuple(row["_rows"]),
        columns=tuple(columns),
        cause=f"{row['_sum']:,} at such an age in {rows} rows, {row['_england']:,} in all of "
        "England: the column holds others, or the age is wrong",
        effect=text,
        effect_size=size,
    )
