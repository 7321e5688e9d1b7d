"""Read a body as it arrives, and give up on one that only drips: patience is for a busy line."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import requests
import urllib3

from sendstats.fetch.answers import stalled
from sendstats.fetch.body import PIECE
from sendstats.fetch.faults import FetchFault

Clock = Callable[[], float]


class Pace:
    """Compare what arrived in each window of time with the least that is accepted.

    A time-out between two pieces does not end a body that comes one byte at a time, and an
    average over the whole body forgives a late drip: so each window is looked at on its own.

    Parameters
    ----------
    slowest : float
        Least rate accepted, in bytes per second.
    window : float
        Length of a window, in seconds.
    clock : callable
        Seconds that only grow; replaced by tests.
    """

    def __init__(self, slowest: float, window: float, clock: Clock = time.monotonic) -> None:
        self._slowest = slowest
        self._window = window
        self._clock = clock
        self._since = clock()
        self._count = 0

    def take(self, count: int) -> None:
        """Count `count` bytes that arrived.

        Raises
        ------
        FetchFault
            If a window has passed and too little arrived in it.
        """
        self._count += count
        passed = self._clock() - self._since
        if passed < self._window:
            return
        rate = self._count / passed
        if rate < self._slowest:
            raise FetchFault(
                "the body only drips",
                kind="stall",
                expected=f"at least {self._slowest:,.0f} bytes a second",
                found=f"{rate:,.0f}",
                transient=True,
            )
        self._since, self._count = self._since + passed, 0


def pieces(response: requests.Response, pace: Pace) -> Iterator[bytes]:
    """Yield the body as transferred; a body that ends early is a fault, never a short body.

    Each piece is what one read of the connection gives: waiting for a full one would hide a drip.

    Raises
    ------
    FetchFault
        If the connection breaks, falls silent or only drips.
    """
    try:
        while piece := response.raw.read1(PIECE, decode_content=False):
            pace.take(len(piece))
            yield piece
    except urllib3.exceptions.TimeoutError as error:
        raise stalled("the service stopped sending", error, response.url) from error
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise FetchFault(
            "the connection broke before the body was whole",
            kind="truncated",
            where=response.url,
            found=type(error).__name__,
            transient=True,
        ) from error
