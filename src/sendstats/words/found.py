"""What is wrong in the published files, in two sentences."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sendstats.errors import WrongUse
from sendstats.words.answers import Answer
from sendstats.words.numbers import number
from sendstats.words.periods import say_period

if TYPE_CHECKING:
    from sendstats.words.tables import Rows

#: Kinds of finding, the weightiest first, with one and many of each.
_KINDS = {
    "contradiction": ("contradiction", "contradictions"),
    "definition": ("total that misses its parts", "totals that miss their parts"),
    "gap": ("gap", "gaps"),
    "doubt": ("doubt", "doubts"),
}


def say_findings(found: Rows) -> Answer:
    """Say how many findings there are of each kind, and which moves a printed England figure most.

    Parameters
    ----------
    found : Rows
        As `sendstats.findings` returns it, the largest effect first.

    Raises
    ------
    WrongUse
        If there is none.
    """
    rows = list(found.iter_rows(named=True))
    if not rows:
        raise WrongUse("there is no finding to speak of", todo="ask for another place")
    counts = Counter(row["kind"] for row in rows)
    said = [
        f"{number(counts[kind])} {one if counts[kind] == 1 else many}"
        for kind, (one, many) in _KINDS.items()
        if counts[kind]
    ]
    listed = ", ".join(said[:-1]) + " and " + said[-1] if len(said) > 1 else said[0]
    return Answer((f"Arithmetic finds {listed} in the published files.", _largest(rows)))


def _largest(rows: list[dict[str, Any]]) -> str:
    wrong = [r for r in rows if r["kind"] == "contradiction" and r["effect"].startswith("England")]
    if not wrong:
        return "No contradiction touches a printed figure of England."
    row = wrong[0]
    effect = row["effect"].split("; ")[0].removeprefix("England ")
    when = say_period(row["period"])
    return f"The largest for a printed figure of England is in {row['file']}, {when}: {effect}."
