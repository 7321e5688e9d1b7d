"""Which release serves which period, and what notes touch what it says."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatch
from typing import Any

import polars as pl

from sendstats.catalogue.footprints import footprints
from sendstats.catalogue.notes import CatalogueNote, notes
from sendstats.catalogue.publications import publications
from sendstats.catalogue.series import SAME_AUTHORITIES, Definition, placements
from sendstats.catalogue.symbols import UNTOLD
from sendstats.ingest.periods import census_day
from sendstats.series.about import about, finding_text
from sendstats.series.footprints import IN_PARTS
from sendstats.series.model import REPAIRED, UNREPAIRED, Note, Source
from sendstats.store.tables import Store

_SLIGHT = 0.5
_FIXED = {
    "small_base": ("small_base", "The base is under 30, so the rate says little; do not rank it."),
    REPAIRED: (
        "repair",
        "The value is proven by other published cells and differs from the one printed.",
    ),
    UNREPAIRED: ("repair", "The value is the one printed; other published cells prove another."),
    IN_PARTS: (
        "caveat",
        "The file prints this region in parts only; their counts are added up here.",
    ),
    SAME_AUTHORITIES: (
        "caveat",
        "Worked out over the authorities that have both counts; the published rate may differ.",
    ),
}

#: Reasons that a release gives for every place at once, and so says nothing of any.
FOR_NOBODY = ["not_collected", UNTOLD]


#: What makes a line of figures, and working columns that no row of a series has.
_LINE = ("place", "placement", "topic", "item")
_AT, _BEFORE, _CUT = "(at)", "(before)", "(cut)"


def newest(rows: pl.DataFrame) -> pl.DataFrame:
    """Keep, for each period, the newest release that holds everything held for that period.

    A release holds a cell that it says something of: a figure, or a symbol that speaks of this
    one place. It does not hold what it has for nobody: a figure that it prints for no place
    (``not_collected``), or counts only together with others (`UNTOLD`). So a column that a newer
    release no longer fills does not hide what an older one printed. A symbol in place of a single
    figure is a statement, perhaps made on purpose, and holds: it never brings an older figure
    back. (docs/decisions/0016-what-a-release-holds.md)

    Parameters
    ----------
    rows : polars.DataFrame
        Observations of several releases.

    Returns
    -------
    polars.DataFrame
        The same columns, one release a period: nothing is mixed within one. Where no release
        holds everything, the one that holds most serves, then the one with most rows, the newest
        of several.
    """
    if rows["release"].n_unique() < 2:
        return rows
    says = pl.col("value").is_not_null() | ~pl.col("reason").is_in(FOR_NOBODY)
    held = rows.group_by("period", "release").agg(
        says.fill_null(value=True).sum().alias("_held"), pl.len().alias("_rows")
    )
    order = held.sort("period", "_held", "_rows", "release")
    best = order.group_by("period", maintain_order=True).last()
    return rows.join(
        best.select("period", "release"),
        on=["period", "release"],
        how="semi",
        maintain_order="left",
    )


def flagged(rows: pl.DataFrame, definition: Definition) -> pl.DataFrame:
    """Add to ``flags`` every caveat that touches a cell, or a member of its footprint."""
    concerned = [n for n in notes() if n.kind == "caveat" and n.concerns(definition.id)]
    if not concerned:
        return rows
    touched = [(n, _touches(n, rows["period"].unique().to_list())) for n in concerned]
    added = [pl.when(touches).then(pl.lit(n.id)) for n, touches in touched]
    by_item = any(n.topics or n.items for n in concerned)
    on = ["period", "place", "placement", *(["topic", "item"] if by_item else [])]
    cells = rows.select(on).unique(maintain_order=True)
    noted = cells.with_columns(pl.concat_list(added).list.drop_nulls().alias("_noted"))
    joined = rows.join(noted, on=on, how="left", maintain_order="left")
    return joined.with_columns(pl.concat_list("flags", "_noted").alias("flags")).drop("_noted")


def broken(rows: pl.DataFrame, definition: Definition) -> pl.DataFrame:
    """Add to ``flags`` every break, on the first figure after it of each place and item.

    That is the break's own period or, where no row is held of it, the first one held after it;
    a line that begins later has nothing before the break to be compared with. Breaks stand before
    caveats.
    """
    concerned = [n for n in notes() if n.kind == "break" and n.concerns(definition.id)]
    if not concerned:
        return rows
    before = pl.col("period").shift().over(_LINE, order_by="period")
    lines = rows.with_row_index(_AT).with_columns(before.alias(_BEFORE))
    begun = lines.select(_AT, "flags", *(_begins(n, definition).alias(n.id) for n in concerned))
    ids = [n.id for n in concerned]
    cut = pl.concat_list(pl.when(i).then(pl.lit(i)) for i in ids).list.drop_nulls()
    caveat = pl.element().is_in([n.id for n in notes() if n.kind == "caveat"])
    marks, said = (pl.col("flags").list.eval(pl.element().filter(c)) for c in (~caveat, caveat))
    touched = begun.filter(pl.any_horizontal(ids)).select(
        pl.col(_AT), pl.concat_list(marks, cut, said).alias(_CUT)
    )
    joined = lines.join(touched, on=_AT, how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce(_CUT, "flags").alias("flags")).drop(_AT, _BEFORE, _CUT)


def _begins(note: CatalogueNote, definition: Definition) -> pl.Expr:
    """Whether a row is the first of its line at or after a break, and the line is cut by it."""
    period, before, first = pl.col("period"), pl.col(_BEFORE), note.first(definition.kind)
    cut = pl.when(before.is_null()).then(period == first).otherwise(before < first)
    return cut & (period >= first) & _touches(note)


def _touches(note: CatalogueNote, periods: Iterable[str] = ()) -> pl.Expr:
    """Whether a note touches a row; in `periods`, also the footprints of the places it names."""
    touched = pl.lit(value=True)
    if note.periods:
        touched &= pl.col("period").is_in(list(note.periods))
    if note.places:
        touched &= pl.col("place").is_in(list(note.places)) | _within(note.places, periods)
    if note.placements:
        names = [p for p in placements() if any(fnmatch(p, x) for x in note.placements)]
        touched &= pl.col("placement").is_in(names)
    if note.topics:
        touched &= pl.col("topic").is_in(list(note.topics))
    if note.items:
        touched &= pl.col("item").is_in(list(note.items))
    return touched


def _within(members: Iterable[str], periods: Iterable[str]) -> pl.Expr:
    """Whether a row is of a footprint that has one of `members` in force in its period."""
    found = pl.lit(value=False)
    for footprint in footprints().values():
        on = [p for p in periods if {*members} & {*footprint.on(census_day(p))}]
        if on:
            found |= (pl.col("place") == footprint.key) & pl.col("period").is_in(on)
    return found


def notes_for(
    rows: pl.DataFrame, definition: Definition, store: Store, also: Iterable[str] = ()
) -> tuple[Note, ...]:
    """Return every note whose id occurs in ``flags`` or `also`; breaks carry period and label."""
    ids = {*rows["flags"].explode().drop_nulls(), *also}
    found = [
        Note(n.id, n.kind, n.text, n.first(definition.kind), n.label)
        for n in notes()
        if n.id in ids
    ]
    found += [Note(i, kind, text) for i, (kind, text) in _FIXED.items() if i in ids]
    areas = [f for f in footprints().values() if f.note in ids]
    found += [Note(f.note, "caveat", f"{f.name}: {f.text}") for f in areas]
    findings = store.findings.filter(pl.col("finding").is_in(list(ids)))
    for row in findings.unique("finding", maintain_order=True).iter_rows(named=True):
        text = finding_text(row)
        found.append(Note(row["finding"], "finding", text, slight=slight(row), about=about(row)))
    return tuple(found)


def slight(row: dict[str, Any]) -> bool:
    """Whether a finding leaves figures what they are.

    A total that misses its parts in many places is a matter of meaning; and where the parts move
    England's figure by less than `_SLIGHT`, per cent or percentage points, it is hardly wrong.
    """
    from sendstats.quality.broken import DEFINITION, PARTS  # noqa: PLC0415 - keeps import light

    meant = row["kind"] == DEFINITION or 0 < row["effect_size"] < _SLIGHT
    return bool(row["rule"] == PARTS and meant)


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
