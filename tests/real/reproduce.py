"""The whole flow on real releases: fetch over HTTP, ingest, check, store, read, compare.

Nothing here reads the committed tables but the last test, which compares bytes with them.
"""

from __future__ import annotations

import csv
import tomllib
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

import sendstats as ss
from sendstats.errors import Refused

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
EXCL, INCL = "excluding_exceptions", "including_exceptions"
BASES = {"excluding": EXCL, "including": INCL}


def value(store, series_id, period, **options):
    return ss.series(series_id, store=store, **options).at(period).value


def shown(number: float, decimals: int = 1) -> str:
    return f"{number:.{decimals}f}"


COUNTS = [
    ("plans.caseload", {}, {
        "2010-01": 228221, "2016-01": 256315, "2018-01": 319819, "2019-01": 353995,
        "2020-01": 390109, "2021-01": 430697, "2022-01": 473255, "2023-01": 517048,
        "2024-01": 576474, "2025-01": 638745, "2026-01": 718838,
    }),
    ("plans.caseload.placed", {}, {"2016-01": 256530, "2018-01": 312626}),
    ("plans.new", {}, {
        "2011": 27447, "2017": 42162, "2019": 53899, "2020": 60097, "2024": 97747, "2025": 110708,
    }),
    ("plans.new.placed", {}, {"2011": 26859, "2017": 41698}),
    ("plans.caseload.placed", {"placement": "mainstream"}, {"2021-01": 172023, "2025-01": 279452}),
    ("plans.caseload.placed", {"placement": "mainstream", "release": "2025"}, {"2025-01": 278236}),
    ("plans.new.placed", {"placement": "mainstream"}, {"2020": 43037}),
    ("pupils.ehc_plans", {}, {"2023-01": 389171}),
    ("pupils.sen_support", {}, {"2023-01": 1183384}),
    ("pupils.all", {}, {"2023-01": 9073832}),
    ("pupils.ehc_plans.by_need", {}, {"2023-01": 360342}),
]  # fmt: skip


@pytest.mark.parametrize(("series_id", "options", "expected"), COUNTS)
def test_headline_counts(built, series_id, options, expected):
    found = {p: value(built, series_id, p, **options) for p in expected}
    assert found == expected


RATES = [
    ("timeliness.within_20_weeks", {"basis": EXCL}, {
        "2019": "60.4", "2020": "58.0", "2021": "59.9", "2022": "49.2", "2023": "50.3",
        "2024": "46.4", "2025": "46.1",
    }),
    ("timeliness.within_20_weeks", {"basis": INCL}, {
        "2019": "58.7", "2020": "55.6", "2021": "57.9", "2022": "47.7", "2023": "49.1",
        "2024": "45.9", "2025": "45.5",
    }),
    ("plans.caseload.share", {"placement": "mainstream"}, {
        "2021-01": "39.9", "2025-01": "43.8", "2026-01": "45.5",
    }),
    ("plans.caseload.share", {"placement": "mainstream", "release": "2025"}, {"2025-01": "43.6"}),
    ("plans.new.share", {"placement": "mainstream"}, {
        "2020": "71.6", "2024": "75.4", "2025": "77.1",
    }),
    ("plans.new.share", {"placement": "mainstream", "release": "2025"}, {"2024": "75.1"}),
]  # fmt: skip


@pytest.mark.parametrize(("series_id", "options", "expected"), RATES)
def test_headline_rates(built, series_id, options, expected):
    found = {p: shown(value(built, series_id, p, **options)) for p in expected}
    assert found == expected


def test_changes(built):
    plans = ss.series("plans.caseload", store=built)
    grown = [("2018-01", "2019-01", "10.7"), ("2020-01", "2021-01", "10.4")]
    for earlier, later, expected in [*grown, ("2025-01", "2026-01", "12.5")]:
        change = ss.change(plans.at(earlier), plans.at(later))
        assert shown(change.percent) == expected
    timely = ss.series("timeliness.within_20_weeks", basis=EXCL, store=built)
    change = ss.change(timely.at("2019"), timely.at("2020"))
    assert shown(change.value, 3) == "-2.326"
    assert change.percent is None
    assert change.unit == "percentage points"


def test_refusals(built):
    one, other = (
        ss.series("timeliness.within_20_weeks", basis=b, store=built) for b in (EXCL, INCL)
    )
    with pytest.raises(Refused, match="basis"):
        ss.change(one.at("2019"), other.at("2020"))
    with pytest.raises(Refused, match="stock"):
        ss.share("mainstream", store=built)
    by_need = ss.series("pupils.ehc_plans.by_need", store=built).at("2023-01")
    with pytest.raises(Refused, match="universe"):
        ss.difference(ss.series("pupils.ehc_plans", store=built).at("2023-01"), by_need)


@pytest.mark.parametrize("series_id", ["pupils.ehc_plans", "pupils.sen_support", "pupils.all"])
def test_authorities_sum_to_england(built, series_id):
    rows = ss.series(series_id, place="all", store=built).rows
    january = rows.filter(pl.col("period") == "2023-01")
    sums = dict(january.group_by("level").agg(pl.col("value").sum()).iter_rows())
    assert sums["Local authority"] == sums["National"]


def test_cumberland_begins_in_its_first_january(built):
    for series_id in ("pupils.ehc_plans.share", "pupils.sen_support.share", "plans.caseload"):
        assert ss.series(series_id, place="Cumberland", store=built).periods[0] == "2024-01"


def test_two_releases_label_one_snapshot_differently(built):
    """`2021` in the 2022 release and `202021` in the 2025 release: the same January."""
    old, new = (
        ss.series("plans.caseload", place="all", release=r, store=built).rows
        for r in ("2022", "2025")
    )
    both = old.join(new, on=["period", "place"], suffix="_new")
    assert both.height == 646
    assert both.filter(pl.col("value") != pl.col("value_new")).is_empty()
    labels = both.filter(pl.col("period") == "2021-01").select("label", "label_new").unique()
    assert labels.rows() == [("2021", "202021")]


def test_coverage_of_places(built):
    """England, nine regions and every authority, for every period asked for."""
    spans = {
        "plans.caseload": ("2010-01", "2025-01", {}),
        "plans.new": ("2009", "2024", {}),
        "timeliness.within_20_weeks": ("2014", "2024", {"basis": EXCL}),
        "pupils.sen_support.share": ("2016-01", "2025-01", {}),
    }
    for series_id, (first, last, options) in spans.items():
        rows = ss.series(series_id, place="all", store=built, **options).rows
        rows = rows.filter(pl.col("period").is_between(pl.lit(first), pl.lit(last)))
        levels = rows.group_by("period", "level").len()
        assert rows["period"].unique().sort().to_list()[:: rows["period"].n_unique() - 1] == [
            first,
            last,
        ]
        regions = levels.filter(pl.col("level") == "Regional")["len"]
        assert set(regions) == {9}
        authorities = levels.filter(pl.col("level") == "Local authority")["len"]
        assert authorities.min() >= 150
        assert authorities.max() <= 153


def published() -> list[dict[str, str]]:
    path = SHARED / "reference" / "published_values.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


MEASURES = tomllib.loads((Path(__file__).parent / "measures.toml").read_text(encoding="utf-8"))
HELD = [row for row in published() if row["measure"] in MEASURES["measure"]]


def test_every_measure_is_placed():
    known = {*MEASURES["measure"], *MEASURES["not_held"]}
    assert {row["measure"] for row in published()} == known
    missing = [r for r in published() if r["measure"] in MEASURES["not_held"]]
    print(f"{len(HELD)} of {len(published())} reference figures concern these series")
    for measure in sorted({r["measure"] for r in missing}):
        print(f"  not held: {measure}: {MEASURES['not_held'][measure]}")


@pytest.mark.parametrize(
    "row", HELD, ids=[f"{r['measure']}-{r['time_period']}-{r['source_file'][:4]}" for r in HELD]
)
def test_published_value(built, row):
    """Every reference figure, read from the very release that it was taken from."""
    spec = dict(MEASURES["measure"][row["measure"]])
    meant = ss.series(spec.pop("series"), release=row["source_file"][:4], store=built, **spec)
    period = row["time_period"] + ("-01" if meant.definition.kind == "stock" else "")
    found = Decimal(repr(meant.at(period).value))
    expected = Decimal(row["value"])
    # Half a unit of the last printed decimal, and a hair for ties printed the other way.
    exponent = Decimal(1).scaleb(int(expected.as_tuple().exponent))
    slack = exponent * Decimal("0.51") if meant.definition.is_rate else Decimal(0)
    if row["unit"] == "percent":
        slack = max(slack, Decimal("0.051") if row["source_file"].startswith("2025") else slack)
    assert abs(found - expected) <= slack, f"{found} against {expected}"


def test_same_bytes_as_committed(fetched, built):
    names = {p.relative_to(fetched.processed) for p in fetched.processed.rglob("*") if p.is_file()}
    committed = ROOT / "data" / "processed"
    differ = [
        str(n)
        for n in sorted(names)
        if not (committed / n).is_file()
        or (committed / n).read_bytes() != (fetched.processed / n).read_bytes()
    ]
    assert not differ
    kept = {p.relative_to(committed) for p in committed.rglob("*") if p.is_file()}
    assert {n for n in kept - names if n.suffix != ".md"} == set()
