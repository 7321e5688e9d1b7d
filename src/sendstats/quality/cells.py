"""The cells of one stored table as numbers, a period at a time: what the gates read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL, Place, england, places
from sendstats.catalogue.symbols import UNAVAILABLE, symbols
from sendstats.catalogue.tables import PERCENT, Layout, Table
from sendstats.ingest.symbols import meaning, number

TOTAL = "total"
#: What a row counts, beside its place and period.
LABELS = ["topic", "item", "placement"]
KEYS = ["row", "place", "level", "region", *LABELS]
#: What a symbol can mean where somebody may be counted behind it.
_OPEN = (UNAVAILABLE, "suppressed", "unreliable")


@dataclass(frozen=True)
class Checked:
    """One ingested table of one release, ready for the gates.

    Attributes
    ----------
    table : Table
    release : str
    frame : polars.LazyFrame
        As `sendstats.ingest.table.ingest` returns it, all rows.
    extract : bool
        An extract lacks rows on purpose: what it lacks is no finding.
    beside : polars.DataFrame or None
        As `sendstats.ingest.cross.beside` returns it.
    """

    table: Table
    release: str
    frame: pl.LazyFrame
    extract: bool
    beside: pl.DataFrame | None = None

    @property
    def layout(self) -> Layout:
        """The layout of this release."""
        return self.table.layout(self.release)

    @cached_property
    def periods(self) -> list[str]:
        """Every period of the table, sorted."""
        found = self.frame.select(pl.col("period").unique()).collect()
        return sorted(found["period"].to_list())

    def slices(self) -> Iterator[Slice]:
        """Yield the table a period at a time, so that memory does not grow with its length."""
        for period in self.periods:
            mine = self.frame.filter(pl.col("period") == period)
            yield Slice(self, period, _numbers(mine, self.layout), _percents(mine, self.layout))

    @cached_property
    def totals(self) -> pl.DataFrame:
        """The numbers of the rows that nothing breaks down, all periods."""
        return self.placed().filter(pl.col("placement") == TOTAL)

    def placed(self) -> pl.DataFrame:
        """Return the same with the rows of every placement, where placements are rows."""
        mine = self.frame.filter(pl.col("topic") == TOTAL, pl.col("item") == TOTAL)
        return _numbers(mine, self.layout, "period")

    def items(self, column: str) -> pl.DataFrame:
        """Return one count of England and the authorities by topic and item, all periods."""
        mine = pl.col("level").cast(pl.String).is_in([LOCAL, NATIONAL]), pl.col("topic") != TOTAL
        whole = [pl.col("placement") == TOTAL] if self.layout.long else []
        place = pl.col("place").cast(pl.String)
        return (
            self.frame.filter(*mine, *whole)
            .select("row", place, pl.col("level").cast(pl.String), "period", "topic", "item",
                    number(column).alias("n"))
            .collect()
        )  # fmt: skip

    def divided_anew(self, place: str, both: tuple[str, str]) -> bool:
        """Whether a row of a breakdown differs between two periods of a place: counted again."""
        here = (pl.col("place").cast(pl.String) == place) & pl.col("period").is_in(both)
        mine = self.frame.filter(here, pl.col("topic") != TOTAL)
        found = _numbers(mine, self.layout, "period")
        key = ["topic", "item", "placement"]
        years = [found.filter(pl.col("period") == period) for period in both]
        joined = years[0].join(years[1], on=key, suffix="|after")
        differ = [(pl.col(c) != pl.col(f"{c}|after")).any() for c in self.layout.additive]
        return bool(joined.select(pl.any_horizontal(differ).fill_null(value=False)).item())


@dataclass(frozen=True)
class Slice:
    """One period of one table.

    Attributes
    ----------
    checked : Checked
    period : str
    numbers : polars.DataFrame
        `KEYS`, then every count column as an integer, null for a symbol and for a blank.
    percents : polars.DataFrame
        ``row``, then every published percentage as text.
    """

    checked: Checked
    period: str
    numbers: pl.DataFrame
    percents: pl.DataFrame

    @property
    def columns(self) -> list[str]:
        """The count columns."""
        return self.checked.layout.additive

    @cached_property
    def collected(self) -> pl.DataFrame:
        """Return ``topic``, ``column``: what England, or any place of an extract, has a number for.

        What nobody was asked for, or nobody returned, is no part of anything in that period.
        """
        frame = self.numbers
        if frame.filter(pl.col("level") == NATIONAL).height:
            frame = frame.filter(pl.col("level") == NATIONAL)
        held = frame.group_by("topic").agg(pl.col(c).count() > 0 for c in self.columns)
        long = held.unpivot(on=self.columns, index="topic", variable_name="column")
        return (
            long.filter(pl.col("value").cast(pl.Boolean))
            .select("topic", "column")
            .sort("topic", "column")
        )

    def holds(self, topic: str) -> set[str]:
        """Return the columns that were collected for `topic`."""
        return set(self.collected.filter(pl.col("topic") == topic)["column"])

    def unsaid(self, topic: str) -> set[str]:
        """Return the columns in which England prints a symbol that may stand for somebody.

        Where England has a number for another topic, the column was collected in that period,
        and a symbol here stands for nobody that the others leave out.
        """
        elsewhere = set(self.collected["column"])
        return {c for t, c in self._symbols.iter_rows() if t == topic and c not in elsewhere}

    @cached_property
    def _symbols(self) -> pl.DataFrame:
        checked = self.checked
        book = symbols(checked.table.publication, checked.release)
        level = pl.col("level").cast(pl.String) == NATIONAL
        mine = checked.frame.filter(pl.col("period") == self.period)
        shown = [meaning(c, book).is_in(_OPEN).any().alias(c) for c in self.columns]
        found = mine.filter(level).group_by("topic").agg(shown).collect()
        long = found.unpivot(on=self.columns, index="topic", variable_name="column")
        return long.filter(pl.col("value")).select(pl.col("topic").cast(pl.String), "column")

    def england(self, column: str) -> int | None:
        """Return England's undivided figure in `column`, if there is one."""
        of = self.numbers.filter(
            (pl.col("level") == NATIONAL) & pl.all_horizontal(pl.col(c) == TOTAL for c in LABELS)
        )
        return of[column].item() if of.height == 1 and column in of.columns else None


def parent(place: Place, divides: tuple[str, ...]) -> str:
    """Return the key of what a place is summed into, in a file that divides some regions."""
    return place.region_in(divides) if place.level == LOCAL else england().key


def _numbers(frame: pl.LazyFrame, layout: Layout, *more: str) -> pl.DataFrame:
    region = {key: parent(place, layout.divides) for key, place in places().items()}
    place = pl.col("place").cast(pl.String)
    placement = pl.col("placement") if layout.long else pl.lit(TOTAL).alias("placement")
    return frame.select(
        "row",
        place,
        pl.col("level").cast(pl.String),
        place.replace_strict(region, return_dtype=pl.String).alias("region"),
        "topic",
        "item",
        placement,
        *more,
        *(number(c).alias(c) for c in layout.additive),
    ).collect()


def _percents(frame: pl.LazyFrame, layout: Layout) -> pl.DataFrame:
    held = [c for c in layout.columns if c.endswith(PERCENT)]
    return frame.select("row", *(pl.col(c).str.strip_chars() for c in held)).collect()
