"""Rebuild the committed figures and notebooks from raw files, and say what moved."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from sendstats.errors import DataProblem, Unreachable
from sendstats.paths import Project
from sendstats.run import notebooks
from sendstats.run.amended import amended
from sendstats.run.candidate import fresh, lacking, put, whole
from sendstats.run.moves import moves
from sendstats.series.publish import publish
from sendstats.store.tables import Store

Say = Callable[[str], None]


def renew(project: Project, *, say: Say) -> None:
    """Move the pins to what the service has now, then `refresh`.

    Parameters
    ----------
    project : Project
    say : callable
        Receives what moved, one line at a time.

    Raises
    ------
    DataProblem
        As `refresh` does; files that arrived stay, and so do the bytes that they replaced.
    """
    from sendstats.fetch import (  # noqa: PLC0415 - loads the network libraries
        fetch_pinned,
        terminal_watch,
        update,
    )

    try:
        plan = update(project, confirm=lambda _: True, watch=terminal_watch())
        for line in plan.lines:
            say(f"refresh: {line}")
        say(f"refresh: {fetch_pinned(project).summary}")
    except Unreachable:
        say("refresh: the service does not answer; the pins stay, the raw files here are used")
    refresh(project, say=say)


def refresh(project: Project, *, say: Say) -> None:
    """Replace ``data/processed`` and ``notebooks`` by what the raw files give now.

    Everything is built and executed in a folder aside first; the committed files are replaced
    only once all of it succeeded.

    Parameters
    ----------
    project : Project
        Its raw files must include those that the committed tables were read from.
    say : callable
        Receives what moved, one line at a time.

    Raises
    ------
    DataProblem
        If a raw file is faulty or missing, or a notebook fails; nothing is replaced then.
    """
    aside = Project(project.build / ".refresh")
    report = fresh(project.raw, aside.processed)
    whole(report)
    _nothing_lost(project, aside)
    publish(aside.processed)
    _carry_over(project.processed, aside.processed)
    say(f"refresh: {report}")
    moved = moves(Store(project.processed), Store(aside.processed))
    changed = list(amended(Store(project.processed), Store(aside.processed)))
    executed = _execute(project, aside, say)
    put(aside.processed, project.processed)
    _take_over(project, executed)
    shutil.rmtree(aside.root)
    for line in (*(line for one in moved for line in one.lines()), *changed):
        say(f"refresh: {line}")
    if not moved:
        say("refresh: no figure moved")


def refresh_notebooks(project: Project, *, say: Say) -> None:
    """Execute the committed notebooks again on the committed figures and store them.

    Parameters
    ----------
    project : Project
    say : callable
        Receives which notebooks changed, one line at a time.

    Raises
    ------
    DataProblem
        If a notebook fails; none is replaced then.
    """
    aside = Project(project.build / ".refresh")
    executed = _execute(project, aside, say, home=project.root)
    _take_over(project, executed)
    shutil.rmtree(aside.root, ignore_errors=True)
    if not executed:
        say("refresh: no notebook changed")


def _take_over(project: Project, executed: list[Path]) -> None:
    for path in executed:
        path.replace(project.notebooks / path.name)


def _nothing_lost(project: Project, aside: Project) -> None:
    """Refuse a rebuild that lacks a table which is committed."""
    lost = lacking(project.processed, aside.processed)
    if lost:
        raise DataProblem(
            "raw files of committed tables are not here",
            where="data/raw",
            expected="the sources of every committed table",
            found=f"none for {', '.join(lost)}",
            untouched="data/processed and notebooks",
            todo="get them with sendstats fetch or sendstats import, then refresh again",
        )


def _carry_over(committed: Path, target: Path) -> None:
    """Copy the notes that people wrote beside the tables, such as the licence."""
    for note in sorted(committed.glob("*.md")):
        if not (target / note.name).exists():
            shutil.copyfile(note, target / note.name)


def _execute(project: Project, aside: Project, say: Say, *, home: Path | None = None) -> list[Path]:
    """Execute every notebook on the figures of `home`; return those whose bytes changed."""
    changed = []
    for source in notebooks.found(project.notebooks):
        target = aside.notebooks / source.name
        notebooks.execute(source, target, home=home or aside.root)
        if target.read_bytes() != source.read_bytes():
            say(f"refresh: notebook {source.name} changed")
            changed.append(target)
    return changed
