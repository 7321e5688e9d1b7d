"""Every release there is: what the catalogue knows of it, what it does not, and what is served."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from sendstats.catalogue.publications import LegacyPage, Publication, Release, publications
from sendstats.errors import UnknownId
from sendstats.fetch.discovery import Entry, Listing, entries, find
from sendstats.fetch.faults import FetchFault
from sendstats.fetch.news import release_of
from sendstats.fetch.pins import Pin, PinSet, read_pins
from sendstats.fetch.settings import Settings
from sendstats.fetch.transport import Transport
from sendstats.paths import Project


@dataclass(frozen=True)
class Known:
    """One release, or a page that is older than the service.

    Attributes
    ----------
    release : Release
        What the catalogue knows; `release.unknown` says what it does not.
    pins, extracts : int
        Pinned whole files and pinned extracts.
    without_id : tuple of str
        Pinned data files of which no data set id is known.
    fresh : bool
        Whether only the service names it, and the catalogue does not.
    legacy : bool
        Whether it is a page older than the service: its files are taken in with an import.
    served : Listing or None
        The files that the service lists, if it was asked.
    note : str
        Why the known ids stand in for that list; empty where they do not.
    """

    release: Release
    pins: int = 0
    extracts: int = 0
    without_id: tuple[str, ...] = ()
    fresh: bool = False
    legacy: bool = False
    served: Listing | None = None
    note: str = ""


def known_releases(
    project: Project,
    *,
    names: Iterable[str] | None = None,
    ask: bool = False,
    settings: Settings | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> tuple[Known, ...]:
    """Return every release of every publication, older pages first.

    What the service is asked for adds releases and older pages that the catalogue does not know.

    Parameters
    ----------
    names : iterable of str, optional
        Slug or ``publication/slug`` of the releases wanted; all if not given.
    ask : bool
        Also ask the service which releases there are, and which files each has: data, supporting
        files, guidance.
    say : callable
        Called with a line for each publication whose list of releases cannot be read.

    Raises
    ------
    Unreachable
        If the service is to be asked and cannot be reached.
    DataProblem
        If a pin file is faulty.
    UnknownId
        If a name is that of no release.
    """
    listed = _known(read_pins(project))
    if not ask:
        return _chosen(listed, names)
    with Transport(settings or Settings.from_environment()) as transport:
        transport.reach.check(transport.settings.content)
        listed += [
            known for home in publications().values() for known in _fresh(transport, home, say)
        ]
        listed.sort(key=lambda known: (known.release.publication, not known.legacy))
        return tuple(_asked(transport, known) for known in _chosen(listed, names))


def _fresh(transport: Transport, home: Publication, say: Callable[[str], None]) -> list[Known]:
    """Return what the service lists and the catalogue does not know."""
    try:
        listed = entries(transport, home.slug)
    except FetchFault as fault:
        say(f"{home.slug}: no list of releases: {fault.line}; those known are listed")
        return []
    slugs = {release.slug for release in home.releases}
    pages = {_same_page(page.url) for page in home.legacy}
    newer = sorted((e for e in listed if e.slug and e.slug not in slugs), key=lambda e: e.slug)
    older = [e for e in listed if e.url and _same_page(e.url) not in pages]
    return [
        *(Known(_older(home.slug, _page(e)), legacy=True, fresh=True) for e in older),
        *(Known(release_of(home, e), fresh=True) for e in newer),
    ]


def _page(entry: Entry) -> LegacyPage:
    return LegacyPage(entry.title, entry.url)


def _same_page(url: str) -> str:
    return url.partition("://")[2].partition("#")[0].rstrip("/").lower()


def _chosen(listed: list[Known], names: Iterable[str] | None) -> tuple[Known, ...]:
    if names is None:
        return tuple(listed)
    wanted = set(names)
    possible = {name for known in listed for name in _names(known.release)}
    for name in sorted(wanted - possible):
        raise UnknownId.of("release", name, sorted(possible))
    return tuple(known for known in listed if wanted & set(_names(known.release)))


def _names(release: Release) -> tuple[str, str]:
    return (f"{release.publication}/{release.slug}", release.slug)


def _known(pins: PinSet) -> list[Known]:
    found = []
    for home in publications().values():
        pages = sorted(home.legacy, key=lambda page: page.slug)
        found += [Known(_older(home.slug, page), legacy=True) for page in pages]
        for release in home.releases:
            mine = [p for p in pins.pins if (p.publication, p.release) == (home.slug, release.slug)]
            extracts = sum(pin.extract for pin in mine)
            found.append(Known(release, len(mine) - extracts, extracts, _nameless(release, mine)))
    return found


def _nameless(release: Release, pins: list[Pin]) -> tuple[str, ...]:
    named = {file.name for file in release.files if file.data_set_file_id}
    data = (pin for pin in pins if pin.kind == "data" and not pin.data_set_file_id)
    return tuple(pin.file for pin in data if pin.file not in named)


def _older(publication: str, page: LegacyPage) -> Release:
    return Release(publication, page.slug, page.title, page.url)


def _asked(transport: Transport, known: Known) -> Known:
    if known.legacy:
        return known
    served, note = find(transport, known.release)
    return replace(known, served=served, note=note)
