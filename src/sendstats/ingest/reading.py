"""Turn pieces of a file into rows of the stored table, and note what has to be looked at."""

from __future__ import annotations

import polars as pl

from sendstats.catalogue.labels import TOTAL, spellings
from sendstats.catalogue.places import LEVELS, NATIONAL, REGIONAL, england, places
from sendstats.catalogue.shapes import JOINED, NUMBER
from sendstats.catalogue.tables import Layout, Table
from sendstats.ingest import periods
from sendstats.ingest.cells import Column, columns
from sendstats.ingest.checks import IDENTITY
from sendstats.ingest.labels import meaning
from sendstats.ingest.lookup import Lookup, Texts
from sendstats.ingest.text import ROW

_WORDS = pl.Categorical()


class Reading:
    """One file being read for one table.

    Call it with each piece of the file; afterwards it knows every combination of labels, every
    text that is no plain figure, and whether some last cell was blank. It keeps nothing for each
    row, and pieces may come in any order and at the same time.

    Attributes
    ----------
    columns : list of Column
        Value columns.
    takes : polars.Expr
        Which rows of the file are the table's.
    identity, labels, placement : Lookup
        Place and period, topic and item, and in a long layout placement (else None).
    odd : dict of str to set of str
        Of each value column of ours, the texts that are no plain figure.
    blank : set of str
        Published columns that never are blank and were.

    Parameters
    ----------
    table : Table
    release : str
    last : str
        Last column of the file.
    who : Lookup
        As `identity` makes it; tables of one file may share it.
    """

    def __init__(self, table: Table, release: str, last: str, who: Lookup) -> None:
        self.layout = table.layout(release)
        self.columns = columns(self.layout, table.symbols(release))
        self.identity = who
        self.labels = _labels(self.layout)
        self.placement = _placement(self.layout)
        self._last = last
        self._rows: list[int] = []
        self._blank_ends: list[bool] = []
        self.odd: dict[str, set[str]] = {c.ours: set() for c in self.columns}
        self._largest: dict[str, list[float]] = {c.ours: [0.0] for c in self.columns if c.share}
        self._patterns = _by_pattern(self.columns)
        self._filled = [c.published for c in self.columns if not c.blank]
        self.blank: set[str] = set()
        self._most = [c.number().max().alias(c.ours) for c in self.columns if c.share]
        self.takes = takes(self.layout)
        values = [pl.col(c.published).alias(c.ours) for c in self.columns]
        self._beside = [NUMBER] if self.layout.cross else []
        values += [pl.col(c) for c in self._beside]
        self._values = [pl.col(ROW).cast(pl.Int32).alias("row"), *values]

    def __call__(self, piece: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of a piece as they are stored."""
        self._rows.append(piece.height)
        self._blank_ends.append(piece[self._last].null_count() > 0)
        if self.layout.keep or self.layout.unused_rows:
            piece = piece.filter(self.takes)
        self._note(piece)
        keys = [found for lookup in self.lookups for found in lookup(piece).get_columns()]
        row, *values = piece.select(self._values).get_columns()
        return pl.DataFrame([row, *keys, *values])

    def over(self, source: pl.LazyFrame) -> pl.LazyFrame:
        """Return the rows of a file that is read piece by piece."""
        return source.map_batches(
            self,
            schema=self.schema,
            streamable=True,
            predicate_pushdown=False,
            projection_pushdown=False,
            slice_pushdown=False,
        )

    @property
    def lookups(self) -> list[Lookup]:
        """What the key columns follow from, in their order."""
        return [self.identity, self.labels, *([self.placement] if self.placement else [])]

    @property
    def schema(self) -> pl.Schema:
        """Columns of the stored table."""
        keys = {c: kind for lookup in self.lookups for c, kind in lookup.ours.items()}
        values = dict.fromkeys([*(c.ours for c in self.columns), *self._beside], pl.String())
        return pl.Schema({"row": pl.Int32(), **keys, **values})

    @property
    def rows(self) -> int:
        """How many rows the file has."""
        return sum(self._rows)

    @property
    def last_is_blank(self) -> bool:
        """Whether the last cell of some row is blank or missing."""
        return any(self._blank_ends)

    def largest(self, column: Column) -> float:
        """Return the largest figure of a column of percentages, 0 where there is none."""
        return max(self._largest[column.ours])

    def _note(self, piece: pl.DataFrame) -> None:
        """Look at each distinct text once: most figures of a column are printed many times."""
        for pattern, alike in self._patterns.items():
            distinct = piece.lazy().select(alike).select(pl.all().unique().implode())
            texts = distinct.unpivot().explode("value").drop_nulls()
            plain = pl.col("value").str.contains(pattern) if pattern else pl.lit(value=False)
            for ours, text in texts.filter(~plain).collect().iter_rows():
                self.odd[ours].add(text)
        self.blank.update(c for c in self._filled if piece[c].null_count())
        for name, (most,) in piece.select(self._most).to_dict().items():
            self._largest[name].append(most or 0.0)


def _by_pattern(columns: list[Column]) -> dict[str, list[pl.Expr]]:
    """Return the columns under our names, by the pattern of their figures."""
    found: dict[str, list[pl.Expr]] = {}
    for column in columns:
        found.setdefault(column.plain, []).append(pl.col(column.published).alias(column.ours))
    return found


def takes(layout: Layout) -> pl.Expr:
    """Return an expression for the rows that a layout takes from its file."""
    kept = [pl.col(c) == v for c, v in layout.keep.items()]
    kept += [~pl.col(u.column).is_in(list(u.values)) for u in layout.unused_rows]
    return pl.all_horizontal(pl.lit(value=True), *kept)


def identity(kind: str, rule: str) -> Lookup:
    """Return what place, level and period follow from.

    Parameters
    ----------
    kind : {"stock", "flow"}
        What the table counts.
    rule : str
        How the layout reads a period; see `sendstats.ingest.periods.period`.
    """
    ours = {"place": pl.Enum(list(places())), "level": pl.Enum(LEVELS)}

    def of(texts: Texts) -> Texts:
        label, year, level, _, _, region, _, number, *_ = texts
        key = england().key if level == NATIONAL else region if level == REGIONAL else number
        period = periods.period(label or "", year or "", kind, rule)
        return key, level, period, label

    return Lookup(IDENTITY, {**ours, "period": _WORDS, "label": _WORDS}, of)


def _labels(layout: Layout) -> Lookup:
    columns = layout.labelled
    ours = {"topic": _WORDS, "item": _WORDS}
    if not columns:  # nothing divides the rows, so any column serves
        return Lookup(IDENTITY[:1], ours, lambda _: (TOTAL, TOTAL))
    return Lookup(
        columns, ours, lambda texts: meaning(layout, dict(zip(columns, texts, strict=True)))
    )


def _placement(layout: Layout) -> Lookup | None:
    if not layout.long:
        return None
    leaves = spellings("placement")

    def of(texts: Texts) -> Texts:
        return (leaves.get(JOINED.join(text or "" for text in texts)),)

    return Lookup(layout.placement_labels, {"placement": _WORDS}, of)
