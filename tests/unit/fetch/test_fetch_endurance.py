"""Kills at random moments, bodies larger than memory should be, two runs at once."""

import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sendstats.fetch import fetch_pinned
from standin.large import HEADER, serve_large

FETCH = """
import json, sys
from pathlib import Path
from sendstats.fetch import fetch_pinned
from sendstats.fetch.settings import Settings
from sendstats.paths import Project
fetch_pinned(Project(Path(sys.argv[1])), settings=Settings.from_environment())
"""

MEASURE = """
import resource, sys
from pathlib import Path
from sendstats.fetch.settings import Settings
from sendstats.fetch.transport import Transport
rules = Settings.from_environment()
with Transport(rules) as transport:
    body = transport.download(rules.content + sys.argv[1], Path(sys.argv[2]), csv=True)
print(body.bytes, body.rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def environment(base):
    source = Path(fetch_pinned.__code__.co_filename).parents[2]
    names = {
        "EES_API_BASE": "/statistics/v1",
        "EES_CONTENT_BASE": "/content/api",
        "EES_SITE_BASE": "/site",
    }
    return {"PYTHONPATH": str(source)} | {name: base + path for name, path in names.items()}


@pytest.mark.parametrize("kills", [20, pytest.param(200, marks=pytest.mark.slow)])
def test_killed_at_any_moment_nothing_partial_counts_and_the_next_run_completes(world, kills):
    world.faults([{"match": "/download|/files", "kind": "drip", "params": {"delay": 0.002}}])
    where = world.settings.content.removesuffix("/content/api")
    command = [sys.executable, "-c", FETCH, world.project.root]
    dice = random.Random(kills)  # noqa: S311 - moments, not secrets
    midway = completed = 0
    for _ in range(kills):
        process = subprocess.Popen(command, env=environment(where))
        before = len(world.requests())
        # A run makes about twenty requests: stop it somewhere between the first and the last.
        enough = before + dice.randint(1, 20)
        while len(world.requests()) < enough and process.poll() is None:
            time.sleep(0.002)
        time.sleep(dice.uniform(0, 0.03))
        process.kill()
        process.wait()
        here = world.whole()
        assert here <= {pin.name for pin in world.pins}
        midway += bool(world.leftovers)
        if len(here) == len(world.pins):
            completed += 1
            _clear(world.project.raw)
    world.faults([])
    assert fetch_pinned(world.project, settings=world.settings).failed == 0
    assert world.whole() == {pin.name for pin in world.pins}
    assert world.leftovers == []
    # Most kills must have hit a run at work, or this proves nothing.
    assert midway >= kills // 2


@pytest.mark.parametrize(
    "megabytes", [100, pytest.param(1000, marks=pytest.mark.slow)], ids=lambda n: f"{n}MB"
)
@pytest.mark.parametrize("packing", ["", "&gzip=1"], ids=["plain", "gzip"])
def test_memory_does_not_grow_with_the_body(tmp_path, megabytes, packing):
    total = megabytes * 1_000_000
    with serve_large() as base:
        command = [sys.executable, "-c", MEASURE, f"/x?bytes={total}{packing}", tmp_path / "a.csv"]
        done = subprocess.run(
            command, env=environment(base), capture_output=True, text=True, check=True
        )
    size, rows, peak = map(int, done.stdout.split())
    assert total <= size - len(HEADER) < total + 100_000
    assert rows % 1000 == 0
    assert peak < 150
    (tmp_path / "a.csv").unlink()


def test_two_runs_at_once_do_each_other_no_harm(world):
    world.faults([{"match": "/download", "kind": "drip", "params": {"delay": 0.001}}])
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(fetch_pinned, world.project, settings=world.settings) for _ in range(2)]
        reports = [run.result() for run in runs]
    assert all(report.failed == report.not_served == 0 for report in reports)
    assert world.whole() == {pin.name for pin in world.pins}
    assert world.leftovers == []
    assert not (world.project.raw / ".superseded").exists()


def _clear(raw):
    for folder in raw.glob("[!.]*/*/*"):
        for inner in folder.iterdir():
            inner.unlink()
        folder.rmdir()
