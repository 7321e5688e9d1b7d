"""Run in a process of its own: fetch's folders, ingest, checks, store, series; prints JSON."""

import json
import shutil
import sys
from pathlib import Path

from builders import receipt
from sendstats.receipts import RECEIPT
from sendstats.series.api import series
from sendstats.store.build import build
from sendstats.store.tables import Store

QUESTIONS = {
    "caseload": ("plans.caseload", {}),
    "mainstream": ("plans.caseload.placed", {"placement": "mainstream"}),
    "independent special": ("plans.caseload.placed", {"placement": "special.independent"}),
    "mainstream share": ("plans.caseload.share", {"placement": "mainstream"}),
    "in 20 weeks": ("timeliness.within_20_weeks", {"basis": "including_exceptions"}),
}


def told(store):
    found = {}
    for name, (series_id, options) in QUESTIONS.items():
        rows = series(series_id, store=store, place=["England", "391"], **options).rows
        found[name] = [
            [r["period"], r["place"], r["value"], r["reason"]] for r in rows.iter_rows(named=True)
        ]
    return found


def main(files, folder):
    raw = folder / "raw"
    for file in sorted(files.glob("*.csv")):
        path = raw / "education-health-and-care-plans" / "2027" / file.name / file.name
        path.parent.mkdir(parents=True)
        shutil.copy(file, path)
        text = receipt(path, "2027", extract=True).to_json()
        (path.parent / RECEIPT).write_text(text, encoding="utf-8")
    report = build(raw, folder / "processed", detail=True)
    store = Store(folder / "processed")
    answer = {
        "refused": [str(f) for f in report.failures],
        "tables": sorted(f"{s.table} {s.layout} {s.release}" for s in report.sources),
        "findings": store.findings["finding"].to_list(),
    }
    if not report.failures:
        rows = store.read("caseload", "2027")
        answer["items"] = sorted({f"{t} {i}" for t, i in rows.select("topic", "item").rows()})
        answer["told"] = told(store)
    print(json.dumps(answer))  # noqa: T201 - the test reads it


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
