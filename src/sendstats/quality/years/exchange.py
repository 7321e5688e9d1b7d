"""Two columns that stand in each other's place in one return."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from sendstats.catalogue.labels import spellings
from sendstats.catalogue.places import LOCAL, NATIONAL
from sendstats.catalogue.shapes import JOINED
from sendstats.catalogue.tables import PERCENT
from sendstats.quality.across.kept import Across, Kept, has
from sendstats.quality.broken import DOUBT, EXCHANGE, Broken
from sendstats.quality.cells import TOTAL, Checked
from sendstats.quality.settings import exchanges, families, threshold, withins
from sendstats.quality.years.pairs import pairs

#: A count of one authority and period under the name of what it counts.
_COUNTS = pl.Schema(
    {"name": pl.String, "place": pl.String, "period": pl.String, "row": pl.Int32, "n": pl.Int64}
)


@dataclass(frozen=True)
class _England:
    """What England prints.

    Attributes
    ----------
    figures : mapping
        By name and period.
    totals : mapping
        Of each name, itself and every total that counts it in.
    called : mapping
        How the publisher calls them.
    leaves : tuple of str
        What published shares divide by.
    """

    figures: Mapping[tuple[str, str], int | None]
    totals: Mapping[str, frozenset[str]]
    called: Mapping[str, str]
    leaves: tuple[str, ...] = ()


def exchanged(checked: Checked) -> Iterator[Broken]:
    """Find two counts of an authority that fit its other years only in each other's place.

    Both stand outside the years before and after as they are printed, and in or near what lies
    between them if the two are exchanged: next year they are back, so nothing moved. Parts of one
    whole are compared, or parts that may overlap; of a long layout, placements. Parts of two
    groups must stand out more: among so many some fit by chance. Totals that count only one of
    the two in are wrong as well.
    """
    yield from _items(checked)
    yield from _placements(checked) if checked.layout.long else _columns(checked)


def _columns(checked: Checked) -> Iterator[Broken]:
    """Find exchanged columns of the rows that nothing breaks down."""
    layout = checked.layout
    kin = (w.parts for w in withins() if w.table == checked.table.id)
    added = {p for s in layout.sums for p in s.parts}
    parts = added | {p for of in kin for p in of}
    totals = {s.total for s in layout.sums}
    leaves = {c for b in layout.bases for c in b.leaves}
    names = [c for c in layout.additive if c in parts | totals | leaves]
    frame = checked.totals
    whole = frame.filter(pl.col("level") == NATIONAL)
    figures = {(c, p): n for c in names for p, n in whole.select("period", c).iter_rows()}
    mine = _named(frame.filter(pl.col("level") == LOCAL), names)
    summed = {key: n for key, n in figures.items() if key[0] in added}
    found = pairs(mine, parts - totals, summed)
    for row in found.iter_rows(named=True):
        over = {c: _over(checked, c, row["period"]) for c in (row["name"], row["name_two"])}
        if _smooth(row, mine, over):
            continue
        base = next((b.leaves for b in layout.bases if b.holds(row["period"])), ())
        england = _England(figures, over, layout.columns, base)
        one = _swapped(row, layout.columns[row["name_two"]], england)
        pair = (row["name"], row["name_two"])
        wrong = sorted({*(over[pair[0]] ^ over[pair[1]])} - {*pair})
        yield replace(one, columns=(*pair, *wrong))


def _smooth(row: dict[str, Any], counts: pl.DataFrame, over: Mapping[str, frozenset[str]]) -> bool:
    """Whether totals that count only one of two in are nearer to the middle of the years around.

    As they are printed, that is, than if the two were exchanged.

    Then what stands in the larger column belongs to another one of its own group.
    """
    less, off = row["n"] - row["n_two"], [0, 0]
    mine, theirs = (over[row[name]] for name in ("name", "name_two"))
    for total in sorted((mine ^ theirs) - {row["name"], row["name_two"]}):
        here = (pl.col("name") == total) & (pl.col("place") == row["place"])
        own = counts.filter(here).drop_nulls("n").sort("period")
        n = own.filter(pl.col("period") == row["period"])["n"].to_list()
        before = own.filter(pl.col("period") < row["period"])["n"].to_list()
        after = own.filter(pl.col("period") > row["period"])["n"].to_list()
        if n and before and after:
            twice = before[-1] + after[0]
            off[0] += abs(2 * n[0] - twice)
            off[1] += abs(2 * (n[0] + (-less if total in mine else less)) - twice)
    return off[0] < off[1]


def _named(frame: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """Return the counts of some columns, one under the other."""
    keys = ["place", "period", "row"]
    long = frame.select(*keys, *names).unpivot(on=names, index=keys, variable_name="name")
    return long.rename({"value": "n"}).select(*_COUNTS).cast(dict(_COUNTS))  # type: ignore[arg-type]


def _over(checked: Checked, column: str, period: str) -> frozenset[str]:
    """Return a column with every total that counts it in; a total beside it does not."""
    sums = [s for s in checked.layout.sums if s.holds(period)]
    beside = {p for s in sums if column in s.parts for p in s.parts}
    found = {column}
    while more := {s.total for s in sums if found & {*s.parts}} - found - beside:
        found |= more
    return frozenset(found)


def _placements(checked: Checked) -> Iterator[Broken]:
    """Find exchanged placements of a long layout, by the first count of the table."""
    columns, frame = checked.layout.additive, checked.placed()
    frame = frame.rename({"placement": "name", columns[0]: "n"})
    names = frame["name"].unique().sort().to_list()
    over = {n: frozenset({n, *(t for t in names if n.startswith(f"{t}."))}) for n in names}
    totals = {t for n in names for t in over[n] - {n}} | {
        t for of in families().values() for t in of
    }
    mine = frame.filter(pl.col("level") == LOCAL).select(*_COUNTS).cast(dict(_COUNTS))  # type: ignore[arg-type]
    whole = frame.filter(pl.col("level") == NATIONAL).select("name", "period", "n")
    called = _printed()
    england = _England({(n, p): v for n, p, v in whole.iter_rows()}, over, called)
    found = pairs(mine, {*names} - totals - {TOTAL}, england.figures)
    for row in found.iter_rows(named=True):
        other = called.get(row["name_two"], row["name_two"])
        one = _swapped(row, f"{other}, row {row['row_two']}", england)
        rows = (row["row"], row["row_two"])
        where = {"column": columns[0], "placement": row["name"]}
        yield replace(one, **where, columns=tuple(columns), rows=rows)


def _printed() -> dict[str, str]:
    """Return how files of rows print each placement: its type, or the group of a total."""
    pairs_of = [
        (t.split(JOINED), leaf) for t, leaf in spellings("placement").items() if JOINED in t
    ]
    return {leaf: group if kind == "Total" else kind for (group, kind), leaf in pairs_of}


def _items(checked: Checked) -> Iterator[Broken]:
    """Find exchanged items of one topic, by the first count of the table."""
    columns = tuple(checked.layout.additive)
    if not columns:
        return
    frame = checked.items(columns[0]).rename({"item": "name"})
    for topic in frame["topic"].unique().sort():
        of = frame.filter(pl.col("topic") == topic)
        mine = of.filter(pl.col("level") == LOCAL).select(*_COUNTS).cast(dict(_COUNTS))  # type: ignore[arg-type]
        whole = of.filter(pl.col("level") == NATIONAL).select("name", "period", "n")
        names = {*of["name"]}
        totals = {n: frozenset({n}) for n in names}
        england = _England({(n, p): v for n, p, v in whole.iter_rows()}, totals, {})
        for row in pairs(mine, names, england.figures, kin=True).iter_rows(named=True):
            one = _swapped(row, f"{row['name_two']}, row {row['row_two']}", england)
            rows = (row["row"], row["row_two"])
            where = {"column": columns[0], "topic": topic, "item": row["name"]}
            yield replace(one, **where, columns=columns, rows=rows)


def _swapped(row: dict[str, Any], other: str, england: _England) -> Broken:
    """Say that two counts look exchanged, or the larger moved where the sum of both fits better."""
    moved = _moved(row)
    right = (0, row["n"] + row["n_two"]) if moved else (row["n_two"], row["n"])
    effect, size = _effect(row, england, row["n"] - right[0], moved=moved)
    return Broken(
        rule=EXCHANGE,
        kind=DOUBT,
        period=row["period"],
        place=row["place"],
        column=row["name"],
        row=row["row"],
        expected=right[0],
        found=row["n"],
        says=f"{right[0]:,} ({_around(row, '')}), and {right[1]:,} in {other} "
        f"({_around(row, '_two')})",
        rows=(row["row"],),
        cause=f"the {row['n']:,} look moved: they fit beside the {row['n_two']:,} of the other one"
        if moved
        else "the two columns look exchanged",
        effect=effect,
        effect_size=size,
    )


def _moved(row: dict[str, Any]) -> bool:
    """Whether a column fits its years without its count, and the other one with both, far better.

    An exchange may leave more than nought where nought is usual; then nothing came in its place.
    """
    left = _apart(0, row, "") + _apart(row["n"] + row["n_two"], row, "_two")
    return bool(row["left"] - left >= threshold("exchange_least"))


def _apart(n: int, row: dict[str, Any], other: str) -> int:
    """Return how far a count is from what lies between those of the years around."""
    sides = row[f"before{other}"], row[f"after{other}"]
    return int(max(n - max(sides), min(sides) - n, 0))


def _around(row: dict[str, Any], other: str) -> str:
    before, after, alone = (row[side + other] for side in ("before", "after", "alone"))
    if not alone:
        return f"{before:,} before, {after:,} after"
    near, far = (after, before) if alone == "after" else (before, after)
    return f"{near:,} and {far:,} in the years {alone}"


def _effect(row: dict[str, Any], england: _England, less: int, *, moved: bool) -> tuple[str, float]:
    """Return what England prints, and would print, for all that counts only one of the two in."""
    mine, theirs = (england.totals[row[name]] for name in ("name", "name_two"))
    told, size = list[str](), 0.0
    for name in sorted(mine ^ theirs):
        printed = england.figures.get((name, row["period"]))
        if printed:
            right = printed - less if name in mine else printed + less
            told.append(f"{england.called.get(name, name)} {printed:,} as published, {right:,}")
            told += _rate(name, (printed, right), row["period"], england)
            size = max(size, 100 * less / printed)
    text = f"England {'; '.join(told)}" if told else ""
    text += " if all of them moved" * moved if told else ""
    text += " if the two are exchanged" * (not moved) if told else ""
    return text, size


def _rate(name: str, figures: tuple[int, int], period: str, england: _England) -> Iterator[str]:
    """Yield the published share of a total, where it would print otherwise."""
    base = sum(england.figures.get((leaf, period)) or 0 for leaf in england.leaves)
    if base and name + PERCENT in england.called:
        old, new = (f"{100 * n / base:.1f}" for n in figures)
        if old != new:
            yield f"{england.called[name + PERCENT]} {old} as published, {new}"


def exchanged_across(held: Mapping[str, Kept]) -> Iterator[Across]:
    """Find exchanged counts in columns of two tables, as `exchanged` does in one."""
    for both in exchanges():
        if not all(has(held, c) for c in both.cells):
            continue
        kept = {f"{c.table} {c.column}": (held[c.table], c.column) for c in both.cells}
        frame = pl.concat(
            k.undivided.select(pl.lit(n).alias("name"), "place", "level", "period", "row",
                                         pl.col(c).alias("n")) for n, (k, c) in kept.items()
        )  # fmt: skip
        mine = frame.filter(pl.col("level") == LOCAL)
        national = frame.filter(pl.col("level") == NATIONAL).select("name", "period", "n")
        figures = {(n, p): v for n, p, v in national.iter_rows()}
        called = {n: k.checked.layout.columns[c] for n, (k, c) in kept.items()}
        england = _England(figures, {n: frozenset({n}) for n in kept}, called)
        for row in pairs(mine, {*kept}, figures, kin=True).iter_rows(named=True):
            yield _between(row, kept, england)


def _between(
    row: dict[str, Any], kept: Mapping[str, tuple[Kept, str]], england: _England
) -> Across:
    (mine, column), (theirs, other) = kept[row["name"]], kept[row["name_two"]]
    where = f"{theirs.checked.layout.columns[other]} of {theirs.checked.layout.file}"
    one = replace(
        _swapped(row, f"{where}, row {row['row_two']}", england), column=column, columns=(column,)
    )
    cells = (
        (mine.checked, (row["row"], row["period"], column)),
        (theirs.checked, (row["row_two"], row["period"], other)),
    )
    return Across(mine.checked, (one,), cells, one.effect, one.effect_size)
