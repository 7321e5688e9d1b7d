"""What changed between two releases, as a table that a reader can filter."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from sendstats.catalogue.labels import TIMES, TOTAL, item_title, topic
from sendstats.catalogue.periods import say_period
from sendstats.catalogue.places import find
from sendstats.catalogue.tables import PERCENT, tables
from sendstats.catalogue.titles import columns_in_words
from sendstats.errors import DataProblem, UnknownId, WrongUse
from sendstats.quality.revisions.schema import KINDS
from sendstats.series.api import default_store
from sendstats.store.tables import Store
from sendstats.store.vintages import changes, from_raw, from_store, publication_of

#: Columns of a list of revisions that a reader needs first; `readable` puts them in words.
SHOWN = [
    "kind", "table", "period", "place_name", "topic", "item", "column", "title", "old", "new",
    "england_old", "england_new", "cells", "old_row", "new_row", "note",
]  # fmt: skip


def revisions(  # noqa: PLR0913 - the parts of one question, all but two by name
    old: str | None = None,
    new: str | None = None,
    *,
    place: str | None = None,
    table: str | None = None,
    kind: str | None = None,
    raw: Path | None = None,
    store: Store | None = None,
) -> pl.DataFrame:
    """Return what changed between releases, each change of its own kind.

    Parameters
    ----------
    old, new : str, optional
        Two releases of one publication, the earlier one first. Without them: what is stored of
        every release against the one before it, for England and the regions.
    place : str, optional
        Name, DfE number or ONS code; every place unless given.
    table : str, optional
        Id of a table.
    kind : str, optional
        One of `KINDS`: revised, symbol, redefined, withdrawn, added, relabelled, recoded or
        reordered.
    raw : Path, optional
        Folder of raw files, to compare every row, label and code of them; the stored tables are
        compared otherwise, which hold what some series reads.
    store : Store, optional

    Returns
    -------
    polars.DataFrame
        Columns of `sendstats.quality.revisions.schema.REVISIONS`, the weightiest kind first.
        ``old`` and ``new`` are printed texts, ``england_old`` and ``england_new`` what the two
        releases print of the same figure for England, rows and columns those of the two files,
        ``title`` what the publisher's guidance calls the column, where it is known, ``unit`` that
        of ``change``: a count or percentage points.

    Raises
    ------
    UnknownId
        If a release, place, table or kind is not known.
    WrongUse
        If one release is named alone, or the later one first.
    DataProblem
        If a release is not held.
    """
    for word, asked, known in (("table", table, tables()), ("kind of change", kind, KINDS)):
        if asked is not None and asked not in known:
            raise UnknownId.of(word, asked, known)
    found = _found(old, new, raw, store or default_store())
    wanted = {"place": find(place).key if place else None, "table": table, "kind": kind}
    for column, value in wanted.items():
        found = found if value is None else found.filter(pl.col(column) == value)
    return titled(found)


def titled(found: pl.DataFrame) -> pl.DataFrame:
    """Return changes with two more columns: what the guidance calls theirs, and their unit.

    Parameters
    ----------
    found : polars.DataFrame
        Columns of `sendstats.quality.revisions.schema.REVISIONS`.

    Returns
    -------
    polars.DataFrame
        With ``title``, null where the guidance has none, and ``unit`` of ``change``: counts and
        percentage points are not to be ranked together.
    """
    named = zip(found["table"], found["column"], strict=True)
    said = [columns_in_words(t).get(c) if c else None for t, c in named]
    share = pl.col("column").str.ends_with(PERCENT)
    unit = pl.when(share).then(pl.lit("percentage points")).otherwise(pl.lit("count"))
    return found.with_columns(pl.Series("title", said, pl.String), unit.alias("unit"))


def readable(found: pl.DataFrame) -> pl.DataFrame:
    """Return changes as a reader meets them: published names and words in place of our ids.

    Parameters
    ----------
    found : polars.DataFrame
        As `revisions` returns it.

    Returns
    -------
    polars.DataFrame
        Columns of `SHOWN`; of a column that has two published names, both.
    """
    rows = [row | _in_words(row) for row in found.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=found.schema).select(SHOWN)


def _in_words(row: dict[str, Any]) -> dict[str, Any]:
    names = [name for name in (row["old_column"], row["new_column"]) if name]
    divided, item = row["topic"] or TOTAL, row["item"] or TOTAL
    topics = [topic(one).title for one in divided.split(TIMES) if one != TOTAL]
    part = item_title(divided, item) if topics else item.replace("_", " ")
    return {
        "period": say_period(row["period"]) if row["period"] else None,
        "topic": TIMES.join(topics) or None,
        "item": None if item == TOTAL else part,
        "column": " → ".join(dict.fromkeys(names)) or row["column"],
        "note": row["note"] or None,
    }


def _found(old: str | None, new: str | None, raw: Path | None, store: Store) -> pl.DataFrame:
    if old is None and new is None and raw is None:
        return store.revisions
    if old is None or new is None:
        raise WrongUse(
            "two releases are needed to compare them",
            expected="the earlier and the later one",
            found=f"{old or new or 'none'}",
        )
    publication = publication_of(old, new)
    with TemporaryDirectory() as scratch:
        releases = []
        for release in (old, new):
            if raw:
                held = from_raw(raw, publication, release, Path(scratch))
            else:
                held = from_store(store, publication, release)
            if not held:
                raise DataProblem(
                    f"no table of release {release} is held",
                    where="data/raw" if raw else "data/processed",
                    todo="fetch the release, then run make refresh",
                )
            releases.append(held)
        return changes(*releases)


#: Kinds of which only raw files tell, and what else the stored tables do not show.
UNSEEN = ("recoded", "reordered")
UNSEEN_IS = (
    "not seen in the stored tables: labels, names and codes in rows, the order of rows and "
    "columns, and rows of authorities by topic. --raw compares them, too"
)


def unseen(*releases: str, raw: bool, store: Store | None = None) -> list[str]:
    """Return what a comparison of two releases cannot see, one line each.

    Parameters
    ----------
    *releases : str
        Their slugs.
    raw : bool
        Whether raw files are compared, and not what is stored of them.
    store : Store, optional
    """
    extracts = {s.release for s in (store or default_store()).sources if s.extract}
    partly = [slug for slug in releases if slug in extracts]
    lines = [] if raw else [UNSEEN_IS]
    return lines + [f"{slug} is held as extracts: what they lack is no change" for slug in partly]


def summary(found: pl.DataFrame, *, raw: bool = False) -> str:
    """Return how many changes of each kind there are between each two releases, in one line each.

    Parameters
    ----------
    found : polars.DataFrame
        As `revisions` returns it.
    raw : bool
        Whether raw files were compared; of a kind that stored tables do not show nothing is said.
    """
    pairs = found.select("old_release", "new_release").unique().sort("new_release", "old_release")
    lines = []
    for old, new in pairs.iter_rows():
        of = found.filter(pl.col("old_release") == old, pl.col("new_release") == new)
        counts = dict(of["kind"].value_counts().iter_rows())
        kinds = [kind for kind in KINDS if raw or kind in counts or kind not in UNSEEN]
        told = ", ".join(f"{counts.get(kind, 0):,} {kind}" for kind in kinds)
        lines.append(f"{old} → {new}: {told}")
    return "\n".join(lines) or "no change"
