"""Pins: which files a checkout is built on, down to the byte.

Two sets with one layout: ``pins.toml`` for whole files as the publisher serves them and
``extracts.toml`` for filtered downloads. An extract gives way when the whole file is pinned.
"""

from __future__ import annotations

import json
import os
import tempfile
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from sendstats.catalogue.publications import SETS
from sendstats.errors import DataProblem
from sendstats.paths import Project

PINS = "pins.toml"
EXTRACTS = "extracts.toml"
KINDS = ("data", "supporting", "guidance")

_HEADERS = {
    PINS: "# Pinned whole files: length and SHA-256 of the decoded bytes, rows without the header.",
    EXTRACTS: "# Pinned extracts (filtered downloads). A whole file in pins.toml replaces its "
    "extract.",
}


@dataclass(frozen=True, order=True)
class Pin:
    """One pinned file.

    Attributes
    ----------
    publication, release, file : str
        Publication slug, release slug and published file name.
    sha256 : str
        Of the decoded bytes, in lower-case hexadecimal.
    bytes : int
        Length of the decoded bytes.
    rows : int or None
        Data rows of a CSV (header not counted); None for anything else.
    header : str
        SHA-256 of the first record of a CSV, without byte order mark and line end: another
        header is seen before the rest of a body is read. Empty for anything else.
    set : {"core", "full"}
        Which set of files it belongs to.
    kind : {"data", "supporting", "guidance"}
        What sort of file it is.
    release_version : str
        Release version id at the time of pinning; empty where it was not known.
    data_set_file_id, api_data_set_id : str
        Ids of the data set at the time of pinning; empty where there was none.
    extract : bool
        True for a filtered download. Not written: the file that holds the pin says it.
    """

    publication: str
    release: str
    file: str
    sha256: str
    bytes: int
    rows: int | None = None
    header: str = ""
    set: str = "core"
    kind: str = "data"
    release_version: str = ""
    data_set_file_id: str = ""
    api_data_set_id: str = ""
    extract: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """Publication, release and file name."""
        return (self.publication, self.release, self.file)

    @property
    def name(self) -> str:
        """The pin in words: publication, release and file."""
        return f"{self.publication} {self.release} {self.file}"


@dataclass(frozen=True)
class PinSet:
    """Every pin of a checkout, whole files before extracts.

    Attributes
    ----------
    pins : tuple of Pin
        Sorted; an extract whose whole file is pinned too is left out.
    """

    pins: tuple[Pin, ...]

    @classmethod
    def of(cls, pins: Iterable[Pin]) -> PinSet:
        """Sort `pins` and drop each extract whose whole file is among them."""
        every = list(pins)
        whole = {pin.key for pin in every if not pin.extract}
        return cls(tuple(sorted(p for p in every if not p.extract or p.key not in whole)))

    def select(
        self, sets: Iterable[str] = ("core",), releases: Iterable[str] | None = None
    ) -> tuple[Pin, ...]:
        """Return the pins of `sets`, of the named `releases` only if any are named.

        A release is named by its slug, or as ``publication/slug``.
        """
        wanted = None if releases is None else set(releases)
        chosen = set(sets)
        return tuple(
            pin
            for pin in self.pins
            if pin.set in chosen
            and (wanted is None or wanted & {pin.release, f"{pin.publication}/{pin.release}"})
        )

    def by_hash(self, sha256: str, publication: str = "", release: str = "") -> Pin | None:
        """Return the pin of these bytes, of the named publication and release where they are."""
        return next(
            (
                pin
                for pin in self.pins
                if pin.sha256 == sha256
                and publication in ("", pin.publication)
                and release in ("", pin.release)
            ),
            None,
        )

    def get(self, publication: str, release: str, file: str) -> Pin | None:
        """Return the pin of one file, if there is one."""
        return next((pin for pin in self.pins if pin.key == (publication, release, file)), None)


def read_pins(project: Project) -> PinSet:
    """Return the pins of a project; a pin file that is absent holds none.

    Raises
    ------
    DataProblem
        If a pin file cannot be read; every fault of it is named.
    """
    pins = [pin for name in (PINS, EXTRACTS) for pin in _read(project.raw / name)]
    return PinSet.of(pins)


def write_pins(project: Project, pins: Iterable[Pin]) -> None:
    """Write `pins` to the two pin files, each by a temporary file and a rename."""
    every = PinSet.of(pins).pins
    for name in (PINS, EXTRACTS):
        chosen = [pin for pin in every if pin.extract == (name == EXTRACTS)]
        _write(project.raw / name, to_toml(name, chosen))


def to_toml(name: str, pins: Iterable[Pin]) -> str:
    """Return the text of the pin file `name`: sorted, one table a file, same pins same text."""
    blocks = [_HEADERS[name]]
    for pin in sorted(pins):
        lines = ["[[file]]"]
        for field in fields(Pin):
            value = getattr(pin, field.name)
            if field.name != "extract" and value not in ("", None):
                # A JSON string or whole number is written the same way in TOML.
                lines.append(f"{field.name} = {json.dumps(value, ensure_ascii=False)}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _read(path: Path) -> list[Pin]:
    if not path.exists():
        return []
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise DataProblem(
            "a pin file cannot be read: it is not TOML, or out of reach",
            where=path.name,
            found=str(error),
            untouched="every file that was here before",
            todo="mend it, or take it back from the repository",
        ) from error
    entries = table.get("file", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        found = "file is not a list of tables, each under [[file]]"
        raise DataProblem("a pin file has faults", where=path.name, found=found)
    faults = [
        f"entry {n}: {fault}" for n, entry in enumerate(entries, 1) for fault in _faults(entry)
    ]
    faults += [] if faults else _twice(entries)
    if faults or set(table) - {"file"}:
        faults += [f"unknown table {name}" for name in sorted(set(table) - {"file"})]
        raise DataProblem("a pin file has faults", where=path.name, found="; ".join(faults))
    extract = path.name == EXTRACTS
    return [replace(Pin(**entry), extract=extract) for entry in entries]


def _twice(entries: list[dict[str, Any]]) -> list[str]:
    keys = [(entry["publication"], entry["release"], entry["file"]) for entry in entries]
    return [
        f"entry {n}: {' '.join(key)} is pinned by an entry before it"
        for n, key in enumerate(keys, 1)
        if key in keys[: n - 1]
    ]


def _faults(entry: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with one pin entry, in words."""
    types = {"bytes": int, "rows": int}
    allowed = {f.name for f in fields(Pin)} - {"extract"}
    needed = {"publication", "release", "file", "sha256", "bytes"}
    faults = [f"unknown key {key}" for key in sorted(set(entry) - allowed)]
    faults += [f"missing key {key}" for key in sorted(needed - set(entry))]
    faults += [
        f"{key} is not {types.get(key, str).__name__}"
        for key, value in entry.items()
        if key in allowed and type(value) is not types.get(key, str)
    ]
    if not faults:
        faults += _value_faults(entry)
    return faults


def _value_faults(entry: Mapping[str, Any]) -> list[str]:
    checks = [
        (_is_digest(entry["sha256"]), "sha256 is not a digest"),
        (entry.get("header", "") == "" or _is_digest(entry["header"]), "header is not a digest"),
        (entry["bytes"] >= 0 and entry.get("rows", 0) >= 0, "a count is negative"),
        (entry.get("set", "core") in SETS, f"set is not one of {', '.join(SETS)}"),
        (entry.get("kind", "data") in KINDS, f"kind is not one of {', '.join(KINDS)}"),
        (all(safe_name(entry[k]) for k in ("publication", "release", "file")), "an unsafe name"),
    ]
    return [text for fine, text in checks if not fine]


def _is_digest(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")


def safe_name(name: str) -> bool:
    """Whether `name` is a plain file name: one component, visible, printable, not a device."""
    return (
        0 < len(name.encode("utf-8", "replace")) <= 200
        and name == name.strip()
        and not name.startswith(".")
        and name.isprintable()
        and not set(name) & set('/\\:*?"<>|')
    )


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".toml", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
