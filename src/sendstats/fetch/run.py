"""Fetch exactly the pinned files: what is here is kept, the rest is asked for, the hash decides."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from sendstats.catalogue.publications import Release
from sendstats.errors import UnknownId, Unreachable
from sendstats.fetch.archive import Source, from_archive
from sendstats.fetch.body import Body
from sendstats.fetch.discovery import Listed, Listing, find, release_named
from sendstats.fetch.faults import FetchFault
from sendstats.fetch.judge import judged, other
from sendstats.fetch.pins import Pin, PinSet, read_pins
from sendstats.fetch.record import measure, receipt_of
from sendstats.fetch.report import FetchReport, Outcome
from sendstats.fetch.sets import unpinned
from sendstats.fetch.settings import Settings
from sendstats.fetch.shape import Shape
from sendstats.fetch.staging import Staging, held_receipt, kept_folder, staging, tidy
from sendstats.fetch.surfaces import ARCHIVE, KEPT, Origin, offers
from sendstats.fetch.take import Taker
from sendstats.fetch.transport import Transport
from sendstats.fetch.watch import Watch
from sendstats.paths import Project
from sendstats.receipts import Receipt

Say = Callable[[str], None]


def fetch_pinned(  # noqa: PLR0913 - all but the first are named
    project: Project,
    *,
    sets: Sequence[str] = ("core",),
    releases: Iterable[str] | None = None,
    tables: Iterable[str] | None = None,
    strict: bool = False,
    settings: Settings | None = None,
    say: Say = lambda _: None,
    watch: Watch | None = None,
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
    tables : iterable of str, optional
        Published file names; all files if not given.
    strict : bool
        Makes a whole file that is no longer served an error in the report's exit code.
    settings : Settings, optional
        Addresses and limits; the environment decides if not given.
    say : callable
        Called with one line a release as files arrive; the report has the rest to say.
    watch : Watch, optional
        Told how far the run is, for a progress display.

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
    every = read_pins(project)
    pins = chosen_pins(every, sets, releases, tables)
    aside = tidy(project.raw, {pin.key for pin in every.pins})
    done = {pin: Outcome(pin, "present") for pin in pins if is_held(project.raw, pin)}
    beyond = unpinned(every, sets, releases) if tables is None else {}
    notes = (*aside, *(line for lines in beyond.values() for line in lines))
    missing = [pin for pin in pins if pin not in done]
    if missing:
        eye = watch or Watch()
        with eye, Transport(rules, on_bytes=eye.bytes) as transport, staging(project.raw) as stage:
            eye.expect(len(missing), sum(pin.bytes for pin in missing))
            run = Run(transport, stage, say, eye)
            done |= {outcome.pin: outcome for outcome in run.fetch(missing)}
            notes = (*run.notes, *notes)
    return FetchReport(tuple(done[pin] for pin in pins), notes, strict)


def chosen_pins(
    pins: PinSet,
    sets: Sequence[str],
    releases: Iterable[str] | None = None,
    tables: Iterable[str] | None = None,
) -> tuple[Pin, ...]:
    """Return the pins of `sets`, `releases` and `tables`; an unknown name is an error.

    Raises
    ------
    UnknownId
        If a named release or file has no pin.
    """
    names = None if releases is None else list(releases)
    beyond = {part for name in unpinned(pins, sets) for part in (name, name.partition("/")[2])}
    known = sorted({text for p in pins.pins for text in release_names(p)} | beyond)
    for name in names or []:
        if name not in known:
            raise UnknownId.of("pinned release", name, known)
    files = None if tables is None else set(tables)
    pinned = sorted({pin.file for pin in pins.pins})
    for name in sorted(files or ()):
        if name not in pinned:
            raise UnknownId.of("pinned file", name, pinned)
    chosen = pins.select(sets, names)
    return tuple(pin for pin in chosen if files is None or pin.file in files)


def release_names(pin: Pin) -> tuple[str, str]:
    """Return the two ways to name the release of a pin."""
    return (pin.release, f"{pin.publication}/{pin.release}")


def is_held(raw: Path, pin: Pin) -> bool:
    """Whether the pinned bytes are here, with a receipt; the file is hashed."""
    receipt = held_receipt(raw, raw / pin.publication / pin.release / pin.file)
    return receipt is not None and receipt.sha256 == pin.sha256


class Run:
    """One run over pins that are missing.

    Attributes
    ----------
    notes : list of str
        Lines about releases.
    """

    def __init__(
        self, transport: Transport, stage: Staging, say: Say, watch: Watch | None = None
    ) -> None:
        self.transport = transport
        self.stage = stage
        self.notes: list[str] = []
        self._say = say
        self._watch = watch or Watch()
        self._lock = threading.Lock()
        self._listings: dict[tuple[str, str], Listing] = {}
        self._taker = Taker(transport, stage)

    def fetch(self, pins: Sequence[Pin]) -> list[Outcome]:
        """Return the outcome of every pin.

        Raises
        ------
        Unreachable
            If nothing answers and the archive does not hold everything.
        """
        copied = [self._kept(pin) or self._from_archive(pin) for pin in pins]
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
                found="no request is to be made" if rules.offline else "none",
                untouched="every file that was here before; the committed figures",
                todo="try again with a network, or import files with sendstats import",
            )

    def _release(self, slug: str, release: str, pins: list[Pin]) -> list[Outcome]:
        found = self._listing(release_named(slug, release))
        workers = self.transport.settings.workers
        with ThreadPoolExecutor(max_workers=workers) as pool:
            try:
                outcomes = list(pool.map(lambda pin: self._pin(pin, found), pins))
            except BaseException:
                # The pool waits for what is under way, which may be gigabytes: end it.
                self.transport.stop()
                raise
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
                told = (line, *held.notes)
                self.notes += [each for each in told if each and each not in self.notes]
                if stale and held.release_version != stale:
                    name = f"{release.publication} {release.slug}"
                    self.notes.append(f"{name}: amended while it was being fetched")
                self._listings[key] = held
            return held

    def _kept(self, pin: Pin) -> Outcome | None:
        """Take the pinned bytes from the vintages that another took the place of, if they are."""
        folder = kept_folder(self.stage.raw, pin.key, pin.sha256)
        receipt = held_receipt(self.stage.raw, folder)
        if receipt is None or receipt.sha256 != pin.sha256 or receipt.extract != pin.extract:
            return None
        return self._copied(pin, Source(folder / receipt.file), lambda _: receipt, KEPT)

    def _from_archive(self, pin: Pin) -> Outcome | None:
        folder = self.transport.settings.archive
        source = from_archive(folder, pin) if folder else None
        if source is None:
            return None
        release = release_named(pin.publication, pin.release)
        listing = Listing(release, pin.release_version, release.published, discovered=False)
        origin = Origin(ARCHIVE, source.url)
        return self._copied(
            pin, source, lambda body: receipt_of(pin, body, listing, origin), ARCHIVE
        )

    def _copied(
        self, pin: Pin, source: Source, receipt: Callable[[Body], Receipt], surface: str
    ) -> Outcome | None:
        staged = self.stage.room(pin.file)
        try:
            body = measure(source.pieces(), Shape(pin.file, pin.bytes), staged)
        except FetchFault:
            return None
        if body.sha256 != pin.sha256:
            # It changed between the search and the copy: what counts is what was copied.
            return None
        self.stage.accept(staged, receipt(body))
        self._watch.bytes(body.bytes)
        self._watch.file(pin.name)
        return Outcome(pin, "fetched", surface=surface)

    def _pin(self, pin: Pin, listing: Listing) -> Outcome:
        outcome = self._outcome(pin, listing)
        self._watch.file(pin.name)
        return outcome

    def _outcome(self, pin: Pin, listing: Listing) -> Outcome:
        listing = known_by(listing, pin)
        outcome, faults = self._try_offers(pin, listing)
        if outcome is None and any(fault.gone for fault in faults):
            # A version that is refused may have been amended since the release was listed.
            fresh = self._listing(listing.release, stale=listing.release_version)
            if fresh.discovered and fresh.release_version != listing.release_version:
                listing = fresh
                outcome, faults = self._try_offers(pin, fresh)
        return outcome or judged(pin, faults, listed=listing.discovered)

    def _try_offers(self, pin: Pin, listing: Listing) -> tuple[Outcome | None, list[FetchFault]]:
        item = listing.files.get(pin.file)
        rows = item.rows if item and listing.discovered else None
        if pin.extract and rows is not None and rows != pin.rows:
            return judged(pin, [other(pin, f"{rows:,} rows")]), []
        faults: list[FetchFault] = []
        shape = Shape(pin.file, pin.bytes, header=pin.header, most_rows=pin.rows)
        for offer in offers(self.transport, listing, pin.file):
            try:
                # One byte or row more than the pin, or another header, is another body: there is
                # no need to read all of it.
                staged, body = self._taker.take(offer, shape)
                _compare(body, pin, rows)
            except FetchFault as fault:
                faults.append(fault)
                continue
            except Unreachable as gone:
                faults.append(FetchFault(gone.what, kind="connection", transient=True))
                continue
            self.stage.accept(staged, receipt_of(pin, body, listing, offer.origin))
            return Outcome(pin, "fetched", surface=offer.surface), faults
        return None, faults


def known_by(listing: Listing, pin: Pin) -> Listing:
    """Return a listing that is only known completed by the ids that the pin was made with."""
    if listing.discovered:
        return listing
    item = listing.files.get(pin.file) or Listed(pin.file, kind=pin.kind)
    item = replace(
        item,
        data_set_file_id=pin.data_set_file_id or item.data_set_file_id,
        api_data_set_id=pin.api_data_set_id or item.api_data_set_id,
    )
    version = pin.release_version or listing.release_version
    return replace(listing, release_version=version, files={**listing.files, pin.file: item})


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
    raise other(pin, f"{body.bytes:,} bytes, sha256 {body.sha256}")
