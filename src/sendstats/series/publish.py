"""The committed folder for people and machines: small CSVs and a description of everything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from sendstats.catalogue.load import document
from sendstats.catalogue.publications import publications
from sendstats.catalogue.symbols import REASONS
from sendstats.catalogue.tables import tables
from sendstats.receipts import sha256_of
from sendstats.series.api import series
from sendstats.series.model import Definition
from sendstats.store.tables import Store

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
#: Columns of a headline CSV: type and meaning.
COLUMNS: dict[str, tuple[str, str]] = {
    "period": ("string", "YYYY-01 for a stock counted in January, YYYY for a flow over a year"),
    "place": ("string", "DfE number of an authority, ONS code of England and the regions"),
    "place_name": ("string", "name that belongs to this place only"),
    "level": ("string", "National, Regional or Local authority"),
    "region": ("string", "name of the authority's region"),
    "placement": ("string", "placement group, or total"),
    "value": ("number", "the figure, unrounded where it is computed from counts"),
    "numerator": ("integer", "count above the line of a rate"),
    "denominator": ("integer", "count below the line of a rate"),
    "reason": ("string", "why a value is null"),
    "flags": ("string", "ids of caveats, breaks, findings and repairs, separated by semicolons"),
    "published": ("string", "text as printed in the release"),
    "release": ("string", "release that served the figure"),
}


def publish(folder: Path) -> None:
    """Write ``csv/*.csv`` and ``datapackage.json`` beside the stored tables in `folder`.

    Parameters
    ----------
    folder : Path
        As `sendstats.store.build.build` left it.
    """
    store = Store(folder)
    (folder / "csv").mkdir(parents=True, exist_ok=True)
    resources = [_headline(store, spec) for spec in document("headlines.toml")["headline"]]
    resources += [
        _stored(store, table, slug) for table in tables() for slug in store.releases(table)
    ]
    resources += [_side(folder, name) for name in ("findings", "flags", "repairs", "sources")]
    text = json.dumps(_package(store, resources), indent=1, ensure_ascii=False) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8")


def _headline(store: Store, spec: dict[str, str]) -> dict[str, Any]:
    options = {k: v for k, v in spec.items() if k in ("placement", "basis")}
    found = series(spec["series"], place="all", store=store, **options)
    rows = found.rows.with_columns(
        pl.col("flags").list.join("; "),
        pl.col("value").round(6),
    ).select(list(COLUMNS))
    path = store.root / "csv" / spec["file"]
    rows.write_csv(path)
    fields = [{"name": n, "type": t, "description": d} for n, (t, d) in COLUMNS.items()]
    next(f for f in fields if f["name"] == "reason")["constraints"] = {"enum": list(REASONS)}  # type: ignore[assignment]
    return {
        **_file(store.root, path),
        "title": _title(found.definition, spec),
        "description": found.definition.measures,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": fields, "primaryKey": ["period", "place", "placement"]},
    }


def _title(meant: Definition, spec: dict[str, str]) -> str:
    basis = f", {spec['basis'].replace('_', ' ')}" if "basis" in spec else ""
    return f"{meant.title}{basis} ({meant.kind}, {meant.unit})"


def _stored(store: Store, table_id: str, release: str) -> dict[str, Any]:
    table = tables()[table_id]
    schema = store.read(table_id, release).schema
    kinds = {"row": "integer"}
    return {
        **_file(store.root, store.path(table_id, release)),
        "title": f"{table.title}, release {release}",
        "description": "Published text of counts and percentages in our columns, typed keys.",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "schema": {"fields": [{"name": n, "type": kinds.get(n, "string")} for n in schema]},
    }


def _side(folder: Path, name: str) -> dict[str, Any]:
    return {
        **_file(folder, folder / f"{name}.csv"),
        "title": f"{name.capitalize()} of the stored tables",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
    }


def _file(root: Path, path: Path) -> dict[str, Any]:
    relative = path.relative_to(root).as_posix()
    name = relative.rsplit(".", 1)[0].replace("/", "-").replace("_", "-").lower()
    return {
        "name": name,
        "type": "table",
        "path": relative,
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256_of(path)}",
    }


def _package(store: Store, resources: list[dict[str, Any]]) -> dict[str, Any]:
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
