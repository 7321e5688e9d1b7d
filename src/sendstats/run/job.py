"""Run the steps in order and say in one line each what was done."""

from __future__ import annotations

from collections.abc import Callable

from sendstats.paths import Project

Say = Callable[[str], None]


def run_all(project: Project, *, say: Say) -> None:
    """Run every step for `project`.

    Parameters
    ----------
    project : Project
        The folders to work in.
    say : callable
        Receives one line of text at a time.
    """
    say(f"sendstats in {project.root.name}: nothing to run yet")
