"""What became of a mutation: absorbed, refused, flagged, undetectable, or silent, which fails."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from mutations.pipeline import SAID, Bench, Files, Run, changed, release_of
from mutations.sheet import Sheet
from sendstats.catalogue.places import england, places
from sendstats.catalogue.tables import tables
from sendstats.ingest.stored import printed

ABSORBED, REFUSED, FLAGGED = "absorbed", "refused", "flagged"
UNDETECTABLE, SILENT = "undetectable", "silent"


@dataclass(frozen=True)
class Outcome:
    """What the product did with a spoilt file.

    Attributes
    ----------
    what : str
        One of the five words above; `SILENT` until somebody shows a class for it.
    says : str
        The first fault or new finding.
    problems : tuple of str
        What a refusal fails to name.
    cells, told : int
        How many stored cells differ, and how many of them a new finding flags.
    """

    what: str
    says: str = ""
    problems: tuple[str, ...] = ()
    cells: int = 0
    told: int = 0


def judge(bench: Bench, file: str, sheet: Sheet, beside: Files = ()) -> Outcome:
    """Run the spoilt file and compare with the sound one.

    *Absorbed* means identical results: every stored cell of every row, under the same keys, and
    every finding, flag and repair; only row numbers, the order of rows and of columns may differ.
    *Flagged* means that new findings flag the spoilt cells: every one of a few, a hundredth of
    many. A row that is gone has no cell; then the finding is about its place, or one that holds
    it, in that period or the one after. Where another whole release prints the same cell, a
    revision that it lists and did not list before tells as well.
    """
    data = sheet.data()
    sound, spoilt = bench.sound(file, beside), bench.run(file, data, beside)
    if spoilt.failures:
        bench.sound(file)
        return _refused(bench.refusal(file, data), file, sheet.touched)
    cells = pl.concat([_changed(sound, spoilt, t, release_of(file)) for t in sound.tables])
    new = spoilt.flags().join(sound.flags(), on=["_key", "column", *_SAID], how="anti")
    fresh = _findings(spoilt).join(_findings(sound), on=SAID, how="anti")
    if cells.is_empty() and fresh.is_empty() and _same_sides(sound, spoilt):
        return Outcome(ABSORBED)
    told = _told(cells, new, fresh)
    says = "" if fresh.is_empty() else _sentence(fresh.row(0, named=True))
    if told < _enough(cells):
        revised = bench.revised(file, spoilt)
        told = max(told, cells.join(revised, on=["table", "row", "published"], how="semi").height)
        says = says if revised.is_empty() else revised["says"][0]
    return Outcome(FLAGGED if told >= _enough(cells) else SILENT, says, (), cells.height, told)


#: Up to here every cell must be flagged, beyond it a share of them.
FEW, SHARE = 4, 0.01
_SAID = [f"_{c}" for c in SAID]


def _enough(cells: pl.DataFrame) -> float:
    """How many of the changed cells must be told of."""
    return cells.height if cells.height <= FEW else max(SHARE * cells.height, 1)


def _told(cells: pl.DataFrame, new: pl.DataFrame, fresh: pl.DataFrame) -> int:
    """How many of the changed cells new findings tell of."""
    here, gone = cells.filter(~pl.col("gone")), cells.filter(pl.col("gone"))
    told = here.join(new, on=["table", "_key", "column"], how="semi").height
    return told + gone.join(_holders(fresh), on=["table", "period", "place"], how="semi").height


def _holders(findings: pl.DataFrame) -> pl.DataFrame:
    """Findings once more for every place inside their own: a row that is gone has no cell."""
    inside = {
        key: [k for k, p in places().items() if key in (k, p.region, england().key)]
        for key in findings["place"].unique()
    }
    within = pl.col("place").replace_strict(inside, return_dtype=pl.List(pl.String))
    periods = pl.concat_list("period", pl.col("period").map_elements(_before, pl.String))
    return findings.with_columns(within, periods).explode("place").explode("period")


def _before(period: str) -> str:
    """The period a year earlier: where a whole year is gone, the next one tells of it."""
    return f"{int(period[:4]) - 1}{period[4:]}"


def _changed(sound: Run, spoilt: Run, table: str, release: str) -> pl.DataFrame:
    cells = changed(sound.frame(table, release), spoilt.frame(table, release))
    layout = tables()[table].layout(release)
    published = printed(pl.col("column").replace_strict(layout.columns), layout)
    return cells.with_columns(pl.lit(table).alias("table"), published.alias("published"))


def _findings(run: Run) -> pl.DataFrame:
    return run.findings().select(SAID)


def _same_sides(sound: Run, spoilt: Run) -> bool:
    """Whether findings, flags and repairs are the same under the same keys."""
    sides = ("findings", "flags", "repairs")
    return all(sound.keyed(name).equals(spoilt.keyed(name)) for name in sides)


def _sentence(finding: dict[str, str]) -> str:
    return (
        f"{finding['rule']}: {finding['place']} {finding['period']} {finding['column']}: "
        f"expected {finding['expected']}, found {finding['found']}"
    )


def _refused(message: str, file: str, touched: list[tuple[int | None, str]]) -> Outcome:
    """See that what a refresh says names file, row and column."""
    lines = [line for line in message.splitlines() if line.startswith("  - ")]
    problems = [] if file.split("/")[1] in message else [f"does not name {file}"]
    row = touched[0][0] if touched else None
    columns = {column for r, column in touched if r == row} or {""}
    if touched and not any(_names(line, row, column) for line in lines for column in columns):
        problems.append(f"does not name row {row} and {' or '.join(sorted(columns))}")
    return Outcome(REFUSED, lines[0].removeprefix("  - "), tuple(problems))


def _names(line: str, row: int | None, column: str) -> bool:
    """Whether a line of the message names the row and the column."""
    return column in line and (row is None or re.search(rf"\b{row}\b", line) is not None)
