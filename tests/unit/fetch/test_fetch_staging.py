"""Staging: what a run holds, what a dead run left, and who wins when two runs meet."""

import fcntl
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sendstats.fetch.staging import held_receipt, staging, sweep, tidy
from sendstats.receipts import Receipt, receipts, sha256_of


def staged(stage, body=b"a\n1\n", **changes):
    path = stage.room("a.csv")
    path.write_bytes(body)
    receipt = Receipt(
        publication="p",
        release="r",
        file="a.csv",
        sha256=sha256_of(path),
        bytes=len(body),
        rows=1,
        surface="import",
        url="import:a.csv",
        retrieved="now",
        published="then",
    )
    return path, replace(receipt, **changes)


def test_a_file_and_its_receipt_appear_together_and_staging_goes(tmp_path):
    with staging(tmp_path) as stage:
        path, receipt = staged(stage)
        assert list(receipts(tmp_path)) == []
        assert stage.accept(path, receipt) == receipt
        assert list(receipts(tmp_path)) == [receipt]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["p"]
    assert held_receipt(tmp_path, tmp_path / "p" / "r" / "a.csv") == receipt


def test_what_was_staged_and_not_accepted_is_gone(tmp_path):
    def fail():
        with staging(tmp_path) as stage:
            staged(stage)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.rglob("*")) == []


def test_the_first_of_two_equal_files_stays(tmp_path):
    with staging(tmp_path) as one, staging(tmp_path) as two:
        first, receipt = staged(one)
        second, later = staged(two, retrieved="later")
        assert one.accept(first, receipt) == receipt
        assert two.accept(second, later) == receipt
    assert list(receipts(tmp_path)) == [receipt]


def test_an_older_vintage_is_kept_aside(tmp_path):
    with staging(tmp_path) as stage:
        for body in (b"a\n1\n", b"a\n2\n", b"a\n1\n"):
            stage.accept(*staged(stage, body))
    (held,) = receipts(tmp_path)
    assert held.path(tmp_path).read_bytes() == b"a\n1\n"
    kept = sorted((tmp_path / ".superseded").glob("p/r/a.csv/*/a.csv"))
    assert sorted(path.read_bytes() for path in kept) == [b"a\n1\n", b"a\n2\n"]
    assert all(held_receipt(tmp_path, path.parent) for path in kept)


def test_a_vintage_that_is_kept_already_is_not_kept_twice(tmp_path):
    with staging(tmp_path) as stage:
        for body in (b"a\n1\n", b"a\n2\n", b"a\n1\n", b"a\n2\n"):
            stage.accept(*staged(stage, body))
    assert len(list((tmp_path / ".superseded").glob("p/r/a.csv/*"))) == 2


@pytest.mark.parametrize("damage", ["longer", "other", "no receipt", "no file", "bad receipt"])
def test_what_is_damaged_does_not_count_and_gives_way(tmp_path, damage):
    with staging(tmp_path) as stage:
        path, receipt = staged(stage)
        stage.accept(path, receipt)
        folder = receipt.folder(tmp_path)
        match damage:
            case "longer":
                (folder / "a.csv").write_bytes(b"a\n1\n2\n")
            case "other":
                (folder / "a.csv").write_bytes(b"a\n9\n")
            case "no receipt":
                (folder / "receipt.json").unlink()
            case "no file":
                (folder / "a.csv").unlink()
            case "bad receipt":
                (folder / "receipt.json").write_text('{"file": 1')
        assert held_receipt(tmp_path, folder) is None
        stage.accept(*staged(stage))
        assert held_receipt(tmp_path, folder) is not None
    assert not (tmp_path / ".superseded").exists()


def test_a_receipt_in_another_folder_than_it_names_does_not_count(tmp_path):
    with staging(tmp_path) as stage:
        path, receipt = staged(stage)
        stage.accept(path, receipt)
    (tmp_path / "p" / "r").rename(tmp_path / "p" / "other")
    assert list(receipts(tmp_path)) == []
    assert held_receipt(tmp_path, tmp_path / "p" / "other" / "a.csv") is None


def test_the_next_run_removes_what_a_killed_one_left(tmp_path):
    code = (
        "import os, sys, pathlib\n"
        "from sendstats.fetch.staging import staging\n"
        "with staging(pathlib.Path(sys.argv[1])) as stage:\n"
        "    stage.room('a.csv').write_bytes(b'half')\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path], check=False)
    assert done.returncode == -9
    assert len(list((tmp_path / ".staging").iterdir())) == 2
    with staging(tmp_path) as stage:
        assert [p for p in stage.folder.parent.iterdir() if p.is_dir()] == [stage.folder]
    assert not (tmp_path / ".staging").exists()


def test_what_lies_among_the_files_without_a_receipt_is_moved_aside_and_said(tmp_path):
    with staging(tmp_path) as stage:
        stage.accept(*staged(stage))
    for name in ("p/r/b.csv/b.csv", "p/r/notes.txt", "p/r/pinned.csv/pinned.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("mine")
    (tmp_path / ".staging" / "1-0").mkdir(parents=True)
    words = "has no receipt and never counted; it is now in data/raw/.aside"
    pinned = {("p", "r", "pinned.csv")}
    assert tidy(tmp_path, pinned) == (f"p/r/b.csv {words}", f"p/r/notes.txt {words}")
    aside = tmp_path / ".aside"
    kept = [path.relative_to(aside).parts[1:] for path in aside.rglob("*") if path.is_file()]
    assert sorted(kept) == [("p", "r", "b.csv", "b.csv"), ("p", "r", "notes.txt")]
    assert {path.name for path in (tmp_path / "p" / "r").iterdir()} == {"a.csv", "pinned.csv"}
    assert list((tmp_path / ".staging").iterdir()) == []
    assert tidy(tmp_path, ()) == (f"p/r/pinned.csv {words}",)
    assert tidy(tmp_path / "nowhere", ()) == ()


def test_a_living_run_is_left_alone(tmp_path):
    with staging(tmp_path) as one:
        room = one.room("a.csv")
        with staging(tmp_path):
            assert room.parent.exists()
        assert sweep(tmp_path) == []
        assert room.parent.exists()


def test_a_lock_that_was_swept_before_it_was_held_is_taken_anew(tmp_path, monkeypatch):
    real = fcntl.flock
    seen = []

    def flock(handle, how):
        if how == fcntl.LOCK_EX and not seen:
            seen.append(Path(f"/proc/self/fd/{handle}").readlink())
            seen[0].unlink()
        return real(handle, how)

    monkeypatch.setattr(fcntl, "flock", flock)
    with staging(tmp_path) as stage:
        assert stage.folder.with_name(f"{stage.folder.name}.lock").exists()
    assert seen
