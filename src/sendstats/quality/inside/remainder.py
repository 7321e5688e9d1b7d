"""What a whole leaves for its members without a figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL, REGIONAL, england, places
from sendstats.quality.broken import DOUBT, GAP, LACKING, LEFT, Broken
from sendstats.quality.cells import LABELS, TOTAL, Checked, Slice
from sendstats.quality.findings.causes import remainder
from sendstats.quality.inside.sums import where
from sendstats.quality.settings import threshold


def left(held: Slice) -> Iterator[Broken]:
    """Hold that what a region leaves for its members without a figure can be a count.

    A figure that is withheld is still in the whole. What is left for it is not below nought, and of
    a part not more than of its total. Only columns with a count below nought are asked for the
    first: of every other column `members` holds that the whole is at least its members.
    """
    frame = _remainders(held)
    sums = [s for s in held.checked.layout.sums if s.holds(held.period)]
    for row in frame.sort("row").iter_rows(named=True):
        below = [c for c in held.columns if _is_left(row, c) and row[f"{c}|left"] < 0]
        below = [c for c in below if held.numbers.select((pl.col(c) < 0).any()).item()]
        over = [
            (part, s.total)
            for s in sums
            for part in s.parts
            if _is_left(row, part)
            and _is_left(row, s.total)
            and set(row[f"{part}|out"]) <= set(row[f"{s.total}|out"])
            and row[f"{part}|left"] > row[f"{s.total}|left"]
        ]
        for column in below:
            kin = {s.total for s in sums if column in s.parts}
            yield _left(held, row, column, "0 or more", [o for o in over if o[1] in kin])
        told = {s.total for s in sums if set(below) & {*s.parts}}
        for part, total in (o for o in over if o[1] not in told):
            yield _left(held, row, part, f"at most {row[f'{total}|left']:,} ({total})", [])


def _remainders(held: Slice) -> pl.DataFrame:
    """Return the undivided rows of regions, with what is left for whom in each column."""
    whole = held.numbers.filter(pl.all_horizontal(pl.col(c) == TOTAL for c in LABELS))
    summed = (
        whole.filter(pl.col("level") == LOCAL)
        .group_by(pl.col("region").alias("place"))
        .agg(
            *(pl.col(c).sum().alias(f"{c}|sum") for c in held.columns),
            *(
                pl.col("place").filter(pl.col(c).is_null()).sort().alias(f"{c}|out")
                for c in held.columns
            ),
        )
    )
    joined = whole.filter(pl.col("level") == REGIONAL).join(summed, on="place")
    return joined.with_columns(
        (pl.col(c) - pl.col(f"{c}|sum")).alias(f"{c}|left") for c in held.columns
    )


def _is_left(row: dict[str, Any], column: str) -> bool:
    return bool(row[f"{column}|out"]) and row[f"{column}|left"] is not None


def _left(
    held: Slice, row: dict[str, Any], column: str, says: str, more: list[tuple[str, str]]
) -> Broken:
    rest, names = row[f"{column}|left"], _names(row[f"{column}|out"])
    printed = held.checked.layout.columns
    others = row[f"{column}|sum"]
    cause = f"{row[column]:,} in the region less {others:,} of the members with a figure leaves "
    cause += f"{rest:,} for {names}, whose figure is withheld"
    for part, total in more:
        cause += f"; of {printed[part]} {row[f'{part}|left']:,} are left for them, more than the "
        cause += f"{row[f'{total}|left']:,} of {printed[total]}"
    if rest < 0 and (of := remainder(held, column)):
        cause += f"; {of}: what is withheld is itself below nought"
    whole, effect, size = held.england(column), "", 0.0
    if whole and rest < 0:
        effect = f"England {printed[column]} {whole:,} as published, {-rest:,} lower than its "
        effect += f"members with a figure and at least 0 for {names}"
        size = 100 * -rest / whole
    elif whole:
        effect = f"England {printed[column]} {whole:,} as published holds {rest:,} of {names}"
        size = 100 * abs(rest) / whole
    return Broken(
        **where(LEFT, held, row, column) | {"found": rest},
        expected=0 if rest < 0 else None,
        says=f"{says} left for {names}",
        shown=f"{rest:,} left",
        rows=(row["row"],),
        columns=(column,),
        cause=cause,
        effect=effect,
        effect_size=size,
        others=tuple(row[f"{column}|out"]),
    )


def _names(keys: Sequence[str]) -> str:
    named = [places()[key].name for key in keys]
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)


def lacking(checked: Checked) -> Iterator[Broken]:
    """Find wholes that hold far less for members without a figure than these have in other years.

    Only returns that are withheld whole are looked at: where some of a row is printed, other gates
    tell of the rest. Where nothing at all is left, they were not counted: a gap, and nobody
    knows of how many. The first count of a table decides; counts that are short of the same members
    are named with it. The usual is the middle of two years on either side.
    """
    columns = checked.layout.additive
    if not columns:
        return
    totals = checked.totals
    short: dict[str, dict[str, list[_Short]]] = {}
    for region in totals.filter(pl.col("level") == REGIONAL).sort("period", "row").to_dicts():
        for column, one in _short(totals, region, columns):
            short.setdefault(region["period"], {}).setdefault(column, []).append(one)
    for period, by_column in short.items():
        if columns[0] in by_column:
            out = _out(by_column[columns[0]])
            same = {c: found for c, found in by_column.items() if _out(found) == out}
            yield _lacking(checked, totals, period, same)


@dataclass(frozen=True)
class _Short:
    """A region that leaves `rest` for `out`, who usually have far more."""

    place: str
    row: int
    rest: int
    usual: float
    out: tuple[str, ...]


def _out(found: list[_Short]) -> list[str]:
    return [place for one in found for place in one.out]


def _rest(found: list[_Short]) -> int:
    return sum(one.rest for one in found)


def _short(
    totals: pl.DataFrame, region: dict[str, Any], columns: list[str]
) -> Iterator[tuple[str, _Short]]:
    of = (pl.col("level") == LOCAL) & (pl.col("region") == region["place"])
    kids = totals.filter(of)
    now = kids.filter(pl.col("period") == region["period"])
    out = sorted(now.filter(pl.all_horizontal(pl.col(c).is_null() for c in columns))["place"])
    for column in columns if out else ():
        alone = sorted(now.filter(pl.col(column).is_null())["place"]) == out
        if region[column] is None or not alone:
            continue
        rest = region[column] - now[column].sum()
        usual = [_usual(kids, place, column, region["period"]) for place in out]
        if min(usual) >= threshold("small") and rest < threshold("left_share") * sum(usual):
            yield column, _Short(region["place"], region["row"], rest, sum(usual), tuple(out))


def _usual(kids: pl.DataFrame, place: str, column: str, period: str) -> float:
    mine = kids.filter(pl.col("place") == place).select("period", n=pl.col(column)).drop_nulls("n")
    before = mine.filter(pl.col("period") < period).sort("period").tail(2)
    after = mine.filter(pl.col("period") > period).sort("period").head(2)
    near = [*before["n"], *after["n"]]
    return float(median(near)) if near else 0.0


def _lacking(
    checked: Checked, totals: pl.DataFrame, period: str, short: dict[str, list[_Short]]
) -> Broken:
    column, found = next(iter(short.items()))
    nation = totals.filter((pl.col("level") == NATIONAL) & (pl.col("period") == period))
    whole = nation.row(0, named=True) if nation.height == 1 else {}
    names, usual = _names(_out(found)), sum(one.usual for one in found)
    at = (found[0].place, found[0].row)
    if len(found) > 1 and whole:
        at = (england().key, whole["row"])
    rest = _rest(found)
    effects = [_with(checked, whole, c, of, names) for c, of in short.items() if whole.get(c)]
    counted = "only partly" if rest else "not"
    return Broken(
        rule=LACKING,
        kind=DOUBT if rest else GAP,
        period=period,
        place=at[0],
        column=column,
        row=at[1],
        expected=usual,
        found=rest,
        shown=f"{rest:,} left",
        says=f"about {usual:,.0f} left for {names}, as in the years around",
        rows=tuple(sorted({*(one.row for one in found), *([whole["row"]] if whole else [])})),
        columns=tuple(short),
        cause=f"what is withheld of {names} is {counted} counted in the whole",
        effect="; ".join(text for text, _ in effects),
        effect_size=max((size for _, size in effects), default=0.0),
        others=tuple(_out(found)),
    )


def _with(
    checked: Checked, whole: dict[str, Any], column: str, found: list[_Short], names: str
) -> tuple[str, float]:
    name, printed = checked.layout.columns[column], whole[column]
    more = sum(one.usual - one.rest for one in found)
    text = f"England {name} {printed:,} as published"
    text += f", about {printed + more:,.0f} with {names}" if _rest(found) else f" lacks {names}"
    return text, 100 * more / printed
