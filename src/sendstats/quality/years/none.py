"""None of many, where everywhere else some are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL
from sendstats.quality.across.kept import Across, Kept, figures
from sendstats.quality.broken import DOUBT, NONE, Broken
from sendstats.quality.returns import NoneOf, none_ofs
from sendstats.quality.settings import threshold

#: Table, row, period and column of a cell.
Cells = Collection[tuple[str, int, str, str]]


def none(held: Mapping[str, Kept], repairs: pl.DataFrame, told: Cells) -> Iterator[Across]:
    """Find authorities that count none of so many that chance is no reason.

    The share is that of the authorities with any, in the same year. A nought that another gate
    tells of is not told again. Those of one year are one finding.

    Parameters
    ----------
    held : mapping of str to Kept
        By table id.
    repairs : polars.DataFrame
        Columns of `sendstats.quality.schema.REPAIRS`: a repaired figure is the one compared.
    told : collection of (str, int, str, str)
        Table, row, period and column of cells that other gates doubt.
    """
    whole = {name for name, kept in held.items() if not kept.checked.extract}
    for rule in none_ofs():
        if {c.table for c in (*rule.counts, rule.of)} <= whole:
            frame = _counted(held, rule, repairs)
            known = [
                (row, period) for table, row, period, column in told
                if (table, column) in {(c.table, c.column) for c in rule.counts}
            ]  # fmt: skip
            odd = _odd(frame).join(
                pl.DataFrame(known, schema={"row": frame.schema["row"], "period": pl.String},
                             orient="row"),
                on=["row", "period"], how="anti",
            )  # fmt: skip
            odd = odd.sort("day", "of", "place", descending=[False, True, False])
            for (day,), rows in odd.group_by("day", maintain_order=True):
                england = frame.filter(pl.col("level") == NATIONAL, pl.col("day") == day)
                yield _across(held, rule, rows.to_dicts(), england.to_dicts())


def _counted(held: Mapping[str, Kept], rule: NoneOf, repairs: pl.DataFrame) -> pl.DataFrame:
    """Return every count of the rule as ``n0`` and so on, their sum, and what they are of."""
    frame = figures(held, rule.of, repairs).select("day", "place", pl.col("n").alias("of"))
    for i, cell in enumerate(rule.counts):
        more = figures(held, cell, repairs).rename({"n": f"n{i}"})
        more = more if i == 0 else more.select("day", "place", f"n{i}")
        frame = frame.join(more, on=["day", "place"])
    counts = [f"n{i}" for i in range(len(rule.counts))]
    return frame.drop_nulls([*counts, "of"]).with_columns(pl.sum_horizontal(counts).alias("n"))


def _odd(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the noughts that chance does not make."""
    local = frame.filter(pl.col("level") == LOCAL).sort("place", "day")
    some = pl.col("n") > 0
    share = pl.col("n").filter(some).sum().over("day") / pl.col("of").filter(some).sum().over("day")
    local = local.with_columns(share.alias("share"), pl.col("n").max().over("place").alias("most"))
    odds = (1 - pl.col("share")).log() * pl.col("of")
    chance = odds < pl.lit(threshold("none_odds")).log()
    large = pl.col("of") >= threshold("none_least")
    other = pl.col("most") >= threshold("none_other") * pl.col("share") * pl.col("of")
    return local.filter(pl.col("n") == 0, chance, large, other)


def _across(
    held: Mapping[str, Kept],
    rule: NoneOf,
    rows: list[dict[str, Any]],
    england: list[dict[str, Any]],
) -> Across:
    kept, of = (
        held[rule.counts[0].table],
        held[rule.of.table].checked.layout.columns[rule.of.column],
    )
    broken = tuple(_broken(rule.counts[0].column, of, row, len(rows)) for row in rows)
    cells = [(row["row"], row["period"], cell.column) for row in rows for cell in rule.counts]
    touched = tuple((kept.checked, cell) for cell in cells)
    return Across(kept.checked, broken, touched, *_effect(rows, england, of))


def _broken(column: str, of: str, row: dict[str, Any], together: int) -> Broken:
    expected, share = row["share"] * row["of"], f"{100 * row['share']:.2g} %"
    many = f"{together} authorities print a nought: not counted, or counted elsewhere"
    return Broken(
        rule=NONE,
        kind=DOUBT,
        period=row["period"],
        place=row["place"],
        column=column,
        row=row["row"],
        expected=round(expected),
        found=0,
        says=f"about {expected:,.0f} ({share} of {row['of']:,} {of}, as where there are any)",
        cause=many if together > 1 else "",
    )


def _effect(
    rows: list[dict[str, Any]], england: list[dict[str, Any]], of: str
) -> tuple[str, float]:
    """Say what England's share is with and without those authorities."""
    if not england:
        return "", 0.0
    whole = england[0]
    left = whole["of"] - sum(row["of"] for row in rows)
    if left <= 0:
        return "", 0.0
    both = 100 * whole["n"] / whole["of"], 100 * whole["n"] / left
    text = f"England {whole['n']:,} of {whole['of']:,} {of} ({both[0]:.2f} %), "
    text += f"{both[1]:.2f} % without them"
    return text, both[1] - both[0]
