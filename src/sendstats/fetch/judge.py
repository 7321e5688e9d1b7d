"""Say what became of a pin that no surface gave as pinned: refused, moved, damaged or gone."""

from __future__ import annotations

from collections.abc import Sequence

from sendstats.fetch.faults import FetchFault
from sendstats.fetch.pins import Pin
from sendstats.fetch.report import Outcome

_UNTOUCHED = "left untouched: the pin, every file that is here and the committed figures"
_SUPPLY = "sendstats fetch --archive DIR or sendstats import FILE can supply the pinned bytes"


def other(pin: Pin, found: str) -> FetchFault:
    """Return the fault for a whole body that is not the pinned one."""
    expected = f"{pin.bytes:,} bytes, sha256 {pin.sha256}"
    return FetchFault("the service has other bytes", kind="hash", expected=expected, found=found)


def judged(pin: Pin, faults: Sequence[FetchFault], *, listed: bool = True) -> Outcome:
    """Return the outcome for a pin, from the faults of every surface that was asked.

    Other bytes are a restatement, or damage on the way that no transport check can see: the
    hash cannot tell which, so both are said. Without faults, no surface offered the file. Where
    the release could not be `listed`, refusals of known ids say nothing about what is served now.
    """
    moved = [_as_other(pin, fault) for fault in faults if _is_other(fault)]
    if moved:
        told = f"not served as pinned: {_once(moved)}; restated, or damaged on the way"
        todo = f"sendstats fetch --update shows what changed; {_SUPPLY}"
        return Outcome(pin, "not served", _line(pin, told, todo))
    if all(fault.gone for fault in faults):
        if not listed:
            told = "failed: its release could not be listed, and no known id leads to it"
            return Outcome(pin, "failed", _line(pin, told, _SUPPLY))
        return Outcome(pin, "not served", _line(pin, "not served: no surface has it", _SUPPLY))
    # Each surface may have failed in its own way; what is the same is said once.
    failed = [fault for fault in faults if not fault.gone]
    todo = next((fault.todo for fault in failed if fault.todo), _SUPPLY)
    return Outcome(pin, "failed", _line(pin, f"failed: {_once(failed)}", todo))


def _is_other(fault: FetchFault) -> bool:
    """Whether a fault means another body, whole or stopped as soon as it was seen to be another."""
    return fault.kind in ("hash", "size", "header") or (
        fault.kind == "rows" and not fault.transient
    )


def _as_other(pin: Pin, fault: FetchFault) -> FetchFault:
    """Return the fault of a body that was not read to its end as that of another body."""
    words = {
        "size": f"a longer body ({fault.found} bytes)",
        "header": f"another header ({fault.found})",
        "rows": f"more rows than {fault.expected}",
    }
    return other(pin, words[fault.kind]) if fault.kind in words else fault


def _once(faults: Sequence[FetchFault]) -> str:
    return "; then ".join(dict.fromkeys(fault.line for fault in faults))


def _line(pin: Pin, told: str, todo: str) -> str:
    return f"{pin.name}: {told}; {_UNTOUCHED}; what to do: {todo}"
