"""Take in files that a user brings: same checks, same receipts, never a request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sendstats.catalogue.publications import publication
from sendstats.errors import WrongUse
from sendstats.fetch import zips
from sendstats.fetch.archive import Source
from sendstats.fetch.body import Body
from sendstats.fetch.discovery import known_listing
from sendstats.fetch.pins import Pin, PinSet, read_pins, safe_name
from sendstats.fetch.record import measure, receipt_of
from sendstats.fetch.settings import Settings
from sendstats.fetch.shape import Shape
from sendstats.fetch.staging import Staging, staging
from sendstats.fetch.surfaces import IMPORT, Origin
from sendstats.paths import Project
from sendstats.receipts import Receipt


@dataclass(frozen=True)
class Given:
    """What the user says about a file.

    Attributes
    ----------
    publication, release : str
        Slugs; may be empty for a file whose bytes are pinned.
    file : str
        Published name; the name of the file itself if empty.
    extract : bool
        True for a filtered download.
    """

    publication: str = ""
    release: str = ""
    file: str = ""
    extract: bool = False


def import_file(
    project: Project,
    path: Path,
    given: Given | None = None,
    *,
    settings: Settings | None = None,
) -> tuple[Receipt, ...]:
    """Take a file, or every file of an all-files zip, into ``data/raw``.

    A file whose bytes are pinned needs no words: its pin says what it is. Any other file needs
    publication and release.

    Returns
    -------
    tuple of Receipt
        One a file.

    Raises
    ------
    WrongUse
        If the file is not there, or it is not pinned and publication or release is not said.
    UnknownId
        If publication or release is not in the catalogue.
    FetchFault
        If it is no whole CSV or zip.
    """
    if not path.is_file():
        raise WrongUse("there is no such file to import", where=str(path))
    rules = settings or Settings.from_environment()
    words = given or Given()
    pins = read_pins(project)
    with staging(project.raw) as stage:
        staged = [
            _stage(stage, name, kind, source, rules)
            for name, kind, source in _sources(path, words, rules)
        ]
        # Everything is checked and named before the first file counts.
        named = [(_named(pins, words, item), item) for item in staged]
        return tuple(_accept(stage, pin, item) for pin, item in named)


@dataclass(frozen=True)
class _Staged:
    path: Path
    kind: str
    body: Body
    url: str


def _sources(path: Path, given: Given, rules: Settings) -> Iterator[tuple[str, str, Source]]:
    if path.suffix.lower() != ".zip":
        kind = "guidance" if path.name == zips.GUIDANCE else "data"
        yield given.file or path.name, kind, Source(path)
        return
    for name, member in zips.by_file(zips.checked(path, rules)).items():
        yield name, zips.kind_of(member), Source(path, member)


def _stage(stage: Staging, name: str, kind: str, source: Source, rules: Settings) -> _Staged:
    if not safe_name(name):
        raise WrongUse("a published file name is one plain name", found=repr(name))
    path = stage.room(name)
    body = measure(source.pieces(), Shape(name, rules.max_bytes), path)
    return _Staged(path, kind, body, source.url.replace("archive:", "import:", 1))


def _named(pins: PinSet, given: Given, item: _Staged) -> Pin:
    """Return the pin of the bytes, or one made of what the user says."""
    pin = pins.by_hash(item.body.sha256)
    if pin and given.release in ("", pin.release):
        return pin
    if not given.publication or not given.release:
        raise WrongUse(
            "the bytes of this file are not pinned, so it must be said what it is",
            where=item.path.name,
            expected="publication and release",
            untouched="every file that was here before",
            todo="sendstats import FILE --publication SLUG --release SLUG [--extract]",
        )
    home = publication(given.publication)
    home.release(given.release)
    measured = item.body
    return Pin(
        home.slug,
        given.release,
        item.path.name,
        measured.sha256,
        measured.bytes,
        measured.rows,
        measured.header_sha256,
        kind=item.kind,
        extract=given.extract,
    )


def _accept(stage: Staging, pin: Pin, item: _Staged) -> Receipt:
    # The file carries the published name, whatever the user's copy was called.
    path = item.path.rename(item.path.with_name(pin.file))
    listing = known_listing(publication(pin.publication).release(pin.release))
    return stage.accept(path, receipt_of(pin, item.body, listing, Origin(IMPORT, item.url)))
