"""The publications and releases that sendstats knows, read from ``publications.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sendstats.catalogue.load import document, record
from sendstats.errors import DataProblem, UnknownId

#: Sets of files, the default first.
SETS = ("core", "full")


@dataclass(frozen=True)
class Service:
    """Base addresses of the publisher's service and the hosts that may be spoken to.

    Attributes
    ----------
    api, content, site : str
        Public data API, content API and public website, without a final slash.
    hosts : tuple of str
        Host names; any host below one of them is allowed too.
    """

    api: str
    content: str
    site: str
    hosts: tuple[str, ...]


@dataclass(frozen=True)
class KnownFile:
    """One data set of a release whose id was seen on a public page.

    Attributes
    ----------
    name : str
        Published file name; empty where only the title is known.
    title : str
        What the data set is about.
    data_set_file_id, api_data_set_id : str
        Ids of the catalogue and of the public data API; empty where not known.
    rows : int or None
        Data rows that the catalogue page showed.
    set : {"core", "full"}
        Which set of files it belongs to.
    """

    title: str
    name: str = ""
    data_set_file_id: str = ""
    api_data_set_id: str = ""
    rows: int | None = None
    set: str = "core"

    @property
    def words(self) -> str:
        """The title, with the rows where they are known."""
        return f"{self.title} ({self.rows:,} rows)" if self.rows is not None else self.title

    @property
    def ids(self) -> str:
        """The title with rows, published name and ids, each as far as it is known."""
        parts = [
            ("file", self.name),
            ("data set", self.data_set_file_id),
            ("API data set", self.api_data_set_id),
        ]
        told = [f"{word} {text or 'not known'}" for word, text in parts]
        rows = f"{self.rows:,} rows" if self.rows is not None else "rows not known"
        return f"{self.title}: {'; '.join([rows, *told])}"


@dataclass(frozen=True)
class Release:
    """One release of a publication.

    Attributes
    ----------
    publication : str
        Slug of the publication.
    slug, title : str
        The last part of the release's address, and its heading as the publisher writes it.
    published : str
        Instant of first publication, ISO 8601 in UTC; empty where it is not known.
    published_assumed : bool
        True where that instant is only assumed.
    page : str
        Address of the release page.
    release_versions : tuple of str
        Release version ids seen, the newest first.
    files : tuple of KnownFile
        Data sets whose ids or titles were seen; never claimed to be all of them.
    data_sets : int or None
        How many data sets the release has, where its page or its whole zip was seen.
    """

    publication: str
    slug: str
    title: str
    page: str
    published: str = ""
    published_assumed: bool = False
    release_versions: tuple[str, ...] = ()
    files: tuple[KnownFile, ...] = ()
    data_sets: int | None = None

    @property
    def unknown(self) -> tuple[str, ...]:
        """What is not known about this release, in plain words."""
        unnamed = sum(not file.name for file in self.files)
        seen = sum(bool(file.data_set_file_id) for file in self.files)
        every = self.data_sets
        lines = [
            ("release version id", not self.release_versions),
            ("publication date", not self.published),
            ("data set ids", every is None and not seen),
            (f"ids of {(every or 0) - seen} of {every} data sets", (every or 0) > seen),
            (f"file names of {unnamed} data set{'s' * (unnamed != 1)}", unnamed > 0),
            ("how many data sets there are", every is None),
        ]
        return tuple(text for text, missing in lines if missing)

    def file(self, name: str) -> KnownFile | None:
        """Return what is known about the published file `name`, if anything."""
        return next((file for file in self.files if file.name == name), None)


@dataclass(frozen=True)
class LegacyPage:
    """A page of the publisher that is older than the service, with its title and address."""

    title: str
    url: str

    @property
    def slug(self) -> str:
        """The last part of the address: how files from that page are named here."""
        return self.url.rstrip("/").rpartition("/")[2]


@dataclass(frozen=True)
class Publication:
    """One publication: names, licence and releases, the oldest release first.

    Attributes
    ----------
    slug, id, title, publisher : str
        As the publisher writes them.
    licence, licence_url : str
        Name and address of the licence.
    landing : str
        Address of the publication's page.
    attribution : str
        The sentence that the licence asks for.
    previous_slugs : tuple of str
        Slugs that the publication had before.
    core : tuple of str
        Name patterns of the files that belong to the default set.
    """

    slug: str
    id: str
    title: str
    publisher: str
    licence: str
    licence_url: str
    landing: str
    attribution: str
    previous_slugs: tuple[str, ...]
    core: tuple[str, ...]
    releases: tuple[Release, ...]
    legacy: tuple[LegacyPage, ...]

    @property
    def newest(self) -> Release:
        """The newest release that the catalogue knows."""
        return self.releases[-1]

    def release(self, slug: str) -> Release:
        """Return the release `slug`; a page older than the service is named by its own slug.

        Raises
        ------
        UnknownId
            If the catalogue has no such release.
        """
        for release in self.releases:
            if release.slug == slug:
                return release
        for page in self.legacy:
            if page.slug == slug:
                return Release(self.slug, slug, page.title, page.url)
        raise UnknownId.of("release", slug, [release.slug for release in self.releases])


def publications() -> dict[str, Publication]:
    """Return every publication by slug.

    Raises
    ------
    DataProblem
        If ``publications.toml`` has unknown or missing keys.
    """
    return dict(_catalogue()[1])


def publication(slug: str) -> Publication:
    """Return one publication by its slug or a former slug.

    Raises
    ------
    UnknownId
        If the catalogue has no such publication.
    """
    known = _catalogue()[1]
    for candidate in known.values():
        if slug == candidate.slug or slug in candidate.previous_slugs:
            return candidate
    raise UnknownId.of("publication", slug, known)


def service() -> Service:
    """Return the base addresses of the publisher's service."""
    return _catalogue()[0]


def parse(table: Mapping[str, Any]) -> tuple[Service, dict[str, Publication]]:
    """Return service and publications as the parsed ``publications.toml`` states them.

    Raises
    ------
    DataProblem
        If a key is unknown or missing.
    """
    licence = table["licence"]
    found = [_publication(entry, licence) for entry in table["publication"]]
    return record(Service, table["service"], "service"), {p.slug: p for p in found}


@cache
def _catalogue() -> tuple[Service, dict[str, Publication]]:
    return parse(document("publications.toml"))


def _publication(entry: Mapping[str, Any], licence: Mapping[str, str]) -> Publication:
    where = f"publication {entry.get('slug')}"
    made = {
        "licence": licence["name"],
        "licence_url": licence["url"],
        "releases": tuple(_release(entry, release) for release in entry.get("release", [])),
        "legacy": tuple(record(LegacyPage, page, where) for page in entry.get("legacy", [])),
    }
    plain = {key: value for key, value in entry.items() if key not in ("release", "legacy")}
    return record(Publication, {**plain, **made}, where)


def _release(publication: Mapping[str, Any], entry: Mapping[str, Any]) -> Release:
    where = f"release {publication.get('slug')} {entry.get('slug')}"
    files = tuple(record(KnownFile, file, where) for file in entry.get("files", []))
    made = {
        "publication": publication.get("slug", ""),
        "page": f"{publication.get('landing', '')}/{entry.get('slug')}",
        "files": files,
    }
    odd = sorted({file.set for file in files} - set(SETS))
    if odd:
        raise DataProblem(
            "the catalogue names an unknown set of files",
            where=where,
            expected=" or ".join(SETS),
            found=", ".join(odd),
        )
    return record(Release, {**entry, **made}, where)
