"""The program itself, in a process of its own: exit codes, and what goes to which stream."""

import json
import os
import subprocess
import sys

import pytest

from sendstats.fetch import fetch_pinned
from standin.kinds import BODIES

PROGRAM = [sys.executable, "-c", "from sendstats.cli import main; main()"]


@pytest.fixture
def program(world):
    """Run ``sendstats`` in the world's project; return the finished process."""
    env = {"PYTHONPATH": os.pathsep.join(sys.path), "SENDSTATS_HOME": str(world.project.root)}
    env |= {f"EES_{n.upper()}_BASE": getattr(world.settings, n) for n in ("api", "content", "site")}

    def run(*words, **more):
        return subprocess.run(
            [*PROGRAM, *words], env=env | more, capture_output=True, text=True, check=False
        )

    return run


def test_fine_is_0_and_plain_lines_where_there_is_no_terminal(program, world):
    done = program("fetch")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "8 pinned files: 8 fetched"
    # Neither bars nor colours: nothing that a log could not hold.
    assert "\x1b" not in done.stdout
    assert world.whole() == {pin.name for pin in world.pins}


def test_a_problem_with_data_is_1(program, world):
    fetch_pinned(world.project, settings=world.settings)
    world.path(next(p for p in world.pins if p.release == "2026")).write_bytes(b"damaged")
    assert program("status").returncode == 1
    world.faults([{"match": BODIES, "kind": "challenge"}])
    done = program("fetch", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, done.stderr, told["exit_code"]) == (1, "", 1)
    (line,) = [file["line"] for file in told["files"] if file["state"] == "failed"]
    assert "an HTML page instead of data" in line


def test_wrong_use_is_2_and_says_what_to_do(program):
    done = program("fetch", "--release", "20255")
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean '2025'" in done.stderr
    assert "Traceback" not in done.stderr


def test_unreachable_is_3_and_says_what_was_left_untouched(program, world):
    nowhere = {f"EES_{name}_BASE": "http://127.0.0.1:9" for name in ("API", "CONTENT", "SITE")}
    done = program("fetch", **nowhere)
    assert (done.returncode, done.stdout) == (3, "")
    for words in ("cannot be reached", "where: ", "expected: ", "left untouched: ", "what to do: "):
        assert words in done.stderr
    assert world.leftovers == []


def test_what_is_here_is_said_though_the_service_cannot_be_asked_what_is_newer(program, world):
    fetch_pinned(world.project, settings=world.settings)
    nowhere = {f"EES_{name}_BASE": "http://127.0.0.1:9" for name in ("API", "CONTENT", "SITE")}
    done = program("status", "--newer", **nowhere)
    assert done.returncode == 3
    assert done.stdout.count(" here ") == len(world.pins)
    assert "cannot be reached" in done.stderr
