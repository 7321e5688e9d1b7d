"""What tells why two tables count one thing differently, and which of them is the wrong one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL
from sendstats.quality.across.kept import KEY, Kept, has
from sendstats.quality.cells import TOTAL
from sendstats.quality.settings import Cell, Same, sames, threshold

#: How the cause begins where items stand under each other's names.
SHIFTED = "labels are shifted"


@dataclass(frozen=True)
class Pair:
    """What two tables count differently on one day.

    Attributes
    ----------
    tables : tuple of (Kept, Kept)
    cells : tuple of (Cell, Cell)
    says : str
        What both count.
    rows, of_day : polars.DataFrame
        As `joined` returns them: those that differ, and all of the day.
    """

    tables: tuple[Kept, Kept]
    cells: tuple[Cell, Cell]
    says: str
    rows: pl.DataFrame
    of_day: pl.DataFrame

    @property
    def turned(self) -> Pair:
        """The same with the second table as the first."""
        rows = _turned(self.rows), _turned(self.of_day)
        return Pair(self.tables[::-1], self.cells[::-1], self.says, *rows)

    @property
    def files(self) -> list[str]:
        """The two files."""
        return [kept.checked.layout.file for kept in self.tables]

    @property
    def local(self) -> pl.DataFrame:
        """The authorities' totals that differ."""
        whole = (pl.col("topic") == TOTAL) & (pl.col("item") == TOTAL)
        return self.rows.filter(whole, pl.col("level") == LOCAL)


@dataclass(frozen=True)
class Third:
    """A third figure that has that of one of two tables, and what it says."""

    says: str
    sides_with_first: bool


def joined(tables: tuple[Kept, Kept], cells: tuple[Cell, Cell]) -> pl.DataFrame:
    """Return what two tables count, row by row; columns of the second end in ``_two``."""
    kept = [
        kept.rows.select(*KEY, "level", "period", "row", pl.col(cell.column).alias("n"))
        for kept, cell in zip(tables, cells, strict=True)
    ]
    return kept[0].join(kept[1].drop("level"), on=KEY, suffix="_two")


def _turned(rows: pl.DataFrame) -> pl.DataFrame:
    """Let the second table be the first."""
    names = ["period", "row", "n"]
    there = {name: f"{name}_two" for name in names}
    return rows.rename(there | {two: name for name, two in there.items()})


def third(held: Mapping[str, Kept], same: Same, pair: Pair) -> Third | None:
    """Return which of two tables a third has the figures of, if it has those of one.

    It is asked for what it counts, which may be a part of what the two count.
    """
    cells = same.witness
    if not cells or not all(has(held, c) for c in cells):
        return None
    asked, day = cells[0], pair.rows["day"][0]
    parts = (cells[1], cells[2])
    two = joined(pair.tables, parts).filter(pl.col("day") == day, pl.col("topic") == TOTAL)
    theirs = held[asked.table].rows.filter(pl.col("day") == day, pl.col("topic") == TOTAL)
    told = theirs.select("place", pl.col(asked.column).alias("told"))
    differ = two.filter(pl.col("level") == LOCAL, pl.col("n") != pl.col("n_two")).join(
        told, "place"
    )
    return _sided(held, cells, differ) if differ.height >= threshold("meaning_rows") else None


def _sided(held: Mapping[str, Kept], cells: tuple[Cell, ...], differ: pl.DataFrame) -> Third | None:
    layouts = [held[c.table].checked.layout for c in cells]
    named = [f"{x.columns[c.column]} of {x.file}" for c, x in zip(cells, layouts, strict=True)]
    for first, column, of in ((True, "n", named[1]), (False, "n_two", named[2])):
        agree = differ.filter(pl.col("told") == pl.col(column)).height
        if agree >= threshold("witness_share") * differ.height:
            said = f"{named[0]} agrees with {of} in {agree} of {differ.height} authorities"
            return Third(f"{said} where the two differ", sides_with_first=first)
    return None


def gap(pair: Pair) -> str:
    """Name the part of one table that is what it counts more, in every authority that differs."""
    local = pair.local.with_columns((pl.col("n_two") - pl.col("n")).alias("gap"))
    if local.height < threshold("meaning_rows"):
        return ""
    for kept, cell, sign in zip(pair.tables, pair.cells, (-1, 1), strict=True):
        of = kept.parts.filter(
            pl.col("day") == local["day"][0], pl.col("column") == cell.column
        ).join(local.select("place", (sign * pl.col("gap")).alias("gap")), "place", how="left")
        fits = of.group_by("part").agg(
            (pl.col("n") == pl.col("gap")).fill_null(value=False).all().alias("all"),
            pl.len().alias("places"),
        )
        named = fits.filter(pl.col("all"), pl.col("places") == local.height)["part"].sort()
        if named.len():
            file, part = kept.checked.layout.file, named[0].replace("_", " ")
            return (
                f"only {file} counts what it says is {part}: the gap in all {local.height} "
                "authorities that differ, and nought in the others"
            )
    return ""


def fewer(pair: Pair) -> str:
    """Say which of two tables counts fewer wherever they differ; nothing if neither does."""
    local = pair.local
    if local.height < threshold("fewer_places"):
        return ""
    for file, less in zip(pair.files, ("n", "n_two"), strict=True):
        more = "n" if less == "n_two" else "n_two"
        most = pl.col(less).sum() >= (1 - threshold("fewer_share")) * pl.col(more).sum()
        if local.select((pl.col(less) < pl.col(more)).all() & most).item():
            return f"{file} counts fewer in each of the {local.height} authorities that differ"
    return ""


def renamed(pair: Pair) -> str:
    """Say under which other names two files print a breakdown; nothing if under one."""
    topic = pair.rows["topic"][0]
    printed = [
        {ours: theirs for theirs, ours in kept.checked.layout.topics.items()}.get(topic, "")
        for kept in pair.tables
    ]
    if topic == TOTAL or "" in printed or printed[0].casefold() == printed[1].casefold():
        return ""
    here, there = (f"{file} prints {p!r}" for file, p in zip(pair.files, printed, strict=True))
    return f"{there}, {here}: the two may not be the same"


def shift(of_day: pl.DataFrame, topic: str, file: str) -> str:
    """Say which items of `file` stand under other names, where England's figures tell.

    One of its items may be two of those here, to the unit; then the sum is the proof.
    """
    of = of_day.filter(pl.col("level") == NATIONAL, pl.col("topic") == topic)
    theirs = {n: item for item, n in of.select("item", "n").iter_rows() if n}
    ours = {n: item for item, n in of.select("item", "n_two").iter_rows() if n}
    pairs = sorted(((ours[n], theirs[n]) for n in ours if n in theirs), key=_numbered)
    moved = [f"{there} is here {here}" for here, there in pairs if here != there]
    if 2 * len(moved) <= len(theirs):
        return ""
    alone = sorted(n for n in ours if n not in theirs)
    sums = [
        f"{theirs[a + b]} is {ours[b]} and {ours[a]} here ({b:,} + {a:,} = {a + b:,})"
        for a, b in combinations(alone, 2)
        if a + b in theirs and a + b not in ours
    ]
    return f"{SHIFTED}: of {file} {', '.join([*moved, *sums])}"


def shifted(
    held: Mapping[str, Kept], key: tuple[str, str, str], cannot: set[tuple[str, str, str]]
) -> str:
    """Say how the labels of a table are shifted against another that counts the same.

    Parameters
    ----------
    held : mapping of str to Kept
        By table id.
    key : tuple of (str, str, str)
        Table, census day and topic of labels that cannot be right.
    cannot : set of (str, str, str)
        Every such key; a table among them tells nothing.
    """
    table, day, topic = key
    for same in sames():
        for mine in (c for c in same.cells if c.table == table):
            for other in (c for c in same.cells if c.table in held and c.table != table):
                if (other.table, day, topic) not in cannot:
                    both = joined((held[other.table], held[table]), (other, mine))
                    file = held[other.table].checked.layout.file
                    said = shift(both.filter(pl.col("day") == day), topic, file)
                    if said:
                        return said
    return ""


def _numbered(pair: tuple[str, str]) -> tuple[int, str]:
    """Sort labels that are numbers as numbers, before the others."""
    here = pair[0]
    return (int(here), "") if here.isdecimal() else (10**9, here)
