"""Made-up release files in the publisher's own layouts, and stores built from them.

Names of columns and labels come from the column registry, codes from the register of places;
every figure is invented by the test that asks for it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sendstats.catalogue.labels import spellings
from sendstats.catalogue.places import places
from sendstats.catalogue.shapes import JOINED
from sendstats.catalogue.tables import Layout, table, tables
from sendstats.ingest.checks import IDENTITY
from sendstats.receipts import RECEIPT, Receipt, sha256_of
from sendstats.store.build import build
from sendstats.store.tables import Store

EHC = "education-health-and-care-plans"
ENGLAND, NORTH_EAST, YORKSHIRE = "E92000001", "E12000001", "E12000003"
#: The twelve authorities of the North East, by DfE number.
NORTH_EASTERN = ["390", "391", "392", "393", "394", "805", "806", "807", "808", "840", "841", "929"]
EXCLUDING, INCLUDING = "excluding_exceptions", "including_exceptions"

Row = dict[str, Any]


def identity(key: str) -> Row:
    """The place columns of one row, as the publisher prints them."""
    place = places()[key]
    region = place if place.level == "Regional" else places().get(place.region)
    local = place.level == "Local authority"
    return {
        "geographic_level": place.level,
        "country_code": ENGLAND,
        "country_name": "England",
        "region_code": region.key if region else "",
        "region_name": region.name if region else "",
        "old_la_code": place.key if local else "",
        "new_la_code": place.codes[-1] if local else "",
        "la_name": (*place.published_names, place.name)[0] if local else "",
    }


def lines(table_id: str, release: str, rows: Iterable[Row], fill: str = "x") -> list[Row]:
    """Return published rows; a row gives ``place``, ``label``, perhaps labels, and our columns.

    Cells not given hold `fill`. ``breakdown`` is a pair of topic and label, ``placement`` a pair
    of group and type, ``item`` a label, ``items`` labels by topic; each is the total unless given.
    """
    layout = table(table_id).layout(release)
    columns = [*IDENTITY, *(c for x in _sharing(table_id, release) for c in _columns(x))]
    return [dict.fromkeys(columns, fill) | _line(layout, dict(row)) for row in rows]


def _sharing(table_id: str, release: str) -> Iterator[Layout]:
    """The layout of a table, and those of every other table that reads the same file."""
    own = table(table_id)
    yield own.layout(release)
    for other in tables().values():
        for layout in other.layouts:
            same = (other.publication, layout.file) == (own.publication, own.layout(release).file)
            if other.id != table_id and same and release in layout.releases:
                yield layout


def _columns(layout: Layout) -> list[str]:
    return [*sorted(layout.filters), *layout.columns.values()]


def _line(layout: Layout, row: Row) -> Row:
    label = str(row.pop("label"))
    year = "Academic year" if len(label) == 6 else "Calendar year"
    line = {"time_period": label, "time_identifier": row.pop("identifier", year)}
    line |= identity(row.pop("place")) | layout.keep
    if layout.topics:
        topic = next(iter(layout.topics))
        pair = row.pop("breakdown", (topic, topic))
        line |= {"breakdown_topic": pair[0], "breakdown": pair[1]}
    named = row.pop("items", {})
    for dimension in layout.dimensions:
        first = next(iter(spellings(dimension.group)))
        label = row.pop("item", named.get(dimension.topic, first))
        line |= dict(zip(dimension.columns, label.split(JOINED), strict=True))
    if layout.long:
        pair = row.pop("placement", ("Total", "Total"))
        line |= dict(zip(layout.placement_labels, pair, strict=True))
    return line | {layout.columns.get(k, k): str(v) for k, v in row.items()}


def write(path: Path, rows: list[Row], *, bom: bool = False, newline: str = "\n") -> Path:
    """Write rows as CSV; the columns are those of the first row."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator=newline)
        writer.writeheader()
        writer.writerows(rows)
    return path


def receipt(path: Path, release: str, **changes: Any) -> Receipt:
    """The receipt of a file that lies in its own folder of `release`."""
    fields: Row = {
        "publication": EHC,
        "release": release,
        "file": path.name,
        "sha256": sha256_of(path),
        "bytes": path.stat().st_size,
        "rows": path.read_text(encoding="utf-8").count("\n") - 1,
        "surface": "import",
        "url": "",
        "retrieved": "2026-01-01T00:00:00Z",
        "published": "2025-06-26T08:30:00Z",
    }
    return Receipt(**(fields | changes))


def put(raw: Path, table_id: str, release: str, rows: list[Row], **changes: Any) -> Path:
    """Put a file of published rows and its receipt where fetch would."""
    meant = table(table_id)
    name = meant.layout(release).file
    path = write(raw / meant.publication / release / name / name, rows)
    made = receipt(path, release, publication=meant.publication, **changes)
    (path.parent / RECEIPT).write_text(made.to_json(), encoding="utf-8")
    return path


def put_crossed(raw: Path, records: list[list[str]], release: str = "2025") -> Path:
    """Put a table made to be read by people, and its receipt, where fetch would.

    Records are those of the file, the title first.
    """
    name = table("tribunal_appeals").layout(release).file
    path = raw / EHC / release / name / name
    path.parent.mkdir(parents=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(records)
    (path.parent / RECEIPT).write_text(receipt(path, release).to_json(), encoding="utf-8")
    return path


def stored(
    folder: Path, files: Mapping[tuple[str, str], Iterable[Row]], *extracts: str, **options: Any
) -> Store:
    """Build a store of made-up files; releases named in `extracts` hold filtered downloads.

    So do releases whose layout is unproven: a whole file of theirs is refused.
    """
    for (table_id, release), rows in files.items():
        fill = "z" if release == "2022" else "x"
        published = lines(table_id, release, rows, fill)
        extract = release in extracts or not table(table_id).layout(release).proven
        put(folder / "raw", table_id, release, published, extract=extract)
    report = build(folder / "raw", folder / "processed", **options)
    assert not report.failures, report.failures[0]
    return Store(folder / "processed")
