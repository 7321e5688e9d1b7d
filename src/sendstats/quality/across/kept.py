"""What gates across tables keep of each table, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from sendstats.catalogue.labels import spellings
from sendstats.catalogue.places import LOCAL
from sendstats.ingest.periods import census_day
from sendstats.quality.broken import Broken, Touched
from sendstats.quality.cells import TOTAL, Checked, Slice
from sendstats.quality.returns import returned
from sendstats.quality.settings import Cell, sames, wanted

_PARTS = pl.Schema(
    {"day": pl.String, "place": pl.String, "column": pl.String, "part": pl.String, "n": pl.Int64}
)
#: What makes a row of one table the row of another.
KEY = ["day", "place", "topic", "item"]


@dataclass(frozen=True)
class Kept:
    """What gates across tables need of one table.

    Attributes
    ----------
    checked : Checked
    rows : polars.DataFrame
        ``day`` (of the census that reports the period), ``period``, place, labels, ``row`` and
        the wanted columns as numbers.
    parts : polars.DataFrame
        Where another table counts the same: ``day``, ``place``, ``column``, ``part`` and ``n``, the
        authorities' undivided figures of every placement and column that are not nought.
    """

    checked: Checked
    rows: pl.DataFrame
    parts: pl.DataFrame

    @property
    def undivided(self) -> pl.DataFrame:
        """The rows that nothing breaks down."""
        return self.rows.filter(pl.col("topic") == TOTAL, pl.col("item") == TOTAL)


def keep(checked: Checked) -> Kept | None:
    """Return what gates across tables need of one table; nothing if none reads it."""
    read = wanted().get(checked.table.id, set()) | returned(checked.table.id, checked.layout)
    columns = sorted(read & set(checked.layout.columns))
    if not columns:
        return None
    twice = {c.column for same in sames() for c in same.cells if c.table == checked.table.id}
    found, parts = [], [pl.DataFrame(schema=_PARTS)]
    for held in checked.slices():
        day = str(census_day(held.period).year)
        of = held.numbers.filter(pl.col("placement") == TOTAL)
        found.append(
            of.select(
                pl.lit(day).alias("day"),
                pl.lit(held.period).alias("period"),
                "place",
                "level",
                "topic",
                "item",
                "row",
                *columns,
            )
        )
        parts += [_parts(held, day, c) for c in sorted(twice & set(columns)) if not checked.extract]
    return Kept(checked, pl.concat(found), pl.concat(parts))


def _parts(held: Slice, day: str, column: str) -> pl.DataFrame:
    """Return the authorities' figures of every placement, or of every other column."""
    undivided = (pl.col("topic") == TOTAL) & (pl.col("item") == TOTAL)
    mine = held.numbers.filter(undivided, pl.col("level") == LOCAL)
    if held.checked.layout.long:
        placed = mine.filter(pl.col("placement") != TOTAL)
        found = placed.select(
            "place", pl.col("placement").cast(pl.String).alias("part"), pl.col(column).alias("n")
        )
    else:
        others = [c for c in held.columns if c != column]
        found = mine.unpivot(others, index="place", variable_name="part", value_name="n")
    named = (pl.lit(day).alias("day"), pl.lit(column).alias("column"))
    return found.filter(pl.col("n") != 0).select(named[0], "place", named[1], "part", "n")


@dataclass(frozen=True)
class Across:
    """Broken identities of two tables, reported in one of them.

    Attributes
    ----------
    checked : Checked
        Table that the finding stands in.
    broken : tuple of Broken
    cells : tuple of (Checked, (int, str, str))
        Every cell that takes part, in whatever table.
    effect : str
    effect_size : float
    """

    checked: Checked
    broken: tuple[Broken, ...]
    cells: tuple[tuple[Checked, Touched], ...]
    effect: str = ""
    effect_size: float = 0.0


def has(held: Mapping[str, Kept], cell: Cell) -> bool:
    """Whether a release has the table of a cell, and the column in it."""
    return cell.table in held and cell.column in held[cell.table].rows.columns


def years_on(years: int = 1) -> pl.Expr:
    """Return the ``day`` so many years later, or earlier if fewer than none."""
    return (pl.col("day").cast(pl.Int32) + years).cast(pl.String).alias("day")


def figures(held: Mapping[str, Kept], cell: Cell, repairs: pl.DataFrame) -> pl.DataFrame:
    """Return the undivided figures of a column, repaired where they are.

    Parameters
    ----------
    held : mapping of str to Kept
        By table id.
    cell : Cell
    repairs : polars.DataFrame
        Columns of `sendstats.quality.schema.REPAIRS`.

    Returns
    -------
    polars.DataFrame
        ``day``, ``period``, ``place``, ``level``, ``row``, ``n``.
    """
    kept = held[cell.table]
    rows = kept.undivided
    mended = repairs.filter(
        (pl.col("table") == cell.table)
        & (pl.col("release") == kept.checked.release)
        & (pl.col("column") == cell.column)
    ).select(pl.col("row").cast(rows.schema["row"]), "period", pl.col("value").alias("_value"))
    joined = rows.join(mended, on=["row", "period"], how="left")
    return joined.select(
        "day", "period", "place", "level", "row", pl.coalesce("_value", cell.column).alias("n")
    )


def label(topic: str, items: list[str]) -> str:
    """Return how the publisher prints labels, the lowest first."""
    printed = {item: text for text, item in reversed(spellings(topic).items())}
    return " and ".join(printed.get(item, item) for item in items)
