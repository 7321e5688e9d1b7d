"""Fetch exactly the pinned files: what is here is kept, the rest is asked for, the hash decides."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from sendstats.catalogue.publications import Release, publication
from sendstats.errors import UnknownId, Unreachable
from sendstats.fetch import zips
from sendstats.fetch.archive import from_archive
from sendstats.fetch.body import Body, Sink
from sendstats.fetch.discovery import Listing, find
from sendstats.fetch.faults import FetchFault
from sendstats.fetch.pins import Pin, PinSet, read_pins
from sendstats.fetch.report import FetchReport, Outcome
from sendstats.fetch.settings import Settings
from sendstats.fetch.staging import Staging, held_receipt, staging
from sendstats.fetch.surfaces import Offer, offers
from sendstats.fetch.transport import Transport
from sendstats.paths import Project
from sendstats.receipts import Receipt

__all__ = ["FetchReport", "Outcome", "Run", "chosen_pins", "fetch_pinned", "measure"]

Say = Callable[[str], None]
_GONE = frozenset({403, 404, 410})


def fetch_pinned(
    project: Project,
    *,
    sets: Sequence[str] = ("core",),
    releases: Iterable[str] | None = None,
    strict: bool = False,
    settings: Settings | None = None,
    say: Say = lambda _: None,
    on_bytes: Callable[[int], None] = lambda _: None,
) -> FetchReport:
    """Bring every pinned file of `sets` into ``data/raw``, and only those.

    Files that are here with the pinned hash cause no request. A pinned body that the service
    does not have any more is reported, never replaced by another.

    Parameters
    ----------
    sets : sequence of str
        Sets of pins, ``core`` and ``full``.
    releases : iterable of str, optional
        Release slugs, or ``publication/slug``; all pinned releases if not given.
    strict : bool
        Makes a whole file that is no longer served an error in the report's exit code.
    settings : Settings, optional
        Addresses and limits; the environment decides if not given.
    say, on_bytes : callable
        Called with each line worth saying, and with decoded bytes as they arrive.

    Returns
    -------
    FetchReport
        One outcome a pin.

    Raises
    ------
    Unreachable
        If files are missing and no surface can be reached.
    UnknownId
        If a named release has no pins.
    DataProblem
        If a pin file is faulty.
    """
    rules = settings or Settings.from_environment()
    pins = chosen_pins(read_pins(project), sets, releases)
    done = {pin: Outcome(pin, "present") for pin in pins if is_held(project.raw, pin)}
    notes: tuple[str, ...] = ()
    missing = [pin for pin in pins if pin not in done]
    if missing:
        with (
            Transport(rules, on_bytes=on_bytes) as transport,
            staging(project.raw) as stage,
        ):
            run = Run(transport, stage, say)
            done |= {outcome.pin: outcome for outcome in run.fetch(missing)}
            notes = tuple(run.notes)
    report = FetchReport(tuple(done[pin] for pin in pins), notes, strict)
    for line in report.lines:
        say(line)
    say(report.summary)
    return report


def chosen_pins(
    pins: PinSet, sets: Sequence[str], releases: Iterable[str] | None
) -> tuple[Pin, ...]:
    """Return the pins of `sets` and `releases`; an unknown release is an error.

    Raises
    ------
    UnknownId
        If a named release has no pin.
    """
    names = None if releases is None else list(releases)
    known = sorted({text for p in pins.pins for text in (p.release, f"{p.publication}/{p.release}")})
    for name in names or []:
        if name not in known:
            raise UnknownId.of("pinned release", name, known)
    return pins.select(sets, names)


def is_held(raw: Path, pin: Pin) -> bool:
    """Whether the pinned bytes are here, with a receipt; the file is hashed."""
    receipt = held_receipt(raw, raw / pin.publication / pin.release / pin.file)
    return receipt is not None and receipt.sha256 == pin.sha256


def measure(pieces: Iterable[bytes], file: str, limit: int, target: Path) -> Body:
    """Write pieces into the file `target` and return their measurements."""
    sink = Sink(csv=is_csv(file), limit=limit)
    with target.open("wb") as stream:
        for piece in pieces:
            sink.feed(piece)
            stream.write(piece)
    return sink.finish()


def is_csv(file: str) -> bool:
    """Whether a published file is a CSV, by its name."""
    return file.lower().endswith(".csv")


class Run:
    """One run over pins that are missing.

    Attributes
    ----------
    notes : list of str
        Lines about releases.
    """

    def __init__(self, transport: Transport, stage: Staging, say: Say) -> None:
        self.transport = transport
        self.stage = stage
        self.notes: list[str] = []
        self._say = say
        self._lock = threading.Lock()
        self._listings: dict[tuple[str, str], Listing] = {}
        self._zips: dict[str, tuple[Path, dict[str, str]] | FetchFault] = {}
        self._zip_locks: dict[str, threading.Lock] = {}

    def fetch(self, pins: Sequence[Pin]) -> list[Outcome]:
        """Return the outcome of every pin.

        Raises
        ------
        Unreachable
            If nothing answers and the archive does not hold everything.
        """
        copied = [self._from_archive(pin) for pin in pins]
        left = [pin for pin, outcome in zip(pins, copied, strict=True) if outcome is None]
        if left:
            self._reach()
        outcomes = [outcome for outcome in copied if outcome]
        for key, group in groupby(left, key=lambda pin: (pin.publication, pin.release)):
            outcomes += self._release(*key, list(group))
        return outcomes

    def _reach(self) -> None:
        rules = self.transport.settings
        if not self.transport.reach.any([rules.content, rules.site, rules.api]):
            raise Unreachable(
                "the statistics service cannot be reached",
                where=", ".join(sorted({rules.content, rules.site, rules.api})),
                expected=f"a connection within {rules.connect_timeout:g} seconds",
                untouched="every file that was here before; the committed figures",
                todo="try again with a network, or import files with sendstats import",
            )

    def _release(self, slug: str, release: str, pins: list[Pin]) -> list[Outcome]:
        found = self._listing(publication(slug).release(release))
        workers = self.transport.settings.workers
        with ThreadPoolExecutor(max_workers=workers) as pool:
            outcomes = list(pool.map(lambda pin: self._pin(pin, found), pins))
        served = sorted({o.surface for o in outcomes if o.surface})
        fetched = sum(o.state == "fetched" for o in outcomes)
        if fetched:
            self._say(f"{slug} {release}: {fetched} fetched ({', '.join(served)})")
        return outcomes

    def _listing(self, release: Release, stale: str | None = None) -> Listing:
        """Return the listing of a release; `stale` names a version that is no longer served."""
        key = (release.publication, release.slug)
        with self._lock:
            held = self._listings.get(key)
            if held is None or (stale is not None and held.release_version == stale):
                held, line = find(self.transport, release)
                if line and line not in self.notes:
                    self.notes.append(line)
                if stale and held.release_version != stale:
                    name = f"{release.publication} {release.slug}"
                    self.notes.append(f"{name}: amended while it was being fetched")
                self._listings[key] = held
            return held

    def _from_archive(self, pin: Pin) -> Outcome | None:
        folder = self.transport.settings.archive
        source = from_archive(folder, pin) if folder else None
        if source is None:
            return None
        staged = self.stage.room(pin.file)
        measured = measure(source.pieces(), pin.file, pin.bytes, staged)
        release = publication(pin.publication).release(pin.release)
        listing = Listing(release, pin.release_version, release.published, discovered=False)
        self.stage.accept(staged, receipt_of(pin, measured, listing, "archive", source.url))
        return Outcome(pin, "fetched", surface="archive")

    def _pin(self, pin: Pin, listing: Listing) -> Outcome:
        outcome, faults = self._try_offers(pin, listing)
        if outcome is None and any(fault.status in _GONE for fault in faults):
            # A version that is refused may have been amended since the release was listed.
            fresh = self._listing(listing.release, stale=listing.release_version)
            if fresh.release_version != listing.release_version:
                outcome, faults = self._try_offers(pin, fresh)
        return outcome or _judged(pin, faults)

    def _try_offers(self, pin: Pin, listing: Listing) -> tuple[Outcome | None, list[FetchFault]]:
        item = listing.files.get(pin.file)
        rows = item.rows if item and listing.discovered else None
        if pin.extract and rows is not None and rows != pin.rows:
            return _judged(pin, [_other(pin, f"{rows:,} rows")]), []
        faults: list[FetchFault] = []
        for offer in offers(self.transport, listing, pin.file):
            staged = self.stage.room(pin.file)
            try:
                body = self._take(offer, pin, staged)
                _compare(body, pin, rows)
            except FetchFault as fault:
                faults.append(fault)
                continue
            except Unreachable as gone:
                faults.append(FetchFault(gone.what, kind="connection", transient=True))
                continue
            receipt = receipt_of(pin, body, listing, offer.surface, _address(offer), offer.ids)
            self.stage.accept(staged, receipt)
            return Outcome(pin, "fetched", surface=offer.surface), faults
        return None, faults

    def _take(self, offer: Offer, pin: Pin, staged: Path) -> Body:
        # One byte more than the pin is another body: there is no need to read all of it.
        limit = pin.bytes
        if not offer.zipped:
            return self.transport.download(offer.ask, staged, csv=is_csv(pin.file), limit=limit)
        path, members = self._zip(offer)
        if pin.file not in members:
            raise FetchFault("the zip of the release does not hold the file", kind="status", status=404)
        return measure(zips.pieces(path, members[pin.file]), pin.file, limit, staged)

    def _zip(self, offer: Offer) -> tuple[Path, dict[str, str]]:
        """Fetch and check the zip of a release, once a run, whatever became of it."""
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
        path = self.stage.room("all-files.zip")
        try:
            self.transport.download(offer.ask, path, csv=False)
            return path, zips.by_file(zips.checked(path, self.transport.settings))
        except FetchFault as fault:
            return fault


def receipt_of(
    pin: Pin, body: Body, listing: Listing, surface: str, url: str, ids: dict[str, str] | None = None
) -> Receipt:
    """Return the receipt of a file that arrived with the measurements `body`."""
    published = listing.published or listing.release.published
    return Receipt(
        publication=pin.publication,
        release=pin.release,
        file=pin.file,
        sha256=body.sha256,
        bytes=body.bytes,
        rows=body.rows,
        surface=surface,
        url=url,
        retrieved=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        published=_utc(published),
        published_assumed=listing.published_assumed,
        extract=pin.extract,
        release_version=listing.release_version,
        ids=dict(ids or {}),
        kind=pin.kind,
        last_updated=_utc(listing.last_updated),
    )


def _utc(text: str) -> str:
    """Return an instant in the one form that receipts use; text that is no instant stays."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _address(offer: Offer) -> str:
    query = "&".join(f"{key}={value}" for key, value in (offer.ask.params or {}).items())
    return f"{offer.ask.url}?{query}" if query else offer.ask.url


def _compare(body: Body, pin: Pin, rows: int | None) -> None:
    """Raise the fault for a body that is not the pinned one."""
    if body.sha256 == pin.sha256:
        return
    if rows is not None and body.rows is not None and body.rows != rows:
        raise FetchFault(
            "the body has not the rows that the service counts",
            kind="rows",
            expected=f"{rows:,} rows",
            found=f"{body.rows:,}",
            transient=True,
        )
    raise _other(pin, f"{body.bytes:,} bytes, sha256 {body.sha256[:12]}…")


def _other(pin: Pin, found: str) -> FetchFault:
    expected = f"{pin.bytes:,} bytes, sha256 {pin.sha256[:12]}…"
    return FetchFault("the service has other bytes", kind="hash", expected=expected, found=found)


def _judged(pin: Pin, faults: list[FetchFault]) -> Outcome:
    """Return the outcome for a pin that no offer satisfied."""
    moved = [fault for fault in faults if fault.kind in ("hash", "size")]
    gone = all(fault.status in _GONE for fault in faults)
    if moved or gone:
        detail = moved[0].line if moved else "no surface has it"
        stays = "the pin and the committed figures stay"
        return Outcome(pin, "not served", f"{pin.name}: not served as pinned: {detail}; {stays}")
    telling = next(fault for fault in faults if fault.status not in _GONE)
    return Outcome(pin, "failed", f"{pin.name}: failed: {telling.line}")
