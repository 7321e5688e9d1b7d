"""Made-up series for the tests of words, charts and site; figures from DfE are named as such."""

from __future__ import annotations

from typing import Any

import polars as pl

from sendstats.catalogue.series import Definition
from sendstats.series.model import ROWS, Note, Series, Source

RELEASE = Source(
    publication="education-health-and-care-plans",
    release="2025",
    publication_title="Education, health and care plans",
    release_title="Reporting year 2025",
    publisher="Department for Education",
    published="2025-06-26T08:30:00Z",
    published_assumed=False,
    extract=False,
    licence="Open Government Licence v3.0",
    url="https://explore-education-statistics.service.gov.uk/find-statistics/ehc",
    periods=("2015", "2024"),
)


def definition(**changes: Any) -> Definition:
    """A count of plans, a stock, unless changed."""
    fields: dict[str, Any] = {
        "id": "plans.caseload",
        "title": "EHC plans in force",
        "kind": "stock",
        "universe": "plans_home_authority",
        "unit": "plans",
        "decimals": 0,
        "measures": "Plans maintained on the census day.",
        "publication": "education-health-and-care-plans",
    }
    return Definition(**(fields | changes))


def row(period: str, value: float | None, **changes: Any) -> dict[str, Any]:
    """One observation of England."""
    fields: dict[str, Any] = dict.fromkeys(ROWS.names(), "")
    fields |= {
        "series": "plans.caseload",
        "period": period,
        "place": "E92000001",
        "place_name": "England",
        "level": "National",
        "placement": "total",
        "topic": "total",
        "item": "total",
        "value": value,
        "numerator": None,
        "denominator": None,
        "flags": [],
        "published": "x" if value is None else str(value),
        "reason": "suppressed" if value is None else "",
        "release": "2025",
        "row": "1",
    }
    return fields | changes


def series(
    rows: list[dict[str, Any]], notes: tuple[Note, ...] = (), basis: str = "", **changes: Any
) -> Series:
    """Build a series of `rows`; `changes` go to its definition."""
    meant = definition(**changes)
    filled = [{**r, "series": meant.id, "basis": basis} for r in rows]
    frame = pl.DataFrame(filled, schema=ROWS)
    return Series(meant, frame, basis=basis, notes=notes, sources=(RELEASE,))


#: Caseload, England, January: DfE, EHC plans, reporting years 2022, 2025 and 2026.
CASELOAD = {
    "2019-01": 353_995,
    "2020-01": 390_109,
    "2021-01": 430_697,
    "2022-01": 473_255,
    "2023-01": 517_048,
    "2024-01": 576_474,
    "2025-01": 638_745,
    "2026-01": 718_838,
}
#: Timeliness excluding exceptions, England: within 20 weeks and issued (DfE, reporting year 2025).
TIMELINESS = {
    "2015": (11_675, 19_712),
    "2016": (18_140, 30_942),
    "2017": (23_805, 36_702),
    "2018": (27_111, 45_145),
    "2019": (29_895, 49_519),
    "2020": (31_446, 54_175),
    "2021": (34_249, 57_196),
    "2022": (30_536, 62_108),
    "2023": (38_471, 76_506),
    "2024": (39_407, 84_866),
}
TIMED: dict[str, Any] = {
    "id": "timeliness.within_20_weeks",
    "title": "EHC plans issued within 20 weeks",
    "kind": "flow",
    "universe": "plans_issued",
    "unit": "percent",
    "decimals": 1,
}


def rate(period: str, numerator: int, denominator: int, **changes: Any) -> dict[str, Any]:
    """One rate of England with its counts."""
    value = 100 * numerator / denominator if denominator else None
    counts = {"numerator": numerator, "denominator": denominator}
    return row(period, value, **(counts | changes))


def caseload(**changes: Any) -> Series:
    """The caseload of England."""
    return series([row(p, v) for p, v in CASELOAD.items()], **changes)


def timeliness(notes: tuple[Note, ...] = (), **flags: list[str]) -> Series:
    """Timeliness of England; `flags` are given as ``y2022=[...]``."""
    rows = [rate(p, *c, flags=flags.get(f"y{p}", [])) for p, c in TIMELINESS.items()]
    return series(rows, notes=notes, basis="excluding_exceptions", **TIMED)


def placements(counts: dict[str, dict[str, int]], wholes: dict[str, int]) -> list[Series]:
    """One share series a placement, all of the same whole."""
    meant: dict[str, Any] = {
        "id": "plans.caseload.share",
        "title": "Share of EHC plans in force, by placement",
        "unit": "percent",
        "decimals": 1,
        "denominator": "plans.caseload.placed",
    }
    return [
        series([rate(p, n, wholes[p], placement=name) for p, n in line.items()], **meant)
        for name, line in counts.items()
    ]
