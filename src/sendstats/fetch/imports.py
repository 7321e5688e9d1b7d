"""Take in files that a user brings: same checks, same receipts, never a request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from sendstats.catalogue.publications import publication
from sendstats.errors import WrongUse
from sendstats.fetch import zips
from sendstats.fetch.archive import Source, digest_of
from sendstats.fetch.body import Body
from sendstats.fetch.discovery import known_listing, release_named
from sendstats.fetch.faults import FetchFault
from sendstats.fetch.pins import Pin, PinSet, read_pins, safe_name
from sendstats.fetch.record import measure, receipt_of
from sendstats.fetch.settings import Settings
from sendstats.fetch.shape import MARKS, Shape
from sendstats.fetch.staging import Staging, held_receipt, staging
from sendstats.fetch.surfaces import IMPORT, Origin
from sendstats.fetch.tables import check_table
from sendstats.paths import Project
from sendstats.receipts import Receipt

#: Endings of files that releases have, beside those that have a mark of their own.
_PLAIN = (".csv", ".txt")
_UNTOUCHED = "every file that was here before"


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
    supporting : bool
        True for a supporting file, which need not be a table.
    """

    publication: str = ""
    release: str = ""
    file: str = ""
    extract: bool = False
    supporting: bool = False


@dataclass(frozen=True)
class Imported:
    """A file that was taken in.

    Attributes
    ----------
    receipt : Receipt
        Its receipt.
    replaced : Receipt or None
        Receipt of another vintage in whose place it is now, which is kept aside.
    """

    receipt: Receipt
    replaced: Receipt | None = None


def import_file(
    project: Project,
    path: Path,
    given: Given | None = None,
    *,
    settings: Settings | None = None,
) -> tuple[Imported, ...]:
    """Take a file, or every file of a zip, into ``data/raw``.

    A file whose bytes are pinned needs no words: its pin says what it is, whatever its name. Any
    other file needs publication and release; a CSV among them must be a table.

    Returns
    -------
    tuple of Imported
        One a file.

    Raises
    ------
    WrongUse
        If the file is not there, or it is not pinned and publication or release is not said.
    UnknownId
        If publication or release is not in the catalogue.
    FetchFault
        If it is no whole CSV or zip.
    FaultyFile
        If a CSV is no table; every fault is named.
    """
    if not path.is_file():
        raise WrongUse(
            "there is no such file to import",
            where=str(path),
            untouched=_UNTOUCHED,
            todo="sendstats import FILE takes one file; run it once for each",
        )
    rules = settings or Settings.from_environment()
    words = given or Given()
    pins = read_pins(project)
    with staging(project.raw) as stage:
        # Everything is checked and named before the first file counts.
        staged = [_stage(stage, pins, words, each, rules) for each in _sources(path, words, rules)]
        return tuple(_accept(stage, item) for item in staged)


@dataclass(frozen=True)
class _Given:
    """One file that is to be taken in: where it is, and what is said of it."""

    name: str
    kind: str
    source: Source


@dataclass(frozen=True)
class _Staged:
    path: Path
    pin: Pin
    body: Body
    url: str


def _sources(path: Path, given: Given, rules: Settings) -> Iterator[_Given]:
    if path.suffix.lower() != ".zip":
        name = given.file or path.name
        yield _Given(name, "supporting" if given.supporting else _kind(name), Source(path))
        return
    if given.file or given.supporting:
        raise WrongUse(
            "a zip holds files with names and folders of their own",
            where=path.name,
            found="a published name or the word supporting",
            untouched=_UNTOUCHED,
            todo="unpack it and import the file, or leave those words out",
        )
    members = zips.checked(path, rules)
    # The zip of a release sorts its files into folders; any other is a bundle of tables.
    named = zips.by_file(members) or zips.loose(members)
    if not named:
        raise FetchFault("the zip file holds no file", "zip", where=path.name)
    for name, member in named.items():
        yield _Given(name, zips.kind_of(member) or _kind(name), Source(path, member))


def _kind(name: str) -> str:
    if name == zips.GUIDANCE:
        return "guidance"
    return "data" if name.lower().endswith(".csv") else "supporting"


def _stage(stage: Staging, pins: PinSet, words: Given, item: _Given, rules: Settings) -> _Staged:
    """Copy a file into staging, and check it unless its bytes are pinned."""
    digest = digest_of(item.source.pieces())
    home = publication(words.publication).slug if words.publication else ""
    pin = pins.by_hash(digest, home, words.release)
    if pin is None:
        _check_words(words, item)
    name = pin.file if pin else item.name
    path = stage.room(name)
    body = measure(item.source.pieces(), Shape(name, rules.max_bytes), path)
    if body.sha256 != digest:
        raise FetchFault("the file changes while it is read", "hash", where=item.name)
    if pin is None and item.kind == "data" and Shape(name, 0).csv:
        check_table(path, _UNTOUCHED)
    url = item.source.url.replace("archive:", "import:", 1)
    return _Staged(path, pin or _described(words, item, body), body, url)


def _check_words(words: Given, item: _Given) -> None:
    """Raise WrongUse unless name, publication and release are said, and known."""
    if not words.publication or not words.release:
        raise WrongUse(
            "the bytes of this file are not pinned, so it must be said what it is",
            where=item.name,
            expected="publication and release",
            untouched=_UNTOUCHED,
            todo="sendstats import FILE --publication SLUG --release SLUG [--extract]",
        )
    publication(words.publication).release(words.release)
    if not safe_name(item.name):
        raise WrongUse(
            "a published file name is one plain name",
            found=repr(item.name),
            untouched=_UNTOUCHED,
            todo="say the published name with --name",
        )
    endings = (*_PLAIN, *MARKS)
    # In a zip anything may lie beside the tables.
    if not item.source.member and PurePath(item.name).suffix.lower() not in endings:
        raise WrongUse(
            "the name of the file does not say what sort of file it is",
            where=item.name,
            expected=f"a name that ends in one of {' '.join(sorted(endings))}",
            untouched=_UNTOUCHED,
            todo="say the published name with --name, for example --name caseload.csv",
        )


def _described(words: Given, item: _Given, body: Body) -> Pin:
    """Return what a pin of a file would say, from what the user says."""
    return Pin(
        publication(words.publication).slug,
        words.release,
        item.name,
        body.sha256,
        body.bytes,
        body.rows,
        body.header_sha256,
        kind=item.kind,
        extract=words.extract,
    )


def _accept(stage: Staging, item: _Staged) -> Imported:
    pin = item.pin
    listing = known_listing(release_named(pin.publication, pin.release))
    receipt = receipt_of(pin, item.body, listing, Origin(IMPORT, item.url))
    held = held_receipt(stage.raw, receipt.folder(stage.raw))
    taken = stage.accept(item.path, receipt)
    return Imported(taken, held if held and held.sha256 != taken.sha256 else None)


def imported_lines(taken: Iterable[Imported]) -> Iterator[str]:
    """Yield what was taken in, one line a file."""
    for item in taken:
        receipt = item.receipt
        rows = f", {receipt.rows:,} rows" if receipt.rows is not None else ""
        place = f"{receipt.publication} {receipt.release} {receipt.file}"
        yield f"imported {place}: {receipt.bytes:,} bytes{rows}"
        if item.replaced:
            was = f"{item.replaced.bytes:,} bytes, from {item.replaced.surface}"
            yield f"  in place of another vintage ({was}), which is kept in data/raw/.superseded"
