"""Which set of files a data set belongs to, and what a set holds that no pin vouches for yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from sendstats.catalogue.publications import SETS, KnownFile, Release, publication, publications
from sendstats.fetch.discovery import Listed
from sendstats.fetch.pins import Pin, PinSet


def set_of(release: Release, item: Listed) -> str:
    """Return the set that a file belongs to: what the catalogue says of it, else by its name."""
    known = next((file for file in release.files if _same(file, item)), None)
    if known:
        return known.set
    patterns = publication(release.publication).core
    return SETS[0] if any(fnmatchcase(item.file, pattern) for pattern in patterns) else SETS[1]


def unpinned(
    pins: PinSet, sets: Iterable[str], releases: Iterable[str] | None = None
) -> dict[str, tuple[str, ...]]:
    """Return what is known and what is not of each release that `sets` hold beyond the pins.

    The bytes were never seen, so nothing can say whether a body is right: what is known is told,
    and only an update pins what the service serves.

    Returns
    -------
    dict of str to tuple of str
        ``publication/slug`` -> lines, for each release of which no whole file is pinned, or with a
        known data set that no pin of a whole file vouches for.
    """
    if set(sets) <= {SETS[0]}:
        return {}
    wanted = None if releases is None else set(releases)
    found: dict[str, tuple[str, ...]] = {}
    for release in _releases():
        name = f"{release.publication}/{release.slug}"
        if wanted is None or wanted & {release.slug, name}:
            lines = tuple(_lines(pins, release))
            found |= {name: lines} if lines else {}
    return found


def _releases() -> Iterator[Release]:
    for home in publications().values():
        yield from home.releases


def _lines(pins: PinSet, release: Release) -> Iterator[str]:
    place = (release.publication, release.slug)
    mine = [pin for pin in pins.pins if (pin.publication, pin.release) == place]
    missing = [file for file in release.files if not _pinned(mine, file)]
    extracts = sum(pin.extract for pin in mine)
    if len(mine) > extracts and not missing:
        return
    held = f"{counted(len(mine) - extracts, extracts)} are" if mine else "nothing is"
    known = "no data set is known"
    if missing:
        many = "data sets are" if len(missing) > 1 else "data set is"
        known = f"{len(missing)} {many} known whose whole bytes were never seen"
    yield f"{release.publication} {release.slug}: {held} pinned; {known}"
    yield from (f"  known: {file.ids}" for file in missing)
    if release.unknown:
        yield f"  not known: {', '.join(release.unknown)}"
    name = f"{release.publication}/{release.slug}"
    yield f"  to pin what the service serves: sendstats fetch --update --set full --release {name}"


def counted(whole: int, extracts: int) -> str:
    """Return two numbers of pins in words."""
    files, parts = ("s" * (n != 1) for n in (whole, extracts))
    return f"{whole} whole file{files} and {extracts} extract{parts}"


def _pinned(mine: Iterable[Pin], file: KnownFile) -> bool:
    return any(_same(file, pin) for pin in mine if not pin.extract)


def _same(known: KnownFile, other: Listed | Pin) -> bool:
    """Whether two descriptions from one release mean the same data set."""
    return any(
        one and one == two
        for one, two in (
            (known.data_set_file_id, other.data_set_file_id),
            (known.api_data_set_id, other.api_data_set_id),
            (known.name, other.file),
        )
    )
