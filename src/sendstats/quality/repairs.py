"""Put a proven value beside a printed one that other cells of the same release contradict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, REGIONAL
from sendstats.ingest.symbols import number
from sendstats.quality.broken import MEMBERS
from sendstats.quality.cells import Checked
from sendstats.quality.schema import REPAIRS


@dataclass(frozen=True)
class _Member:
    row: int
    place: str
    published: str
    value: int | None
    proven: int | None
    floor: int


def prove(checked: Checked, findings: pl.DataFrame) -> pl.DataFrame:
    """Return the repairs that the cells of one ingested table prove.

    A member of a region that carries the region's own total is repaired where two things agree
    on another value: the sum of its placement groups, and the sum of each of its breakdowns. The
    last member without such a value is what is left of the region's total. All repaired members
    and the others must then sum to the region exactly; the region's own figure never changes.

    Parameters
    ----------
    checked : Checked
    findings : polars.DataFrame
        Columns of `sendstats.quality.schema.FINDINGS`.

    Returns
    -------
    polars.DataFrame
        Columns of `REPAIRS`.
    """
    found: list[dict[str, Any]] = []
    base = [b for b in checked.layout.bases if len(b.leaves) > 1]
    broken = findings.filter(pl.col("rule") == MEMBERS)
    for row in broken.iter_rows(named=True):
        groups = next((b.leaves for b in base if b.holds(row["period"])), ())
        if groups:
            mine = checked.frame.filter(pl.col("period") == row["period"]).collect()
            found += _region(mine, row, groups)
    where = {"table": checked.table.id, "release": checked.release}
    return pl.DataFrame([where | r for r in found], schema=REPAIRS)


def _region(
    mine: pl.DataFrame, finding: dict[str, Any], groups: Iterable[str]
) -> list[dict[str, Any]]:
    column = finding["column"]
    region = mine.filter(pl.col("place") == finding["place"], pl.col("topic") == "total")
    if region.height != 1 or region["level"].cast(pl.String).item() != REGIONAL:
        return []
    total = int(region[column].item())
    members = _members(mine, finding["place"], column, list(groups))
    copied = [m for m in members if m.value == total]
    right = [m.value for m in members if m.value is not None and m.value != total]
    if len(copied) + len(right) < len(members):
        return []  # an identity with a hole proves nothing
    return _solve(copied, total - sum(right), finding)


def _members(mine: pl.DataFrame, region: str, column: str, groups: list[str]) -> list[_Member]:
    from sendstats.catalogue.places import places  # noqa: PLC0415 - one name of it only

    inside = [key for key, p in places().items() if p.region == region]
    local = mine.filter(
        pl.col("level") == LOCAL, pl.col("place").cast(pl.String).is_in(inside)
    ).with_columns(number(column).alias("_n"), *[number(g).alias(f"_{g}") for g in groups])
    members = []
    for key in local["place"].unique(maintain_order=True):
        rows = local.filter(pl.col("place") == key)
        whole = rows.filter(pl.col("topic") == "total")
        if whole.height != 1:
            return []
        by_topic = rows.filter(pl.col("topic") != "total").group_by("topic").agg(pl.sum("_n"))
        sums = set(by_topic["_n"].to_list())
        placed = [v for v in whole.select([f"_{g}" for g in groups]).row(0) if v is not None]
        agreed = sums == {sum(placed)} and len(placed) > 0
        members.append(
            _Member(
                row=whole["row"].item(),
                place=str(key),
                published=whole[column].item(),
                value=whole["_n"].item(),
                proven=sum(placed) if agreed else None,
                floor=max(sums, default=0),
            )
        )
    return members


def _solve(copied: list[_Member], left: int, finding: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the repairs if they make the identity exact, nothing otherwise."""
    proven = {m.place: m.proven for m in copied if m.proven is not None}
    rest = [m for m in copied if m.proven is None]
    remains = left - sum(v for v in proven.values() if v is not None)
    if len(rest) > 1 or (not rest and remains) or (rest and remains < rest[0].floor):
        return []
    agree = "the sum of its placement groups, and of each of its breakdowns"
    residue = "what the region's total leaves when every other member is proven"
    return [
        {
            "row": m.row,
            "column": finding["column"],
            "period": finding["period"],
            "place": m.place,
            "published": m.published,
            "value": remains if m.proven is None else m.proven,
            "finding": finding["finding"],
            "proof": residue if m.proven is None else agree,
        }
        for m in copied
    ]
