"""A total of one table whose parts stand in others, with figures as DfE printed them."""

import polars as pl
import pytest

from builders import ENGLAND, NORTH_EASTERN, lines, write
from sendstats.catalogue.places import places
from sendstats.catalogue.tables import table
from sendstats.ingest.table import ingest
from sendstats.quality.gates import Checks

RULE = "a total is the sum of its parts in other tables"
TRIBUNAL = table("tribunal_appeals")

#: Refused, not issued, plans on the census day and plans ceased because needs were met:
#: requests.csv rows 10225 and 10265, assessments.csv 9976 and 10015, caseload.csv and
#: ceased_plans.csv of release 2025. They add up to 4,410 and 8,238.
BEDFORDSHIRE, CAMBRIDGESHIRE = ("823", 300, 39, 4035, 36), ("873", 158, 72, 8007, 1)


#: Plans that ended for other reasons, and reviews with a meeting in the year: ceased_plans.csv rows
#: 16148 and 16217, annual_reviews.csv of release 2025. By the method in development they make
#: 2,931 and 4,894.
OTHER, REVIEWS = {"823": 0, "873": 8}, {"823": 2556, "873": 4655}


def appeals(decisions, developed, year="2024"):
    """The tribunal table as stored: appealable decisions of each place, by both methods."""
    rows = [
        {
            "row": n,
            "place": key,
            "level": places()[key].level,
            "period": year,
            "topic": "total",
            "item": "total",
            "appealable_decisions": str(figure),
            "appeals.percent": "1.7",
            "appealable_decisions_in_development": str(developed.get(key, "x")),
        }
        for n, (key, figure) in enumerate(decisions.items(), 1)
    ]
    held = dict.fromkeys(["label", *TRIBUNAL.layout("2025").columns])
    return pl.DataFrame([held | row for row in rows], infer_schema_length=None).with_columns(
        pl.col(pl.Null).cast(pl.String)
    )


@pytest.fixture
def totals(tmp_path):
    """Return a function that checks decisions against what they are made of."""

    def run(decisions, parts, without=("annual_reviews",), developed=None, reviews=None):
        checks = Checks()
        checks.add(appeals(decisions, developed or {}), TRIBUNAL, "2025", extract=False)
        given = {
            "requests": [{"place": k, "label": 2024, "refused": r} for k, r, *_ in parts],
            "assessments": [{"place": k, "label": 2024, "not_issued": n} for k, _, n, *_ in parts],
            "caseload": [{"place": k, "label": 202425, "plans": c} for k, _, _, c, _ in parts],
            "ceased": [
                {"place": k, "label": 2024, "needs_met": m, "other": OTHER.get(k, "x")}
                for k, *_, m in parts
            ],
            "annual_reviews": [
                {"place": k, "label": 2024, "meeting.in_year": n}
                for k, n in (reviews or {}).items()
            ],
        }
        for name, rows in given.items():
            if name not in without:
                meant = table(name)
                path = write(tmp_path / meant.layout("2025").file, lines(name, "2025", rows))
                checks.add(ingest(path, meant, "2025"), meant, "2025", extract=False)
        findings, flags, _ = checks.result()
        told = [f for f in findings.iter_rows(named=True) if f["rule"] == RULE]
        return told, flags.filter(pl.col("finding").str.starts_with(RULE))

    return run


def test_two_figures_that_changed_places_are_one_finding(totals):
    """SEND tribunal table 2024: 8,246 beside Central Bedfordshire, 4,410 beside Cambridgeshire."""
    (found,), flags = totals({"823": 8246, "873": 4410}, [BEDFORDSHIRE, CAMBRIDGESHIRE])
    assert (found["kind"], found["touches"]) == ("contradiction", "823;873")
    assert found["cause"] == "exchanged with Cambridgeshire"
    assert found["expected"] == (
        "about 4,410 (300 requests_decided_not_to_assess + 39 assess_not_issued"
        " + 4,035 ehcplans + 36 needs_met)"
    )
    cells = set(flags.select("table", "row", "column").iter_rows())
    wrong = {"appealable_decisions", "appeals.percent"}
    assert cells == {("tribunal_appeals", row, column) for row in (1, 2) for column in wrong}


def test_two_totals_that_changed_places_alike_are_one_finding(totals):
    """By the method in development 4,894 is printed beside Central Bedfordshire, and 2,931."""
    wrong = {"decisions": {"823": 8246, "873": 4410}, "developed": {"823": 4894, "873": 2931}}
    parts = [BEDFORDSHIRE, CAMBRIDGESHIRE]
    (found,), flags = totals(parts=parts, without=(), reviews=REVIEWS, **wrong)
    assert found["also"] == f"{RULE}: 3 in 2 places"
    assert "appealable_decisions_in_development" in set(flags["column"])
    wrong["decisions"] = {"823": 4410, "873": 8246}
    (found,), _ = totals(parts=parts, without=(), reviews=REVIEWS, **wrong)
    assert found["column"] == "appealable_decisions_in_development"


def test_what_two_totals_hold_beyond_the_same_parts_is_one_finding(totals):
    """Both are 500 more, 8,738 and 5,394: a part of both is short, and nothing says which."""
    found, _ = totals({"873": 8738}, [CAMBRIDGESHIRE], (), {"873": 5394}, REVIEWS)
    assert [(f["size"], f["cause"]) for f in found] == [(500, "unknown")]


def test_figures_beside_their_own_places_are_silent(totals):
    assert totals({"823": 4410, "873": 8246}, [BEDFORDSHIRE, CAMBRIDGESHIRE])[0] == []


@pytest.mark.parametrize(("printed", "told"), [(1049, 0), (950, 0), (1051, 1), (949, 1)])
def test_a_total_may_miss_its_parts_by_what_is_stated(totals, printed, told):
    """At a residual of one in twenty a sum of 1,000 allows 950 to 1,050."""
    found, _ = totals({"390": printed}, [("390", 100, 50, 840, 10)])
    assert len(found) == told
    assert {f["kind"] for f in found} <= {"doubt"}


def test_a_small_sum_says_little(totals):
    assert totals({"390": 47}, [("390", 1, 0, 17, 0)])[0] == []
    assert len(totals({"390": 48}, [("390", 1, 0, 17, 0)])[0]) == 1


def test_a_part_that_is_nought_is_named_and_flagged(totals):
    """Waltham Forest, 2024: 3,887 decisions, no refusal where there were 135 the year before."""
    (found,), flags = totals({"320": 3887}, [("320", 0, 2, 3663, 1)])
    assert found["cause"] == "requests_decided_not_to_assess in requests.csv is nought"
    assert ("requests", "refused") in set(flags.select("table", "column").iter_rows())


def test_a_part_that_is_nought_in_many_places_tells_nothing(totals):
    keys = NORTH_EASTERN
    decisions = dict.fromkeys(keys, 892) | {"390": 1000}
    found, _ = totals(decisions, [(k, 0, 2, 880, 10) for k in keys])
    assert [(f["place"], f["cause"]) for f in found] == [("390", "unknown")]


def test_a_total_is_at_least_the_parts_that_have_a_figure(totals):
    unmet = ("390", 100, 50, 850, "x")
    assert totals({"390": 1400}, [unmet])[0] == []
    (found,), _ = totals({"390": 900}, [unmet])
    assert found["expected"].startswith("at least 1,000 (100 ")


def test_an_identity_without_one_of_its_tables_says_nothing(totals):
    assert (
        totals({"390": 1}, [("390", 100, 50, 840, 10)], without=["ceased", "annual_reviews"])[0]
        == []
    )


def test_what_is_wrong_in_very_many_places_is_one_finding(totals):
    keys = [ENGLAND, *NORTH_EASTERN]
    (found,), _ = totals(dict.fromkeys(keys, 2000), [(k, 100, 50, 840, 10) for k in keys])
    assert (found["place"], found["places"]) == (ENGLAND, 13)
    assert found["effect"] == (
        "England Total Appealable Decisions (2024) 2,000 as published, about 1,000 by its parts"
    )


@pytest.mark.parametrize(("year", "told"), [(2022, [5851, 4887]), (2023, [])])
def test_stages_of_mediation_add_up(tmp_path, year, told):
    """sen2_mi.csv of release 2024, England (an extract): 5,484 against 4,107 + 1,024 + 720, and
    4,726 against 2,534 + 864 + 1,489 in 2022; exact in 2023."""
    printed = {
        2022: (5484, 4107, 1024, 720, 4726, 2534, 864, 1489),
        2023: (10314, 7490, 1549, 1275, 6345, 3410, 1048, 1887),
    }[year]
    columns = [f"{of}_{what}" for what in ("mediation", "tribunal")
               for of in ("total", "request", "assessment", "other")]  # fmt: skip
    row = {"place": ENGLAND, "label": year} | dict(zip(columns, printed, strict=True))
    checks = Checks()
    for name in ("mediation", "requests", "assessments"):
        path = write(tmp_path / "sen2_mi.csv", lines(name, "2024", [row], "z"))
        checks.add(ingest(path, table(name), "2024"), table(name), "2024", extract=True)
    findings, flags, _ = checks.result()
    found = findings.filter(pl.col("rule") == RULE)
    sums = found["expected"].str.extract(r"^([\d,]+) ").str.replace(",", "").cast(pl.Int64)
    assert sums.to_list() == told
    assert set(found["kind"]) <= {"contradiction"}
    # eight cells, and the rate that divides by the cases of mediation
    assert flags.height == (9 if told else 0)


@pytest.mark.parametrize(("printed", "told"), [(2_350, True), (1_900, False)])
def test_a_total_that_counts_the_detail_of_a_part_and_not_all_of_it(tmp_path, printed, told):
    """Peterborough 2023: 2,350 beside 176 + 5 + 2,625 + 4, of which its region has the placements
    of 65,093 - 62,927 = 2,166 (caseload.csv of release 2025); 176 + 5 + 2,166 + 4 = 2,351."""
    checks, year = Checks(), {"place": "874", "label": 2023}
    checks.add(appeals({"874": printed}, {}, "2023"), TRIBUNAL, "2025", extract=False)
    plans = (("E12000006", 65_552, 65_093), ("873", 62_927, 62_927), ("874", 2_625, "x"))
    given = {
        "requests": [year | {"refused": 176}],
        "assessments": [year | {"not_issued": 5}],
        "ceased": [year | {"needs_met": 4}],
        "caseload": [
            {"place": p, "label": 202324, "plans": n, "mainstream": m} for p, n, m in plans
        ],
    }
    for name, rows in given.items():
        path = write(tmp_path / table(name).layout("2025").file, lines(name, "2025", rows))
        checks.add(ingest(path, table(name), "2025"), table(name), "2025", extract=False)
    found = checks.result()[0].filter(pl.col("rule") == RULE, pl.col("size") > 400)
    says = (
        "with the 2,166 ehcplans that stand in the parts of East of England, and not all 2,625, it "
        "would be 2,351"
    )
    assert found["cause"].to_list() == [says if told else "unknown"]
