"""How to fetch: addresses, time-outs, limits. Nothing here is read from the environment twice."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sendstats.catalogue.publications import Service, service
from sendstats.errors import WrongUse

MIB = 1 << 20


@dataclass(frozen=True)
class Settings:
    """Addresses of the three surfaces, and the limits that hold for every request.

    Attributes
    ----------
    api, content, site : str
        Base addresses, without a final slash.
    hosts : tuple of str
        Host names that https requests may go to, with any host below them.
    own : tuple of str
        ``scheme://host:port`` of every base that the user set; only these may be plain http.
    archive : Path or None
        A folder with copies of published files; pinned bytes found there need no request.
    offline : bool
        True to make no request at all.
    connect_timeout, read_timeout : float
        Seconds to connect, and for each step of an answer in all: its head, and every next piece
        of its body.
    slowest : int
        Least bytes a second that a body must bring in each `slow_window` of seconds.
    slow_window : float
        Seconds after which a slow body is judged, again and again until it ends.
    attempts : int
        Tries per request, the first included.
    backoff, longest_wait : float
        Seconds before the first retry (doubled each time, jittered), and the longest wait that
        is accepted from a Retry-After header.
    workers : int
        Requests at a time.
    max_bytes, max_json : int
        Largest decoded body of a file and of a JSON answer, in bytes.
    max_ratio : int
        Largest ratio of decoded to transferred bytes, once more than `ratio_floor` is decoded.
    """

    api: str
    content: str
    site: str
    hosts: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    archive: Path | None = None
    offline: bool = False
    connect_timeout: float = 3.0
    read_timeout: float = 60.0
    slowest: int = 1 << 10
    slow_window: float = 60.0
    attempts: int = 4
    backoff: float = 0.5
    longest_wait: float = 60.0
    workers: int = 2
    max_bytes: int = 16 << 30
    max_json: int = 64 * MIB
    max_ratio: int = 200
    ratio_floor: int = 8 * MIB

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Return the settings in force.

        ``EES_API_BASE``, ``EES_CONTENT_BASE`` and ``EES_SITE_BASE`` replace the publisher's own
        addresses, ``EES_ARCHIVE`` names a folder with copies of published files.

        Raises
        ------
        WrongUse
            If a base address is not an http or https address.
        """
        env = os.environ if environment is None else environment
        known: Service = service()
        names = ("api", "content", "site")
        given = {name: env.get(f"EES_{name.upper()}_BASE", "").strip() for name in names}
        bases = {"api": known.api, "content": known.content, "site": known.site}
        bases |= {name: text for name, text in given.items() if text}
        for text in filter(None, given.values()):
            if not plain_address(text):
                raise WrongUse(
                    "a base address holds a user name, a backslash or a letter that is none",
                    expected="https://host/path in plain letters",
                    todo="a password of a mirror belongs into ~/.netrc, not into receipts",
                )
        own = tuple(sorted({origin(bases[name]) for name, text in given.items() if text}))
        archive = env.get("EES_ARCHIVE")
        return cls(
            api=bases["api"].rstrip("/"),
            content=bases["content"].rstrip("/"),
            site=bases["site"].rstrip("/"),
            hosts=known.hosts,
            own=own,
            archive=Path(archive) if archive else None,
        )

    def allows(self, url: str) -> bool:
        """Whether a request may go to `url`: https to a listed host, or an address the user set."""
        if not plain_address(url):
            return False
        parts = urlsplit(url)
        if origin(url) in self.own:
            return True
        host = (parts.hostname or "").lower()
        listed = any(host == name or host.endswith(f".{name}") for name in self.hosts)
        return parts.scheme == "https" and parts.port in (None, 443) and listed


def plain_address(url: str) -> bool:
    """Whether every reader of an address finds the same host in it.

    A backslash, a user name or a space is read in one way here and in another by the library that
    makes the connection.
    """
    plain = url.isascii() and url.isprintable() and not set("\\ ") & set(url)
    return plain and "@" not in url.partition("://")[2].partition("/")[0]


def origin(url: str) -> str:
    """Return ``scheme://host[:port]`` of an address.

    Raises
    ------
    WrongUse
        If it is not an http or https address.
    """
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine:
        raise WrongUse(
            "a base address is not an http or https address",
            found=url,
            expected="https://host/path",
        )
    return f"{parts.scheme}://{parts.netloc.lower()}"
