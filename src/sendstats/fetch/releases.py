"""Every release there is: what the catalogue knows of it, what it does not, and what is served."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sendstats.catalogue.publications import LegacyPage, Release, publications
from sendstats.errors import UnknownId
from sendstats.fetch.discovery import Listing, find
from sendstats.fetch.pins import PinSet, read_pins
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
    legacy: bool = False
    served: Listing | None = None
    note: str = ""


def known_releases(
    project: Project,
    *,
    names: Iterable[str] | None = None,
    ask: bool = False,
    settings: Settings | None = None,
) -> tuple[Known, ...]:
    """Return every release of every publication, older pages first.

    Parameters
    ----------
    names : iterable of str, optional
        Slug or ``publication/slug`` of the releases wanted; all if not given.
    ask : bool
        Also ask the service which files each release has: data, supporting files, guidance.

    Raises
    ------
    Unreachable
        If the service is to be asked and cannot be reached.
    DataProblem
        If a pin file is faulty.
    UnknownId
        If a name is that of no release.
    """
    found = _chosen(_known(read_pins(project)), names)
    if not ask:
        return found
    with Transport(settings or Settings.from_environment()) as transport:
        transport.reach.check(transport.settings.content)
        return tuple(_asked(transport, known) for known in found)


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
            found.append(Known(release, len(mine) - extracts, extracts))
    return found


def _older(publication: str, page: LegacyPage) -> Release:
    return Release(publication, page.slug, page.title, page.url)


def _asked(transport: Transport, known: Known) -> Known:
    if known.legacy:
        return known
    served, note = find(transport, known.release)
    return Known(known.release, known.pins, known.extracts, served=served, note=note)
