"""The surfaces a pinned file may come from, behind one shape: an offer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

from sendstats.errors import Unreachable
from sendstats.fetch.discovery import Listed, Listing
from sendstats.fetch.faults import FetchFault, readable
from sendstats.fetch.paging import paged
from sendstats.fetch.transport import Ask, Transport

RELEASE_FILE, ZIP, API, CATALOGUE = "release-file", "zip", "api", "catalogue"
ARCHIVE, IMPORT = "archive", "import"
#: A vintage that was here before, kept when another took its place.
KEPT = "kept"


@dataclass(frozen=True)
class Origin:
    """Where a file came from, as its receipt states it: surface, address and ids."""

    surface: str
    url: str
    ids: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Offer:
    """One place where the bytes of a file may be had.

    Attributes
    ----------
    surface : str
        ``release-file``, ``zip``, ``api`` or ``catalogue``.
    ask : Ask
        The request.
    ids : dict of str to str
        Ids that the request stands on, for the receipt.
    zipped : bool
        True if the answer is the zip of the whole release.
    """

    surface: str
    ask: Ask
    ids: dict[str, str] = field(default_factory=dict)
    zipped: bool = False

    @property
    def origin(self) -> Origin:
        """Surface, full address and ids, as a receipt states them."""
        query = urlencode(dict(self.ask.params or {}))
        url = f"{self.ask.url}?{query}" if query else self.ask.url
        return Origin(self.surface, url, dict(self.ids))


def offers(transport: Transport, listing: Listing, file: str) -> Iterator[Offer]:
    """Yield where `file` of a release may be had, best first; later ones cost requests.

    The order for a named release: its own file, the zip of all its files, the API version whose
    file id matches, and only for the newest release the catalogue's current file.
    """
    item = listing.files.get(file)
    if item:
        yield from _release_file(transport, listing, item)
    if listing.release_version:
        yield _zip(transport, listing)
    if item and item.api_data_set_id:
        yield from _api(transport, item)
    if item and item.data_set_file_id and listing.latest:
        url = f"{transport.settings.site}/data-catalogue/data-set/{item.data_set_file_id}/csv"
        yield Offer(CATALOGUE, Ask(url), {"data_set_file_id": item.data_set_file_id})


def _release_file(transport: Transport, listing: Listing, item: Listed) -> Iterator[Offer]:
    content = transport.settings.content
    ids = {
        name: getattr(item, name) for name in ("data_set_file_id", "file_id") if getattr(item, name)
    }
    if item.data_set_file_id:
        yield Offer(
            RELEASE_FILE, Ask(f"{content}/data-set-files/{item.data_set_file_id}/download"), ids
        )
    if item.file_id and listing.release_version:
        url = f"{content}/releases/{listing.release_version}/files/{item.file_id}"
        yield Offer(RELEASE_FILE, Ask(url), ids)


def _zip(transport: Transport, listing: Listing) -> Offer:
    url = f"{transport.settings.content}/releases/{listing.release_version}/files"
    return Offer(ZIP, Ask(url, {"fromPage": "ReleaseDownloads"}), zipped=True)


def _api(transport: Transport, item: Listed) -> Iterator[Offer]:
    """Yield the versions of the API data set that were made from this very file."""
    base = f"{transport.settings.api}/data-sets/{item.api_data_set_id}"
    try:
        with readable(base):
            found = [
                (str(item["version"]), str(item["file"]["id"]))
                for item in paged(transport, Ask(f"{base}/versions"), 20)
            ]
    except (FetchFault, Unreachable):
        # A surface that does not answer offers nothing; the others remain.
        return
    for version, file_id in found:
        if file_id == item.data_set_file_id:
            ids = {"data_set": item.api_data_set_id, "version": version}
            ask = Ask(f"{base}/csv", {"dataSetVersion": version})
            yield Offer(API, ask, {**ids, "data_set_file_id": file_id})
