"""Where things live: one small object that every command passes on."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sendstats.errors import DataProblem


@dataclass(frozen=True)
class Project:
    """The folders of one checkout (or of a folder a user points at).

    Attributes
    ----------
    root : Path
        The folder that holds `data`, `notebooks` and `build`.
    """

    root: Path

    @property
    def raw(self) -> Path:
        """Release files as published, each with its receipt; never committed."""
        return self.root / "data" / "raw"

    @property
    def processed(self) -> Path:
        """The committed tables, in our schema."""
        return self.root / "data" / "processed"

    @property
    def notebooks(self) -> Path:
        """The committed notebooks."""
        return self.root / "notebooks"

    @property
    def build(self) -> Path:
        """Everything `make` produces; safe to delete."""
        return self.root / "build"


def project() -> Project:
    """Return the project in force: `SENDSTATS_HOME` if set, else the checkout of this package."""
    home = os.environ.get("SENDSTATS_HOME")
    return Project(Path(home) if home else Path(__file__).resolve().parents[2])


def existing() -> Project:
    """Return the project in force, for work on what lies there.

    Raises
    ------
    DataProblem
        If its folder does not exist: nothing there is no sign that all is well.
    """
    found = project()
    if not found.root.is_dir():
        raise DataProblem(
            "nothing is here: the folder does not exist",
            where=str(found.root),
            expected="the folder of a project, as SENDSTATS_HOME names it",
            found="nothing",
            todo="set SENDSTATS_HOME to a folder that exists, or unset it",
        )
    return found
