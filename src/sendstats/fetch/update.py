"""Fetch what is newer than the pins, show it, and only then move them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from sendstats.catalogue.publications import SETS, Release, publications
from sendstats.errors import UnknownId, Unreachable
from sendstats.fetch.body import Body
from sendstats.fetch.discovery import Listed, Listing, entries, listing
from sendstats.fetch.faults import FetchFault
from sendstats.fetch.news import release_of
from sendstats.fetch.pins import Pin, PinSet, read_pins, write_pins
from sendstats.fetch.plan import Move, UpdatePlan
from sendstats.fetch.record import receipt_of
from sendstats.fetch.rows import row_changes
from sendstats.fetch.sets import set_of
from sendstats.fetch.settings import Settings
from sendstats.fetch.shape import Shape
from sendstats.fetch.staging import Staging, held_receipt, staging
from sendstats.fetch.surfaces import Offer, offers
from sendstats.fetch.take import Taker
from sendstats.fetch.transport import Transport
from sendstats.fetch.watch import Watch
from sendstats.paths import Project

#: Columns that every data file of the service has; a body without them is not the file.
REQUIRED = ("time_period", "geographic_level")


def update(  # noqa: PLR0913 - all but the first are named
    project: Project,
    *,
    releases: Iterable[str] | None = None,
    tables: Iterable[str] | None = None,
    sets: Sequence[str] = ("core",),
    settings: Settings | None = None,
    confirm: Callable[[UpdatePlan], bool] = lambda _: False,
    say: Callable[[str], None] = lambda _: None,
    watch: Watch | None = None,
) -> UpdatePlan:
    """Fetch what is newer than the pins into staging, show it, and move the pins if confirmed.

    Old bytes are kept under ``data/raw/.superseded``. A release that is amended meanwhile keeps
    its pins.

    Parameters
    ----------
    releases : iterable of str, optional
        Slug or ``publication/slug`` of the releases to look at; the pinned ones and any newer
        one if not given, and with the set ``full`` every release that is listed.
    tables : iterable of str, optional
        Published file names to look at; all files if not given.
    sets : sequence of str
        Sets whose new files are taken; pinned files are looked at in any case.
    confirm : callable
        Called with the plan; the pins move only if it returns True.
    say : callable
        Called with one line a release as it has been looked at.
    watch : Watch, optional
        Told how far the run is, for a progress display; it has ended before `confirm` is called.

    Raises
    ------
    Unreachable
        If the content API cannot be reached.
    FetchFault
        If its lists cannot be read.
    UnknownId
        If a named release does not exist.
    """
    pins = read_pins(project)
    rules = settings or Settings.from_environment()
    eye = watch or Watch()
    with Transport(rules, on_bytes=eye.bytes) as transport, staging(project.raw) as stage:
        updater = _Updater(transport, stage, pins, None if tables is None else set(tables))
        with eye:
            updater.watch = eye
            plan = updater.plan(None if releases is None else set(releases), sets, say)
        if not plan.movable or not confirm(plan):
            return plan
        _apply(project, stage, pins, plan)
    return replace(plan, applied=True)


def _apply(project: Project, stage: Staging, pins: PinSet, plan: UpdatePlan) -> None:
    moves = [move for move in plan.moves if move.new]
    moved = {pin.key: pin for pin in pins.pins} | {m.new.key: m.new for m in moves if m.new}
    # Pins first: a run that is killed between the two leaves pins that the next fetch fulfils.
    write_pins(project, moved.values())
    for move in moves:
        if move.staged and move.receipt:
            stage.accept(move.staged, move.receipt)


class _Updater:
    """Looks at releases one by one and gathers moves and notes."""

    def __init__(
        self, transport: Transport, stage: Staging, pins: PinSet, tables: set[str] | None
    ) -> None:
        self.transport = transport
        self.pins = pins
        self.notes: list[str] = []
        self.watch = Watch()
        self._tables = tables
        self._beyond: set[tuple[str, str]] = set()
        self._stage = stage
        self._taker = Taker(transport, stage)

    def plan(
        self, wanted: set[str] | None, sets: Sequence[str], say: Callable[[str], None]
    ) -> UpdatePlan:
        """Look at every release that is wanted and return what would move."""
        moves: list[Move] = []
        for release in self._releases(wanted, sets):
            name = f"{release.publication} {release.slug}"
            try:
                count, found = self._release(release, sets)
            except FetchFault as fault:
                self.notes.append(f"{name}: {fault.line}; its pins stay")
                continue
            moved = sum(move.state != "same" for move in found)
            say(f"{name}: {count} looked at, {moved or 'none'} new or changed")
            moves += found
        return UpdatePlan(tuple(moves), tuple(self.notes))

    def _releases(self, wanted: set[str] | None, sets: Sequence[str]) -> list[Release]:
        every = sorted(self._listed(), key=lambda release: (release.publication, release.slug))
        if wanted is None:
            return [release for release in every if self._relevant(release, sets)]
        names = {name for release in every for name in _names(release)}
        for name in sorted(wanted - names):
            raise UnknownId.of("release", name, sorted(names))
        return [release for release in every if wanted & _names(release)]

    def _listed(self) -> list[Release]:
        """Return the releases of every publication; one list that cannot be read is noted."""
        found: list[Release] = []
        faults: list[FetchFault] = []
        for home in publications().values():
            try:
                listed = entries(self.transport, home.slug)
            except FetchFault as fault:
                faults.append(fault)
                self.notes.append(f"{home.slug}: no list of releases: {fault.line}; its pins stay")
                continue
            found += [release_of(home, entry) for entry in listed if entry.slug]
        if not found and faults:
            raise faults[0]
        return found

    def _relevant(self, release: Release, sets: Sequence[str]) -> bool:
        pinned = {pin.release for pin in self.pins.pins if pin.publication == release.publication}
        fresh = bool(pinned) and release.slug > max(pinned)
        if fresh:
            self.notes.append(f"{release.publication} {release.slug}: a newer release")
        if fresh or release.slug in pinned:
            return True
        # Only the set full reaches back to releases that no pin names.
        self._beyond.add((release.publication, release.slug))
        return SETS[1] in sets

    def _set(self, release: Release, item: Listed) -> str:
        beyond = (release.publication, release.slug) in self._beyond
        return SETS[1] if beyond else set_of(release, item)

    def _release(self, release: Release, sets: Sequence[str]) -> tuple[int, list[Move]]:
        """Return how many files were looked at, and what would move."""
        before = listing(self.transport, release)
        self.notes += before.notes
        fault: FetchFault | None = None
        count, moves = 0, list[Move]()
        try:
            count, moves = self._moves(before, sets)
        except FetchFault as error:
            fault = error
        if listing(self.transport, release).release_version != before.release_version:
            name = f"{release.publication} {release.slug}"
            self.notes.append(f"{name}: amended meanwhile; its pins stay, run it again")
            return count, []
        if fault:
            raise fault
        return count, moves

    def _moves(self, found: Listing, sets: Sequence[str]) -> tuple[int, list[Move]]:
        release = found.release
        mine = (release.publication, release.slug)
        held = {p.file: p for p in self.pins.pins if (p.publication, p.release) == mine}
        chosen = [
            item
            for file, item in sorted(found.files.items())
            if self._named(file)
            if file in held or self._set(release, item) in sets
        ]
        sizes = [held[item.file].bytes if item.file in held else None for item in chosen]
        self.watch.expect(len(chosen), None if None in sizes else sum(filter(None, sizes)))
        moves = [m for item in chosen if (m := self._file(found, item, held.get(item.file)))]
        if all(pin.extract for pin in held.values()) and held and _only_guidance(moves):
            # What is served is the extract itself: its guidance describes nothing whole.
            moves = []
        lost = [pin for file, pin in sorted(held.items()) if file not in found.files]
        return len(chosen), [*moves, *(Move(p, None) for p in lost if self._named(p.file))]

    def _named(self, file: str) -> bool:
        return self._tables is None or file in self._tables

    def _file(self, found: Listing, item: Listed, old: Pin | None) -> Move | None:
        try:
            staged, body, offer = self._best(found, item)
        finally:
            self.watch.file(item.file)
        release = found.release
        if old and old.sha256 == body.sha256:
            # Nobody needs a second copy, and the disk may be small.
            staged.unlink()
            if old.release_version in ("", found.release_version):
                return None
            return Move(old, replace(old, release_version=found.release_version))
        new = Pin(
            release.publication,
            release.slug,
            item.file,
            body.sha256,
            body.bytes,
            body.rows,
            body.header_sha256,
            set=old.set if old else self._set(release, item),
            kind=item.kind,
            release_version=found.release_version,
            data_set_file_id=item.data_set_file_id,
            api_data_set_id=item.api_data_set_id,
        )
        receipt = receipt_of(new, body, found, offer.origin)
        return self._compared(Move(old, new, receipt, staged), staged)

    def _best(self, found: Listing, item: Listed) -> tuple[Path, Body, Offer]:
        """Return the first offer that gives a believable body; raise the first fault if none."""
        faults: list[FetchFault] = []
        columns = REQUIRED if item.kind == "data" else ()
        most = self.transport.settings.max_bytes
        shape = Shape(item.file, most, columns=columns, most_rows=item.rows)
        for offer in offers(self.transport, found, item.file):
            try:
                staged, body = self._taker.take(offer, shape)
                _believe(item, body)
            except FetchFault as fault:
                faults.append(fault)
                continue
            except Unreachable as gone:
                faults.append(FetchFault(gone.what, kind="connection", transient=True))
                continue
            return staged, body, offer
        first = faults[0] if faults else FetchFault("no surface offers it", "status")
        raise first.about(item.file)

    def _compared(self, move: Move, staged: Path) -> Move:
        """Add which rows changed, if both versions are here."""
        old = move.old
        if old is None or old.extract or not Shape(old.file, old.bytes).csv:
            return move
        folder = self._stage.raw / old.publication / old.release / old.file
        held = held_receipt(self._stage.raw, folder)
        if held is None or held.sha256 != old.sha256:
            why = "the old bytes are not here, so rows cannot be compared"
            return replace(move, unknown=why)
        try:
            changes = row_changes(folder / old.file, staged, self._stage.room("buckets").parent)
        except csv.Error as error:
            return replace(move, unknown=f"rows cannot be compared: {error}")
        return replace(move, changes=changes)


def _only_guidance(moves: list[Move]) -> bool:
    return all(move.new is not None and move.new.kind == "guidance" for move in moves)


def _believe(item: Listed, body: Body) -> None:
    """Check a whole body that no pin vouches for against what the service says of it."""
    if item.rows is not None and body.rows != item.rows:
        raise FetchFault(
            "the body has not the rows that the service counts",
            "rows",
            where=item.file,
            expected=f"{item.rows:,}",
            found=f"{body.rows:,}" if body.rows is not None else "no CSV",
            transient=True,
        )


def _names(release: Release) -> set[str]:
    return {release.slug, f"{release.publication}/{release.slug}"}
