"""Take up an offer: bring its bytes into staging, measured, whatever the surface."""

from __future__ import annotations

import threading
from pathlib import Path

from sendstats.fetch import zips
from sendstats.fetch.body import Body
from sendstats.fetch.faults import Answer, FetchFault
from sendstats.fetch.record import measure
from sendstats.fetch.shape import Shape
from sendstats.fetch.staging import Staging
from sendstats.fetch.surfaces import Offer
from sendstats.fetch.transport import Transport

ALL_FILES = "all-files.zip"


class Taker:
    """Takes up offers for one run; the zip of a release is fetched and checked once."""

    def __init__(self, transport: Transport, stage: Staging) -> None:
        self._transport = transport
        self._stage = stage
        self._lock = threading.Lock()
        self._zips: dict[str, tuple[Path, dict[str, str]] | FetchFault] = {}
        self._zip_locks: dict[str, threading.Lock] = {}

    def take(self, offer: Offer, shape: Shape) -> tuple[Path, Body]:
        """Return the staged file and its measurements.

        Parameters
        ----------
        shape : Shape
            Published name of the file, and what its body must be.

        Raises
        ------
        FetchFault
            If the body is not whole or not believable.
        Unreachable
            If the host does not answer at all.
        """
        staged = self._stage.room(shape.file)
        if not offer.zipped:
            return staged, self._transport.download(offer.ask, staged, shape)
        path, members = self._zip(offer)
        if shape.file not in members:
            raise FetchFault(
                "the zip of the release does not hold the file", kind="status", answer=Answer(404)
            )
        return staged, measure(zips.pieces(path, members[shape.file]), shape, staged)

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
        path = self._stage.room(ALL_FILES)
        most = self._transport.settings.max_bytes
        try:
            self._transport.download(offer.ask, path, Shape(ALL_FILES, most))
            return path, zips.by_file(zips.checked(path, self._transport.settings))
        except FetchFault as fault:
            return fault
