"""Every kind of fault by name, and a table of what a fetch makes of each.

``make faults`` prints fault against outcome.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sendstats.fetch import FetchReport, fetch_pinned
from sendstats.fetch.settings import Settings
from standin.world import World, own_world

BODIES = r"/download|/releases/[^/]+/files|/csv"
ZIPS = "fromPage"
#: What is said of a body that arrives whole and is another one.
OTHER = "has other bytes|rows that the service counts|not a CSV|inside a quoted cell|zip file is"
OTHER += "|is not what a file ending in"


@dataclass(frozen=True)
class Fault:
    """One kind of fault.

    Attributes
    ----------
    kind, params : str, dict
        The rule, as both stand-ins understand it.
    words : str
        What the message must hold, as an expression.
    match : str
        Which requests it can hit.
    harmless : bool
        Whether every file must arrive all the same.
    gone : bool
        Whether it means that the service does not have the file (any more).
    own : bool
        Whether only our own stand-in offers it.
    """

    kind: str
    params: dict[str, Any] = field(default_factory=dict)
    words: str = ""
    match: str = "."
    harmless: bool = False
    gone: bool = False
    own: bool = False

    def rule(self, **when: Any) -> dict[str, Any]:
        return {"match": self.match, "kind": self.kind, "params": self.params, **when}


LOST, BROKEN, PACKED = "got no answer", "broke before the body was whole", "the compressed body"
#: A loaded machine may make either of the other.
STALLED = "does not answer|stopped sending"
#: Seconds of silence: far beyond any limit of a test, so that the client always gives up first,
#: however late it comes to look.
LONG = 30.0
AMENDED = {"publication": "education-health-and-care-plans", "release": "2025"}
AMENDED |= {"file": "newplans.csv", "append": "2024,Calendar year,National,7"}

KINDS: dict[str, Fault] = {
    "connection dropped": Fault("drop", words=LOST),
    "connection reset before the answer": Fault("drop", {"reset": True}, LOST),
    "reset within the body": Fault("reset", {"bytes": 10}, BROKEN),
    "chunked body cut": Fault("truncate_chunked", words=BROKEN),
    "body shorter than its length": Fault("truncate_length", words=BROKEN),
    "stall before the answer": Fault("stall", {"seconds": LONG}, STALLED),
    "stall within the body": Fault("stall", {"seconds": LONG, "after_bytes": 9}, STALLED),
    "body that only drips": Fault("drip", {"size": 4, "delay": 0.02}, "only drips"),
    "head that only drips": Fault("drip_head", words="does not answer", own=True),
    "drip after the last chunk": Fault("drip_tail", words="stopped sending", own=True),
    "429": Fault("status", {"status": 429}, "answered 429"),
    "503 with Retry-After in seconds": Fault("status", {"retry_after": 0}, "answered 503"),
    "503 with Retry-After as a date": Fault(
        "status", {"retry_after": 0, "as_date": True}, "answered 503"
    ),
    "502": Fault("status", {"status": 502}, "answered 502"),
    "504": Fault("status", {"status": 504}, "answered 504"),
    "500": Fault("status", {"status": 500}, "answered 500"),
    "404": Fault("status", {"status": 404}, "answered 404|no surface has it", gone=True),
    "challenge page as 200": Fault("challenge", words="an HTML page instead of data"),
    "challenge page as 403": Fault("challenge", {"status": 403}, "answered 403"),
    "firewall's refusal": Fault("waf", words="answered 403"),
    "data that calls itself HTML": Fault("content_type", words="an HTML page instead of data"),
    "two lengths that differ": Fault("headers", {"duplicate": {"Content-Length": "7"}}, LOST),
    "no length and no type": Fault(
        "headers", {"remove": ["Content-Length", "Content-Type"]}, harmless=True
    ),
    "redirect loop": Fault("redirect_loop", words="in a circle"),
    "redirect to another host": Fault("redirect_host", words="not the publisher's"),
    "gzip with a wrong CRC": Fault("corrupt_gzip", {"where": "crc"}, PACKED),
    "gzip without its end": Fault("corrupt_gzip", {"where": "cut"}, PACKED),
    "gzip damaged in the middle": Fault("corrupt_gzip", {"where": "middle"}, PACKED),
    "gzip without its mark": Fault("corrupt_gzip", {"where": "magic"}, PACKED),
    "body or JSON cut without a sign": Fault("json_cut", words=f"not whole JSON|{OTHER}"),
    "JSON with unknown members": Fault("json_extra", harmless=True),
    "zip that leaves its folder": Fault("zip_traversal", words="zip file is refused", match=ZIPS),
    "zip bomb": Fault("zip_bomb", {"bytes": 50_000_000}, "zip file is refused", ZIPS),
    "zip with a wrong CRC": Fault("zip_bad_crc", words="zip file is refused", match=ZIPS),
    "release amended meanwhile": Fault("bump", AMENDED, "amended|has other bytes"),
}


def patient(world: World, kind: str, **changes: Any) -> Settings:
    """The settings of a world; a stall and a drip need short limits to be met in a test."""
    if "stall" in kind or kind.startswith(("head", "drip")):
        changes["read_timeout"] = 0.1
    if kind.startswith("body that only drips"):
        changes |= {"slowest": 100_000, "slow_window": 0.05}
    return replace(world.settings, **changes)


def clear(raw: Path) -> None:
    """Remove every raw file, and leave the pins."""
    for path in raw.iterdir():
        if path.is_dir():
            shutil.rmtree(path)


def places(fault: Fault, requests: list[str]) -> dict[str, int]:
    """Which of the requests that a fault can hit are the first, a middle and the last one."""
    count = len(requests) if fault.match == "." else sum(fault.match in r for r in requests)
    return {"first": 1, "middle": max(count // 2, 1), "last": count}


def outcomes(kind: str) -> list[str]:
    """What becomes of a fetch with the fault at the first, a middle and the last request, at
    every body, and then of a run without it."""
    told = []
    fault = KINDS[kind]
    with tempfile.TemporaryDirectory() as folder:
        for place in ("first", "middle", "last", "every"):
            with own_world(Path(folder) / place) as world:
                fetch_pinned(world.project, settings=world.settings)
                which = places(fault, world.requests()).get(place)
                clear(world.project.raw)
                bodies = BODIES if fault.match == "." else fault.match
                rule = fault.rule(nth=which) if which else fault.rule(match=bodies)
                world.faults([rule])
                report = fetch_pinned(world.project, settings=patient(world, kind))
                told.append(_told(world, report))
                world.faults([])
                after = _told(world, fetch_pinned(world.project, settings=world.settings))
    return [*told, after]


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
