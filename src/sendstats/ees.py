"""The client of the public data API of *Explore education statistics*, usable on its own.

``with ees.Ees() as api: api.query(data_set, criteria)``; every refusal is a typed error that
carries the service's own codes. The base address is read from ``EES_API_BASE`` if it is set.
Source: the service's API documentation, version 1.
"""

from __future__ import annotations

from sendstats.errors import Unreachable, WrongUse
from sendstats.fetch.api import (
    META,
    ApiError,
    BadRequest,
    Busy,
    Ees,
    Forbidden,
    NotFound,
    QueryResult,
    Version,
    VersionNumber,
)
from sendstats.fetch.settings import Settings

__all__ = [
    "META",
    "ApiError",
    "BadRequest",
    "Busy",
    "Ees",
    "Forbidden",
    "NotFound",
    "QueryResult",
    "Settings",
    "Unreachable",
    "Version",
    "VersionNumber",
    "WrongUse",
]
