"""The findings as a list or as a note to the publisher, put into a file."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import get_terminal_size

import polars as pl

from sendstats.errors import WrongUse
from sendstats.paths import Project
from sendstats.run.stamps import replace_text
from sendstats.series.trace import findings
from sendstats.store.tables import Store
from sendstats.words import letter, paragraphs

#: Columns of a line where nobody says how wide the terminal is.
WIDTH = 100


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


def listing(found: pl.DataFrame, output: Path | None = None, *, as_json: bool = False) -> str:
    """Return findings as lines of text or as JSON, or write them and return how many and where.

    Parameters
    ----------
    found : polars.DataFrame
        As `sendstats.findings` returns it.
    output : Path, optional
        File to write, in UTF-8, as its ending says: ``.csv`` or ``.json``; replaced if it is there.
    as_json : bool
        Whether JSON is asked for; the ending of a file must then say so too.

    Raises
    ------
    WrongUse
        If the ending says neither, or something else than was asked for.
    """
    if output is None and not as_json:
        wide = get_terminal_size((WIDTH, 0)).columns
        return paragraphs(found, wide) if found.height else "no finding"
    asked = (".json",) if as_json else (".csv", ".json")
    if output and output.suffix not in asked:
        raise WrongUse(
            "the file for the list of findings has another ending than it needs",
            expected=" or ".join(asked),
            found=output.suffix or "no ending",
            untouched="nothing was written",
            todo="name it so, or say --note for a note to the publisher",
        )
    if output and output.suffix == ".csv":
        text = found.write_csv()
    else:
        text = json.dumps(found.to_dicts(), ensure_ascii=False, indent=1)
    if output is None:
        return text
    replace_text(output, text.rstrip("\n") + "\n")
    return f"{found.height} findings written to {output}"
