"""The questions a reader asks: a series, a share, the catalogue."""

from __future__ import annotations

from functools import cache

import polars as pl

from sendstats.catalogue.labels import TOTAL
from sendstats.catalogue.series import SAME_AUTHORITIES, Cells, Definition, entries, entry
from sendstats.catalogue.tables import table
from sendstats.errors import DataProblem, Refused, UnknownId, WrongUse
from sendstats.paths import project
from sendstats.series.absent import File, absent
from sendstats.series.ask import Names, items, keys, request, topics
from sendstats.series.cells import Stored
from sendstats.series.held import check_answered, check_held
from sendstats.series.model import KEY, ROWS, Series
from sendstats.series.read import Request, levels, observations
from sendstats.series.select import broken, newest, notes_for, sources_for
from sendstats.store.tables import Store


@cache
def default_store() -> Store:
    """Return the committed tables of the project in force."""
    return Store(project().processed)


def definition(series_id: str) -> Definition:
    """Return what a series measures.

    Raises
    ------
    UnknownId
        If there is no such series; the message names the nearest.
    """
    return entry(series_id)


def series(  # noqa: PLR0913 - each keyword narrows the question in one named way
    series_id: str,
    *,
    place: Names = "England",
    placement: Names | None = None,
    topic: Names | None = None,
    item: Names | None = None,
    basis: Names | None = None,
    release: str | None = None,
    values: str = "repaired",
    store: Store | None = None,
) -> Series:
    """Return a series: observations with their meaning, source and caveats.

    Parameters
    ----------
    series_id : str
        Id such as ``"plans.caseload"``; `catalogue` lists them.
    place : str or sequence of str, default "England"
        Names, DfE numbers or ONS codes; ``"regions"``, ``"local authorities"`` or ``"all"``; or
        footprints such as ``"Cumbria footprint"``: areas that stayed the same while their
        authorities were reorganised, added up here.
    placement : str or sequence of str, optional
        For series by placement: ids such as ``"mainstream"``, or ``"groups"``, ``"types"`` or
        ``"provisions"``; ``"total"`` unless given, and needed for shares.
    topic : str or sequence of str, optional
        What to divide by, such as ``"age"``, or several at once, such as
        ``"primary_need × age"`` of ``"plans.caseload.by_need"``;
        undivided unless given. The committed tables hold the topics of England and the regions
        that notebooks use; a store made with ``sendstats ingest --detail`` holds every row.
    item : str or sequence of str, optional
        Which items of the topic; ``"all"`` unless given. Of several topics,
        ``"autistic_spectrum_disorder × 10"`` or ``"autistic_spectrum_disorder × all"``.
    basis : str or sequence of str, optional
        Needed where the series has more than one. A rate computed from counts has a basis besides:
        ``"same_authorities"`` adds up only authorities that have both counts in the period.
    release : str, optional
        Slug of a release to read every period from. Without it, each period is read from the
        newest release that holds all that is asked for.
    values : {"repaired", "published"}
        Whether proven repairs replace what was printed.
    store : Store, optional
        Tables to read; the committed ones unless given.

    Returns
    -------
    Series

    Raises
    ------
    UnknownId
        If an id, place, placement, topic, item or release is not known.
    Refused
        If a basis or placement is needed and not given, or the series has no counts to add up for
        a footprint or over the same authorities.
    DataProblem
        If the stored tables lack what is asked for; the message says which store has it.
    NothingHeld
        If no row is of the places asked for; the message says which rows there are.
    """
    asked = request(entry(series_id), basis=basis, placement=placement, topic=topic)
    store = store or default_store()
    if values not in ("repaired", "published"):
        raise UnknownId.of("values", values, ["repaired", "published"])
    wanted = keys(place)
    release = None if release is None else str(release)
    read = _held(store, asked, release, repaired=values == "repaired")
    found = [one.rows for one in read]
    check_held(asked, wanted, found, store)
    rows = _chosen(asked, found, wanted, item)
    check_answered(asked, wanted, read, rows)
    if release is None:
        rows = newest(rows)
    rows = broken(rows, asked.entry)
    lost = absent(rows, read, wanted, store)
    return Series(
        definition=asked.entry,
        rows=rows.sort(KEY),
        basis=asked.basis,
        notes=notes_for(rows, asked.entry, store, also=(i for one in lost for i in one.findings)),
        sources=sources_for(rows, store),
        absent=lost,
    )


def _held(store: Store, asked: Request, release: str | None, *, repaired: bool) -> list[File]:
    """Return all observations of every release that holds some, or of the one asked for."""
    found, known = list[File](), set[str]()
    for cells in filter(asked.reads, asked.entry.cells):
        source = table(cells.table)
        for slug in store.releases(source.id):
            stored = Stored(store, source, slug, repaired)
            if cells.layouts and stored.layout.id not in cells.layouts:
                continue
            known.add(slug)
            if release in (None, slug) and not (asked.coherent and stored.extract):
                found.append(_file(stored, cells, asked))
    if not known:
        raise DataProblem(
            f"no stored table holds {asked.entry.id}",
            where="data/processed/tables",
            todo="use a checkout with its committed figures, or fetch and run make refresh",
        )
    if release is not None and release not in known:
        raise UnknownId.of(f"release of {asked.entry.id}", release, sorted(known))
    return found


def _file(stored: Stored, cells: Cells, asked: Request) -> File:
    return File(
        table=stored.table.id,
        release=stored.release,
        divides=stored.layout.divides,
        extract=stored.extract,
        rows=observations(stored, cells, asked),
        printed=levels(stored, cells, asked),
    )


def _chosen(
    asked: Request, found: list[pl.DataFrame], wanted: tuple[str, ...], item: Names | None
) -> pl.DataFrame:
    """Return the rows of the places and items asked for."""
    divided = found if asked.topic != TOTAL else []
    held = dict.fromkeys(i for frame in divided for i in frame["item"].unique().sort())
    some = items(asked, item, held)
    chosen = pl.col("place").is_in(list(wanted))
    if some is not None:
        chosen &= pl.col("item").is_in(some)
    return pl.concat([frame.filter(chosen) for frame in found]) if found else ROWS.to_frame()


#: Which series a share of each kind is, and which single measure it divides by.
_SHARES = {"stock": "plans.caseload.share", "flow": "plans.new.share"}


def share(placement: str, kind: str | None = None, **options: str | None) -> Series:
    """Return the share of plans in one placement, of a stock or of a flow.

    Parameters
    ----------
    placement : str
        Placement id, for example ``"mainstream"``.
    kind : {"stock", "flow"}
        ``"stock"`` for all plans in force in January, ``"flow"`` for the plans made in a year.
    **options
        ``place``, ``release``, ``values`` and ``store`` as in `series`.

    Raises
    ------
    Refused
        If `kind` is not given: the two shares are far apart and mean different things.
    WrongUse
        If `placement` is no id but, for example, a series.
    """
    if not isinstance(placement, str):
        raise WrongUse(
            "a share is asked for by the id of a placement",
            expected="an id such as 'mainstream'",
            found=f"a {type(placement).__name__}",
            todo="divide one figure by another with ratio",
        )
    if kind not in _SHARES:
        raise Refused(
            f"a share of plans in {placement!r} must say of what",
            expected="kind='stock' (all plans in force) or kind='flow' (plans made in a year)",
            found=repr(kind),
            todo="the share of new plans is not the share of all plans; say which one you mean",
        )
    return series(_SHARES[kind], placement=placement, **options)  # type: ignore[arg-type]


def catalogue(store: Store | None = None) -> pl.DataFrame:
    """Return every series with what it counts, its bases, topics and denominator.

    ``by`` says what a series must be asked by: a placement, or a topic. ``held`` says whether
    `store` (the committed tables unless given) holds figures of it.
    """
    store = store or default_store()
    return pl.DataFrame(
        [
            {
                "id": e.id,
                "title": e.title,
                "kind": e.kind,
                "unit": e.unit,
                "universe": e.universe,
                "bases": ", ".join(e.bases),
                SAME_AUTHORITIES: e.computed,
                "by": e.dimension or ("topic" if e.needs_topic else ""),
                "topics": ", ".join(topics(e)),
                "denominator": e.denominator,
                "measures": e.measures,
                "held": any(_reads(store, cells) for cells in e.cells),
            }
            for e in entries().values()
        ]
    )


def _reads(store: Store, cells: Cells) -> bool:
    """Whether some stored table has a layout, and the column, that the cells read."""
    source = table(cells.table)
    return any(
        (not cells.layouts or source.layout(release).id in cells.layouts)
        and (not cells.detail or cells.column in store.read(source.id, release).columns)
        for release in store.releases(source.id)
    )
