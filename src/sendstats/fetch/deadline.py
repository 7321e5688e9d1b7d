"""Bound each step of an answer in total: its head, and every next piece of its body.

The time-out of a socket holds between two bytes only, so that a head, the size of a chunk or the
lines after the last chunk could come one byte at a time for ever.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import urllib3
from requests.adapters import HTTPAdapter

T = TypeVar("T")


class StepTimeout(TimeoutError):
    """A step took too long, whether nothing came or only a little at a time.

    Parameters
    ----------
    limit : float
        Seconds that a step may take.
    count : int
        Bytes of the step that arrived in them.
    """

    def __init__(self, limit: float, count: int) -> None:
        super().__init__()
        self.expected = f"the next part of it within {limit:g} seconds in all"
        self.found = f"{count:,} bytes of that part" if count else "nothing"


def step_timeout(error: BaseException) -> StepTimeout | None:
    """Return the time-out of a step that `error` stands for, if it does."""
    reasons = [error, *error.args, error.__cause__]
    reasons += [cause for e in error.args if (cause := getattr(e, "__cause__", None))]
    return next((reason for reason in reasons if isinstance(reason, StepTimeout)), None)


class _Timed(io.RawIOBase):
    """The bytes of a socket, read against a deadline while a step is under way."""

    def __init__(self, sock: socket.socket, raw: io.RawIOBase) -> None:
        self._sock = sock
        self._raw = raw
        self._limit = sock.gettimeout() or 0.0
        self._until: float | None = None
        self._count = 0

    @contextmanager
    def step(self) -> Iterator[None]:
        """Let what is read inside take no longer than the time-out of the socket, in total."""
        if self._until is not None:
            yield
            return
        self._until, self._count = time.monotonic() + self._limit, 0
        try:
            yield
        finally:
            self._until = None
            # What a proxy answered may be followed by another conversation on the same socket.
            with suppress(OSError):
                self._sock.settimeout(self._limit)

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - any writable buffer
        """Read what is there; raise StepTimeout when the step is out of time."""
        if self._until is not None:
            left = self._until - time.monotonic()
            if left <= 0:
                raise StepTimeout(self._limit, self._count)
            self._sock.settimeout(left)
        try:
            count = self._raw.readinto(buffer)
        except TimeoutError:
            raise StepTimeout(self._limit, self._count) from None
        self._count += count or 0
        return count

    def readable(self) -> bool:
        """Whether it can be read, as a reader asks before it begins."""
        return True

    def close(self) -> None:
        """Let go of the socket."""
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    """An answer whose head and reads are each one step."""

    def __init__(self, sock: socket.socket, *args: Any, **more: Any) -> None:  # noqa: ANN401
        super().__init__(sock, *args, **more)
        self._timed = _Timed(sock, self.fp.detach())
        self.fp = io.BufferedReader(self._timed)

    def begin(self) -> None:
        """Read the head."""
        self._within(super().begin)

    def read(self, amt: int | None = None) -> bytes:
        """Read up to `amt` bytes of the body."""
        return self._within(lambda: super(_Response, self).read(amt))

    def read1(self, n: int = -1) -> bytes:
        """Read what is there of the body."""
        return self._within(lambda: super(_Response, self).read1(n))

    def _within(self, once: Callable[[], T]) -> T:
        with self._timed.step():
            return once()


class _Http(urllib3.connection.HTTPConnection):
    response_class = _Response


class _Https(urllib3.connection.HTTPSConnection):
    response_class = _Response


class BoundedAdapter(HTTPAdapter):
    """The adapter of a session in which no step of an answer lasts beyond the read time-out."""

    def get_connection_with_tls_context(
        self,
        request: Any,  # noqa: ANN401 - as requests calls it
        verify: Any,  # noqa: ANN401
        proxies: Mapping[str, str] | None = None,
        cert: Any = None,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Return the pool for a request; behind a proxy its connections are bounded as well."""
        pool: Any = super().get_connection_with_tls_context(request, verify, proxies, cert)
        pool.ConnectionCls = _Https if isinstance(pool, urllib3.HTTPSConnectionPool) else _Http
        return pool
