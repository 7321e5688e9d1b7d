"""A strict reader of a data package: the rules of Data Package v2, and every file against them.

The schema restates what the specifications of Data Package, Data Resource and Table Schema (v2.0,
datapackage.org) require of the properties used here; the rest opens each file and compares.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from jsonschema import Draft202012Validator

from sendstats.receipts import sha256_of

TYPES = ["string", "number", "integer", "boolean", "object", "array", "list", "datetime", "date"]
TYPES += ["time", "year", "yearmonth", "duration", "geopoint", "geojson", "any"]
TEXT = {"type": "string", "minLength": 1}
LINK = {"type": "string", "pattern": r"^(?=^[^./~])(^((?!\.{2}).)*$).*$"}
NAMES = {"type": "array", "minItems": 1, "uniqueItems": True, "items": TEXT}

FIELD = {
    "type": "object",
    "required": ["name", "type", "description"],
    "properties": {
        "name": TEXT,
        "type": {"enum": TYPES},
        "description": TEXT,
        "constraints": {
            "type": "object",
            "properties": {
                "required": {"type": "boolean"},
                "unique": {"type": "boolean"},
                "enum": {"type": "array", "minItems": 1, "uniqueItems": True},
            },
            "additionalProperties": False,
        },
    },
}
SCHEMA = {
    "type": "object",
    "required": ["fields"],
    "properties": {
        "fields": {"type": "array", "minItems": 1, "items": FIELD},
        "primaryKey": NAMES,
        "foreignKeys": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["fields", "reference"],
                "properties": {
                    "fields": NAMES,
                    "reference": {
                        "type": "object",
                        "required": ["resource", "fields"],
                        "properties": {"resource": TEXT, "fields": NAMES},
                    },
                },
            },
        },
    },
}
RESOURCE = {
    "type": "object",
    "required": ["name", "path", "type", "bytes", "hash", "schema", "format", "mediatype", "title"],
    "not": {"required": ["data"]},
    "properties": {
        "name": {"type": "string", "pattern": r"^[a-z0-9._-]+$"},
        "path": LINK,
        "type": {"const": "table"},
        "title": TEXT,
        "bytes": {"type": "integer", "minimum": 0},
        "hash": {"type": "string", "pattern": r"^sha256:[0-9a-f]{64}$"},
        "encoding": TEXT,
        "schema": SCHEMA,
    },
}
PACKAGE = {
    "type": "object",
    "required": ["$schema", "name", "title", "version", "licenses", "resources"],
    "properties": {
        "$schema": {"const": "https://datapackage.org/profiles/2.0/datapackage.json"},
        "name": {"type": "string", "pattern": r"^[a-z0-9._-]+$"},
        "title": TEXT,
        "version": TEXT,
        "licenses": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "object", "anyOf": [{"required": ["name"]}, {"required": ["path"]}]},
        },
        "sources": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "object", "minProperties": 1},
        },
        "resources": {"type": "array", "minItems": 1, "items": RESOURCE},
    },
}


def problems(folder: Path) -> list[str]:
    """Everything that is wrong with the package in `folder`; empty if it is sound."""
    try:
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return [f"datapackage.json: {error}"]
    wrong = [
        f"{'/'.join(map(str, e.absolute_path))}: {e.message}"
        for e in Draft202012Validator(PACKAGE).iter_errors(package)
    ]
    return wrong or [*_whole(folder, package)]


def _whole(folder: Path, package: dict[str, Any]) -> Iterator[str]:
    """What the schema cannot see: names, files, lengths, hashes, columns, cells, keys."""
    for name, times in Counter(r["name"] for r in package["resources"]).items():
        if times > 1:
            yield f"{name}: the name of {times} resources"
    described = {r["path"] for r in package["resources"]}
    held = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    for path in sorted(held - described - {"datapackage.json", "LICENCE.md"}):
        yield f"{path}: is not described"
    for resource in package["resources"]:
        path = folder / resource["path"]
        if not path.is_file():
            yield f"{resource['path']}: is not there"
            continue
        for what in (_bytes, _table):
            yield from (f"{resource['path']}: {text}" for text in what(path, resource))
        yield from (
            f"{resource['path']}: {text}" for text in _references(folder, package, resource)
        )


def _bytes(path: Path, resource: dict[str, Any]) -> Iterator[str]:
    if path.stat().st_size != resource["bytes"]:
        yield f"{path.stat().st_size} bytes, not {resource['bytes']}"
    if f"sha256:{sha256_of(path)}" != resource["hash"]:
        yield "another hash"


def _table(path: Path, resource: dict[str, Any]) -> Iterator[str]:
    frame = _read(path, resource)
    schema = resource["schema"]
    names = [f["name"] for f in schema["fields"]]
    if frame.columns != names:
        yield f"columns {frame.columns}, described {names}"
        return
    for field in schema["fields"]:
        typed = resource["format"] == "parquet"
        wrong = _column(frame[field["name"]], field, typed=typed)
        yield from (f"{field['name']}: {text}" for text in wrong)
    key = schema.get("primaryKey", [])
    if set(key) - set(names):
        yield f"the key names {sorted(set(key) - set(names))}"
    elif key and frame.select(key).is_duplicated().any():
        yield f"the key {key} is not unique"


def _references(folder: Path, package: dict[str, Any], resource: dict[str, Any]) -> Iterator[str]:
    """Values that must stand in another file, and do not."""
    others = {r["name"]: r for r in package["resources"]}
    for key in resource["schema"].get("foreignKeys", []):
        other = others.get(key["reference"]["resource"])
        if other is None:
            yield f"refers to {key['reference']['resource']}, which is no resource"
            continue
        mine = _read(folder / resource["path"], resource)
        theirs = _read(folder / other["path"], other)
        for ours, name in zip(key["fields"], key["reference"]["fields"], strict=True):
            if {ours} - set(mine.columns) or {name} - set(theirs.columns):
                yield f"refers by {ours} to {name} of {other['path']}, which is no column"
            elif lost := set(mine[ours].drop_nulls()) - set(theirs[name]):
                yield f"{ours}: {min(lost)!r} is not in {other['path']}"


def _read(path: Path, resource: dict[str, Any]) -> pl.DataFrame:
    """The table with the types it has: those of Parquet, text where it is CSV; blank is null."""
    if resource["format"] == "parquet":
        return pl.read_parquet(path)
    with path.open(encoding=resource["encoding"], newline="") as stream:
        head, *rows = csv.reader(stream)
    columns = {n: [row[i] or None for row in rows] for i, n in enumerate(head)}
    return pl.DataFrame(columns, schema=dict.fromkeys(head, pl.String))


def _column(cells: pl.Series, field: dict[str, Any], *, typed: bool) -> Iterator[str]:
    """Cells against the type and limits of their field; a typed file has one type a column."""
    limits = field.get("constraints", {})
    if typed and field["type"] != (kind := _kind(cells.dtype)):
        yield f"{kind}, described as {field['type']}"
    cells = cells.cast(pl.String)
    if not typed and (odd := [c for c in cells.drop_nulls() if not _is(c, field["type"])]):
        yield f"{min(odd)!r} is no {field['type']}"
    if limits.get("required") and cells.has_nulls():
        yield "required, and blank in places"
    if odd := set(cells.drop_nulls()) - set(limits.get("enum", cells)):
        yield f"{min(odd)!r} is not one of the values it may have"


def _kind(dtype: pl.DataType) -> str:
    """The type of Table Schema that a column of Parquet has."""
    if dtype.is_integer():
        return "integer"
    if dtype.is_float():
        return "number"
    return "boolean" if dtype == pl.Boolean else "string"


def _is(text: str, kind: str) -> bool:
    """Whether a cell of a CSV is of a type of Table Schema."""
    if kind == "boolean":
        return text in ("true", "false")
    try:
        {"integer": int, "number": float, "date": date.fromisoformat}.get(kind, str)(text)
    except ValueError:
        return False
    return True
