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
) -> dict[str, str]:
    """Return a line for each release that has data sets in `sets` beyond the default but no pin.

    Their bytes were never seen, so nothing can say whether a body is right: they are named, and
    only an update pins them.

    Returns
    -------
    dict of str to str
        ``publication/slug`` -> line.
    """
    beyond = set(sets) - {SETS[0]}
    wanted = None if releases is None else set(releases)
    return {
        f"{release.publication}/{release.slug}": _line(release, missing)
        for release in _releases()
        if wanted is None or wanted & {release.slug, f"{release.publication}/{release.slug}"}
        if (
            missing := [
                f for f in release.files if f.set in beyond and not _pinned(pins, f, release)
            ]
        )
    }


def _releases() -> Iterator[Release]:
    for home in publications().values():
        yield from home.releases


def _line(release: Release, missing: list[KnownFile]) -> str:
    many = "s" if len(missing) > 1 else ""
    return (
        f"{release.publication} {release.slug}: {len(missing)} data set{many} of the set full "
        f"without a pin, because the bytes were never seen: {', '.join(f.words for f in missing)}; "
        "sendstats fetch --update --set full pins what the service serves"
    )


def _pinned(pins: PinSet, file: KnownFile, release: Release) -> bool:
    place = (release.publication, release.slug)
    mine = [pin for pin in pins.pins if (pin.publication, pin.release) == place and not pin.extract]
    return any(_same(file, pin) for pin in mine)


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
