"""A generation that nobody has seen is absorbed by data alone: TOML and files, no Python.

The made-up release "2027" renames columns, respells labels, splits a column in two, brings a
symbol of its own and comes in files with other names.
"""

import hashlib
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from generations.overlay import PACKAGE, merged, overlaid, parsed, written

HERE = Path(__file__).resolve().parent
CATALOGUE, FILES = HERE / "E" / "catalogue", HERE / "E" / "raw"


def python_of(package):
    files = sorted(p for p in package.rglob("*.py") if "__pycache__" not in p.parts)
    return {str(p.relative_to(package)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def whole_way(folder, *without):
    """Build and read release E with the catalogue of E, less the documents named."""
    (folder / "package").mkdir()
    made = overlaid(folder / "package", CATALOGUE, *without)
    paths = os.pathsep.join(map(str, (made, HERE.parent)))
    script = [sys.executable, str(HERE / "whole_way.py"), str(FILES), str(folder)]
    ran = subprocess.run(
        script, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": paths}
    )
    assert not ran.returncode, ran.stderr
    return made, json.loads(ran.stdout)


@pytest.fixture(scope="module")
def generation(tmp_path_factory):
    return whole_way(tmp_path_factory.mktemp("generation"))


def test_nothing_but_toml_and_files_is_added(generation):
    made, _ = generation
    assert python_of(made / "sendstats") == python_of(PACKAGE)
    assert {p.suffix for p in (HERE / "E").rglob("*") if p.is_file()} == {".toml", ".csv"}


def test_it_is_ingested_and_checked(generation):
    _, answer = generation
    assert answer["refused"] == []
    assert answer["tables"] == ["caseload E 2027", "timeliness E 2027"]
    assert answer["findings"] == []
    assert answer["items"] == [
        "age_at_start 10",
        "age_at_start 2_and_under",
        "sex female",
        "sex male",
        "total total",
    ]


def test_series_say_what_the_files_say(generation):
    """Figures as printed in E/raw: 850 plans, 520 of them in mainstream schools."""
    told = generation[1]["told"]
    england, newcastle = "E92000001", "391"
    values = {name: {place: value for _, place, value, _ in rows} for name, rows in told.items()}
    assert values["caseload"] == {england: 850, newcastle: 500}
    assert values["mainstream"] == {england: 520, newcastle: 310}
    # 32 + 18 and 20 + 10: the two columns that the one became
    assert values["independent special"] == {england: 50, newcastle: 30}
    assert values["mainstream share"] == {england: 100 * 520 / 850, newcastle: 62}
    assert ["2026", newcastle, None, "suppressed"] in told["in 20 weeks"]
    assert ["2026", england, 45, None] in told["in 20 weeks"]


def test_without_its_labels_and_symbols_it_is_refused_and_told(tmp_path):
    _, answer = whole_way(tmp_path, "labels.toml", "symbols.toml")
    plans, weeks = answer["refused"]
    for label in ("10 years old", "0 to 2 years old", "Girls and young women"):
        assert f"found {'Sex' if 'Girls' in label else 'Age at plan start'} | {label}" in plans
    assert "nearest" in plans
    assert "neither a number nor a known symbol" in weeks


def test_documents_are_merged_and_written_as_they_were():
    for path in sorted((PACKAGE / "catalogue").rglob("*.toml")):
        assert tomllib.loads(written(parsed(path))) == parsed(path)


def test_merging_adds_and_never_takes_away():
    base = {"a": [1], "b": [{"id": "x", "leaves": ["p"]}], "c": {"d": "e"}}
    more = {"a": [2], "b": [{"id": "x", "leaves": ["q"]}, {"id": "y"}], "c": {"f": "g"}}
    assert merged(base, more) == {
        "a": [1, 2],
        "b": [{"id": "x", "leaves": ["p", "q"]}, {"id": "y"}],
        "c": {"d": "e", "f": "g"},
    }
