"""A client of the public data API, usable on its own: typed answers, typed refusals.

Source: the service's API documentation, version 1. Queries go by POST, which takes every
criterion; values stay the text that was published.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

from sendstats.errors import WrongUse
from sendstats.fetch.body import Body
from sendstats.fetch.faults import FetchFault, readable
from sendstats.fetch.paging import paged, pages
from sendstats.fetch.settings import Settings
from sendstats.fetch.shape import Shape
from sendstats.fetch.transport import Ask, Transport

META = ("Filters", "Indicators", "Locations", "TimePeriods")
#: The gateway refuses longer request bodies.
LONGEST_BODY = 128 << 10
#: Largest page that each list allows.
_SIZES = {"publications": 40, "data-sets": 20, "versions": 20, "query": 10_000}


class ApiError(FetchFault):
    """The service refused; `codes` and `paths` are its own words for why."""

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the service, for example ``IndicatorsNotFound``."""
        return tuple(str(error.get("code", "")) for error in self._errors)

    @property
    def paths(self) -> tuple[str, ...]:
        """Which part of the request each code is about."""
        return tuple(str(error.get("path", "")) for error in self._errors)

    @property
    def _errors(self) -> list[dict[str, Any]]:
        told = self.answer.problem.get("errors", [])
        return [error for error in told if isinstance(error, dict)]


class BadRequest(ApiError):
    """The request is wrong (400)."""


class Forbidden(ApiError):
    """The data set or version is withdrawn or not published yet (403)."""


class NotFound(ApiError):
    """There is no such publication, data set or version (404)."""


class Busy(ApiError):
    """The service stayed busy or silent for too long (429 and gateway errors)."""


_TYPES: dict[int, type[ApiError]] = {400: BadRequest, 403: Forbidden, 404: NotFound}


@dataclass(frozen=True, order=True)
class VersionNumber:
    """A data set version; order is that of the numbers."""

    major: int
    minor: int = 0
    patch: int = 0

    @classmethod
    def parse(cls, text: str) -> VersionNumber:
        """Return the number that `text` states, with or without a leading v.

        Raises
        ------
        WrongUse
            If it is no version number; a wildcard is none.
        """
        found = re.fullmatch(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?", text.strip())
        if not found:
            raise WrongUse(
                "that is no version of a data set", found=text, expected="for example 2.1"
            )
        return cls(*(int(part or 0) for part in found.groups()))

    def __str__(self) -> str:
        patch = f".{self.patch}" if self.patch else ""
        return f"{self.major}.{self.minor}{patch}"


@dataclass(frozen=True)
class Version:
    """One version of a data set.

    Attributes
    ----------
    number : VersionNumber
    status, published, release : str
        Status, publish instant and release slug, as the service gives them.
    rows : int
        Data rows.
    file_id : str
        Id of the catalogue's file that it was made from.
    raw : mapping
        Everything the service says.
    """

    number: VersionNumber
    status: str
    published: str
    release: str
    rows: int
    file_id: str
    raw: Mapping[str, Any]


@dataclass(frozen=True)
class QueryResult:
    """Rows of a query, from one version of the data set.

    Attributes
    ----------
    version : VersionNumber
        The version that every page came from.
    rows : tuple of mapping
        As the service gives them; values are text, symbols included.
    warnings : tuple of mapping
        For example ids that the data set does not have.
    """

    version: VersionNumber
    rows: tuple[Mapping[str, Any], ...]
    warnings: tuple[Mapping[str, Any], ...]


class Ees:
    """The public data API. Use it as a context manager.

    Parameters
    ----------
    settings : Settings, optional
        Addresses and limits; the environment decides if not given.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self._transport = Transport(settings or Settings.from_environment())
        self._base = self._transport.settings.api

    def __enter__(self) -> Ees:
        return self

    def __exit__(self, *_: object) -> None:
        self._transport.__exit__()

    def publications(self, search: str = "") -> list[Mapping[str, Any]]:
        """Return publications that have data sets here; `search` has three characters or more.

        Raises
        ------
        WrongUse
            If `search` is too short.
        ApiError, Unreachable
            If the service does not answer well.
        """
        if search and len(search) < 3:
            raise WrongUse("a search needs three characters or more", found=search)
        params = {"search": search} if search else {}
        return self._list("publications", Ask(f"{self._base}/publications", params))

    def data_sets(self, publication: str) -> list[Mapping[str, Any]]:
        """Return the data sets of a publication id; a publication without any gives none."""
        url = f"{self._base}/publications/{_guid(publication)}/data-sets"
        return self._list("data-sets", Ask(url))

    def data_set(self, data_set: str) -> Mapping[str, Any]:
        """Return the summary of a data set."""
        return self._json(Ask(self._url(data_set)))

    def versions(self, data_set: str) -> list[Version]:
        """Return every version of a data set, the oldest first."""
        found = self._list("versions", Ask(f"{self._url(data_set)}/versions"))
        with _typed():
            return sorted((_version(item) for item in found), key=lambda version: version.number)

    def version(self, data_set: str, version: str = "*") -> Version:
        """Return one version; ``*`` and ``2.*`` name the newest that is published.

        Raises
        ------
        NotFound
            If there is none.
        """
        found = self._json(Ask(f"{self._url(data_set)}/versions/{quote(version, safe='*.')}"))
        with _typed():
            return _version(found)

    def changes(self, data_set: str, version: str, *, history: bool = False) -> Mapping[str, Any]:
        """Return what changed in a version; with `history`, in its earlier patches too."""
        if history and "*" in version:
            # The service looks at the text: a wildcard has no patches, whatever it stands for.
            version = str(self.version(data_set, version).number)
        # The service fails where it is asked for the patches of a version that is none.
        ask_history = history and VersionNumber.parse(version).patch > 0
        params = {"includePatchHistory": "true"} if ask_history else None
        return self._json(Ask(f"{self._url(data_set)}/versions/{version}/changes", params))

    def meta(self, data_set: str, *types: str, version: str = "") -> Mapping[str, Any]:
        """Return filters, indicators, locations and time periods of a data set.

        Raises
        ------
        WrongUse
            If a type is not one of `META`.
        """
        wrong = [name for name in types if name not in META]
        if wrong:
            raise WrongUse(
                "unknown kind of meta data", found=", ".join(wrong), expected=", ".join(META)
            )
        params = {"types": ",".join(types)} if types else {}
        return self._json(Ask(f"{self._url(data_set)}/meta", {**params, **_pin(version)}))

    def query(
        self,
        data_set: str,
        criteria: Mapping[str, Any] | None = None,
        *,
        indicators: Sequence[str] = (),
        sorts: Sequence[Mapping[str, str]] = (),
        version: str = "*",
    ) -> QueryResult:
        """Return every row that meets `criteria`, all pages from one version.

        Raises
        ------
        WrongUse
            If the request would be longer than the gateway takes.
        BadRequest
            If the service does not understand it; `codes` say what.
        Forbidden
            If the version is withdrawn, or was while its pages were read.
        ApiError
            If the pages do not add up to the rows that the service counts.
        """
        body: dict[str, Any] = {
            name: value
            for name, value in (
                ("criteria", criteria),
                ("indicators", list(indicators)),
                ("sorts", list(sorts)),
            )
            if value
        }
        if len(json.dumps(body)) > LONGEST_BODY - 1024:
            raise WrongUse("the query is too long for the service", expected="under 127 KB as JSON")
        number = self.version(data_set, version).number
        ask = Ask(f"{self._url(data_set)}/query", _pin(str(number)), json=body)
        with _typed():
            answers = list(pages(self._transport, ask, _SIZES["query"]))
            rows = tuple(row for answer in answers for row in answer["results"])
            counts = {int(answer["paging"]["totalResults"]) for answer in answers}
        if counts != {len(rows)}:
            raise ApiError(
                "the pages of the query do not add up",
                "rows",
                where=data_set,
                expected=" or ".join(f"{count:,} rows" for count in sorted(counts)),
                found=f"{len(rows):,}",
                transient=True,
            )
        return QueryResult(number, rows, tuple(answers[0].get("warnings", [])))

    def csv(self, data_set: str, target: Path, version: str = "") -> Body:
        """Write the published CSV of a version into the file `target`; return its measurements."""
        with _typed():
            ask = Ask(f"{self._url(data_set)}/csv", _pin(version))
            shape = Shape("version.csv", self._transport.settings.max_bytes)
            return self._transport.download(ask, target, shape)

    def _url(self, data_set: str) -> str:
        return f"{self._base}/data-sets/{_guid(data_set)}"

    def _json(self, ask: Ask) -> Mapping[str, Any]:
        with _typed():
            found: Mapping[str, Any] = self._transport.json(ask)
            return found

    def _list(self, kind: str, ask: Ask) -> list[Mapping[str, Any]]:
        with _typed():
            return list(paged(self._transport, ask, _SIZES[kind]))


@contextmanager
def _typed() -> Iterator[None]:
    """Turn a fault into the typed error of its status."""
    try:
        with readable("the public data API"):
            yield
    except FetchFault as fault:
        kind = _TYPES.get(fault.status, Busy if fault.transient else ApiError)
        details = {"where": fault.where, "expected": fault.expected, "found": fault.found}
        raise kind(
            fault.what, fault.kind, transient=fault.transient, answer=fault.answer, **details
        ) from fault


def _version(item: Mapping[str, Any]) -> Version:
    return Version(
        VersionNumber.parse(str(item["version"])),
        str(item["status"]),
        str(item.get("published", "")),
        str(item.get("release", {}).get("slug", "")),
        int(item.get("totalResults", 0)),
        str(item.get("file", {}).get("id", "")),
        item,
    )


def _pin(version: str) -> dict[str, str]:
    return {"dataSetVersion": version} if version else {}


def _guid(text: str) -> str:
    try:
        UUID(text)
    except ValueError:
        raise WrongUse("that is no id of the service", found=text, expected="a GUID") from None
    return text
