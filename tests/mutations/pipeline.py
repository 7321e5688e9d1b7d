"""Run a file through ingest, gates and the store as the product does, beside its unspoilt self."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import polars as pl

from mutations.edits import EHC
from sendstats.errors import DataProblem, FaultyFile
from sendstats.ingest.stored import KEYS
from sendstats.paths import Project
from sendstats.quality.schema import FINDINGS
from sendstats.receipts import RECEIPT, Receipt, sha256_of
from sendstats.run.refresh import refresh
from sendstats.store.build import build
from sendstats.store.ingested import planned
from sendstats.store.tables import Store
from sendstats.store.vintages import changes, from_store

#: What tells one finding from another: all that it says but the row.
SAID = [c for c in FINDINGS.names() if c not in {"finding", "release", "file", "row"}]


def release_of(file: str) -> str:
    """The release of a ``release/name``."""
    return file.partition("/")[0]


#: How many runs of sound files are kept: a file and those of other releases like it.
KEPT = 4
_REVISED = {"table": pl.String, "row": pl.Int64, "published": pl.String, "says": pl.String}


#: Files as ``release/name``.
Files = tuple[str, ...]


@dataclass
class Run:
    """What the product made of one file: a store of every row, or the reasons why not."""

    store: Store
    failures: list[FaultyFile]

    def frame(self, table: str, release: str) -> pl.DataFrame:
        return self.store.read(table, release)

    @cached_property
    def tables(self) -> list[str]:
        return sorted({source.table for source in self.store.sources})

    def keyed(self, name: str) -> pl.DataFrame:
        """A side table with ``_key``, the key of a row, in place of its number, sorted."""
        side: pl.DataFrame = self.findings() if name == "findings" else getattr(self.store, name)
        found = []
        for table in self.tables:
            (release,) = self.store.releases(table)
            frame = self.frame(table, release)
            rows = frame.select(pl.col("row").cast(pl.Int64), "period", _key(frame))
            mine = side.filter(pl.col("table") == table)
            found.append(mine.join(rows, on=["row", "period"], how="left").drop("row"))
        return pl.concat(found).sort(pl.all())

    def findings(self) -> pl.DataFrame:
        """Every finding, without the numbers of other rows that it names in words."""
        words = pl.col("expected", "cause", "effect").str.replace_all(r"\brow \d+", "row")
        return self.store.findings.with_columns(words)

    def flags(self) -> pl.DataFrame:
        """Every flagged cell by key, with what its finding says."""
        said = self.findings().select("finding", *(pl.col(c).alias(f"_{c}") for c in SAID))
        return self.keyed("flags").join(said, on="finding")


class Bench:
    """Real files with their receipts, and a folder to run spoilt ones in.

    Parameters
    ----------
    raw : Path
        Folder of raw files with receipts; it is only read.
    scratch : Path
        Folder to work in.
    """

    def __init__(self, raw: Path, scratch: Path) -> None:
        self.raw, self.scratch = raw, scratch
        self._sound: dict[str, Run] = {}
        self._revised: dict[tuple[str, str], pl.DataFrame] = {}

    def source(self, file: str) -> Path:
        """The real file that ``release/name`` means."""
        release, name = file.split("/")
        return self.raw / EHC / release / name / name

    def sound(self, file: str, beside: Files = ()) -> Run:
        """The run of the file as it was published; made once."""
        key = " ".join([file, *beside])
        if key not in self._sound:
            run = self.run(file, self.source(file).read_bytes(), beside, "sound/" + key)
            assert not run.failures, run.failures[0]
            while len(self._sound) >= KEPT:  # mutations come file by file
                del self._sound[next(iter(self._sound))]
            self._sound[key] = run
        return self._sound[key]

    def revised(self, file: str, run: Run) -> pl.DataFrame:
        """Return every cell that another whole release says differently, and did not before.

        Returns
        -------
        polars.DataFrame
            ``table``, ``row`` of the file, ``published`` (its column), ``says``.
        """
        found = [pl.DataFrame(schema=_REVISED)]
        for other in self._partners(file, run):
            key = (file, other)
            if key not in self._revised:
                self._revised[key] = self._compared(file, self.sound(file), other)
            now = self._compared(file, run, other)
            found.append(now.join(self._revised[key], on=now.columns, how="anti"))
        return pl.concat(found)

    def _partners(self, file: str, run: Run) -> list[str]:
        """The files of other whole releases that hold a table of this file."""
        return sorted(
            {
                f"{one.receipt.release}/{one.receipt.file}"
                for one in planned(self.raw)
                if one.table.id in run.tables and one.receipt.release != release_of(file)
                if one.receipt.publication == EHC and not one.receipt.extract
            }
        )

    def _compared(self, file: str, run: Run, other: str) -> pl.DataFrame:
        """What differs in figures between a run of the file and the sound run of another."""
        mine, partner = release_of(file), release_of(other)
        held = from_store(run.store, EHC, mine), from_store(self.sound(other).store, EHC, partner)
        newer = mine > partner
        found = changes(*(reversed(held) if newer else held))
        found = found.filter(pl.col("kind").is_in(["revised", "symbol"]))
        side = "new" if newer else "old"
        return found.select(
            "table",
            pl.col(f"{side}_row").cast(pl.Int64).alias("row"),
            pl.col(f"{side}_column").alias("published"),
            pl.format("{} against the other release: {}, {}", "kind", "old", "new").alias("says"),
        )

    def run(self, file: str, data: bytes, beside: Files = (), place: str = "spoilt") -> Run:
        """Ingest, check and store `data` as if it had arrived under the name of `file`.

        Real files `beside` it, unspoilt, are what gates across tables compare it with.
        """
        home = Project(self.scratch / place)
        shutil.rmtree(home.root, ignore_errors=True)
        self._put(home, file, data)
        for other in beside:
            real = self.source(other).parent
            copied = home.raw / real.relative_to(self.raw)
            copied.mkdir(parents=True)
            for path in real.iterdir():
                (copied / path.name).symlink_to(path.resolve())
        report = build(home.raw, home.processed, detail=True)
        return Run(Store(home.processed), report.failures)

    def refusal(self, file: str, data: bytes) -> str:
        """What a refresh says of the file; it must leave every stored table as it was."""
        sound, home = self.scratch / "sound" / file, Project(self.scratch / "refused")
        shutil.rmtree(home.root, ignore_errors=True)
        shutil.copytree(sound / "data" / "processed", home.processed)
        self._put(home, file, data)
        before = _digests(home.processed)
        try:
            refresh(home, say=lambda _: None)
        except DataProblem as problem:
            assert _digests(home.processed) == before, f"{file}: stored tables were lost"
            return str(problem)
        raise AssertionError(f"{file}: a refresh took over a file that ingest refused")

    def _put(self, home: Project, file: str, data: bytes) -> None:
        """Write the file with a fresh receipt that is true of these bytes."""
        release, name = file.split("/")
        path = home.raw / EHC / release / name / name
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        real = Receipt.read(self.source(file).parent / RECEIPT)
        rows = max(data.count(b"\n") - 1, 0)
        fresh = replace(real, sha256=sha256_of(path), bytes=len(data), rows=rows)
        (path.parent / RECEIPT).write_text(fresh.to_json(), encoding="utf-8")


def _digests(folder: Path) -> dict[str, str]:
    return {str(p): sha256_of(p) for p in sorted(folder.rglob("*")) if p.is_file()}


def keys(frame: pl.DataFrame) -> list[str]:
    """The key columns that a stored table has."""
    return [key for key in KEYS if key in frame.columns]


def _key(frame: pl.DataFrame) -> pl.Expr:
    parts = [pl.col(k).cast(pl.String) for k in keys(frame)]
    return pl.concat_str(parts, separator="|").alias("_key")


def _read(column: str) -> pl.Expr:
    """A cell as it is read: blanks around a figure are no part of it."""
    return pl.col(column).str.strip_chars()


def changed(sound: pl.DataFrame, spoilt: pl.DataFrame) -> pl.DataFrame:
    """Return every cell that two stored tables say differently, by key and not by row.

    Returns
    -------
    polars.DataFrame
        ``_key``, ``gone`` (whether the spoilt file lacks the row), ``row`` (in the spoilt file),
        ``period``, ``place``, ``column``, ``was``, ``now``.
    """
    on = keys(sound)
    texts = [c for c in sound.columns if c not in {"row", "level", "label", *on}]
    kept = ["row", *on, *texts]
    both = sound.select(kept).join(
        spoilt.select(kept).with_columns(pl.lit(value=True).alias("_held")),
        on=on, how="full", coalesce=True, suffix="_now",
    )  # fmt: skip
    lone = pl.col("_held").is_null() | pl.col("row").is_null()
    found = [
        both.filter(lone | _read(c).ne_missing(_read(f"{c}_now"))).select(
            _key(sound),
            pl.col("_held").is_null().alias("gone"),
            pl.col("row_now").cast(pl.Int64).alias("row"),
            "period",
            pl.col("place").cast(pl.String),
            pl.lit(c).alias("column"),
            pl.col(c).alias("was"),
            pl.col(f"{c}_now").alias("now"),
        )
        for c in texts
    ]
    return pl.concat(found)
