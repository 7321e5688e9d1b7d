"""``datapackage.json``, version 2: every committed file with its length, hash and columns."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from sendstats.catalogue.fields import described, files
from sendstats.catalogue.places import LEVELS
from sendstats.catalogue.publications import publications
from sendstats.catalogue.symbols import REASONS
from sendstats.catalogue.tables import Layout, tables
from sendstats.errors import DataProblem
from sendstats.receipts import sha256_of
from sendstats.store.tables import Store

NAME = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE = "https://datapackage.org/profiles/2.0/dataresource.json"
SCHEMA = "https://datapackage.org/profiles/2.0/tableschema.json"
_CSV = {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
_PARQUET = {"format": "parquet", "mediatype": "application/vnd.apache.parquet"}
_FORMATS = {".csv": _CSV, ".parquet": _PARQUET}
#: Columns whose values come from a closed list.
_ENUMS: dict[str, tuple[str, ...]] = {"reason": REASONS, "level": tuple(LEVELS)}

Described = dict[str, Any]


@dataclass(frozen=True)
class Headline:
    """One headline CSV: where it is, its title, and what it measures."""

    path: Path
    title: str
    says: str


def write(store: Store, headlines: Iterable[Headline]) -> None:
    """Describe every file under the root of `store` in ``datapackage.json`` there.

    Raises
    ------
    DataProblem
        If a file has a column that ``fields.toml`` does not describe.
    """
    resources = [_headline(store, one) for one in headlines]
    resources += [
        _stored(store, table, slug) for table in tables() for slug in store.releases(table)
    ]
    resources += [_side(store, p) for p in sorted(store.root.iterdir()) if p.suffix in _FORMATS]
    text = json.dumps(_package(store, resources), indent=1, ensure_ascii=False) + "\n"
    (store.root / NAME).write_text(text, encoding="utf-8")


def _headline(store: Store, one: Headline) -> Described:
    about = {"title": one.title, "description": one.says, **_CSV}
    return _file(store.root, one.path) | about | _schema("headline", one.path)


def _side(store: Store, path: Path) -> Described:
    about = {"title": f"{path.stem.capitalize()} of the stored tables", **_FORMATS[path.suffix]}
    return _file(store.root, path) | about | _schema(path.stem, path)


def _schema(name: str, path: Path) -> Described:
    """Return the table schema of a file whose columns are all described."""
    columns = _columns(path)
    file = described(name, columns)
    fields = [_field(n, f.type, f.says, key=n in file.key) for n, f in file.fields.items()]
    schema = {"$schema": SCHEMA, "fields": fields, "primaryKey": list(file.key)}
    refers = [
        {"fields": [column], "reference": {"resource": other, "fields": [column]}}
        for column, other in file.refers.items()
    ]
    return {"schema": schema | ({"foreignKeys": refers} if refers else {})}


def _columns(path: Path) -> list[str]:
    if path.suffix == ".parquet":
        return list(pl.read_parquet_schema(path))
    with path.open(encoding="utf-8", newline="") as stream:
        return next(csv.reader(stream))


def _field(name: str, kind: str, says: str, *, key: bool) -> Described:
    field: Described = {"name": name, "type": kind, "description": says}
    limits: Described = {"enum": list(_ENUMS[name])} if name in _ENUMS else {}
    if key:
        limits = {"required": True, **limits}
    return field | ({"constraints": limits} if limits else {})


def _stored(store: Store, table_id: str, release: str) -> Described:
    table = tables()[table_id]
    known, layout = files()["stored"], table.layout(release)
    fields = []
    for name in store.read(table_id, release).columns:
        if name in known.fields:
            one = known.fields[name]
            fields.append(_field(name, one.type, one.says, key=name in known.key))
        else:
            fields.append(_field(name, "string", _published(layout, name), key=False))
    return _file(store.root, store.path(table_id, release)) | {
        "title": f"{table.title}, release {release}",
        "description": f"Published text of {layout.file} in our columns, with typed keys.",
        **_PARQUET,
        "schema": {"$schema": SCHEMA, "fields": fields, "primaryKey": list(known.key)},
    }


def _published(layout: Layout, column: str) -> str:
    """Say which published column a stored one holds."""
    if column not in layout.columns:
        raise DataProblem(
            "a stored column is not described",
            where=f"layout {layout.id} of {layout.file}",
            found=column,
            todo="describe it in fields.toml",
        )
    return f"{layout.columns[column]} of {layout.file}, as printed"


def _file(root: Path, path: Path) -> Described:
    relative = path.relative_to(root).as_posix()
    name = relative.rsplit(".", 1)[0].replace("/", "-").replace("_", "-").lower()
    return {
        "$schema": RESOURCE,
        "name": name,
        "type": "table",
        "path": relative,
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256_of(path)}",
    }


def _package(store: Store, resources: list[Described]) -> Described:
    known = publications().values()
    return {
        "$schema": PROFILE,
        "name": "sendstats",
        "title": "England's SEND statistics, harmonised",
        "description": "Figures of the Department for Education in one schema, with source and "
        "caveats. Not official statistics.",
        "version": max((s.published for s in store.sources), default=""),
        "licenses": [
            {"name": "OGL-UK-3.0", "title": p.licence, "path": p.licence_url}
            for p in list(known)[:1]
        ],
        "sources": [{"title": f"{p.publisher}: {p.title}", "path": p.landing} for p in known],
        "resources": resources,
    }
