"""One raw file, opened once for every table that reads it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import polars as pl

from sendstats.catalogue.shapes import NUMBER
from sendstats.catalogue.tables import Layout, Table, claimed, readers
from sendstats.errors import Fault
from sendstats.ingest import cross, text
from sendstats.ingest.checks import ABSENT, header_faults, key_columns
from sendstats.ingest.lookup import Lookup
from sendstats.ingest.reading import identity

#: Bytes of a file up to which its text is kept while its tables are made; a larger one is read
#: anew for each, piece by piece.
HELD = 64_000_000


class Opened:
    """A raw file with its header read, and its text where it is small enough to keep.

    A release often prints several tables in one file. Text is parsed once for all of them, and
    what they have in common (who and when) is worked out once.

    Parameters
    ----------
    path : Path
    table : Table
        Any of the tables that read the file.
    release : str
        Release slug, which decides the layout and what symbols mean.

    Attributes
    ----------
    path : Path
    release : str
    header : list of str
        Columns of the file.

    Raises
    ------
    FaultyFile
        If the file has no header that can be read, or is no regular CSV.
    """

    def __init__(self, path: Path, table: Table, release: str) -> None:
        self.path, self.release = path, release
        self._publication, self._file = table.publication, table.layout(release).file
        read = readers(table.publication, release, self._file)
        self._keys = set[str]().union(*(key_columns(layout) for _, layout in read))
        self._identities: dict[tuple[str, str], Lookup] = {}
        crossed = next((layout.cross for _, layout in read if layout.cross), None)
        self._crossed = cross.read(path, crossed) if crossed else None
        read_as = self._crossed[0].drop("row", NUMBER) if self._crossed else None
        self.header = text.header(path) if read_as is None else read_as.columns

    def faults(self, layout: Layout) -> list[Fault]:
        """Return what is wrong with the header, for a table that reads the file in this layout."""
        known = claimed(self._publication, self.release, self._file)
        wrong = list(self._crossed[1]) if self._crossed else []
        return wrong + header_faults(
            self.header, layout, known, self._blank({*self.header} - known)
        )

    def source(self, layout: Layout) -> pl.LazyFrame:
        """Return the text of the file, and what a layout asks for and the file has not.

        An absent key column holds `ABSENT`, an absent column of values nothing: what else is wrong
        with the file can then be told together with that.
        """
        keys = key_columns(layout)
        missing = sorted({*keys, *layout.columns.values()} - {*self.header})
        kinds = {c: pl.Categorical if c in keys else pl.String for c in missing}
        made = [
            pl.lit(ABSENT if c in keys else None, pl.String).cast(kind).alias(c)
            for c, kind in kinds.items()
        ]
        return self._text.with_columns(made) if made else self._text

    def identity(self, kind: str, layout: Layout) -> Lookup:
        """Return what place and period follow from, the same for tables of the same kind."""
        key = (kind, layout.period)
        if key not in self._identities:
            self._identities[key] = identity(kind, layout.period)
        return self._identities[key]

    @cached_property
    def held(self) -> bool:
        """Whether the file is small enough to keep its text."""
        return self.path.stat().st_size <= HELD

    @cached_property
    def _text(self) -> pl.LazyFrame:
        if self._crossed:
            return self._keyed(self._crossed[0].lazy().rename({"row": text.ROW}))
        scanned = text.scan(self.path, self._keys)
        if not self.held:
            return scanned
        with text.regular(self.path):
            return scanned.collect().lazy()

    def _keyed(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        held = sorted(self._keys & {*self.header})
        return frame.with_columns(pl.col(held).cast(pl.Categorical))

    def _blank(self, unknown: set[str]) -> list[str]:
        """Return the unknown columns that have neither a name nor a text."""
        nameless = sorted(c for c in unknown if c.startswith("(unnamed)"))
        if not nameless:
            return []
        held = [(pl.col(c).str.strip_chars() != "").any() for c in nameless]
        with text.regular(self.path):
            any_text = self._text.select(held).collect(engine="streaming").row(0)
        return [c for c, has in zip(nameless, any_text, strict=True) if not has]
