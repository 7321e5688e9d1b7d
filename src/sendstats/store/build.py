"""From raw files and receipts to stored tables, in a folder of the caller's choice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from sendstats.catalogue.places import LOCAL
from sendstats.catalogue.publications import publications
from sendstats.catalogue.series import columns_read, leaves_read
from sendstats.catalogue.tables import Layout, Table, tables
from sendstats.errors import Fault, FaultyFile
from sendstats.ingest.guidance import check as check_guidance
from sendstats.ingest.table import ingest_to
from sendstats.quality.gates import Checks
from sendstats.quality.schema import FINDINGS, FLAGS, REPAIRS
from sendstats.receipts import Receipt, receipts, sha256_of
from sendstats.store.carried import carried
from sendstats.store.tables import SourceFile, Store, write_side, write_sources, write_table
from sendstats.store.vintages import revisions


@dataclass
class BuildReport:
    """What a build did.

    Attributes
    ----------
    sources : list of SourceFile
        Files that became tables.
    findings, repairs : int
        How many.
    failures : list of FaultyFile
        Files that were refused, each with all its faults; the other tables were built.
    told : list of str
        Listed footnotes that the publisher's guidance no longer prints.
    """

    sources: list[SourceFile] = field(default_factory=list)
    findings: int = 0
    repairs: int = 0
    failures: list[FaultyFile] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        releases = len({(s.publication, s.release) for s in self.sources})
        return (
            f"{len(self.sources)} tables from {releases} releases, {self.findings} findings, "
            f"{self.repairs} repairs, {len(self.failures)} files refused"
        )


def planned(raw: Path) -> Iterator[tuple[Receipt, Table, Layout]]:
    """Yield every raw file that some table reads, with the table and its layout."""
    by_file = {(r.publication, r.release, r.file): r for r in receipts(raw)}
    for table in tables().values():
        for layout in table.layouts:
            for release in layout.releases:
                receipt = by_file.get((table.publication, release, layout.file))
                if receipt:
                    yield receipt, table, layout


def build(raw: Path, target: Path, *, detail: bool = False) -> BuildReport:
    """Ingest every raw file under `raw`, check it, and store the tables under `target`.

    Parameters
    ----------
    raw : Path
        Folder of raw files with receipts.
    target : Path
        Folder to write to; the caller puts it in place once it is complete.
    detail : bool
        Store every row and column, not only those of `headline`.

    Returns
    -------
    BuildReport

    Raises
    ------
    FaultyFile
        If the publisher's guidance prints footnotes that the catalogue does not list.
    """
    report = BuildReport(told=check_guidance(raw))
    checks = Checks()
    target.mkdir(parents=True, exist_ok=True)
    for receipt, table, layout in planned(raw):
        with TemporaryDirectory(dir=target) as folder:
            whole = Path(folder) / "whole.parquet"
            try:
                frame = _read(raw, receipt, table, layout, whole)
            except FaultyFile as fault:
                report.failures.append(fault)
                continue
            checks.add(frame, table, receipt.release, extract=receipt.extract)
            path = Store(target).path(table.id, receipt.release)
            if detail:
                path.parent.mkdir(parents=True, exist_ok=True)
                whole.replace(path)
            elif columns_read(table.id, layout):
                write_table(path, headline(frame, table, layout).collect())
            if path.exists():
                report.sources.append(_source(receipt, table, layout))
    _write_sides(target, report, checks)
    write_side(target, "revisions.csv", revisions(Store(target), raw))
    return report


def _read(raw: Path, receipt: Receipt, table: Table, layout: Layout, target: Path) -> pl.LazyFrame:
    """Ingest one raw file; the first whole file of an unproven layout is refused.

    A layout known from an extract or from guidance may differ from the real file in ways that
    no fault shows, so a person compares the two once and marks the layout as proven.
    """
    _as_received(raw, receipt)
    if layout.proven or receipt.extract:
        return ingest_to(receipt.path(raw), table, receipt.release, target)
    differences: tuple[Fault, ...] = ()
    try:
        ingest_to(receipt.path(raw), table, receipt.release, target)
    except FaultyFile as faulty:
        differences = faulty.faults
    unproven = Fault(
        f"the layout of {table.id} was known from an extract or guidance only",
        expected=f"the columns and labels of layout {layout.id}",
        found=f"a whole file with {len(differences)} differences",
    )
    raise FaultyFile(
        f"{receipt.release}/{receipt.file}",
        [unproven, *differences],
        untouched="every table already stored, the extract's figures among them",
        todo="compare the file with the layout in the catalogue, then set proven = true there",
    )


def _as_received(raw: Path, receipt: Receipt) -> None:
    """Refuse a raw file that is not the one its receipt speaks of."""
    found = sha256_of(receipt.path(raw))
    if found != receipt.sha256:
        fault = Fault("the file changed after it arrived", "", None, receipt.sha256, found)
        raise FaultyFile(
            f"{receipt.release}/{receipt.file}",
            [fault],
            untouched="every table already stored; the other files of the release go on",
            todo="delete its folder and fetch it again",
        )


def headline(frame: pl.LazyFrame, table: Table, layout: Layout) -> pl.LazyFrame:
    """Return what is committed: the rows and columns that some series can say.

    Rows that a topic breaks down are kept for England and the regions; an authority's, labels that
    no placement is made of, columns that no series reads and tables of which no series reads any
    stay out. They are in the raw file, and in a store built with `detail`.
    """
    columns = columns_read(table.id, layout)
    whole = pl.col("topic").is_in(layout.whole_topics)
    kept = frame.filter(whole | (pl.col("level") != LOCAL))
    if layout.long:
        placed = sorted(leaves_read(table.id, layout))
        kept = kept.filter(pl.col("placement").is_in(placed))
    held = kept.collect_schema()
    return kept.select([c for c in held if c not in layout.columns or c in columns])


#: The side tables, with their columns and order.
_SIDES: dict[str, tuple[pl.Schema, list[str]]] = {
    "findings": (FINDINGS, ["table", "release", "finding"]),
    "flags": (FLAGS, ["table", "release", "row", "period", "column", "finding"]),
    "repairs": (REPAIRS, ["table", "release", "row", "period", "column"]),
}


def _write_sides(target: Path, report: BuildReport, checks: Checks) -> None:
    target.mkdir(parents=True, exist_ok=True)
    found = dict(zip(_SIDES, checks.result(), strict=True))
    own = _stored_flags(target, report, found["flags"])
    inherited = carried(Store(target), report.sources, own, found["findings"])
    found["flags"] = pl.concat([own, inherited])
    for name, (_, order) in _SIDES.items():
        kind = "parquet" if name == "flags" else "csv"  # many rows that repeat long ids
        write_side(target, f"{name}.{kind}", found[name].sort(order))
        if name != "flags":
            setattr(report, name, found[name].height)
    write_sources(target, report.sources)


def _stored_flags(target: Path, report: BuildReport, flags: pl.DataFrame) -> pl.DataFrame:
    """Keep the flags of cells that are stored; findings tell of the others."""
    kept = [flags.clear()]
    for source in report.sources:
        stored = Store(target).scan(source.table, source.release)
        rows = stored.select(
            pl.col("row").cast(pl.Int64), pl.col("period").cast(pl.String)
        ).collect()
        mine = (pl.col("table") == source.table) & (pl.col("release") == source.release)
        held = pl.col("column").is_in(stored.collect_schema().names())
        kept.append(flags.filter(mine & held).join(rows, on=["row", "period"], how="semi"))
    return pl.concat(kept)


def _source(receipt: Receipt, table: Table, layout: Layout) -> SourceFile:
    release = publications()[receipt.publication].release(receipt.release)
    return SourceFile(
        publication=receipt.publication,
        release=receipt.release,
        table=table.id,
        layout=layout.id,
        file=receipt.file,
        sha256=receipt.sha256,
        bytes=receipt.bytes,
        rows=receipt.rows or 0,
        published=(release.published or receipt.published)[:10],
        published_assumed=release.published_assumed,
        extract=receipt.extract,
    )
