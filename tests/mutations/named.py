"""The named mutations, and whether each came to what was stated beforehand."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mutations import edits
from mutations.outcome import SILENT, UNDETECTABLE, Outcome, judge
from mutations.pipeline import Bench
from mutations.sheet import Sheet

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Mutation:
    """One entry of `named.toml`."""

    name: str
    kind: str
    file: str
    edit: str
    expect: str
    options: dict[str, Any]
    of_class: str = ""
    beside: tuple[str, ...] = ()
    ci: bool = False

    def apply(self, bench: Bench) -> Sheet:
        """The spoilt sheet of the real file."""
        sheet = Sheet.of(bench.source(self.file).read_bytes())
        more = {"raw": bench.raw} if self.edit == "exchanged" else {}
        getattr(edits, self.edit)(sheet, **self.options, **more)
        return sheet


@dataclass(frozen=True)
class Result:
    """A mutation and what it came to."""

    mutation: Mutation
    outcome: Outcome

    @property
    def came_to(self) -> str:
        """The outcome; what is silent is undetectable where the list said so beforehand."""
        stated = self.outcome.what == SILENT and self.mutation.expect == UNDETECTABLE
        return UNDETECTABLE if stated else self.outcome.what

    @property
    def holds(self) -> bool:
        """Whether it is as stated, and a refusal names what it must."""
        return self.came_to == self.mutation.expect and not self.outcome.problems


def classes() -> dict[str, dict[str, Any]]:
    """The changes that no arithmetic can see: id to reason and where they are allowed."""
    with (HERE / "undetectable.toml").open("rb") as stream:
        return {entry["id"]: entry for entry in tomllib.load(stream)["class"]}


def mutations() -> list[Mutation]:
    """Every named mutation, in the order of the list."""
    with (HERE / "named.toml").open("rb") as stream:
        entries = tomllib.load(stream)["mutation"]
    own = {"name", "kind", "file", "edit", "expect", "class", "beside", "ci"}
    return [
        Mutation(
            **{k: entry[k] for k in ("name", "kind", "file", "edit", "expect")},
            options={k: v for k, v in entry.items() if k not in own},
            of_class=entry.get("class", ""),
            beside=tuple(entry.get("beside", ())),
            ci=entry.get("ci", False),
        )
        for entry in entries
    ]


def run(bench: Bench, chosen: Iterable[Mutation]) -> Iterator[Result]:
    """Run mutations file by file, so that each real file is run once."""
    for mutation in sorted(chosen, key=lambda m: m.file):
        sheet = mutation.apply(bench)
        yield Result(mutation, judge(bench, mutation.file, sheet, mutation.beside))
