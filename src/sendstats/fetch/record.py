"""Measure a body that is at hand, and write down what arrived."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from sendstats.fetch.body import Body, Sink
from sendstats.fetch.discovery import Listing
from sendstats.fetch.pins import Pin
from sendstats.fetch.shape import Shape
from sendstats.fetch.surfaces import Origin
from sendstats.receipts import Receipt


def measure(pieces: Iterable[bytes], shape: Shape, target: Path) -> Body:
    """Write pieces into the file `target` and return their measurements.

    Raises
    ------
    FetchFault
        If they are not what they should be.
    """
    sink = Sink(shape)
    with target.open("wb") as stream:
        for piece in pieces:
            sink.feed(piece)
            stream.write(piece)
    return sink.finish()


def receipt_of(pin: Pin, body: Body, listing: Listing, origin: Origin) -> Receipt:
    """Return the receipt of a file that arrived with the measurements `body`."""
    return Receipt(
        publication=pin.publication,
        release=pin.release,
        file=pin.file,
        sha256=body.sha256,
        bytes=body.bytes,
        rows=body.rows,
        surface=origin.surface,
        url=origin.url,
        retrieved=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        published=utc(listing.published or listing.release.published),
        published_assumed=listing.published_assumed,
        extract=pin.extract,
        release_version=listing.release_version,
        ids=origin.ids,
        kind=pin.kind,
        last_updated=utc(listing.last_updated),
    )


def utc(text: str) -> str:
    """Return an instant in the one form that receipts use; text that is no instant stays."""
    try:
        moment = datetime.fromisoformat(text)
        # Without an offset it is taken as UTC: the place of this machine must not matter.
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return text
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
