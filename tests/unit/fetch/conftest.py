"""Fixtures of the fetch tests: a stand-in of the service and a project pinned to it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from sendstats.fetch import commands
from standin.tree import write_tree
from standin.world import SHARED, World, own_world, reference_world, shared_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Our own stand-in, with a project pinned to everything that it serves."""
    with own_world(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def shared_service() -> Iterator[dict[str, str]]:
    """The reference stand-in of the service with the real releases, in a process of its own."""
    with _reference(SHARED / "releases") as bases:
        yield bases


@pytest.fixture(scope="session")
def mini_service() -> Iterator[dict[str, str]]:
    """The reference stand-in with its own made-up releases."""
    with _reference(SHARED / "standin" / "releases_mini") as bases:
        yield bases


@contextmanager
def _reference(releases: Path) -> Iterator[dict[str, str]]:
    program = SHARED / "standin" / "ees_standin.py"
    if not program.exists():
        pytest.skip("the reference stand-in is not beside this checkout (../shared/standin)")
    command = [sys.executable, program, "--releases", releases, "--print-base"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


@pytest.fixture(scope="session")
def made_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The reference stand-in with our made releases: both then serve the same bytes."""
    with _reference(write_tree(tmp_path_factory.mktemp("releases"))) as bases:
        yield bases


@pytest.fixture
def amendable_service(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The same for one test alone, which may publish amendments."""
    with _reference(write_tree(tmp_path / "releases")) as bases:
        yield bases


@pytest.fixture(params=["own", pytest.param("shared", marks=pytest.mark.shared)])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Our own stand-in, and where it exists the reference one: the same tests for both."""
    if request.param == "own":
        with own_world(tmp_path / "project") as made:
            yield made
        return
    amends = "amended" in str(request.node.callspec.params.get("kind", ""))
    bases = request.getfixturevalue("amendable_service" if amends else "made_service")
    made = reference_world(tmp_path / "project", bases)
    yield made
    made.faults([])


@pytest.fixture
def everything(tmp_path: Path, shared_service: dict[str, str]) -> World:
    """The reference stand-in with every pin of this checkout."""
    return shared_world(tmp_path, shared_service)


@pytest.fixture
def call(world, monkeypatch):
    """Call a command in the world's project; return exit code and output."""
    app = typer.Typer(pretty_exceptions_enable=False)
    commands.register(app)
    monkeypatch.setenv("SENDSTATS_HOME", str(world.project.root))
    for name in ("api", "content", "site"):
        monkeypatch.setenv(f"EES_{name.upper()}_BASE", getattr(world.settings, name))

    def run(*words, **more):
        result = CliRunner().invoke(app, [str(word) for word in words], **more)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout

    return run
