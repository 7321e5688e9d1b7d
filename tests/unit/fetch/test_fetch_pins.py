"""Pins: what is written can be read, the same pins give the same text, and faults are named."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendstats.errors import DataProblem, UnknownId
from sendstats.fetch.pins import Pin, PinSet, read_pins, safe_name, to_toml, write_pins
from sendstats.fetch.run import chosen_pins
from sendstats.paths import Project
from standin.world import ROOT

ONE = Pin("a-publication", "2022", "a.csv", "0" * 64, 10, 2)
names = st.from_regex(r"[\w(][\w ,'=#&é-]{0,10}[\w.]", fullmatch=True).filter(safe_name)
pins = st.builds(
    Pin,
    publication=names,
    release=names,
    file=names,
    sha256=st.text("0123456789abcdef", min_size=64, max_size=64),
    bytes=st.integers(0, 10**12),
    rows=st.none() | st.integers(0, 10**8),
    header=st.sampled_from(["", "f" * 64]),
    set=st.sampled_from(["core", "full"]),
    kind=st.sampled_from(["data", "supporting", "guidance"]),
    release_version=st.sampled_from(["", "1721934a-2ad7-4d1b-1c73-08de96e6fc0e"]),
    extract=st.booleans(),
)


@given(st.lists(pins, max_size=6, unique_by=lambda pin: pin.key))
def test_pins_survive_the_way_through_toml(tmp_path_factory, made):
    project = Project(tmp_path_factory.mktemp("pins"))
    write_pins(project, made)
    texts = [path.read_bytes() for path in sorted(project.raw.iterdir())]
    assert set(read_pins(project).pins) == set(made)
    write_pins(project, reversed(read_pins(project).pins))
    assert [path.read_bytes() for path in sorted(project.raw.iterdir())] == texts


def test_a_whole_file_replaces_its_extract():
    extract = replace(ONE, extract=True, sha256="1" * 64)
    other = replace(extract, file="b.csv")
    assert PinSet.of([extract, ONE, other]).pins == (ONE, other)


def test_pins_are_chosen_by_set_release_and_file():
    full = replace(ONE, file="b.csv", set="full")
    later = replace(ONE, release="2025")
    made = PinSet.of([ONE, full, later])
    assert made.select() == (ONE, later)
    assert chosen_pins(made, ("core", "full"), ["2022"]) == (ONE, full)
    assert chosen_pins(made, ("core",), ["a-publication/2025"]) == (later,)
    assert chosen_pins(made, ("core", "full"), None, ["b.csv"]) == (full,)
    with pytest.raises(UnknownId, match="did you mean '2025'"):
        chosen_pins(made, ("core",), ["20255"])
    with pytest.raises(UnknownId, match="pinned file"):
        chosen_pins(made, ("core",), None, ["c.csv"])
    assert made.by_hash("f" * 64) is None
    assert made.get(*later.key) == later
    assert made.get("a-publication", "2022", "c.csv") is None


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("bytes = -1", "a count is negative"),
        ('bytes = "10"', "bytes is not int"),
        ("bytes = true", "bytes is not int"),
        ('sha256 = "ABC"', "sha256 is not a digest"),
        ('header = "ABC"', "header is not a digest"),
        ('set = "huge"', "set is not one of core, full"),
        ('kind = "secret"', "kind is not one of"),
        ('file = "../a.csv"', "an unsafe name"),
        ('colour = "red"', "unknown key colour"),
        ("extract = true", "unknown key extract"),
    ],
)
def test_a_faulty_pin_is_named_with_its_place(tmp_path, line, fault):
    key = line.split(" ")[0]
    good = to_toml("pins.toml", [ONE]).splitlines()
    text = "\n".join([*(one for one in good if not one.startswith(f"{key} =")), line])
    project = Project(tmp_path)
    project.raw.mkdir(parents=True)
    (project.raw / "pins.toml").write_text(text)
    with pytest.raises(DataProblem, match=r"pins\.toml") as caught:
        read_pins(project)
    assert f"entry 1: {fault}" in caught.value.found


def test_every_fault_of_a_pin_file_is_named_at_once(tmp_path):
    project = Project(tmp_path)
    project.raw.mkdir(parents=True)
    (project.raw / "extracts.toml").write_text('other = 1\n[[file]]\nfile = "a"\n[[file]]\n')
    with pytest.raises(DataProblem) as caught:
        read_pins(project)
    for words in ("entry 1: missing key sha256", "entry 2: missing key file", "table other"):
        assert words in caught.value.found


def test_text_that_is_no_toml_is_named(tmp_path):
    project = Project(tmp_path)
    project.raw.mkdir(parents=True)
    (project.raw / "pins.toml").write_text("[[file")
    with pytest.raises(DataProblem, match="not TOML"):
        read_pins(project)
    (project.raw / "pins.toml").unlink()
    (project.raw / "pins.toml").mkdir()
    with pytest.raises(DataProblem, match="out of reach"):
        read_pins(project)


def test_a_failed_write_leaves_the_old_pins(tmp_path, monkeypatch):
    project = Project(tmp_path)
    write_pins(project, [ONE])
    before = {path.name: path.read_bytes() for path in project.raw.iterdir()}
    monkeypatch.setattr("pathlib.Path.replace", _fail)
    with pytest.raises(OSError, match="disk full"):
        write_pins(project, [])
    assert {path.name: path.read_bytes() for path in project.raw.iterdir()} == before


def _fail(*_):
    raise OSError("disk full")


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "a\0b", " a", "a:b", "x" * 201])
def test_unsafe_names(name):
    assert not safe_name(name)


def test_the_pins_of_this_checkout_are_readable_and_say_what_is_whole():
    made = read_pins(Project(ROOT)).pins
    assert len(made) == 45
    whole = [pin for pin in made if not pin.extract]
    assert {pin.release for pin in whole} == {"2022", "2025"}
    # DfE's own row counts of these files, from the catalogue pages.
    rows = {pin.file: pin.rows for pin in whole if pin.release == "2025"}
    assert (rows["caseload.csv"], rows["requests.csv"]) == (25_339, 13_169)
    assert (rows["assessments.csv"], rows["ceased_plans.csv"]) == (12_847, 21_164)
