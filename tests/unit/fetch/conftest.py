"""Fixtures of the fetch tests: a stand-in of the service and a project pinned to it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from standin.world import SHARED, SMALL, World, own_world, shared_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Our own stand-in, with a project pinned to everything that it serves."""
    with own_world(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def shared_service() -> Iterator[dict[str, str]]:
    """The reference stand-in of the service, in a process of its own."""
    program = SHARED / "standin" / "ees_standin.py"
    if not program.exists():
        pytest.skip("the reference stand-in is not beside this checkout (../shared/standin)")
    command = [sys.executable, program, "--releases", SHARED / "releases", "--print-base"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


@pytest.fixture(params=["own", pytest.param("shared", marks=pytest.mark.shared)])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Our own stand-in, and where it exists the reference one: the same tests for both."""
    if request.param == "own":
        with own_world(tmp_path) as made:
            yield made
        return
    made = shared_world(tmp_path, request.getfixturevalue("shared_service"), SMALL)
    yield made
    made.faults([])


@pytest.fixture
def everything(tmp_path: Path, shared_service: dict[str, str]) -> World:
    """The reference stand-in with every pin of this checkout."""
    return shared_world(tmp_path, shared_service, None)
