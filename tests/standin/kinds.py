"""Every kind of fault by name, and a table of what a fetch makes of each.

``python -m standin.kinds`` (with ``src`` and ``tests`` on the path) prints fault against outcome.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from sendstats.fetch import FetchReport, fetch_pinned
from sendstats.fetch.settings import Settings
from standin.world import World, own_world

#: What a rule does to any answer; the requests it hits are chosen by each test.
KINDS: dict[str, dict[str, Any]] = {
    "connection dropped": {"kind": "drop"},
    "connection reset before the answer": {"kind": "drop", "params": {"reset": True}},
    "reset within the body": {"kind": "reset", "params": {"bytes": 100}},
    "chunked body cut": {"kind": "truncate_chunked"},
    "body shorter than its length": {"kind": "truncate_length"},
    "stall before the answer": {"kind": "stall", "params": {"seconds": 0.6}},
    "429": {"kind": "status", "params": {"status": 429}},
    "503 with Retry-After in seconds": {"kind": "status", "params": {"retry_after": 0}},
    "503 with Retry-After as a date": {
        "kind": "status",
        "params": {"retry_after": 0, "as_date": True},
    },
    "502": {"kind": "status", "params": {"status": 502}},
    "504": {"kind": "status", "params": {"status": 504}},
    "500": {"kind": "status", "params": {"status": 500}},
    "404": {"kind": "status", "params": {"status": 404}},
    "challenge page as 200": {"kind": "challenge"},
    "challenge page as 403": {"kind": "challenge", "params": {"status": 403}},
    "redirect loop": {"kind": "redirect_loop"},
    "redirect to another host": {"kind": "redirect_host"},
    "gzip with a wrong CRC": {"kind": "corrupt_gzip", "params": {"where": "crc"}},
    "gzip without its end": {"kind": "corrupt_gzip", "params": {"where": "cut"}},
    "gzip damaged in the middle": {"kind": "corrupt_gzip", "params": {"where": "middle"}},
    "gzip without its mark": {"kind": "corrupt_gzip", "params": {"where": "magic"}},
}


def patient(world: World, kind: str, **changes: Any) -> Settings:
    """The settings of a world; only a stall needs a short read timeout."""
    read = 0.3 if "stall" in kind else world.settings.read_timeout
    return replace(world.settings, read_timeout=read, **changes)


def clear(raw: Path) -> None:
    """Remove every raw file, and leave the pins."""
    for path in raw.iterdir():
        if path.is_dir():
            shutil.rmtree(path)


def outcomes(kind: str) -> list[str]:
    """What becomes of a fetch with the fault at the first, a middle and the last request, at
    every body, and then of a run without it."""
    told = []
    with tempfile.TemporaryDirectory() as folder, own_world(Path(folder)) as world:
        fetch_pinned(world.project, settings=world.settings)
        requests = len(world.requests())
        rules: list[dict[str, Any]] = [
            {"match": ".", "nth": place} for place in (1, requests // 2, requests)
        ]
        rules.append({"match": r"/download|/releases/[^/]+/files|/csv"})
        for rule in rules:
            clear(world.project.raw)
            world.faults([KINDS[kind] | rule])
            told.append(_told(world, fetch_pinned(world.project, settings=patient(world, kind))))
        world.faults([])
        told.append(_told(world, fetch_pinned(world.project, settings=world.settings)))
    return told


def _told(world: World, report: FetchReport) -> str:
    whole = len(world.whole())
    words = f"{whole} of {len(world.pins)} whole"
    if report.failed:
        words += f", {report.failed} failed"
    return words + (f", {report.not_served} not served" if report.not_served else "")


def main() -> None:
    heads = ["first request", "middle request", "last request", "every body", "then without"]
    write = sys.stdout.write
    write(f"| fault | {' | '.join(heads)} |\n|{'---|' * (len(heads) + 1)}\n")
    for kind in KINDS:
        write(f"| {kind} | {' | '.join(outcomes(kind))} |\n")


if __name__ == "__main__":
    main()
