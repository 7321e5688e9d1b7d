"""From raw files and receipts to stored tables, in a folder of the caller's choice."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from sendstats.catalogue.places import LOCAL
from sendstats.catalogue.publications import publications
from sendstats.catalogue.series import columns_read, leaves_read
from sendstats.catalogue.shapes import NUMBER
from sendstats.catalogue.tables import Layout, Table
from sendstats.errors import FaultyFile
from sendstats.ingest.cross import beside
from sendstats.ingest.guidance import check as check_guidance
from sendstats.quality.gates import Checks
from sendstats.quality.schema import FINDINGS, FLAGS, REPAIRS
from sendstats.receipts import unread
from sendstats.store.carried import carried
from sendstats.store.ingested import Ingested, ingested, planned
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
        Files that were refused, each with all its faults, and by table where these differ; the
        other tables were built.
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
        refused = len({failure.file for failure in self.failures})
        return (
            f"{len(self.sources)} tables from {releases} releases, {self.findings} findings, "
            f"{self.repairs} repairs, {refused} files refused"
        )


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
    report = BuildReport(told=check_guidance(raw), failures=[*unread(raw)])
    checks = Checks()
    target.mkdir(parents=True, exist_ok=True)
    store = Store(target)
    with TemporaryDirectory(dir=target) as folder:
        tables = store.tables if detail else Path(folder)
        for one in ingested(raw, planned(raw), tables, keep=detail):
            if isinstance(one.made, FaultyFile):
                if str(one.made) not in map(str, report.failures):
                    report.failures.append(one.made)
                continue
            checks.add(
                one.made,
                one.table,
                one.receipt.release,
                extract=one.receipt.extract,
                beside=beside(one.receipt.path(raw), one.layout),
            )
            path = store.path(one.table.id, one.receipt.release)
            if not detail and columns_read(one.table.id, one.layout):
                write_table(path, headline(one.made, one.table, one.layout).collect())
            if path.exists():
                report.sources.append(_source(one))
    _write_sides(target, report, checks)
    write_side(target, "revisions.csv", revisions(Store(target), raw))
    return report


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
    left = {*layout.columns, NUMBER} - {*columns}
    return kept.select([c for c in kept.collect_schema() if c not in left])


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


def _source(one: Ingested) -> SourceFile:
    receipt = one.receipt
    release = publications()[receipt.publication].release(receipt.release)
    return SourceFile(
        publication=receipt.publication,
        release=receipt.release,
        table=one.table.id,
        layout=one.layout.id,
        file=receipt.file,
        sha256=receipt.sha256,
        bytes=receipt.bytes,
        rows=receipt.rows or 0,
        published=(release.published or receipt.published)[:10],
        published_assumed=release.published_assumed,
        extract=receipt.extract,
    )
