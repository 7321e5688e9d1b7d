"""The findings as a note to the publisher, printed or put into a file."""

from __future__ import annotations

from pathlib import Path

from sendstats.paths import Project
from sendstats.run.stamps import replace_text
from sendstats.series.trace import findings
from sendstats.store.tables import Store
from sendstats.words import letter


def note(project: Project, place: str | None = None, output: Path | None = None) -> str:
    """Return the note, or write it whole to `output` and return where it is.

    Parameters
    ----------
    project : Project
        Whose findings are told.
    place : str, optional
        Name, DfE number or ONS code; every place unless given.
    output : Path, optional
        File to write, in UTF-8; replaced if it is there.
    """
    store = Store(project.processed)
    text = letter(findings(place, store=store), store.flags)
    if output is None:
        return text.rstrip("\n")
    replace_text(output, text)
    return f"note written to {output}"
