"""What is here, what is missing and what is damaged, file by file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sendstats.fetch.pins import Pin, read_pins
from sendstats.fetch.staging import held_receipt
from sendstats.paths import Project
from sendstats.receipts import RECEIPT, Receipt, without_receipt

Condition = Literal["here", "other bytes", "missing", "corrupted", "not pinned"]


@dataclass(frozen=True)
class Held:
    """The condition of one file.

    Attributes
    ----------
    publication, release, file : str
        Which file.
    condition : {"here", "other bytes", "missing", "corrupted", "not pinned"}
        ``other bytes``: whole, with a receipt, but not the pinned bytes; ``corrupted``: the
        file does not match its receipt or has none.
    set : str
        Set of its pin; empty for a file that is not pinned.
    extract : bool
        Whether it is an extract.
    bytes : int
        Length as pinned, else as the receipt says.
    rows : int or None
        Data rows, likewise.
    surface, published : str
        From the receipt; empty where there is none.
    """

    publication: str
    release: str
    file: str
    condition: Condition
    set: str = ""
    extract: bool = False
    bytes: int = 0
    rows: int | None = None
    surface: str = ""
    published: str = ""


def status(project: Project) -> tuple[Held, ...]:
    """Return the condition of every pinned file and every other raw file, sorted.

    Every file is hashed; nothing is changed and no request is made.

    Raises
    ------
    DataProblem
        If a pin file is faulty.
    """
    pins = {pin.key: pin for pin in read_pins(project).pins}
    found = {_key(folder): folder for folder in _folders(project.raw)}
    return tuple(
        _held(project.raw, key, pins.get(key)) for key in sorted(pins.keys() | found.keys())
    )


def loose(project: Project) -> list[str]:
    """Return the files that lie in no folder of their own, as nothing reads them; sorted."""
    folders = set(_folders(project.raw))
    found = (path for path in without_receipt(project.raw) if path.parent not in folders)
    return [path.relative_to(project.raw).as_posix() for path in found]


def _folders(raw: Path) -> list[Path]:
    """Return every folder that could hold a raw file, whole or not."""
    return [path for path in sorted(raw.glob("[!.]*/*/*")) if path.is_dir()]


def _key(folder: Path) -> tuple[str, str, str]:
    return (folder.parent.parent.name, folder.parent.name, folder.name)


def _held(raw: Path, key: tuple[str, str, str], pin: Pin | None) -> Held:
    folder = raw.joinpath(*key)
    receipt = held_receipt(raw, folder)
    source = pin or receipt
    return Held(
        *key,
        condition=_condition(folder, receipt, pin),
        set=pin.set if pin else "",
        extract=source.extract if source else False,
        bytes=source.bytes if source else 0,
        rows=source.rows if source else None,
        surface=receipt.surface if receipt else "",
        published=receipt.published if receipt else "",
    )


def _condition(folder: Path, receipt: Receipt | None, pin: Pin | None) -> Condition:
    if receipt is None:
        present = any((folder / name).exists() for name in (folder.name, RECEIPT))
        return "corrupted" if present or pin is None else "missing"
    if pin is None:
        return "not pinned"
    return "here" if receipt.sha256 == pin.sha256 else "other bytes"
