"""Placeholder until the next commit."""

from __future__ import annotations

from sendstats.fetch.settings import Settings
from sendstats.paths import Project


class UpdatePlan: ...


def newer(project: Project, settings: Settings | None = None) -> list[str]:
    """TODO."""
    return []


def update(project: Project) -> None:
    """TODO."""
