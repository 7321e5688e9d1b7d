"""Take up an offer: bring its bytes into staging, measured, whatever the surface."""

from __future__ import annotations

import threading
from pathlib import Path

from sendstats.fetch import zips
from sendstats.fetch.body import Body
from sendstats.fetch.faults import Answer, FetchFault
from sendstats.fetch.record import is_csv, measure
from sendstats.fetch.staging import Staging
from sendstats.fetch.surfaces import Offer
from sendstats.fetch.transport import Transport


class Taker:
    """Takes up offers for one run; the zip of a release is fetched and checked once."""

    def __init__(self, transport: Transport, stage: Staging) -> None:
        self._transport = transport
        self._stage = stage
        self._lock = threading.Lock()
        self._zips: dict[str, tuple[Path, dict[str, str]] | FetchFault] = {}
        self._zip_locks: dict[str, threading.Lock] = {}

    def take(self, offer: Offer, file: str, limit: int) -> tuple[Path, Body]:
        """Return the staged file and its measurements.

        Parameters
        ----------
        file : str
            Published name.
        limit : int
            Largest decoded length accepted, in bytes.

        Raises
        ------
        FetchFault
            If the body is not whole or not believable.
        Unreachable
            If the host does not answer at all.
        """
        staged = self._stage.room(file)
        if not offer.zipped:
            csv = is_csv(file)
            return staged, self._transport.download(offer.ask, staged, csv=csv, limit=limit)
        path, members = self._zip(offer)
        if file not in members:
            raise FetchFault(
                "the zip of the release does not hold the file", kind="status", answer=Answer(404)
            )
        return staged, measure(zips.pieces(path, members[file]), file, limit, staged)

    def _zip(self, offer: Offer) -> tuple[Path, dict[str, str]]:
        with self._lock:
            lock = self._zip_locks.setdefault(offer.ask.url, threading.Lock())
        with lock:
            if offer.ask.url not in self._zips:
                self._zips[offer.ask.url] = self._zip_once(offer)
            held = self._zips[offer.ask.url]
        if isinstance(held, FetchFault):
            raise held
        return held

    def _zip_once(self, offer: Offer) -> tuple[Path, dict[str, str]] | FetchFault:
        """Fetch and check a zip; a fault is kept, so that it is not met once for each file."""
        path = self._stage.room("all-files.zip")
        try:
            self._transport.download(offer.ask, path, csv=False)
            return path, zips.by_file(zips.checked(path, self._transport.settings))
        except FetchFault as fault:
            return fault
