"""Two columns that stand in each other's place in one return."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL
from sendstats.quality.broken import DOUBT, EXCHANGE, Broken
from sendstats.quality.cells import TOTAL, Checked
from sendstats.quality.kept import Across, Kept
from sendstats.quality.settings import exchanges, families, threshold, withins

#: A count of one authority and period under the name of what it counts.
_COUNTS = pl.Schema(
    {"name": pl.String, "place": pl.String, "period": pl.String, "row": pl.Int32, "n": pl.Int64}
)


@dataclass(frozen=True)
class _England:
    """What England prints, by name and period, and the totals that count a name in."""

    figures: Mapping[tuple[str, str], int | None]
    totals: Mapping[str, frozenset[str]]
    called: Mapping[str, str]


def exchanged(checked: Checked) -> Iterator[Broken]:
    """Find two counts of an authority that fit its other years only in each other's place.

    Both stand far from the years before and after as they are printed, and near them if the two
    are exchanged. Parts of one whole are compared, or parts that may overlap; of a long layout,
    placements. Parts of different groups must fit still closer: among so many some do by chance.
    """
    if checked.layout.long:
        yield from _placements(checked)
        return
    layout = checked.layout
    kin = (w.parts for w in withins() if w.table == checked.table.id)
    parts = {*(p for s in layout.sums for p in s.parts), *(p for of in kin for p in of)}
    totals = {s.total for s in layout.sums}
    names = [c for c in layout.additive if c in parts | totals]
    frame = checked.totals()
    found = pairs(_named(frame.filter(pl.col("level") == LOCAL), names), parts - totals)
    if found.is_empty():
        return
    whole = frame.filter(pl.col("level") == NATIONAL)
    figures = {(c, p): n for c in names for p, n in whole.select("period", c).iter_rows()}
    for row in found.iter_rows(named=True):
        over = {c: _over(checked, c, row["period"]) for c in (row["name"], row["name_two"])}
        england = _England(figures, over, layout.columns)
        one = _swapped(row, layout.columns[row["name_two"]], england)
        yield replace(one, column=row["name"], columns=(row["name"], row["name_two"]))


def _named(frame: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """Return the counts of some columns, one under the other."""
    keys = ["place", "period", "row"]
    long = frame.select(*keys, *names).unpivot(on=names, index=keys, variable_name="name")
    return long.rename({"value": "n"}).select(*_COUNTS).cast(dict(_COUNTS))  # type: ignore[arg-type]


def _over(checked: Checked, column: str, period: str) -> frozenset[str]:
    """Return a column with every total that counts it in."""
    sums = [s for s in checked.layout.sums if s.holds(period)]
    found = {column}
    while more := {s.total for s in sums if found & {*s.parts}} - found:
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
    england = _England({(n, p): v for n, p, v in whole.iter_rows()}, over, {})
    for row in pairs(mine, {*names} - totals - {TOTAL}).iter_rows(named=True):
        one = _swapped(row, f"{row['name_two']}, row {row['row_two']}", england)
        rows = (row["row"], row["row_two"])
        where = {"column": columns[0], "placement": row["name"]}
        yield replace(one, **where, columns=tuple(columns), rows=rows)


def pairs(counts: pl.DataFrame, names: set[str], *, kin: bool = False) -> pl.DataFrame:
    """Return the counts that fit the years around them if two of them are exchanged.

    Parameters
    ----------
    counts : polars.DataFrame
        ``name``, ``place``, ``period``, ``row``, ``n``.
    names : set of str
        Those of which two may have been exchanged.
    kin : bool
        Whether all of them are of one group, whatever their names begin with.

    Returns
    -------
    polars.DataFrame
        The larger count of each pair and, with names that end in ``_two``, the smaller; each with
        ``before`` and ``after``. No count is in two pairs.
    """
    key = ["place", "period"]
    sides = counts.filter(pl.col("name").is_in(sorted(names))).drop_nulls("n")
    sides = sides.sort("name", "place", "period").with_columns(
        pl.col("n").shift(1).over("name", "place").alias("before"),
        pl.col("n").shift(-1).over("name", "place").alias("after"),
    )
    far = _far("n", "").alias("far")
    odd = sides.drop_nulls(["before", "after"]).with_columns(far)
    odd = odd.filter(pl.col("far") >= threshold("exchange_times"))
    both = odd.join(odd, on=key, suffix="_two").filter(pl.col("n") > pl.col("n_two"))
    both = both.filter(pl.col("n") >= threshold("exchange_least"))
    group = pl.col("name").str.extract(r"^([^.]+)\.")
    theirs = pl.col("name_two").str.extract(r"^([^.]+)\.")
    both = both.with_columns(
        pl.max_horizontal(_far("n_two", ""), _far("n", "_two")).alias("fit"),
        pl.min_horizontal("far", "far_two").alias("far"),
        (pl.lit(kin) | (group == theirs).fill_null(value=False)).alias("akin"),
    )
    near = pl.col("fit") <= threshold("exchange_fit")
    close = (pl.col("fit") <= threshold("exchange_fit_apart")) & (
        pl.col("far") >= threshold("exchange_times_apart")
    )
    found = both.filter(pl.when("akin").then(near).otherwise(close))
    found = found.sort(*key, "akin", "fit", "name", descending=[False, False, True, False, False])
    for name in ("name", "name_two"):
        found = found.unique([*key, name], keep="first", maintain_order=True)
    return found.sort("row", "period", "name")


def _far(count: str, other: str) -> pl.Expr:
    """Return how many times a count is beyond the counts of the years around, or short of them."""
    few = threshold("exchange_few")
    low = pl.min_horizontal(f"before{other}", f"after{other}") + few
    high = pl.max_horizontal(f"before{other}", f"after{other}") + few
    return pl.max_horizontal((pl.col(count) + few) / high, low / (pl.col(count) + few), 1.0)


def _swapped(row: dict[str, Any], other: str, england: _England) -> Broken:
    effect, size = _effect(row, england)
    return Broken(
        rule=EXCHANGE,
        kind=DOUBT,
        period=row["period"],
        place=row["place"],
        column=row["name"],
        row=row["row"],
        expected=row["n_two"],
        found=row["n"],
        says=f"{row['n_two']:,} ({row['before']:,} before, {row['after']:,} after), and "
        f"{row['n']:,} in {other} ({row['before_two']:,} before, {row['after_two']:,} after)",
        rows=(row["row"],),
        cause="the two columns are exchanged",
        effect=effect,
        effect_size=size,
    )


def _effect(row: dict[str, Any], england: _England) -> tuple[str, float]:
    """Return what England prints, and would print, for all that counts only one of the two in."""
    mine, theirs = (england.totals[row[name]] for name in ("name", "name_two"))
    less, told = row["n"] - row["n_two"], list[str]()
    size = 0.0
    for name in sorted(mine ^ theirs):
        printed = england.figures.get((name, row["period"]))
        if printed:
            right = printed - less if name in mine else printed + less
            told.append(f"{england.called.get(name, name)} {printed:,} as published, {right:,}")
            size = max(size, 100 * less / printed)
    text = f"England {'; '.join(told)} if the two are exchanged" if told else ""
    return text, size


def exchanged_across(held: Mapping[str, Kept]) -> Iterator[Across]:
    """Find exchanged counts in columns of two tables, as `exchanged` does in one."""
    for both in exchanges():
        if not all(c.table in held and c.column in held[c.table].rows for c in both.cells):
            continue
        kept = {f"{c.table} {c.column}": (held[c.table], c.column) for c in both.cells}
        whole = pl.col("topic") == TOTAL, pl.col("item") == TOTAL
        frame = pl.concat(
            k.rows.filter(*whole).select(pl.lit(n).alias("name"), "place", "level", "period", "row",
                                         pl.col(c).alias("n")) for n, (k, c) in kept.items()
        )  # fmt: skip
        mine = frame.filter(pl.col("level") == LOCAL)
        national = frame.filter(pl.col("level") == NATIONAL).select("name", "period", "n")
        figures = {(n, p): v for n, p, v in national.iter_rows()}
        called = {n: k.checked.layout.columns[c] for n, (k, c) in kept.items()}
        england = _England(figures, {n: frozenset({n}) for n in kept}, called)
        for row in pairs(mine, {*kept}, kin=True).iter_rows(named=True):
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
