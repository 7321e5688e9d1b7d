"""The commands: what they print, what they exit with, and what they leave alone."""

import json
from dataclasses import replace

import pytest
from rich.console import Console

from sendstats.errors import Unreachable, WrongUse
from sendstats.fetch import read_pins, update
from sendstats.fetch.pins import write_pins
from sendstats.fetch.watch import Bars, Watch, terminal_watch, watch_for
from standin.made import PLANS, table
from standin.world import pin_of


def test_fetch_prints_a_line_a_release_and_a_summary(call, world):
    code, text = call("fetch")
    assert code == 0
    lines = text.splitlines()
    assert lines[:3] + lines[-1:] == [
        f"{PLANS} 2025: 4 fetched (release-file, zip)",
        f"{PLANS} 2026: 2 fetched (release-file, zip)",
        "special-educational-needs-in-england 2025-26: 2 fetched (release-file, zip)",
        "8 pinned files: 8 fetched",
    ]
    assert lines[3].split() == [
        *("publication", "release", "fetched", "already", "here", "not", "served", "failed"),
        *("bytes", "here"),
    ]
    size = sum(pin.bytes for pin in world.pins if pin.release == "2025")
    assert lines[4].split() == [PLANS, "2025", "4", "0", "0", "0", f"{size:,}"]
    assert len(lines) == 8
    assert world.whole() == {pin.name for pin in world.pins}


def test_fetch_speaks_json_and_nothing_else(call):
    code, text = call("fetch", "--json", "--release", "2026")
    told = json.loads(text)
    assert (code, told["exit_code"]) == (0, 0)
    assert told["counts"] == {"fetched": 2, "present": 0, "not_served": 0, "failed": 0}
    assert [file["state"] for file in told["files"]] == ["fetched", "fetched"]


def test_a_dry_run_asks_nothing(call, world):
    code, text = call("fetch", "--dry-run", "--table", "caseload.csv")
    assert code == 0
    size = sum(pin.bytes for pin in world.pins if pin.file == "caseload.csv")
    assert text.splitlines()[-1] == f"2 of 2 pinned files to fetch, {size:,} bytes"
    _, text = call("fetch", "--dry-run", "--json")
    told = json.loads(text)
    assert (len(told["files"]), told["pinned"], told["notes"]) == (8, 8, [])
    assert told["bytes"] == sum(pin.bytes for pin in world.pins)
    notes = json.loads(call("fetch", "--dry-run", "--json", "--set", "full")[1])["notes"]
    assert f"{PLANS} 2020: nothing is pinned; no data set is known" in notes
    assert world.requests() == []
    assert world.whole() == set()


def test_exit_codes_tell_data_use_and_network_apart(call, world):
    made = world.service.release(PLANS, "2025")
    made.files[0].body = table("plans", 101)
    assert call("fetch")[0] == 0
    assert call("fetch", "--strict")[0] == 1
    with pytest.raises(Unreachable):
        call("fetch", "--offline")
    with pytest.raises(WrongUse, match="no such set"):
        call("fetch", "--set", "most")
    with pytest.raises(WrongUse, match="archive"):
        call("fetch", "--archive", world.project.root / "nowhere")


def test_an_archive_stands_in_for_the_service(call, world, tmp_path):
    archive = tmp_path / "archive"
    archive.mkdir()
    (archive / "2026.zip").write_bytes(world.service.release(PLANS, "2026").zipped())
    code, text = call(
        "fetch", "--release", "2026", "--table", "caseload.csv", "--offline", "--archive", archive
    )
    assert (code, text.splitlines()[-1]) == (0, "1 pinned file: 1 fetched")


def test_update_shows_first_and_asks(call, world):
    call("fetch")
    world.service.release(PLANS, "2025").amend("caseload.csv", table("plans", 5))
    code, text = call("fetch", "--update", input="n\n")
    assert code == 0
    assert text.index("restated") < text.index("Move the pins?")
    assert text.endswith("the pins stay as they were\n")
    assert call("fetch", "--update", input="y\n")[1].endswith("the pins were moved\n")
    # A line a release, as it has been looked at.
    assert call("fetch", "--update", "--yes")[1].splitlines() == [
        f"{PLANS} 2025: 4 looked at, none new or changed",
        f"{PLANS} 2026: 2 looked at, none new or changed",
        "special-educational-needs-in-england 2025-26: 2 looked at, none new or changed",
        "nothing is newer than the pins",
    ]
    told = json.loads(call("fetch", "--update", "--json")[1])
    assert told == {"lines": ["nothing is newer than the pins"], "applied": False, "moves": []}


def test_update_as_json_names_files_and_rows(call, world):
    call("fetch")
    made = world.service.release(PLANS, "2025")
    made.amend("caseload.csv", made.files[0].body.replace(b"Place 7,107", b"Place 7,999"))
    code, text = call("fetch", "--update", "--json", "--dry-run")
    (move,) = json.loads(text)["moves"]
    assert (code, move["state"], move["now"]["file"]) == (0, "restated", "caseload.csv")
    assert (move["was"]["rows"], move["now"]["release_version"]) == (30, made.version_id)
    assert move["changes"]["key"] == [
        *("time_period", "time_identifier", "geographic_level", "place"),
    ]
    (row,) = move["changes"]["changed"]
    assert row["key"][-1] == "Place 7"
    assert row["cells"] == [["plans", "107", "999"]]
    assert move["changes"]["counts"] == [1, 0, 0]


def test_a_file_that_is_gone_is_said_and_nothing_is_asked(call, world):
    call("fetch")
    made = world.service.release(PLANS, "2025")
    made.files = [file for file in made.files if file.name != "newplans.csv"]
    made.title = "Reporting year 2025"
    code, text = call("fetch", "--update", "--table", "newplans.csv")
    gone = f"{PLANS} 2025 newplans.csv: no longer listed; its pin stays"
    assert (code, text.splitlines()[-1]) == (0, gone)
    # What another table is about is not said where one is named.
    assert "no longer listed" not in call("fetch", "--update", "--table", "caseload.csv")[1]


def test_an_update_has_the_bars_of_a_fetch(world, monkeypatch):
    """Files and bytes are expected release by release; what is not pinned has no known size."""
    seen = []

    class Seen(Watch):
        def __enter__(self):
            seen.append("on")
            return self

        def __exit__(self, *_):
            seen.append("off")

        def expect(self, files, total):
            seen.append((files, total))

        def bytes(self, count):
            seen.append(count)

        def file(self, name):
            seen.append(name)

    write_pins(world.project, [p for p in world.pins if p.file != "newplans.csv"])

    def agreed(_):
        seen.append("asked")
        return False

    update(world.project, settings=world.settings, watch=Seen(), confirm=agreed)
    by_release = {r: [p for p in world.pins if p.release == r] for r in ("2025", "2026", "2025-26")}
    told = [each for each in seen if isinstance(each, tuple)]
    assert told == [
        (4, None),
        *((2, sum(p.bytes for p in by_release[r])) for r in ("2026", "2025-26")),
    ]
    names = [each for each in seen if isinstance(each, str)]
    files = [p.file for r in by_release for p in sorted(by_release[r], key=lambda p: p.file)]
    assert names == ["on", *files, "off", "asked"]
    # Everything that arrived was counted; files inside the zip count by the zip.
    loose = sum(p.bytes for p in world.pins if p.kind != "guidance")
    assert sum(each for each in seen if isinstance(each, int)) > loose


def test_status_says_what_is_here_missing_damaged_and_newer(call, world):
    call("fetch", "--release", "2025")
    pins = {pin.file: pin for pin in world.pins if pin.release == "2025"}
    world.path(pins["caseload.csv"]).write_bytes(b"a")
    stray = world.project.raw / PLANS / "2019" / "x.csv"
    stray.mkdir(parents=True)
    other = replace(pins["newplans.csv"], sha256="0" * 64)
    write_pins(world.project, [*(p for p in world.pins if p.file != "newplans.csv"), other])
    world.service.release(PLANS, "2026").files[0].rows = 99
    code, text = call("status", "--newer")
    assert code == 1
    lines = text.splitlines()
    assert lines[-1] == "9 files: 2 corrupted, 2 here, 4 missing, 1 other bytes"
    assert lines[-2] == f"{PLANS} 2026 caseload.csv: another number of rows"
    beside = world.project.raw / PLANS / "2019" / "loose.csv"
    beside.touch()
    _, text = call("status")
    assert text.splitlines()[-2].endswith(f"(sendstats import): {PLANS}/2019/loose.csv")
    assert json.loads(call("status", "--json")[1])["loose"] == [f"{PLANS}/2019/loose.csv"]
    (line,) = [line for line in lines if "newplans.csv" in line and "2025" in line]
    assert "other bytes" in line


def test_status_as_json_and_of_nothing(call, world):
    call("fetch")
    write_pins(world.project, [p for p in world.pins if p.release != "2026"])
    code, text = call("status", "--json")
    files = json.loads(text)["files"]
    assert code == 0
    assert {f["condition"] for f in files if f["release"] == "2026"} == {"not pinned"}
    assert {f["condition"] for f in files if f["release"] != "2026"} == {"here"}
    write_pins(world.project, [])
    for path in (world.project.raw / PLANS).parent.iterdir():
        if path.is_dir():
            path.rename(world.project.root / path.name)
    assert call("status")[1] == "0 files: nothing pinned, nothing here\n"


def test_bars_are_for_terminals_only():
    assert type(watch_for(Console(force_terminal=False))) is Watch
    # A notebook calls itself a terminal too; there, silence.
    assert type(watch_for(Console(force_jupyter=True, force_terminal=True))) is Watch
    console = Console(force_terminal=True, width=100, record=True)
    with watch_for(console) as watch:
        assert isinstance(watch, Bars)
        watch.expect(3, 100)
        watch.bytes(40)
        watch.file("one")
        watch._progress.refresh()
        text = console.export_text()
        watch.expect(2, None)
        watch._progress.refresh()
        unknown = console.export_text()
    assert "1 of 5 files" in unknown
    assert "40/? bytes" in unknown
    # Files, bytes, rate and time left.
    assert "1 of 3 files" in text
    assert "40/100 bytes" in text
    assert "/s" in text or "?" in text
    assert "-:--:--" in text or "0:00:0" in text
    with Watch() as silent:
        silent.expect(1, 1)
        silent.bytes(1)
        silent.file("x")


def test_a_log_that_asks_for_colours_is_no_terminal(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert type(terminal_watch()) is Watch
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert type(terminal_watch()) is Bars


def test_moving_pins_keeps_their_sets(call, world):
    pin = replace(pin_of(world.service.release(PLANS, "2025"), "newplans.csv"), set="full")
    write_pins(world.project, [pin])
    made = world.service.release(PLANS, "2025")
    made.amend("newplans.csv", made.files[1].body.replace(b",4\n", b",5\n"))
    call("fetch", "--update", "--yes")
    assert read_pins(world.project).get(*pin.key).set == "full"
