"""Build the tables anew from raw files beside the committed ones, and say what would differ."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from sendstats.errors import DataProblem
from sendstats.paths import Project
from sendstats.quality.listing import listing
from sendstats.receipts import receipts, sha256_of
from sendstats.run import stamps
from sendstats.series.publish import publish
from sendstats.store.build import BuildReport, build
from sendstats.store.tables import Store

Say = Callable[[str], None]
_STEP = "ingest"
#: How many files that differ are named; the rest are counted.
NAMED = 5


def ingest_raw(project: Project, state: str, *, say: Say) -> None:
    """Ingest and check the raw files into ``build/processed``; the committed tables stay.

    Parameters
    ----------
    project : Project
    state : str
        Digest of the package, from `stamps.package`.
    say : callable
    """
    held = {f"{r.publication}/{r.release}/{r.file}": r.sha256 for r in receipts(project.raw)}
    if not held:
        say("ingest and quality: skipped: no raw files")
        return
    inputs = stamps.digest({"package": state, **held})
    target = project.build / "processed"
    if stamps.is_current(project, _STEP, inputs):
        say(f"ingest and quality: {len(held)} raw files up to date")
        return
    report = fresh(project.raw, target)
    for line in report.told:
        say(f"ingest and quality: {line}")
    for failure in report.failures:
        say(f"ingest and quality: refused {failure}")
    say(f"ingest and quality: {report}")
    say(f"ingest and quality: {against(project.processed, target)}")
    if not report.failures:
        stamps.write(project, _STEP, inputs, [p for p in target.rglob("*") if p.is_file()])


def check_raw(project: Project, *, say: Say) -> None:
    """Ingest and check the raw files, whatever was done before, and refuse faulty ones.

    Raises
    ------
    DataProblem
        If a file was refused; all faults of all files are named.
    """
    if not any(receipts(project.raw)):
        say("skipped: no raw files")
        return
    target = project.build / "processed"
    report = fresh(project.raw, target)
    whole(report)
    for line in listing(Store(target).findings):
        say(line)
    say(str(report))
    say(against(project.processed, target))


def store_detail(project: Project, *, say: Say) -> None:
    """Store every row and column of the raw files in ``build/detail``.

    The store that was there is replaced once the new one is whole.

    Raises
    ------
    DataProblem
        If a file was refused; all faults of all files are named.
    """
    if not any(receipts(project.raw)):
        say("skipped: no raw files")
        return
    target, aside = project.build / "detail", project.build / "detail.new"
    report = fresh(project.raw, aside, detail=True)
    whole(report)
    if target.exists():
        shutil.rmtree(target)
    aside.rename(target)
    say(f"{report}; read them with ss.Store({target.relative_to(project.root).as_posix()!r})")


def fresh(raw: Path, target: Path, *, detail: bool = False) -> BuildReport:
    """Build into `target`, which holds nothing from an earlier build."""
    if target.exists():
        shutil.rmtree(target)
    return build(raw, target, detail=detail)


def lacking(committed: Path, candidate: Path) -> list[str]:
    """Return the stored tables that `committed` has and `candidate` has not."""
    held = {path.relative_to(committed).as_posix() for path in committed.rglob("*.parquet")}
    return sorted(name for name in held if not (candidate / name).is_file())


def whole(report: BuildReport) -> None:
    """Refuse a build with faulty files, all of them named.

    Raises
    ------
    DataProblem
        If a file was refused.
    """
    if report.failures:
        raise DataProblem(
            "\n".join(str(failure) for failure in report.failures),
            untouched="the committed figures",
            todo="fetch the files again, or describe the new layout in the catalogue",
        )


def against(committed: Path, candidate: Path) -> str:
    """Return one line on how the files of two folders differ, byte by byte.

    Where raw files of some committed tables are not here, only the tables are compared: lists
    over all tables, such as the findings, must differ then.
    """
    if not any(committed.rglob("*.parquet")):
        return "there are no committed tables to compare with"
    missing = lacking(committed, candidate)
    if not missing:
        publish(candidate)
    pattern = "tables/**/*.parquet" if missing else "*"
    names = {p.relative_to(candidate) for p in candidate.rglob(pattern) if p.is_file()}
    differ = sorted(
        name.as_posix()
        for name in names
        if not (committed / name).is_file()
        or sha256_of(committed / name) != sha256_of(candidate / name)
    )
    rest = f"; {len(missing)} committed tables have no raw file here" if missing else ""
    if not differ:
        return f"{len(names)} files equal the committed ones{rest}"
    named = f"{', '.join(differ[:NAMED])}{', …' if len(differ) > NAMED else ''}"
    return f"{len(differ)} of {len(names)} files differ from the committed ones ({named}){rest}"
