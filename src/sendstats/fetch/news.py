"""Say what is newer than the pins, from the service's lists alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sendstats.catalogue.publications import Publication, Release, publications
from sendstats.fetch.discovery import Entry, Listed, Listing, entries, listing, release_named
from sendstats.fetch.faults import FetchFault
from sendstats.fetch.pins import Pin, PinSet, read_pins
from sendstats.fetch.settings import Settings
from sendstats.fetch.transport import Transport
from sendstats.paths import Project


def newer(
    project: Project, settings: Settings | None = None, *, say: Callable[[str], None]
) -> list[str]:
    """Return one line for each release, amendment or whole file that is newer than the pins.

    Only lists are asked for, no file.

    Parameters
    ----------
    say : callable
        Called with a line for each publication whose lists cannot be read: whether anything is
        newer there is not known.

    Raises
    ------
    Unreachable
        If the content API cannot be reached.
    """
    pins = read_pins(project)
    lines: list[str] = []
    with Transport(settings or Settings.from_environment()) as transport:
        for home in publications().values():
            try:
                if any(pin.publication == home.slug for pin in pins.pins):
                    lines += _news(transport, home, pins)
            except FetchFault as fault:
                say(f"{home.slug}: whether anything is newer cannot be seen: {fault.line}")
    return lines


def _news(transport: Transport, home: Publication, pins: PinSet) -> Iterator[str]:
    pinned = {pin.release for pin in pins.pins if pin.publication == home.slug}
    listed = [entry for entry in entries(transport, home.slug) if entry.slug]
    for entry in listed:
        if entry.slug > max(pinned):
            yield f"{home.slug} {entry.slug}: a newer release ({entry.title})"
        elif entry.slug in pinned:
            mine = [p for p in pins.pins if (p.publication, p.release) == (home.slug, entry.slug)]
            found = listing(transport, release_of(home, entry))
            yield from _release_news(f"{home.slug} {entry.slug}", mine, found)


def _release_news(name: str, mine: list[Pin], found: Listing) -> Iterator[str]:
    versions = {pin.release_version for pin in mine} - {""}
    if versions and found.release_version not in versions:
        yield f"{name}: amended since it was pinned (last updated {found.last_updated})"
    moved = [pin for pin in mine if _rows_differ(pin, found.files.get(pin.file))]
    whole = [pin for pin in moved if pin.extract]
    if whole:
        yield f"{name}: whole files are served in place of {len(whole)} pinned extracts"
    yield from (f"{pin.name}: another number of rows" for pin in moved if not pin.extract)
    fresh = sorted(found.files.keys() - {pin.file for pin in mine})
    if fresh and not all(pin.extract for pin in mine):
        yield f"{name}: files without a pin: {', '.join(fresh)}"


def _rows_differ(pin: Pin, item: Listed | None) -> bool:
    return item is not None and None not in (item.rows, pin.rows) and item.rows != pin.rows


def release_of(home: Publication, entry: Entry) -> Release:
    """Return the catalogue's release, or one made of the service's own words for a new one."""
    return release_named(home.slug, entry.slug, entry.title)
