"""The committed folder is a sound data package of version 2; a broken copy is not."""

import json
import re
import shutil
from pathlib import Path

import polars as pl
import pytest

from datapackage import problems
from sendstats.catalogue import fields
from sendstats.errors import DataProblem, UnknownId
from sendstats.paths import Project
from sendstats.series.publish import publish

COMMITTED = Project(Path(__file__).resolve().parents[3]).processed


def test_the_committed_package_is_sound():
    assert problems(COMMITTED) == []


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("package") / "processed"
    shutil.copytree(COMMITTED, folder)
    publish(folder)
    return folder


KEPT = ["csv/plans-new.csv", "tables/caseload/2025.parquet", "sources.csv"]
KEPT += ["findings.csv", "flags.parquet", "repairs.csv"]


@pytest.fixture
def copy(sound, tmp_path):
    """A copy with a few files to break, and a function that changes what its package says."""
    folder = tmp_path / "copy"
    for name in KEPT:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(sound / name, folder / name)
    whole = json.loads((sound / "datapackage.json").read_text(encoding="utf-8"))
    whole["resources"] = [r for r in whole["resources"] if r["path"] in KEPT]

    def change(edit):
        edit(whole)
        (folder / "datapackage.json").write_text(json.dumps(whole), encoding="utf-8")
        return problems(folder)

    assert change(lambda _: None) == []
    return folder, change


def resource(package, path):
    return next(r for r in package["resources"] if r["path"] == path)


def field(package, path, name):
    return next(f for f in resource(package, path)["schema"]["fields"] if f["name"] == name)


def reference(package):
    return resource(package, "flags.parquet")["schema"]["foreignKeys"][0]["reference"]


NEW, CASELOAD = "csv/plans-new.csv", "tables/caseload/2025.parquet"


def test_a_fresh_package_is_sound(sound):
    assert problems(sound) == []


BROKEN = [
    (lambda p: p.pop("resources"), "'resources' is a required property"),
    (lambda p: p.update(resources=[]), "resources: "),
    (lambda p: p.update(licenses=[{"title": "open"}]), "licenses/0"),
    (lambda p: resource(p, NEW).pop("path"), "'path' is a required property"),
    (lambda p: resource(p, NEW).update(path="../plans.csv"), "does not match"),
    (lambda p: resource(p, NEW).update(data=[]), "should not be valid"),
    (lambda p: resource(p, NEW).update(name="sources"), "sources: the name of 2 resources"),
    (lambda p: resource(p, NEW).update(path="csv/other.csv"), "csv/other.csv: is not there"),
    (lambda p: resource(p, NEW).update(bytes=1), f"{NEW}: .* bytes, not 1"),
    (lambda p: resource(p, NEW).update(hash=f"sha256:{'0' * 64}"), f"{NEW}: another hash"),
    (lambda p: resource(p, NEW).update(hash="0"), "does not match"),
    (lambda p: resource(p, CASELOAD)["schema"]["fields"].pop(), f"{CASELOAD}: columns"),
    (
        lambda p: field(p, CASELOAD, "row").update(type="string"),
        "row: integer, described as string",
    ),
    (
        lambda p: field(p, CASELOAD, "plans").update(type="integer"),
        "plans: string, described as integer",
    ),
    (lambda p: field(p, NEW, "place_name").update(type="number"), "place_name: .* is no number"),
    (lambda p: field(p, NEW, "value").update(type="float"), "'float' is not one of"),
    (lambda p: field(p, NEW, "value").pop("description"), "'description' is a required property"),
    (
        lambda p: field(p, NEW, "level").update(constraints={"enum": ["National"]}),
        "level: 'Local authority' is not one of the values it may have",
    ),
    (
        lambda p: field(p, NEW, "region").update(constraints={"required": True}),
        "region: required, and blank in places",
    ),
    (
        lambda p: resource(p, NEW)["schema"].update(primaryKey=["period"]),
        "the key .* is not unique",
    ),
    (lambda p: resource(p, NEW)["schema"].update(primaryKey=["year"]), "the key names"),
    (
        lambda p: reference(p).update(resource="nothing"),
        "flags.parquet: refers to nothing, which is no resource",
    ),
    (lambda p: reference(p).update(resource="repairs"), "finding: .* is not in repairs.csv"),
    (lambda p: reference(p).update(fields=["colour"]), "which is no column"),
    (lambda p: reference(p).pop("fields"), "'fields' is a required property"),
]


@pytest.mark.parametrize(("edit", "found"), BROKEN, ids=[found for _, found in BROKEN])
def test_a_broken_description_is_found(copy, edit, found):
    wrong = copy[1](edit)
    assert wrong
    assert any(re.search(found, line) for line in wrong), wrong


def test_a_broken_file_is_found(copy):
    folder, _ = copy
    path = folder / NEW
    path.write_text(path.read_text().replace("National", "Nation"))
    (folder / CASELOAD).unlink()
    (folder / "stray.csv").write_text("a\n1\n")
    (folder / "repairs.csv").write_text("table\n")
    wrong = problems(folder)
    assert f"{NEW}: another hash" in wrong
    assert f"{NEW}: level: 'Nation' is not one of the values it may have" in wrong
    assert f"{CASELOAD}: is not there" in wrong
    assert "stray.csv: is not described" in wrong
    assert any(line.startswith("repairs.csv: columns") for line in wrong)
    (folder / "datapackage.json").write_text("{")
    assert len(problems(folder)) == 1


def test_every_column_is_described_and_says_something(sound):
    package = json.loads((sound / "datapackage.json").read_text(encoding="utf-8"))
    for one in package["resources"]:
        assert [f for f in one["schema"]["fields"] if len(f["description"].split()) < 2] == []
    assert (
        field(package, CASELOAD, "plans")["description"] == "ehcplans of caseload.csv, as printed"
    )


def test_a_file_without_a_description_is_refused(sound, tmp_path):
    folder = shutil.copytree(sound, tmp_path / "more")
    (folder / "colours.csv").write_text("colour\n")
    with pytest.raises(UnknownId, match="unknown file 'colours'"):
        publish(folder)


def test_columns_must_be_those_that_are_described():
    whole = list(fields.files()["flags"].fields)
    assert fields.described("flags", whole).key == tuple(whole)
    with pytest.raises(DataProblem, match="not those that are described") as raised:
        fields.described("flags", [*whole, "colour"])
    assert raised.value.found.endswith(", colour")


def test_a_stored_column_that_no_layout_has_is_refused(sound, tmp_path):
    folder = shutil.copytree(sound, tmp_path / "more")
    path = folder / CASELOAD
    pl.read_parquet(path).with_columns(colour=pl.lit("red")).write_parquet(path)
    with pytest.raises(DataProblem, match="a stored column is not described"):
        publish(folder)


def test_types_are_those_of_table_schema():
    kinds = {f.type for file in fields.files().values() for f in file.fields.values()}
    assert kinds <= {"string", "number", "integer", "boolean", "date"}
    for file in fields.files().values():
        assert set(file.key) <= set(file.fields)
