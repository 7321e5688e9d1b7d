"""Build the tables anew from raw files beside the committed ones, and say what would differ."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from sendstats.errors import DataProblem
from sendstats.paths import Project
from sendstats.quality.findings.listing import listing
from sendstats.receipts import receipts, sha256_of, unread, without_receipt
from sendstats.run import stamps
from sendstats.series.about import readable
from sendstats.series.publish import publish
from sendstats.store.build import BuildReport, build
from sendstats.store.tables import Store

Say = Callable[[str], None]
_STEP = "ingest"
#: How many files that differ are named; the rest are counted.
NAMED = 5


def ingest_raw(project: Project, state: str, *, say: Say) -> BuildReport:
    """Ingest and check the raw files into ``build/processed``; the committed tables stay.

    Returns
    -------
    BuildReport
        Empty where nothing had to be done; the files that were refused are said and in it.

    Parameters
    ----------
    project : Project
    state : str
        Digest of the package, from `stamps.package`.
    say : callable
    """
    held = {f"{r.publication}/{r.release}/{r.file}": r.sha256 for r in receipts(project.raw)}
    refused = unread(project.raw)
    if not held and not refused:
        say("ingest and quality: skipped: no raw files")
        return BuildReport()
    inputs = stamps.digest({"package": state, **held})
    target = project.build / "processed"
    if not refused and stamps.is_current(project, _STEP, inputs):
        say(f"ingest and quality: {len(held)} raw files up to date")
        return BuildReport()
    report = fresh(project.raw, target)
    for line in report.told:
        say(f"ingest and quality: {line}")
    for failure in report.failures:
        say(f"ingest and quality: refused {failure}")
    say(f"ingest and quality: {report}")
    say(f"ingest and quality: {against(project.processed, target)}")
    if not report.failures:
        stamps.write(project, _STEP, inputs, [p for p in target.rglob("*") if p.is_file()])
    return report


def check_raw(project: Project, *, say: Say) -> None:
    """Ingest and check the raw files, whatever was done before; refuse faulty ones at the end.

    Raises
    ------
    DataProblem
        If there are no raw files, or some were refused; all faults of all files are named.
    """
    target = project.build / "processed"
    report = _built(project, target, say=say)
    for line in listing(readable(Store(target).findings)):
        say(line)
    say(str(report))
    say(against(project.processed, target))
    whole(report)


def store_detail(project: Project, *, say: Say) -> None:
    """Store every row and column of the raw files in ``build/detail``.

    The store that was there is deleted once the new one is in its place.

    Raises
    ------
    DataProblem
        If there are no raw files, or one was refused; all faults of all files are named.
    """
    target, aside = project.build / "detail", project.build / "detail.new"
    report = _built(project, aside, say=say, detail=True)
    whole(report)
    put(aside, target)
    say(f"{report}; read them with ss.Store({target.relative_to(project.root).as_posix()!r})")


def _built(project: Project, target: Path, *, say: Say, detail: bool = False) -> BuildReport:
    """Build the raw files into `target` and name those that nothing reads."""
    if not any(receipts(project.raw)) and not unread(project.raw):
        raise DataProblem(
            "nothing is here: there are no raw files",
            where="data/raw",
            expected="published files, each with its receipt",
            found=f"{len(without_receipt(project.raw))} files without a receipt",
            todo="get them with sendstats fetch or sendstats import",
        )
    for path in without_receipt(project.raw):
        say(f"not read, for want of a receipt: {path.relative_to(project.raw).as_posix()}")
    return fresh(project.raw, target, detail=detail)


def put(new: Path, place: Path) -> None:
    """Put the folder `new` in `place`; the old one is deleted last, and comes back if that fails.

    Parameters
    ----------
    new : Path
        A whole folder on the same disk.
    place : Path
    """
    old = new.with_name(f"{new.name}.replaced")
    place.parent.mkdir(parents=True, exist_ok=True)
    if old.exists() and not place.exists():
        old.rename(place)  # a run that was killed here left it aside
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    try:
        new.rename(place)
    except OSError:
        if old.exists():
            old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)


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
