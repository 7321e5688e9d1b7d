"""What a whole leaves for members without a figure, what is counted twice, and what is copied."""

import polars as pl
import pytest

from builders import ENGLAND, NORTH_EAST
from sendstats.catalogue.tables import table
from sendstats.quality.gates import Checks

LEFT = "what a whole leaves for withheld members can be a count"
LACKING = "a whole counts its withheld members"
APART = "columns that exclude each other are not more than their whole"
REPEAT = "a row does not repeat the year before"
GATESHEAD = {"outcome.not_recorded": "x", "outcome.amended": "x", "meetings": "x"}


@pytest.mark.parametrize(("whole", "expected"), [(97, "-2 left"), (99, None)])
def test_what_is_left_for_a_withheld_member_is_not_below_nought(gate, north_east, whole, expected):
    """Ten members of 10 and one of -1 make 99; of 97 two less than none are left for Gateshead."""
    each, below = {"outcome.not_recorded": 10}, {"outcome.not_recorded": -1}
    rows = north_east(2024, {"outcome.not_recorded": whole}, each, k390=GATESHEAD, k391=below)
    rows = [{"place": ENGLAND, "label": 2024, "outcome.not_recorded": 1_000}, *rows]
    found = gate(LEFT, rows, "annual_reviews")
    assert [f["found"] for f in found] == ([expected] if expected else [])
    for f in found:
        assert (f["place"], f["touches"]) == (NORTH_EAST, "390;E12000001")
        assert f["effect"] == (
            "England no_outcome 1,000 as published, 2 lower than its members with a figure and at "
            "least 0 for Gateshead"
        )
        assert (f["expected"], f["effect_size"]) == ("0 or more left for Gateshead", 0.2)


@pytest.mark.parametrize(("amended", "expected"), [(126, "at most 9 (meetings)"), (119, None)])
def test_of_a_part_no_more_is_left_than_of_its_total(gate, north_east, amended, expected):
    """Of 130 meetings 121 are the others' and 9 are left; of 126 amended plans 110 and 16."""
    each = {"meetings": 11, "outcome.amended": 10}
    whole = {"meetings": 130, "outcome.amended": amended}
    found = gate(LEFT, north_east(2024, whole, each, k390=GATESHEAD), "annual_reviews")
    assert [f["expected"] for f in found] == ([f"{expected} left for Gateshead"] * bool(expected))
    assert all((f["column"], f["found"]) == ("outcome.amended", "16 left") for f in found)


def test_both_are_one_finding(gate, north_east):
    """Release 2025, annual_reviews.csv row 735: -1,068 without outcome, 1,748 amended of 1,663."""
    each = {"meetings": 11, "outcome.amended": 10, "outcome.not_recorded": 1}
    whole = {"meetings": 130, "outcome.amended": 126, "outcome.not_recorded": 2}
    minus = {"meetings": 9, "outcome.not_recorded": -1}
    rows = north_east(2024, whole, each, k390=GATESHEAD, k391=minus)
    (found,) = gate(LEFT, rows, "annual_reviews")
    assert (found["column"], found["found"]) == ("outcome.not_recorded", "-7 left")
    assert found["cause"].endswith(
        "of outcome_amend 16 are left for them, more than the 11 of total_review_meeting"
    )


@pytest.mark.parametrize(("left", "expected"), [(0, "about 110"), (43, "about 110"), (44, None)])
def test_a_whole_counts_its_withheld_members(gate, north_east, left, expected):
    """Gateshead assesses 100 and 120 in the years around: 110; the other eleven make 110."""
    rows = []
    for year, here in ((2022, 100), (2023, "x"), (2024, 120)):
        whole = {"assessed": 110 + (left if here == "x" else here)}
        rows += north_east(year, whole, {"assessed": 10}, k390={"assessed": here})
        rows.append({"place": ENGLAND, "label": year, "assessed": 1_000})
    found = gate(LACKING, rows, "assessments")
    assert [f["expected"] for f in found] == [
        f"{says} left for Gateshead, as in the years around" for says in [expected] if says
    ]
    for f in found:
        more = f", about {1_000 + 110 - left:,} with" if left else " lacks"  # 0 are no count of it
        assert f["effect"] == f"England assess_in_year 1,000 as published{more} Gateshead"
        kind, counted = ("doubt", "only partly") if left else ("gap", "not")
        assert (f["kind"], f["period"], f["found"]) == (kind, "2023", f"{left} left")
        assert f["cause"] == f"what is withheld of Gateshead is {counted} counted in the whole"


def test_who_is_withheld_in_two_regions_is_told_of_england(gate, north_east):
    """Release 2025, assessments.csv of 2023: nothing left for Leicester and Isle of Wight."""
    rows = []
    for year, here in ((2022, 100), (2023, "x"), (2024, 100)):
        whole = {"assessed": 110 + (0 if here == "x" else here)}
        rows.append({"place": ENGLAND, "label": year, "assessed": 220})
        rows += north_east(year, whole, {"assessed": 10}, k390={"assessed": here})
        rows.append({"place": "E12000003", "label": year} | whole)
        rows.append({"place": "370", "label": year, "assessed": here})
        rows.append({"place": "371", "label": year, "assessed": 110})
    (found,) = gate(LACKING, rows, "assessments")
    assert (found["place"], found["touches"]) == (ENGLAND, "370;390;E92000001")
    assert found["expected"].startswith("about 200 left for Gateshead and Barnsley")


def test_a_return_with_some_figures_and_a_small_one_are_not_looked_at(gate, north_east):
    def told(usual, **more):
        rows = []
        for year, here in ((2022, usual), (2023, "x"), (2024, usual)):
            change = {"assessed": here} | (more if here == "x" else {})
            rows += north_east(year, {"assessed": 110}, {"assessed": 10}, k390=change)
        return gate(LACKING, rows, "assessments")

    assert told(30) != []
    assert told(29) == told(30, withdrawn=1) == []


TIMED = ("decided_within_6_weeks", "decided_after_6_weeks")


def requests(**counts):
    given = dict(zip((*TIMED, "decided_to_assess", "refused", "withdrawn", "received"),
                     (8, 2, 6, 3, 1, 11), strict=True))  # fmt: skip
    return given | counts


def test_more_decisions_are_timed_than_were_made(gate, north_east):
    """Twelve authorities time 12 of 10 decisions, and have received 11: a matter of meaning."""
    each = requests(decided_within_6_weeks=10)
    whole = {c: 12 * n for c, n in each.items()}
    rows = [{"place": ENGLAND, "label": 2024} | whole, *north_east(2024, whole, each)]
    (found,) = gate(APART, rows, "requests")
    assert (found["place"], found["kind"], found["places"]) == (ENGLAND, "definition", 13)
    assert (found["expected"].split(" (")[0], found["found"]) == ("at most 120", "144 together")
    assert "in 12 authorities, by 24 together, and in 12 more than requests_rec" in found["cause"]


def test_one_authority_that_times_too_many_contradicts_itself(gate, north_east):
    rows = north_east(2024, {}, requests(), k390={"decided_after_6_weeks": 3})
    (found,) = gate(APART, rows, "requests")
    assert (found["place"], found["kind"], found["found"]) == (
        "390",
        "contradiction",
        "11 together",
    )


def test_what_england_hides_its_authorities_show(gate, north_east):
    """Reviews with an outcome whose decision is outstanding: 6 + 6 of 10 in four authorities."""
    kinds = ("outcome.amended", "outcome.ceased", "outcome.maintained", "decision.outstanding")
    each = dict(zip((*kinds, "meetings"), (2, 2, 2, 4, 10), strict=True))
    twice = {key: {"decision.outstanding": 6} for key in ("k390", "k391", "k392", "k393")}
    far = {"k394": {"outcome.ceased": 12}}
    england = dict(zip((*kinds, "meetings"), (24, 34, 24, 48, 200), strict=True))
    rows = north_east(2024, {}, each, **twice, **far)
    (found,) = gate(APART, [{"place": ENGLAND, "label": 2024} | england, *rows], "annual_reviews")
    assert (found["place"], found["found"]) == (ENGLAND, "130 together")
    assert found["effect"].endswith(" 130, of which 18 at least are counted twice")
    assert found["cause"].endswith("in 5 authorities, by 18 together, in 1 by more than half of it")


@pytest.mark.parametrize(("bands", "told"), [((35, 313, 426, 45), 1), ((35, 313, 426, 46), 0)])
def test_a_breakdown_does_not_repeat_the_year_before(gate, bands, told):
    """Release 2022, sen2_age_caseload.csv rows 9606 to 10886; a new item without anybody."""
    ages = ("Under age 5", "Age 5 to 10", "Age 11 to 15", "Age 16 to 19", "Age 20 to 25")
    rows = [
        {"place": "318", "label": label, "item": age, "plans": n}
        for label, counts in ((201011, (35, 313, 426, 45)), (201112, (*bands, 0)))
        for age, n in zip(ages, counts, strict=False)
    ]
    found = gate(REPEAT, rows, "caseload_by_age", "2022")
    assert len(found) == told
    assert all(f["cause"].startswith("every count of the breakdown by age band, 4") for f in found)


def test_a_rate_is_told_by_who_has_its_denominator():
    """The tribunal's rate in development divides the same appeals by other decisions."""
    by_rate = {r.percent: r.columns for r in table("tribunal_appeals").layout("2025").ratios}
    assert by_rate["appeals_in_development.percent"] == (
        "appeals",
        "appealable_decisions_in_development",
        "appeals_in_development.percent",
    )


@pytest.mark.parametrize(
    ("printed", "expected", "cause"),
    [
        ("70", [], None),
        ("100", ["70 (members with both sides)"], "Hartlepool (30) are in it"),
        ("99", ["70 (members with both sides)"], " 70 of 700"),
    ],
)
def test_a_total_of_some_members_leaves_out_who_lacks_a_side(tribunal, printed, expected, cause):
    """Release 2025: 22,082 appeals, less four of six authorities, where 20,771 have both sides."""
    found = tribunal(printed)
    assert [f["expected"] for f in found] == expected
    for f in found:
        assert cause in f["cause"]
        assert f["cause"].endswith("its own rate, 10 %, is 70 of 700")
        name = "England without them Appeals registered"
        assert f["effect"] == f"{name} {printed} as published, 70 by its members"


def test_a_rate_of_all_appeals_over_the_decisions_of_some_is_wrong_itself(tribunal):
    """Release 2025: 22,276 appeals are those of all 153, and 147 have decisions in development."""
    (found,) = tribunal("70", "numerator present where its denominator counts")
    assert found["column"] == "appeals_in_development.percent"
    assert (found["found"], found["expected"]) == (
        "17.14", "10.00 (70 of 700, authorities that have both counts)"
    )  # fmt: skip
    assert found["cause"] == (
        "2 authorities have no denominator, yet 50 of their cases are in a numerator, which is the "
        "sum of all"
    )
    assert found["coverage"] == "2 of 4 authorities have both counts"


@pytest.fixture
def tribunal():
    """Return a function that checks a row of England without Gateshead and Hartlepool."""
    meant, release = table("tribunal_appeals"), "2025"

    def row(n, key, appeals, decisions):
        given = {"appeals": appeals, "appealable_decisions_in_development": decisions}
        level = "National" if key == ENGLAND else "Local authority"
        at = {"row": n, "place": key, "level": level, "period": "2024", "label": "2024"}
        blank = dict.fromkeys(meant.layout(release).columns)
        return at | {"topic": "total", "item": "total"} | blank | given

    def run(printed, name="a total of some members is their sum"):
        rows = [row(1, "390", "20", "x"), row(2, "805", "30", "x"), row(3, "391", "30", "300")]
        rows += [row(4, "392", "40", "400"), row(5, ENGLAND, "120", "700")]
        rows[-1] |= {"appeals_in_development.percent": "17.14"}
        texts = dict.fromkeys(meant.layout(release).columns, pl.String())
        frame = pl.DataFrame(rows, schema_overrides=texts)
        rate = {"appeals_in_development.percent": "10.0"}
        own = rate | {"appealable_decisions_in_development": "700"}
        own |= {"row": 6, "time_period": "2024", "name": "England without them", "appeals": printed}
        blank = dict.fromkeys(meant.layout(release).columns)
        some = pl.DataFrame([blank | own], schema_overrides=texts)
        checks = Checks()
        checks.add(frame, meant, release, extract=False, beside=some)
        return checks.result()[0].filter(pl.col("rule") == name).to_dicts()

    return run
