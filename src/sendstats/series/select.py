"""Which release serves which period, and what notes touch what it says."""

from __future__ import annotations

import polars as pl

from sendstats.catalogue.notes import CatalogueNote, notes
from sendstats.catalogue.publications import publications
from sendstats.series.model import KEY, Definition, Note, Source
from sendstats.store.tables import Store

_CELL = ["place", "placement", "item"]
_FIXED = {
    "small_base": ("small_base", "The base is under 30, so the rate says little; do not rank it."),
    "repaired": (
        "repair",
        "The value is proven by other published cells and differs from the one printed.",
    ),
}


def newest(rows: pl.DataFrame) -> pl.DataFrame:
    """Keep, for each period, the newest release that holds everything held for that period.

    Parameters
    ----------
    rows : polars.DataFrame
        Observations of several releases.

    Returns
    -------
    polars.DataFrame
        The same columns, one release a period. Where no release holds everything, the one that
        holds most serves, the newest of several.
    """
    held = rows.group_by("period", "release").agg(pl.struct(_CELL).n_unique().alias("_held"))
    best = held.sort("period", "_held", "release").group_by("period", maintain_order=True).last()
    return rows.join(best.select("period", "release"), on=["period", "release"], how="semi")


def flagged(rows: pl.DataFrame, definition: Definition) -> pl.DataFrame:
    """Add to ``flags`` every caveat and break that touches a cell; sort by key."""
    for note in (n for n in notes() if n.concerns(definition.id)):
        rows = rows.with_columns(_with_flag(note.id, _touches(note, definition)))
    return rows.sort(KEY)


def _with_flag(flag: str, where: pl.Expr) -> pl.Expr:
    added = pl.concat_list(pl.col("flags"), pl.lit([flag], pl.List(pl.String)))
    return pl.when(where).then(added).otherwise(pl.col("flags")).alias("flags")


def _touches(note: CatalogueNote, definition: Definition) -> pl.Expr:
    if note.kind == "break":
        return pl.col("period") == note.first(definition.kind)
    touched = pl.lit(value=True)
    if note.periods:
        touched &= pl.col("period").is_in(list(note.periods))
    if note.places:
        touched &= pl.col("place").is_in(list(note.places))
    return touched


def notes_for(rows: pl.DataFrame, definition: Definition, store: Store) -> tuple[Note, ...]:
    """Return every note whose id occurs in ``flags``; breaks carry their period and label."""
    ids = set(rows["flags"].explode().drop_nulls().to_list())
    found = [
        Note(n.id, n.kind, n.text, n.first(definition.kind), n.label)
        for n in notes()
        if n.id in ids
    ]
    found += [Note(i, kind, text) for i, (kind, text) in _FIXED.items() if i in ids]
    findings = store.findings.filter(pl.col("finding").is_in(list(ids)))
    for row in findings.unique("finding", maintain_order=True).iter_rows(named=True):
        found.append(Note(row["finding"], "finding", finding_text(row)))
    return tuple(found)


def finding_text(row: dict[str, object]) -> str:
    """Return one finding as a sentence."""
    cause = f" {row['cause']}." if row["cause"] else ""
    return (
        f"{row['place_name']}, {row['period']}, {row['column']}: expected {row['expected']}, "
        f"published {row['found']} ({row['rule']}).{cause}"
    )


def sources_for(rows: pl.DataFrame, store: Store) -> tuple[Source, ...]:
    """Return the releases that served `rows`, newest last, with the periods each served."""
    served = rows.group_by("publication", "release").agg(pl.col("period").unique().sort())
    sources = []
    for row in served.sort("publication", "release").iter_rows(named=True):
        publication = publications()[row["publication"]]
        release = publication.release(row["release"])
        file = store.source(row["publication"], row["release"])
        sources.append(
            Source(
                publication=publication.slug,
                release=release.slug,
                publication_title=publication.title,
                release_title=release.title,
                publisher=publication.publisher,
                published=file.published,
                published_assumed=file.published_assumed,
                extract=file.extract,
                licence=publication.licence,
                url=release.page,
                periods=tuple(row["period"]),
            )
        )
    return tuple(sources)
