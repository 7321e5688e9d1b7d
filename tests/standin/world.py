"""A project pinned to a stand-in, and the control of both: what the fetch tests work with."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import requests

from sendstats.catalogue.publications import service as real_service
from sendstats.fetch.pins import Pin, read_pins, write_pins
from sendstats.fetch.settings import Settings
from sendstats.paths import Project
from standin.made import Made, releases
from standin.service import Service, serve

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"


def quick(base: str, **changes: Any) -> Settings:
    """Settings for a service below `base`, with short waits."""
    settings = Settings(
        api=f"{base}/statistics/v1",
        content=f"{base}/content/api",
        site=f"{base}/site",
        hosts=real_service().hosts,
        own=(base,),
        read_timeout=5.0,
        attempts=3,
        backoff=0.001,
    )
    return replace(settings, **changes)


def pin_of(made: Made, name: str, **changes: Any) -> Pin:
    """The pin of a made file, measured here and not by the code under test."""
    file = next((f for f in made.files if f.name == name), None)
    body = file.body if file else made.guidance()
    rows = {"caseload.csv": 30, "newplans.csv": 40, "sen_phase_type_.csv": 25}.get(name)
    if file and file.kind == "supporting":
        rows = 2
    header = body.removeprefix(b"\xef\xbb\xbf").splitlines()[0]
    pin = Pin(
        made.publication,
        made.slug,
        name,
        hashlib.sha256(body).hexdigest(),
        len(body),
        rows,
        hashlib.sha256(header).hexdigest() if name.endswith(".csv") else "",
        kind=file.kind if file else "guidance",
    )
    return replace(pin, **changes)


def pins_of(made: list[Made]) -> list[Pin]:
    return [
        pin_of(m, name) for m in made for name in [*(f.name for f in m.files), "data-guidance.txt"]
    ]


@dataclass
class World:
    """A service, a project pinned to it, and the control of both."""

    project: Project
    settings: Settings
    requests: Callable[[], list[str]]
    faults: Callable[[list[dict[str, Any]]], None]
    service: Service | None = None
    pins: list[Pin] = field(default_factory=list)

    def path(self, pin: Pin) -> Path:
        return self.project.raw / pin.publication / pin.release / pin.file / pin.file

    def whole(self) -> set[str]:
        """Names of pins whose file and receipt are here; fails if anything else counts."""
        here = set()
        for receipt in self.project.raw.glob("[!.]*/*/*/receipt.json"):
            told = json.loads(receipt.read_text())
            body = (receipt.parent / told["file"]).read_bytes()
            assert hashlib.sha256(body).hexdigest() == told["sha256"]
            assert len(body) == told["bytes"]
            here.add(f"{told['publication']} {told['release']} {told['file']}")
        loose = [
            p
            for p in self.project.raw.glob("[!.]*/*/*/*")
            if not (p.parent / "receipt.json").exists()
        ]
        assert loose == []
        return here

    @property
    def leftovers(self) -> list[Path]:
        staging = self.project.raw / ".staging"
        return list(staging.rglob("*")) if staging.exists() else []


@contextmanager
def own_world(folder: Path, **changes: Any) -> Iterator[World]:
    service = Service()
    with serve(service) as base:
        project = Project(folder)
        world = World(
            project,
            quick(base, **changes),
            lambda: list(service.log),
            service.rules.load,
            service,
            sorted(pins_of(service.made)),
        )
        write_pins(project, world.pins)
        yield world


def reference_world(folder: Path, bases: dict[str, str]) -> World:
    """A world of the made releases as the reference stand-in serves them."""
    project = Project(folder)
    project.raw.mkdir(parents=True)
    pins = sorted(pins_of(releases()))
    write_pins(project, pins)
    return _steered(project, bases, pins)


def shared_world(folder: Path, bases: dict[str, str]) -> World:
    """A world of the real releases with every pin of this checkout."""
    raw = folder / "data" / "raw"
    raw.mkdir(parents=True)
    for name in ("pins.toml", "extracts.toml"):
        shutil.copy(ROOT / "data" / "raw" / name, raw / name)
    project = Project(folder)
    return _steered(project, bases, list(read_pins(project).select(("core",))))


def _steered(project: Project, bases: dict[str, str], pins: list[Pin]) -> World:
    control = f"{bases['root']}/__standin"
    with requests.Session() as session:
        skip = len(_log(session, control))

    def asked() -> list[str]:
        with requests.Session() as session:
            return _log(session, control)[skip:]

    def load(rules: list[dict[str, Any]]) -> None:
        with requests.Session() as session:
            session.post(f"{control}/faults", json=rules, timeout=5).raise_for_status()

    load([])
    settings = quick(bases["root"], read_timeout=10.0)
    return World(project, settings, asked, load, None, pins)


def _log(session: requests.Session, control: str) -> list[str]:
    answer = session.get(f"{control}/log", timeout=5).json()
    entries = answer if isinstance(answer, list) else answer["log"]
    return [f"{e['method']} {e['path']}?{e.get('query', '')}".rstrip("?") for e in entries]
