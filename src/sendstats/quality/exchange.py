"""Two columns that stand in each other's place in one return."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL
from sendstats.catalogue.tables import PERCENT
from sendstats.quality.broken import DOUBT, EXCHANGE, Broken
from sendstats.quality.cells import TOTAL, Checked
from sendstats.quality.kept import Across, Kept
from sendstats.quality.settings import exchanges, families, threshold, withins

_RETURN = ["place", "period"]
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
    frame = checked.totals()
    whole = frame.filter(pl.col("level") == NATIONAL)
    figures = {(c, p): n for c in names for p, n in whole.select("period", c).iter_rows()}
    mine = _named(frame.filter(pl.col("level") == LOCAL), names)
    summed = {key: n for key, n in figures.items() if key[0] in added}
    found = pairs(mine, parts - totals, summed)
    for row in found.iter_rows(named=True):
        over = {c: _over(checked, c, row["period"]) for c in (row["name"], row["name_two"])}
        base = next((b.leaves for b in layout.bases if b.holds(row["period"])), ())
        england = _England(figures, over, layout.columns, base)
        one = _swapped(row, layout.columns[row["name_two"]], england)
        pair = (row["name"], row["name_two"])
        wrong = sorted({*(over[pair[0]] ^ over[pair[1]])} - {*pair})
        yield replace(one, columns=(*pair, *wrong))


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
    england = _England({(n, p): v for n, p, v in whole.iter_rows()}, over, {})
    found = pairs(mine, {*names} - totals - {TOTAL}, england.figures)
    for row in found.iter_rows(named=True):
        one = _swapped(row, f"{row['name_two']}, row {row['row_two']}", england)
        rows = (row["row"], row["row_two"])
        where = {"column": columns[0], "placement": row["name"]}
        yield replace(one, **where, columns=tuple(columns), rows=rows)


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


def pairs(
    counts: pl.DataFrame,
    names: set[str],
    england: Mapping[tuple[str, str], int | None],
    *,
    kin: bool = False,
) -> pl.DataFrame:
    """Return the counts that fit the years around them if two of them are exchanged.

    Parameters
    ----------
    counts : polars.DataFrame
        ``name``, ``place``, ``period``, ``row``, ``n``.
    names : set of str
        Those of which two may have been exchanged.
    england : mapping
        What England prints, by name and period: a first or last count is held against the two
        years beside it, and the larger of a pair must be a visible share of this.
    kin : bool
        Whether all of them are of one group, whatever their names begin with.

    Returns
    -------
    polars.DataFrame
        The larger count of each pair and, with names that end in ``_two``, the smaller; each with
        ``before`` and ``after``. No count is in two pairs.
    """
    odd = _beside(counts.filter(pl.col("name").is_in(sorted(names))).drop_nulls("n"))
    odd = odd.with_columns(_off("n", "").alias("off"))
    most = pl.max_horizontal("n", pl.min_horizontal("before", "after"))
    odd = odd.filter(pl.col("off") >= threshold("exchange_least"))
    odd = odd.with_columns((pl.col("off") / most).alias("share"))
    both = odd.join(odd, on=_RETURN, suffix="_two").filter(pl.col("n") > pl.col("n_two"))
    both = _visible(both, england)
    both = both.with_columns(
        (pl.col("off") + pl.col("off_two")).alias("off_both"),
        (_off("n_two", "") + _off("n", "_two")).alias("left"),
        (pl.lit(int(kin)) + _shared(2) + _shared(1)).alias("akin"),
    )
    return _once(both.filter(_telling()))


def _beside(counts: pl.DataFrame) -> pl.DataFrame:
    """Add the counts ``before`` and ``after``; a first or last count has two on one side.

    ``alone`` names that side, and is empty for the others.
    """
    one, two = (
        [pl.col("n").shift(by * step).over("name", "place") for by in (1, -1)] for step in (1, 2)
    )
    first, last = one[0].is_null(), one[1].is_null()
    sides = counts.sort("name", "place", "period").with_columns(
        pl.when(first).then(two[1]).otherwise(one[0]).alias("before"),
        pl.when(last).then(two[0]).otherwise(one[1]).alias("after"),
        pl.when(first).then(pl.lit("after")).when(last).then(pl.lit("before"))
        .otherwise(pl.lit("")).alias("alone"),
    )  # fmt: skip
    return sides.drop_nulls(["before", "after"])


def _visible(both: pl.DataFrame, england: Mapping[tuple[str, str], int | None]) -> pl.DataFrame:
    """Leave pairs with years on both sides, and of the others those that are much of England."""
    schema = {"name": pl.String, "period": pl.String, "whole": pl.Int64}
    figures = pl.DataFrame([(*key, n) for key, n in england.items()], schema, orient="row")
    both = both.join(figures, on=["name", "period"], how="left")
    much = pl.col("n") >= threshold("exchange_alone") * pl.col("whole")
    much &= pl.min_horizontal("share", "share_two") >= threshold("exchange_share_alone")
    same = pl.col("alone") == pl.col("alone_two")
    return both.filter(same & ((pl.col("alone") == "") | much))


def _telling() -> pl.Expr:
    """Say which pairs are no chance: those of one group, and closer ones of two groups."""
    small, large = pl.min_horizontal("share", "share_two"), pl.max_horizontal("share", "share_two")
    fits = pl.col("left") <= threshold("exchange_left") * pl.col("off_both")
    least = pl.min_horizontal("off", "off_two") >= threshold("exchange_least_apart")
    close = least & (large >= threshold("exchange_share_apart"))
    return fits & (small >= threshold("exchange_share")) & ((pl.col("akin") > 0) | close)


def _shared(pieces: int) -> pl.Expr:
    """Return 1 where two names begin with as many pieces that are the same, and have more."""
    begins = f"^((?:[^.]+\\.){{{pieces}}})"
    same = pl.col("name").str.extract(begins) == pl.col("name_two").str.extract(begins)
    return same.fill_null(value=False).cast(pl.Int32)


def _once(both: pl.DataFrame) -> pl.DataFrame:
    """Leave every count one pair, the nearest in kind, then the one that tells most.

    Beside a pair of the year before or after that tells more, the other years are right.
    """
    gain = (pl.col("off_both") - pl.col("left")).alias("gain")
    found = both.with_columns(gain).sort(
        *_RETURN,
        "akin",
        "gain",
        "name",
        "name_two",
        descending=[False, False, True, True, False, False],
    )
    for name in ("name", "name_two"):
        found = found.unique([*_RETURN, name], keep="first", maintain_order=True)
    pair = pl.concat_list("name", "name_two").list.sort().list.join(" ")
    year = pl.col("period").str.slice(0, 4).cast(pl.Int32)
    found = found.with_columns(pair.alias("pair"), year.alias("year"))
    beside = found.select("place", "pair", "year", "gain")
    both = found.join(beside, on=["place", "pair"], suffix="_beside")
    next_to = (pl.col("year") - pl.col("year_beside")).abs() == 1
    echo = both.filter(next_to & (pl.col("gain_beside") > pl.col("gain")))
    found = found.join(echo, on=["place", "pair", "year"], how="anti")
    return found.sort("row", "period", "name")


def _off(count: str, other: str) -> pl.Expr:
    """Return how far a count is from what lies between the counts of the years around."""
    low = pl.min_horizontal(f"before{other}", f"after{other}")
    high = pl.max_horizontal(f"before{other}", f"after{other}")
    return pl.max_horizontal(pl.col(count) - high, low - pl.col(count), 0)


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
        says=f"{row['n_two']:,} ({_around(row, '')}), and {row['n']:,} in {other} "
        f"({_around(row, '_two')})",
        rows=(row["row"],),
        cause="the two columns are exchanged",
        effect=effect,
        effect_size=size,
    )


def _around(row: dict[str, Any], other: str) -> str:
    before, after, alone = (row[side + other] for side in ("before", "after", "alone"))
    if not alone:
        return f"{before:,} before, {after:,} after"
    near, far = (after, before) if alone == "after" else (before, after)
    return f"{near:,} and {far:,} in the years {alone}"


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
            told += _rate(name, (printed, right), row["period"], england)
            size = max(size, 100 * less / printed)
    text = f"England {'; '.join(told)} if the two are exchanged" if told else ""
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
