"""What a fetch did, pin by pin, and how it says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sendstats.fetch.pins import Pin

State = Literal["fetched", "present", "not served", "failed"]


@dataclass(frozen=True)
class Outcome:
    """What became of one pin.

    Attributes
    ----------
    pin : Pin
        The file asked for.
    state : {"fetched", "present", "not served", "failed"}
        ``present``: it was here already, its hash checked. ``not served``: the service has other
        bytes or none; ``failed``: it could not be had this time.
    line : str
        One plain line; empty where nothing needs saying.
    surface : str
        Which surface served it, if it was fetched.
    """

    pin: Pin
    state: State
    line: str = ""
    surface: str = ""


@dataclass(frozen=True)
class FetchReport:
    """The outcome of every pin asked for, in order.

    Attributes
    ----------
    outcomes : tuple of Outcome
        One a pin.
    notes : tuple of str
        Lines about releases, for example that known ids stood in for discovery.
    strict : bool
        Whether a whole file that is no longer served is an error.
    """

    outcomes: tuple[Outcome, ...]
    notes: tuple[str, ...] = ()
    strict: bool = False

    def count(self, state: State) -> int:
        """Return how many pins ended in `state`."""
        return sum(outcome.state == state for outcome in self.outcomes)

    @property
    def fetched(self) -> int:
        """Files that arrived now."""
        return self.count("fetched")

    @property
    def present(self) -> int:
        """Files that were here already."""
        return self.count("present")

    @property
    def not_served(self) -> int:
        """Pins whose bytes the service does not have, or has no more."""
        return self.count("not served")

    @property
    def failed(self) -> int:
        """Pins that could not be had this time."""
        return self.count("failed")

    @property
    def exit_code(self) -> int:
        """0 if all is well, 1 if a file failed or, when strict, a whole file is not served."""
        gone = any(o.state == "not served" and not o.pin.extract for o in self.outcomes)
        return int(self.failed > 0 or (self.strict and gone))

    @property
    def summary(self) -> str:
        """The counts on one line."""
        counts = [
            (self.fetched, "fetched"),
            (self.present, "already here"),
            (self.not_served, "not served"),
            (self.failed, "failed"),
        ]
        total = len(self.outcomes)
        told = ", ".join(f"{n} {text}" for n, text in counts if n) or "nothing pinned"
        return f"{total} pinned file{'s' if total != 1 else ''}: {told}"

    @property
    def lines(self) -> tuple[str, ...]:
        """Every note and every problem, one line each; extracts not served are gathered."""
        problems = [o.line for o in self.outcomes if o.line and not _quiet(o)]
        return (*self.notes, *problems, *_gathered(o for o in self.outcomes if _quiet(o)))


def _quiet(outcome: Outcome) -> bool:
    return outcome.state == "not served" and outcome.pin.extract


def _gathered(outcomes: Iterable[Outcome]) -> list[str]:
    counts = Counter((o.pin.publication, o.pin.release) for o in outcomes)
    return [
        f"{publication} {release}: {n} pinned extract{'s are' if n > 1 else ' is'} not what the "
        "service serves (it has whole files); the committed figures stay as they are"
        for (publication, release), n in sorted(counts.items())
    ]
