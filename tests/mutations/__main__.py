"""Print what every mutation of the real files comes to; exit 1 if one passes without a word."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from mutations import chance, named
from mutations.outcome import ABSORBED, FLAGGED, REFUSED, SILENT, UNDETECTABLE
from mutations.pipeline import Bench
from sendstats.paths import project
from sendstats.receipts import receipts

OUTCOMES = (ABSORBED, REFUSED, FLAGGED, UNDETECTABLE, SILENT)
SEED, NUMBER = 20, 200


def said(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def table_of_named(results: Iterable[named.Result]) -> list[named.Result]:
    """Print one line a mutation and return those that are not as stated."""
    said(f"{'mutation':58} {'file':32} {'stated':12} {'came to':12} cells flagged")
    wrong, tally = [], Counter()
    for result in results:
        told = f"{result.outcome.told} of {result.outcome.cells}" * bool(result.outcome.cells)
        mutation = result.mutation
        said(
            f"{mutation.name:58.58} {mutation.file:32.32} {mutation.expect:12} "
            f"{result.came_to:12} {told}"
        )
        tally[mutation.kind, result.came_to] += 1
        if not result.holds:
            wrong.append(result)
            said(f"    NOT AS STATED {'; '.join(result.outcome.problems)} {result.outcome.says}")
    _print_tally(tally, "kind of mutation")
    return wrong


def table_of_chance(drawn: Iterable[chance.Drawn]) -> list[chance.Drawn]:
    """Print the detection rate for each table, kind of cell and kind of edit; return the silent."""
    results = list(drawn)
    for name, of in (
        ("table", lambda d: f"{d.edit.file.split('/')[0]} {d.table}"),
        ("kind of cell", lambda d: d.cell),
        ("kind of edit", lambda d: d.edit.kind),
    ):
        _print_tally(Counter((of(d), d.came_to) for d in results), name)
    silent = [d for d in results if d.came_to == SILENT or d.outcome.problems]
    for d in silent:
        e = d.edit
        why = "; ".join(d.outcome.problems) or d.outcome.says
        said(f"    SILENT {e.file} row {e.row} {e.column}: {e.kind} {e.was!r} -> {e.now!r} {why}")
    return silent


def _print_tally(tally: Counter, title: str) -> None:
    """Print kinds against outcomes; the rate is that of the changes which mattered."""
    said()
    said(f"{title:34} {'':>4} " + " ".join(f"{o:>12}" for o in OUTCOMES) + "   detected")
    for kind in [*sorted({kind for kind, _ in tally}), "all"]:
        counts = [
            sum(n for (k, o), n in tally.items() if o == outcome and kind in (k, "all"))
            for outcome in OUTCOMES
        ]
        mattered = sum(counts[1:])
        rate = f"{100 * sum(counts[1:3]) / mattered:8.1f} %" if mattered else "       -"
        said(f"{kind:34} {sum(counts):4} " + " ".join(f"{n:12}" for n in counts) + f" {rate}")
    said()


def main() -> int:
    """Run all, or those whose name holds `--only`."""
    parser = argparse.ArgumentParser(prog="mutations", description=__doc__)
    parser.add_argument("--only", default="", help="named mutations that hold these words")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--number", type=int, default=NUMBER, help="random edits")
    asked = parser.parse_args()
    raw = project().raw
    if not any(receipts(raw)):
        said("mutations: skipped: no raw files (sendstats fetch brings them)")
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(raw, Path(scratch))
        chosen = [m for m in named.mutations() if asked.only in m.name]
        wrong: list = table_of_named(named.run(bench, chosen))
        if not asked.only:
            said(f"{asked.number} random edits of single cells, seed {asked.seed}")
            edits = chance.draw(bench, asked.seed, asked.number)
            wrong += table_of_chance(chance.run(bench, edits))
    said(f"{len(wrong)} not as stated or silent")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
