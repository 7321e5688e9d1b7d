"""What the service says it has: releases of a publication and the files of a release."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sendstats.catalogue.publications import Publication, Release, publication
from sendstats.errors import UnknownId, Unreachable
from sendstats.fetch.faults import FetchFault, readable
from sendstats.fetch.paging import paged
from sendstats.fetch.pins import safe_name
from sendstats.fetch.transport import Ask, Transport
from sendstats.fetch.zips import GUIDANCE

_PAGE = 40


@dataclass(frozen=True)
class Entry:
    """One release in the list of a publication.

    Attributes
    ----------
    slug, title, release_version, published : str
        As the service gives them; `published` is an instant.
    latest : bool
        Whether it is the newest release.
    url : str
        For a page older than the service, its address; empty otherwise.
    """

    slug: str
    title: str
    release_version: str = ""
    published: str = ""
    latest: bool = False
    url: str = ""


@dataclass(frozen=True)
class Listed:
    """One file of a release.

    Attributes
    ----------
    file, title, kind : str
        Published name, title and kind (``data``, ``supporting``, ``guidance``).
    rows : int or None
        Data rows, where the service counts them.
    file_id, data_set_file_id, api_data_set_id, api_version : str
        Ids; empty where there is none.
    """

    file: str
    title: str = ""
    kind: str = "data"
    rows: int | None = None
    file_id: str = ""
    data_set_file_id: str = ""
    api_data_set_id: str = ""
    api_version: str = ""


@dataclass(frozen=True)
class Listing:
    """One release as the service (or, failing that, the catalogue) describes it.

    Attributes
    ----------
    release : Release
        What the catalogue knows.
    release_version, published, last_updated : str
        Version id and instants; empty where not known.
    latest : bool
        Whether it is the newest release.
    discovered : bool
        True if the service said so, False if these are the known ids of the catalogue.
    files : dict of str to Listed
        By published name.
    left_out : tuple of str
        Names that could lead away from their folder, or hide; such a file is never taken.
    """

    release: Release
    release_version: str
    published: str
    last_updated: str = ""
    latest: bool = False
    discovered: bool = True
    files: dict[str, Listed] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be said of the list, one line for each file that is left out."""
        name = f"{self.release.publication} {self.release.slug}"
        why = "is left out: its name could lead away from its folder, or hide"
        return tuple(f"{name}: {file!a} {why}" for file in self.left_out)

    @property
    def published_assumed(self) -> bool:
        """Whether the instant is no more than the catalogue's assumption."""
        known = self.release
        same = self.published[:19] == known.published[:19]
        return known.published_assumed and same


def entries(transport: Transport, slug: str) -> list[Entry]:
    """Return every release of a publication as the service lists it, legacy pages last.

    Raises
    ------
    FetchFault, Unreachable
        If the list of the content API does not answer, or in a form that is not known.
    """
    base = f"{transport.settings.content}/publications/{slug}"
    with readable(base):
        found = [_entry(item) for item in transport.json(f"{base}/release-entries")["results"]]
    try:
        with readable(base):
            versions = {r["slug"]: _plain(r, "id") for r in transport.json(f"{base}/releases")}
    except FetchFault:
        # An internal endpoint that may go; the list without version ids will do.
        versions = {}
    return [replace(entry, release_version=versions.get(entry.slug, "")) for entry in found]


def _entry(item: dict[str, Any]) -> Entry:
    if "url" in item:
        return Entry("", _words(item, "title"), url=_words(item, "url"))
    slug = _plain(item, "slug")
    return Entry(
        slug,
        _words(item, "title") or slug,
        published=_words(item, "published"),
        latest=bool(item.get("isLatestRelease", False)),
    )


def listing(transport: Transport, release: Release) -> Listing:
    """Return the files of a release as the service lists them.

    Raises
    ------
    FetchFault, Unreachable
        If the content API does not give them, or in a form that is not known.
    """
    base = f"{transport.settings.content}/publications/{release.publication}"
    with readable(f"{base}/releases/{release.slug}"):
        return _listing(transport, release, base)


def _listing(transport: Transport, release: Release, base: str) -> Listing:
    summary = transport.json(f"{base}/releases/{release.slug}/version-summary")
    version = _plain(summary, "id")
    content = transport.json(f"{base}/releases/{release.slug}/data-content")
    files: dict[str, Listed] = {}
    left_out: list[str] = []
    for item in (*_data_files(transport, version), *_supporting(content)):
        if not safe_name(item.file):
            left_out.append(item.file)
            continue
        if item.file in files:
            raise ValueError(f"two files are called {item.file}")
        files[item.file] = item
    if files:
        files.setdefault(GUIDANCE, Listed(GUIDANCE, "Data guidance", "guidance"))
    return Listing(
        release,
        version,
        _words(summary, "published"),
        _words(summary, "lastUpdated"),
        bool(summary.get("isLatestRelease", False)),
        files=files,
        left_out=tuple(left_out),
    )


def release_named(slug: str, release: str, title: str = "") -> Release:
    """Return a release of the catalogue, or one newer than the catalogue that an update pinned.

    Raises
    ------
    UnknownId
        If the catalogue has no such publication.
    """
    home = publication(slug)
    try:
        return home.release(release)
    except UnknownId:
        return Release(home.slug, release, title or release, f"{home.landing}/{release}")


def known_listing(release: Release) -> Listing:
    """Return what the catalogue knows about a release: the fallback when discovery fails."""
    home: Publication = publication(release.publication)
    files = {
        item.name: Listed(
            item.name,
            item.title,
            rows=item.rows,
            data_set_file_id=item.data_set_file_id,
            api_data_set_id=item.api_data_set_id,
        )
        for item in release.files
        if item.name
    }
    version = release.release_versions[0] if release.release_versions else ""
    newest = home.newest.slug == release.slug
    return Listing(release, version, release.published, "", newest, discovered=False, files=files)


def find(transport: Transport, release: Release) -> tuple[Listing, str]:
    """Return the listing of a release and a line if the known ids had to stand in for it."""
    try:
        return _completed(listing(transport, release)), ""
    except (FetchFault, Unreachable) as fault:
        reason = fault.line if isinstance(fault, FetchFault) else fault.what
    line = f"{release.publication} {release.slug}: {reason}; the known ids are used instead"
    return known_listing(release), line


def _completed(found: Listing) -> Listing:
    """Add known API data set ids where the service's file list leaves them out."""
    files = dict(found.files)
    for name, item in files.items():
        known = found.release.file(name)
        if known and not item.api_data_set_id and item.kind == "data":
            files[name] = replace(item, api_data_set_id=known.api_data_set_id)
    return replace(found, files=files)


def _data_files(transport: Transport, version: str) -> Iterator[Listed]:
    """Yield the data files of one release version, page by page."""
    ask = Ask(f"{transport.settings.content}/data-set-files", {"releaseId": version})
    for item in paged(transport, ask, _PAGE):
        of = item.get("release", {}).get("id", version)
        if of != version:
            raise ValueError(f"the list of files is not that of the release alone: {of}")
        api, rows = item.get("api") or {}, item.get("meta", {}).get("numDataFileRows")
        yield Listed(
            str(item["filename"]),
            _words(item, "title"),
            rows=None if rows is None else int(rows),
            file_id=_plain(item, "fileId", needed=False),
            data_set_file_id=_plain(item, "id"),
            api_data_set_id=_plain(api, "id", needed=False),
            api_version=_plain(api, "version", needed=False),
        )


def _supporting(content: dict[str, Any]) -> Iterator[Listed]:
    for item in content.get("supportingFiles", []):
        name, title = str(item["filename"]), _words(item, "title")
        yield Listed(name, title, "supporting", file_id=_plain(item, "fileId"))


def _plain(item: Mapping[str, Any], key: str, *, needed: bool = True) -> str:
    """Return a name or id that goes into paths and addresses; refuse one that could lead away."""
    text = item.get(key)
    if text is None and not needed:
        return ""
    if not isinstance(text, str) or not safe_name(text):
        raise ValueError(f"{key} is no plain name or id: {text!r}")
    return text


def _words(item: Mapping[str, Any], key: str) -> str:
    """Return a text for people, without what could steer a terminal; empty where there is none."""
    return "".join(letter for letter in str(item.get(key) or "") if letter.isprintable())
