"""Two releases of a publication side by side, table by table, and what changed between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sendstats.catalogue.places import LOCAL
from sendstats.catalogue.publications import publications
from sendstats.catalogue.revisions import continued
from sendstats.catalogue.tables import table, tables
from sendstats.errors import UnknownId, WrongUse
from sendstats.ingest import text
from sendstats.ingest.table import ingest_to
from sendstats.quality.revisions.cells import Vintage
from sendstats.quality.revisions.compare import compare, described
from sendstats.quality.revisions.labels import labels
from sendstats.quality.revisions.schema import listed
from sendstats.receipts import receipts, unread
from sendstats.store.tables import SourceFile, Store


@dataclass(frozen=True)
class Held:
    """One table of one release, and its raw file where that is here.

    Attributes
    ----------
    vintage : Vintage
    file : Path or None
        Only the raw file tells how labels, names and codes are spelled.
    """

    vintage: Vintage
    file: Path | None = None


#: The tables of one release, by id.
Release = dict[str, Held]


def publication_of(*releases: str) -> str:
    """Return the publication that has all of these releases, the earlier ones named first.

    Raises
    ------
    UnknownId
        If no publication has a release.
    WrongUse
        If they belong to different publications, or stand in another order.
    """
    slugs = {p.slug: [r.slug for r in p.releases] for p in publications().values()}
    for slug in releases:
        if not any(slug in known for known in slugs.values()):
            raise UnknownId.of("release", slug, [s for known in slugs.values() for s in known])
    for publication, known in slugs.items():
        if {*releases} <= {*known}:
            if sorted(releases, key=known.index) == [*releases] and len({*releases}) > 1:
                return publication
            raise WrongUse(
                f"release {releases[0]} is not earlier than {releases[-1]}",
                expected="the earlier release first",
                todo=f"their order is {', '.join(known)}",
            )
    raise WrongUse(
        f"releases {' and '.join(releases)} belong to different publications",
        expected="two releases of one publication",
    )


def from_store(store: Store, publication: str, release: str, raw: Path | None = None) -> Release:
    """Return the stored tables of a release, with their raw files if `raw` holds them."""
    here = _files(raw) if raw else {}
    found = {}
    for s in store.sources:
        if (s.publication, s.release) == (publication, release):
            layout = table(s.table).layout(release)
            frame = store.read(s.table, release)
            vintage = Vintage(table(s.table), release, frame, s.extract, layout, whole=False)
            found[s.table] = Held(vintage, here.get((publication, release, s.file)))
    return found


def from_raw(raw: Path, publication: str, release: str, folder: Path) -> Release:
    """Return every row and column of a release, read from its raw files.

    Parameters
    ----------
    raw : Path
    publication, release : str
    folder : Path
        Where the tables are written, to be read in part for as long as they are compared.

    Raises
    ------
    FaultyFile
        If a file of the release is faulty, or a receipt cannot be read.
    """
    for refusal in unread(raw):
        raise refusal
    extracts = {(r.publication, r.release, r.file): r.extract for r in receipts(raw)}
    here, found = _files(raw), {}
    for meant in (t for t in tables().values() if t.publication == publication):
        for layout in (x for x in meant.layouts if release in x.releases):
            key = (publication, release, layout.file)
            if key in here:
                target = folder / f"{meant.id}.{release}.parquet"
                frame = ingest_to(here[key], meant, release, target)
                vintage = Vintage(meant, release, frame, extracts[key], layout)
                found[meant.id] = Held(vintage, here[key])
    return found


def _files(raw: Path) -> dict[tuple[str, str, str], Path]:
    return {(r.publication, r.release, r.file): r.path(raw) for r in receipts(raw)}


def changes(old: Release, new: Release) -> pl.DataFrame:
    """Return what changed from one release to a later one, in every table that both have.

    A table that goes on in another, as the catalogue says, is compared by its totals.

    Returns
    -------
    polars.DataFrame
        Columns of `sendstats.quality.revisions.schema.REVISIONS`.
    """
    found = [_compared(old[name], new[name]) for name in old if name in new]
    for link in continued():
        if link.table in old and link.by in new and link.by not in old:
            before = old[link.table].vintage.continues(link, table(link.by))
            both = compare(before, new[link.by].vintage)
            found.append(both.filter(pl.col("kind").is_in(["revised", "symbol"])))
    return listed(found)


def _compared(old: Held, new: Held) -> pl.DataFrame:
    found = compare(old.vintage, new.vintage)
    crossed = old.vintage.layout.cross or new.vintage.layout.cross  # no columns of labels
    if old.file is None or new.file is None or crossed:
        return found
    was, now = (text.scan(file).rename({text.ROW: "row"}) for file in (old.file, new.file))
    spelled = labels(old.vintage, new.vintage, was, now)
    return listed([found, described(spelled, old.vintage, new.vintage)])


def revisions(store: Store, raw: Path | None = None) -> pl.DataFrame:
    """Return what changed for England and the regions from each release to the next one held.

    A release that follows an extract is compared with the whole one before it too.

    Parameters
    ----------
    store : Store
    raw : Path, optional
        Folder of raw files; without it labels, names and codes are not compared.
    """
    found = [
        changes(*(from_store(store, publication, release, raw) for release in pair))
        for publication in sorted({s.publication for s in store.sources})
        for pair in _pairs([s for s in store.sources if s.publication == publication])
    ]
    whole = listed(found)
    return whole.filter(pl.col("level").ne_missing(LOCAL) | (pl.col("kind") == "recoded"))


def _pairs(sources: Iterable[SourceFile]) -> list[tuple[str, str]]:
    """Return each release with the one before it, and with the last whole one before it."""
    extract = {s.release: s.extract for s in sources}
    order = [r.slug for p in publications().values() for r in p.releases if r.slug in extract]
    pairs = set()
    for i, new in enumerate(order[1:], 1):
        whole = [slug for slug in order[:i] if not extract[slug]]
        pairs |= {(old, new) for old in (order[i - 1], *whole[-1:])}
    return sorted(pairs)
