"""Run the steps in order and say in one line each what was done, or why it was not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sendstats.errors import DataProblem, Unreachable
from sendstats.paths import Project
from sendstats.receipts import sha256_of
from sendstats.run import notebooks, stamps
from sendstats.run.candidate import ingest_raw
from sendstats.run.gallery import draw
from sendstats.run.stamps import digest, is_current, package, tree

Say = Callable[[str], None]


def run_all(project: Project, *, say: Say, offline: bool = False) -> None:
    """Fetch, ingest and check, execute the notebooks and draw the charts.

    No committed figure and no committed notebook is changed; everything goes to ``build``.

    Parameters
    ----------
    project : Project
        The folders to work in.
    say : callable
        Receives one line of text at a time.
    offline : bool
        Make no request.

    Raises
    ------
    DataProblem
        If a notebook fails or a chart cannot be drawn; the steps before it stay done. Or, once all
        else is done on the committed figures, if a raw file was refused.
    """
    state = package()
    fetch(project, say=say, offline=offline)
    refused = ingest_raw(project, state, say=say).failures
    run_notebooks(project, state, say=say)
    draw(project, state, say=say)
    say("open build/charts/index.html")
    if refused:
        raise DataProblem(
            f"refused: {', '.join(fault.file for fault in refused)}; the faults are named above",
            untouched="the committed figures, which the notebooks and charts show",
            todo="fetch the files again, or describe the new layout in the catalogue",
        )


def fetch(project: Project, *, say: Say, offline: bool = False) -> None:
    """Fetch what is pinned; a service that does not answer is a line, never an error."""
    from sendstats.fetch import (  # noqa: PLC0415 - loads the network libraries
        fetch_pinned,
        newer,
        terminal_watch,
    )

    if offline:
        say("fetch: skipped, offline; the committed figures are used")
        return
    try:
        report = fetch_pinned(project, say=say, watch=terminal_watch())
        news = newer(project, say=lambda line: say(f"fetch: {line}"))
    except Unreachable:
        say("fetch: the service does not answer; the committed figures are used")
        return
    for line in report.lines:
        say(f"fetch: {line}")
    say(f"fetch: {report.summary}")
    if news:
        more = f", and {len(news) - 1} more" if len(news) > 1 else ""
        say(f"fetch: newer than the pins: {news[0]}{more}; make refresh takes it over")


def run_notebooks(project: Project, state: str, *, say: Say) -> list[Path]:
    """Execute every notebook that, or whose data, changed; return those executed.

    Parameters
    ----------
    project : Project
    state : str
        Digest of the package, from `stamps.package`.
    say : callable
    """
    figures, executed = tree(project.processed), []
    sources = notebooks.found(project.notebooks)
    for source in sources:
        step = f"notebook-{source.stem}"
        target = project.build / "notebooks" / source.name
        inputs = digest({"package": state, "figures": figures, "source": sha256_of(source)})
        if is_current(project, step, inputs):
            continue
        say(f"notebooks: {source.name}")
        notebooks.execute(source, target, home=project.root)
        stamps.write(project, step, inputs, [target])
        executed.append(source)
        if target.read_bytes() != source.read_bytes():
            say(f"notebooks: {source.name} shows something else than committed")
    kept = len(sources) - len(executed)
    told = [f"{len(executed)} executed"] * bool(executed) + [f"{kept} up to date"] * bool(kept)
    say(f"notebooks: {', '.join(told) or 'none are here'} (build/notebooks)")
    return executed
