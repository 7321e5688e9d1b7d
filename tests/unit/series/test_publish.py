"""The committed folder describes itself: every file, its hash, its columns, its licence."""

import csv
import json
import re

import pytest

from builders import ENGLAND, EXCLUDING, stored
from sendstats.catalogue.fields import files
from sendstats.catalogue.load import document
from sendstats.receipts import sha256_of
from sendstats.series.publish import publish

DEN, NUM = f"issued.{EXCLUDING}", f"within_20_weeks.{EXCLUDING}"
FILES = {
    ("caseload", "2025"): [{"place": ENGLAND, "label": 202122, "plans": 3, "mainstream": 1}],
    ("new_plans", "2025"): [{"place": ENGLAND, "label": 2021, "plans": 9, "mainstream": 3}],
    ("timeliness", "2025"): [
        {"place": ENGLAND, "label": 2024, DEN: 300, NUM: 100, f"{NUM}.percent": "33.3"},
        {"place": "370", "label": 2024},
    ],
    ("requests", "2025"): [{"place": ENGLAND, "label": 2024, "received": 8, "refused": 2}],
    ("pupils", "2024-25"): [
        {"place": ENGLAND, "label": 202425, "ehc_plans.percent": "5.3", "sen_support.percent": "14"}
    ],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = stored(tmp_path_factory.mktemp("published"), FILES).root
    publish(root)
    return root


def rows(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_headline_csvs_open_with_plain_columns(folder):
    names = {spec["file"] for spec in document("headlines.toml")["headline"]}
    assert {p.name for p in (folder / "csv").iterdir()} == names
    assert len(names) == 10
    for path in (folder / "csv").iterdir():
        assert list(rows(path)[0]) == list(files()["headline"].fields)


def test_values_nulls_and_flags_in_a_csv(folder):
    path = folder / "csv" / "timeliness-within-20-weeks-excluding-exceptions.csv"
    barnsley, england = rows(path)
    assert (england["value"], england["numerator"], england["published"]) == (
        "33.333333", "100", "33.3")  # fmt: skip
    assert (barnsley["value"], barnsley["reason"], barnsley["published"]) == (
        "", "non_return", "x")  # fmt: skip
    assert barnsley["place"] == "370"


def test_the_package_describes_every_file(folder):
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    described = {r["path"]: r for r in package["resources"]}
    assert set(described) == files - {"datapackage.json"}
    for path, resource in described.items():
        assert resource["bytes"] == (folder / path).stat().st_size
        assert resource["hash"] == f"sha256:{sha256_of(folder / path)}"
        assert re.fullmatch(r"[a-z0-9.-]+", resource["name"])
    assert len({r["name"] for r in package["resources"]}) == len(files) - 1
    assert package["licenses"][0]["title"] == "Open Government Licence v3.0"
    assert "Not official statistics" in package["description"]
    assert package["version"] == "2025-06-26"  # the latest publication date among the sources


def test_a_csv_lists_the_reasons_that_a_null_may_have(folder):
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    table = next(r for r in package["resources"] if r["path"].endswith("plans-new.csv"))
    reason = next(f for f in table["schema"]["fields"] if f["name"] == "reason")
    assert "non_return" in reason["constraints"]["enum"]
    assert table["schema"]["primaryKey"] == ["period", "place", "placement"]


def test_publishing_again_gives_the_same_bytes(folder):
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    publish(folder)
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before
