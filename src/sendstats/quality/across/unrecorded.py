"""Items that say that nothing is recorded, where they hold nearly all of one place's cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL
from sendstats.catalogue.tables import PERCENT
from sendstats.quality.across.kept import Across, Kept, has
from sendstats.quality.broken import GAP, UNRECORDED, Broken
from sendstats.quality.cells import TOTAL
from sendstats.quality.returns import Unrecorded, unrecordeds
from sendstats.quality.settings import threshold

_KEY = ["day", "place"]


@dataclass(frozen=True)
class _Source:
    """Where cases stand of which nothing is recorded: a column, or an item's rows."""

    kept: Kept
    part: str
    whole: str
    label: tuple[str, str]

    @property
    def named(self) -> str:
        """How the file calls the cases."""
        topic, item = self.label
        columns = self.kept.checked.layout.columns
        return columns[self.part] + f" ({topic}: {item})" * (topic != TOTAL)


def unrecorded(held: Mapping[str, Kept]) -> Iterator[Across]:
    """Find places where nothing is recorded for nearly all cases, and England's share is small.

    One return without entries shows in every table that is made from it, which is one finding;
    where many places made such a return, they are one finding of England.
    """
    for entry in unrecordeds():
        sources = [*_sources(held, entry)]
        found = [
            _hits(source).with_columns(pl.lit(n).alias("_n")) for n, source in enumerate(sources)
        ]
        hits = pl.concat(found) if found else pl.DataFrame(schema={"day": pl.String})
        for day in hits["day"].unique().sort():
            mine = hits.filter(pl.col("day") == day)
            if mine["place"].n_unique() > threshold("named_places"):
                yield _many(sources, mine, entry)
            else:
                for place in mine["place"].unique().sort():
                    yield _one(sources, mine.filter(pl.col("place") == place), entry)


def _sources(held: Mapping[str, Kept], entry: Unrecorded) -> Iterator[_Source]:
    for part, whole in zip(entry.parts, entry.wholes, strict=True):
        if has(held, part) and has(held, whole):
            yield _Source(held[part.table], part.column, whole.column, (TOTAL, TOTAL))
    for cell in (c for c in entry.items if has(held, c)):
        yield _Source(held[cell.table], cell.column, cell.column, (entry.topic, entry.item))


def _hits(source: _Source) -> pl.DataFrame:
    """Return the places where nearly all is unrecorded, with England's figures beside theirs."""
    rows = source.kept.rows
    whole = source.kept.undivided
    part = rows.filter(pl.col("topic") == source.label[0], pl.col("item") == source.label[1])
    both = part.select(*_KEY, "level", "period", "row", pl.col(source.part).alias("n")).join(
        whole.select(*_KEY, pl.col(source.whole).alias("of")), on=_KEY
    )
    england = both.filter(pl.col("level") == NATIONAL).select(
        "day", pl.col("row").alias("_row"), pl.col("place").alias("_place"),
        pl.col("n").alias("_all"), pl.col("of").alias("_of"),
    )  # fmt: skip
    nearly = (pl.col("of") >= threshold("shares_least")) & (
        pl.col("n") > threshold("unrecorded_share") * pl.col("of")
    )
    rare = pl.col("_all") < threshold("unrecorded_rare") * pl.col("_of")
    local = both.filter(pl.col("level") == LOCAL).join(england, on="day")
    return local.filter(nearly & rare).sort("row")


def _one(sources: list[_Source], hits: pl.DataFrame, entry: Unrecorded) -> Across:
    rows = hits.sort(pl.col("n"), "_n", descending=[True, False]).to_dicts()
    row, source = rows[0], sources[rows[0]["_n"]]
    also = [
        f"{r['n']:,} of {r['of']:,} in {_file(sources[r['_n']])} row {r['row']}" for r in rows[1:]
    ]
    cause = f"{entry.says}; so too {', '.join(also)}" if also else entry.says
    return _across(
        source, [_broken(source, row, cause)], _cells(sources, rows), _without([row], source)
    )


def _many(sources: list[_Source], hits: pl.DataFrame, entry: Unrecorded) -> Across:
    """Say of England what many places did not record, in the table where most of them stand."""
    most = hits.group_by("_n").len().sort(pl.col("len"), "_n", descending=[True, False])["_n"][0]
    source, rows = sources[most], hits.filter(pl.col("_n") == most).to_dicts()
    first, gone = rows[0], sum(r["n"] for r in rows)
    national = Broken(
        rule=UNRECORDED,
        kind=GAP,
        period=first["period"],
        place=first["_place"],
        column=source.part,
        row=first["_row"],
        expected=first["_all"] - gone,
        found=first["_all"],
        says=f"{first['_all'] - gone:,} (without {len(rows)} authorities that have {gone:,})",
        topic=source.label[0],
        item=source.label[1],
        cause=entry.says,
    )
    broken = [national, *(_broken(source, row, entry.says) for row in rows)]
    cells = [(source, (first["_row"], first["period"])), *_cells(sources, hits.to_dicts())]
    return _across(source, broken, cells, _without(rows, source))


def _broken(source: _Source, row: dict[str, Any], cause: str) -> Broken:
    usual = round(row["of"] * row["_all"] / row["_of"])
    whole = source.kept.checked.layout.columns[source.whole]
    return Broken(
        rule=UNRECORDED,
        kind=GAP,
        period=row["period"],
        place=row["place"],
        column=source.part,
        row=row["row"],
        expected=usual,
        found=row["n"],
        says=f"about {usual:,} of {row['of']:,} {whole}, as in England",
        topic=source.label[0],
        item=source.label[1],
        cause=cause,
    )


_Where = tuple[_Source, tuple[int, str]]


def _cells(sources: list[_Source], rows: list[dict[str, Any]]) -> list[_Where]:
    return [(sources[row["_n"]], (row["row"], row["period"])) for row in rows]


def _across(
    source: _Source, broken: list[Broken], where: list[_Where], effect: tuple[str, float]
) -> Across:
    cells = tuple(
        (of.kept.checked, (*at, column))
        for of, at in where
        for column in (of.part, f"{of.part}{PERCENT}")
        if column in of.kept.checked.layout.columns
    )
    return Across(source.kept.checked, tuple(broken), cells, *effect)


def _without(rows: list[dict[str, Any]], source: _Source) -> tuple[str, float]:
    """Say what England's share is without the places, if it differs at one decimal."""
    first = rows[0]
    left = first["_all"] - sum(r["n"] for r in rows), first["_of"] - sum(r["of"] for r in rows)
    share, others = 100 * first["_all"] / first["_of"], 100 * left[0] / left[1]
    if f"{share:.1f}" == f"{others:.1f}":
        return "", 0.0
    whole = source.kept.checked.layout.columns[source.whole]
    which = "this authority" if len(rows) == 1 else f"these {len(rows)} authorities"
    text = f"England {source.named} {share:.1f} % of {whole} as published, {others:.1f} % without "
    return text + which, share - others


def _file(source: _Source) -> str:
    return source.kept.checked.layout.file
