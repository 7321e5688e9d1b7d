"""The questions a reader asks: a series, a share, the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import polars as pl

from sendstats.catalogue.labels import titles
from sendstats.catalogue.series import SeriesEntry, entries, entry, placements
from sendstats.catalogue.tables import table
from sendstats.errors import DataProblem, Refused, UnknownId, WrongUse
from sendstats.paths import project
from sendstats.series.cells import Stored
from sendstats.series.model import ROWS, Definition, Series
from sendstats.series.read import TOTAL, Request, observations, resolve_places
from sendstats.series.select import flagged, newest, notes_for, sources_for
from sendstats.store.tables import Store

Names = str | Sequence[str]


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
    e = entry(series_id)
    return Definition(
        id=e.id,
        title=e.title,
        kind=e.kind,
        universe=e.universe,
        unit=e.unit,
        decimals=e.decimals,
        measures=e.measures,
        publication=e.publication,
        denominator=e.denominator,
        whole=e.whole,
        bases=e.bases,
    )


def series(  # noqa: PLR0913 - each keyword narrows the question in one named way
    series_id: str,
    *,
    place: Names = "England",
    placement: Names | None = None,
    item: Names | None = None,
    basis: str | None = None,
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
        Names, DfE numbers or ONS codes; or ``"regions"``, ``"local authorities"``, ``"all"``.
    placement : str or sequence of str, optional
        For series by placement: ids such as ``"mainstream"``, or ``"groups"`` or ``"types"``;
        ``"total"`` unless given, and needed for shares.
    item : str or sequence of str, optional
        For series by primary need: ids, or ``"all"``; ``"total"`` unless given.
    basis : str, optional
        Needed where the series has more than one.
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
        If an id, place, placement, item or release is not known.
    Refused
        If a basis or placement is needed and not given.
    """
    asked, store = entry(series_id), store or default_store()
    basis = _basis(asked, basis)
    if values not in ("repaired", "published"):
        raise UnknownId.of("values", values, ["repaired", "published"])
    keys = resolve_places(place)
    requests = [
        Request(asked, p, i, basis, keys)
        for p in _placements(asked, placement)
        for i in _items(asked, item)
    ]
    release = None if release is None else str(release)
    rows = _held(store, requests, release, repaired=values == "repaired")
    if release is None:
        rows = newest(rows)
    meant = definition(series_id)
    rows = flagged(rows, meant)
    return Series(
        definition=meant,
        rows=rows.select(ROWS.names()),
        basis=basis,
        notes=notes_for(rows, meant, store),
        sources=sources_for(rows, store),
    )


def _held(
    store: Store, requests: list[Request], release: str | None, *, repaired: bool
) -> pl.DataFrame:
    """Return the observations of every release that holds some, or of the one asked for."""
    asked, found, known = requests[0].entry, [], set()
    for cells in (c for c in asked.cells if c.basis == requests[0].basis):
        source = table(cells.table)
        for slug in store.releases(source.id):
            stored = Stored(store, source, slug, repaired)
            if cells.layouts and stored.layout.id not in cells.layouts:
                continue
            known.add(slug)
            if release in (None, slug):
                found += [observations(stored, cells, request) for request in requests]
    if not known:
        raise DataProblem(
            f"no stored table holds {asked.id}",
            where="data/processed/tables",
            todo="use a checkout with its committed figures, or fetch and run make refresh",
        )
    if not found:
        raise UnknownId.of(f"release of {asked.id}", str(release), sorted(known))
    return pl.concat(found)


def _basis(asked: SeriesEntry, basis: str | None) -> str:
    if not asked.bases:
        if basis:
            raise WrongUse(f"{asked.id} has one basis only", found=basis, todo="leave basis out")
        return ""
    if basis is None:
        raise Refused(
            f"{asked.id} needs a basis",
            expected=" or ".join(asked.bases),
            todo="say which; the two are different figures and never compared",
        )
    if basis not in asked.bases:
        raise UnknownId.of(f"basis of {asked.id}", basis, asked.bases)
    return basis


def _placements(asked: SeriesEntry, placement: Names | None) -> list[str]:
    if asked.dimension != "placement":
        if placement:
            raise WrongUse(
                f"{asked.id} is not broken down by placement",
                found=str(placement),
                todo="use plans.caseload.placed or plans.new.placed",
            )
        return [TOTAL]
    if placement is None and asked.unit == "percent":
        raise Refused(f"{asked.id} needs a placement", expected=f"one of {', '.join(placements())}")
    known = placements()
    levels = {"groups": "group", "types": "type"}
    if isinstance(placement, str) and placement in levels:
        return [p.id for p in known.values() if p.level == levels[placement]]
    wholes = [] if asked.unit == "percent" else [TOTAL]
    return _wanted("placement", placement, [*wholes, *known])


def _items(asked: SeriesEntry, item: Names | None) -> list[str]:
    if asked.dimension != "item":
        if item:
            raise WrongUse(f"{asked.id} is not broken down by item", found=str(item))
        return [TOTAL]
    groups = {
        dimension.group
        for cells in asked.cells
        for layout in table(cells.table).layouts
        for dimension in layout.dimensions
    }
    labels = [item for group in sorted(groups) for item in titles(group) if item != TOTAL]
    if item == "all":
        return labels
    return _wanted(f"item of {asked.id}", item, [TOTAL, *labels])


def _wanted(kind: str, asked: Names | None, known: list[str]) -> list[str]:
    """Return the names asked for, each once; the total if none is."""
    wanted = [asked or TOTAL] if isinstance(asked, str | None) else list(dict.fromkeys(asked))
    if not wanted:
        raise WrongUse(f"no {kind} is asked for", found="an empty list", todo="name one or more")
    for name in wanted:
        if name not in known:
            raise UnknownId.of(kind, name, known)
    return wanted


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
    """
    if kind not in _SHARES:
        raise Refused(
            f"a share of plans in {placement!r} must say of what",
            expected="kind='stock' (all plans in force) or kind='flow' (plans made in a year)",
            found=repr(kind),
            todo="the share of new plans is not the share of all plans; say which one you mean",
        )
    return series(_SHARES[kind], placement=placement, **options)  # type: ignore[arg-type]


def catalogue() -> pl.DataFrame:
    """Return every series: id, title, kind, unit, universe, bases, dimension, denominator."""
    return pl.DataFrame(
        [
            {
                "id": e.id,
                "title": e.title,
                "kind": e.kind,
                "unit": e.unit,
                "universe": e.universe,
                "bases": ", ".join(e.bases),
                "by": e.dimension,
                "denominator": e.denominator,
                "measures": e.measures,
            }
            for e in entries().values()
        ]
    )
