"""Kills at random moments, bodies larger than memory should be, two runs at once."""

import multiprocessing
import operator
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sendstats.fetch import fetch_pinned, read_pins, update
from standin.kinds import clear
from standin.large import HEADER, serve_large
from standin.made import PLANS, plain

MEASURE = """
import re, sys
from pathlib import Path
from sendstats.fetch.settings import Settings
from sendstats.fetch.shape import Shape
from sendstats.fetch.transport import Transport
rules = Settings.from_environment()
with Transport(rules) as transport:
    shape = Shape("a.csv", 1 << 40)
    body = transport.download(rules.content + sys.argv[1], Path(sys.argv[2]), shape)
# Not ru_maxrss: that begins with the size of the process that started this one.
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]
print(body.bytes, body.rows, int(peak) // 1024)
"""


def environment(base):
    source = Path(fetch_pinned.__code__.co_filename).parents[2]
    names = {
        "EES_API_BASE": "/statistics/v1",
        "EES_CONTENT_BASE": "/content/api",
        "EES_SITE_BASE": "/site",
    }
    return {"PYTHONPATH": str(source)} | {name: base + path for name, path in names.items()}


@pytest.fixture(scope="module")
def forks():
    """Processes that start at once: they are forked from one that has imported everything."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["sendstats.fetch", "sendstats.fetch.run"])
    return context


@pytest.mark.parametrize("kills", [20, pytest.param(200, marks=pytest.mark.slow)])
def test_killed_at_any_moment_nothing_partial_counts_and_every_resume_completes(
    world, forks, kills
):
    slow = {"match": "/download|/files", "kind": "drip", "params": {"delay": 0.002}}
    whole = {pin.name for pin in world.pins}
    dice = random.Random(kills)  # noqa: S311 - moments, not secrets
    midway = resumed = 0
    for n in range(kills):
        process = forks.Process(
            target=fetch_pinned, args=(world.project,), kwargs={"settings": world.settings}
        )
        world.faults([slow])
        before = len(world.requests())
        process.start()
        # A run makes about twenty requests: stop it somewhere between the first and the last.
        enough = before + dice.randint(1, 20)
        while len(world.requests()) < enough and process.is_alive():
            time.sleep(0.001)
        time.sleep(dice.uniform(0, 0.02))
        process.kill()
        process.join()
        here = world.whole()
        assert here <= whole
        midway += bool(world.leftovers)
        # Every other run is resumed; between them, a second kill meets what the first one left.
        world.faults([])
        if n % 2 or here == whole:
            report = fetch_pinned(world.project, settings=world.settings)
            assert (report.present, report.failed) == (len(here), 0)
            assert world.whole() == whole
            assert world.leftovers == []
            resumed += 1
            clear(world.project.raw)
    # Most kills must have hit a run at work, or this proves nothing.
    assert midway >= kills // 2
    assert resumed >= kills // 2


@pytest.mark.parametrize("kills", [8, pytest.param(100, marks=pytest.mark.slow)])
def test_an_update_killed_at_any_moment_leaves_pins_that_a_fetch_fulfils(world, forks, kills):
    fetch_pinned(world.project, settings=world.settings)
    made = world.service.release(PLANS, "2025")
    dice = random.Random(kills)  # noqa: S311 - moments, not secrets
    slow = {"match": "/download|/files", "kind": "drip", "params": {"delay": 0.002}}
    for n in range(kills):
        made.amend("newplans.csv", plain("new_plans", 41 + n), 41 + n)
        world.faults([slow])
        before = len(world.requests())
        process = forks.Process(
            target=update,
            args=(world.project,),
            # Whatever it is asked about the plan, it says yes.
            kwargs={"settings": world.settings, "confirm": operator.truth},
        )
        process.start()
        enough = before + dice.randint(1, 27)
        while len(world.requests()) < enough and process.is_alive():
            time.sleep(0.001)
        process.kill()
        process.join()
        world.faults([])
        assert world.whole() == {pin.name for pin in world.pins}
        report = fetch_pinned(world.project, settings=world.settings)
        assert (report.failed, report.not_served) == (0, 0)
        assert world.leftovers == []
        update(world.project, settings=world.settings, confirm=operator.truth)
        pin = read_pins(world.project).get(PLANS, "2025", "newplans.csv")
        assert (pin.rows, world.path(pin).read_bytes()) == (41 + n, plain("new_plans", 41 + n))


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
