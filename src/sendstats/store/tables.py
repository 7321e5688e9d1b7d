"""Read and write the stored tables of one folder."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path

import polars as pl

from sendstats.errors import DataProblem
from sendstats.ingest.stored import stored
from sendstats.quality.revisions.schema import REVISIONS
from sendstats.quality.schema import FINDINGS, FLAGS, REPAIRS


@dataclass(frozen=True, order=True)
class SourceFile:
    """One raw file that one stored table was read from.

    Attributes
    ----------
    publication, release, table, layout, file : str
    sha256 : str
        Of the decoded bytes.
    bytes, rows : int
    published : str
        Date, ISO 8601.
    published_assumed, extract : bool
    """

    publication: str
    release: str
    table: str
    layout: str
    file: str
    sha256: str
    bytes: int
    rows: int
    published: str
    published_assumed: bool
    extract: bool


class Store:
    """The stored tables under one folder.

    Parameters
    ----------
    root : Path or str
        Folder that holds ``tables/``, ``sources.csv``, ``findings.csv``, ``flags.parquet``,
        ``repairs.csv`` and ``revisions.csv``.
    """

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)
        self._frames: dict[tuple[str, str], pl.DataFrame] = {}
        self._worked_out: dict[tuple[Hashable, ...], pl.DataFrame] = {}

    @property
    def tables(self) -> Path:
        """Folder that holds a folder for each table."""
        return self.root / "tables"

    def path(self, table: str, release: str) -> Path:
        """Return where the table of a release is stored."""
        return self.tables / table / f"{release}.parquet"

    def releases(self, table: str) -> list[str]:
        """Return the releases that the table is stored for, oldest first.

        Raises
        ------
        DataProblem
            If a table that ``sources.csv`` names is not there: another release would answer.
        """
        held = {path.stem for path in (self.tables / table).glob("*.parquet")}
        lost = sorted({s.release for s in self.sources if s.table == table} - held)
        if lost:
            raise DataProblem(
                f"stored tables of {table} are missing",
                where=f"tables/{table}",
                expected=", ".join(f"{release}.parquet, as sources.csv says" for release in lost),
                found=", ".join(sorted(held)) or "no table",
                todo="restore them from the repository, or fetch and run make refresh",
            )
        return sorted(held)

    def read(self, table: str, release: str) -> pl.DataFrame:
        """Return one stored table, as `sendstats.ingest.table.ingest` made it.

        Raises
        ------
        DataProblem
            If it is not stored, or cannot be read.
        """
        key = (table, release)
        if key not in self._frames:
            found = self.scan(table, release)
            try:
                self._frames[key] = found.collect()
            except pl.exceptions.PolarsError as error:
                raise _unreadable(self.path(table, release), error) from error
        return self._frames[key]

    def scan(self, table: str, release: str) -> pl.LazyFrame:
        """Return one stored table to be read in part: only the rows and columns asked for.

        Raises
        ------
        DataProblem
            If it is not stored.
        """
        path = self.path(table, release)
        if not path.is_file():
            raise DataProblem(
                f"table {table} of release {release} is not stored",
                where=f"{path.parent.name}/{path.name}",
                todo="fetch the release, then run make refresh",
            )
        return stored(path)

    def once(self, key: tuple[Hashable, ...], work: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """Return what `work` gives, worked out once for each `key` while this store lives.

        Stored tables never change under a store, and one question often needs a frame that
        another needed: the base of a share, for example, is the same for every placement.
        """
        if key not in self._worked_out:
            self._worked_out[key] = work()
        return self._worked_out[key]

    @cached_property
    def sources(self) -> tuple[SourceFile, ...]:
        """Every raw file behind the tables, sorted."""
        frame = _read_csv(self.root / "sources.csv", source_schema())
        return tuple(SourceFile(**row) for row in frame.iter_rows(named=True))

    def source(self, publication: str, release: str, file: str = "") -> SourceFile:
        """Return the raw file of that name, or any of the release.

        Raises
        ------
        DataProblem
            If ``sources.csv`` names none.
        """
        for source in self.sources:
            held = (source.publication, source.release)
            if held == (publication, release) and file in ("", source.file):
                return source
        raise DataProblem(
            f"no source is recorded for {publication}, release {release}",
            where="sources.csv",
            expected=file or "a file of that release",
            todo="restore data/processed from the repository, or run make refresh",
        )

    @cached_property
    def findings(self) -> pl.DataFrame:
        """Every finding, columns of `FINDINGS`; none where the list is not there."""
        return _read_csv(self.root / "findings.csv", FINDINGS)

    def listed_findings(self) -> pl.DataFrame:
        """Return every finding, columns of `FINDINGS`.

        Raises
        ------
        DataProblem
            If the list is not there: that nothing was looked for is not that nothing was found.
        """
        if not (self.root / "findings.csv").is_file():
            raise DataProblem(
                "the list of findings is not here",
                where=f"{self.root.name}/findings.csv",
                found="nothing",
                todo="restore data/processed from the repository, or run make refresh",
            )
        return self.findings

    @cached_property
    def flags(self) -> pl.DataFrame:
        """Every cell that a finding touches, columns of `FLAGS`."""
        path = self.root / "flags.parquet"
        if not path.is_file():
            return pl.DataFrame(schema=FLAGS)
        try:
            return pl.read_parquet(path).match_to_schema(FLAGS)
        except pl.exceptions.PolarsError as error:
            raise _unreadable(path, error) from error

    @cached_property
    def repairs(self) -> pl.DataFrame:
        """Every repair, columns of `REPAIRS`."""
        return _read_csv(self.root / "repairs.csv", REPAIRS)

    @cached_property
    def revisions(self) -> pl.DataFrame:
        """What changed from release to release, columns of `REVISIONS`."""
        return _read_csv(self.root / "revisions.csv", REVISIONS)


def source_schema() -> pl.Schema:
    """Return the columns of ``sources.csv`` with their types."""
    kinds = {"str": pl.String, "int": pl.Int64, "bool": pl.Boolean}
    return pl.Schema({f.name: kinds[str(f.type)] for f in fields(SourceFile)})


def _read_csv(path: Path, schema: pl.Schema) -> pl.DataFrame:
    if not path.is_file():
        return pl.DataFrame(schema=schema)
    try:
        return pl.read_csv(path, schema=schema, missing_columns="raise")
    except pl.exceptions.PolarsError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> DataProblem:
    return DataProblem(
        "a stored table cannot be read",
        where=f"{path.parent.name}/{path.name}",
        found=str(error).splitlines()[0],
        untouched="every other table",
        todo="restore data/processed from the repository, or run make refresh",
    )


def write_table(path: Path, frame: pl.DataFrame) -> None:
    """Write one stored table."""
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(path, compression="brotli", compression_level=11, statistics=False)


def write_sources(root: Path, sources: list[SourceFile]) -> None:
    """Write ``sources.csv`` under `root`."""
    rows = [asdict(source) for source in sorted(sources)]
    pl.DataFrame(rows, schema=source_schema()).write_csv(root / "sources.csv")


def write_side(root: Path, name: str, frame: pl.DataFrame) -> None:
    """Write a side table under `root`: as CSV, which a person can open, or as Parquet."""
    if name.endswith(".parquet"):
        write_table(root / name, frame)
    else:
        frame.write_csv(root / name)
