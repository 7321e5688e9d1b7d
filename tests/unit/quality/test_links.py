"""What another cell tells of a finding, with figures as DfE printed them."""

import pytest

from builders import ENGLAND, lines, write
from sendstats.catalogue.tables import table
from sendstats.ingest.table import ingest
from sendstats.quality.broken import END
from sendstats.quality.gates import Checks

PARTS, SUM = "parts sum to the total", "members sum to the whole"
SPIKE, ZERO = (
    "a count does not stand far from both its neighbours",
    "a nought does not stand between counts",
)
YORKSHIRE = ("370", "371", "372", "373", "380", "381", "382", "383", "810", "811", "812", "813",
             "815", "816")  # fmt: skip


@pytest.fixture
def several(tmp_path):
    """Return a function that checks one table of several releases and gives all findings."""

    def run(table_id, rows, extracts=()):
        checks, meant = Checks(), table(table_id)
        for release, given in rows.items():
            path = tmp_path / release / meant.layout(release).file
            path.parent.mkdir()
            frame = ingest(write(path, lines(table_id, release, given)), meant, release)
            checks.add(frame, meant, release, extract=release in extracts)
        return checks.result()[0].to_dicts()

    return run


def yorkshire(**wakefield):
    """Release 2025, assessments.csv rows 488 and 538: 14 authorities make 6,130 of the 6,537."""
    none = {"outstanding": 0, "withdrawn": 0}
    each = {"assessed": 430, "issued": 430, "not_issued": 0} | none
    rows = [{"place": key, "label": 2022} | each for key in YORKSHIRE[:-1]]
    rows.append({"place": YORKSHIRE[-1], "label": 2022} | each | {"assessed": 540, "issued": 540})
    whole = {
        "assessed": 6537,
        "issued": 6109,
        "not_issued": 553,
        "withdrawn": 44,
        "outstanding": "x",
    }
    mine = {"assessed": "x", "issued": 462, "not_issued": 114} | none | wakefield
    return [
        {"place": "E12000003", "label": 2022} | whole,
        *rows,
        {"place": "384", "label": 2022} | mine,
    ]


WAKEFIELD = (
    "Wakefield, row 16, has no assess_in_year: its parts add up to 576, and the total leaves 407 "
    "for it, 169 less"
)


def test_a_member_without_a_total_for_which_too_few_are_left(gate):
    """6,109 + 553 + 44 = 6,706, 169 more than 6,537; 6,537 - 6,130 = 407, and 462 + 114 = 576."""
    (found,) = gate(PARTS, yorkshire(), "assessments")
    assert (found["expected"], found["found"]) == (
        "at least 6,706 (sum of 4 parts)", "6,537")  # fmt: skip
    assert found["cause"] == WAKEFIELD
    (other,) = gate(PARTS, yorkshire(issued=463), "assessments")
    assert other["cause"] == "unknown"


@pytest.mark.parametrize(("decided", "told"), [(72_695, True), (72_694, False)])
def test_the_same_gap_in_another_release(several, decided, told):
    """Release 2024, sen2_mi.csv row 13: 68,665 + 4,199 = 72,864, and 72,695 printed, 169 less."""
    england = {"place": ENGLAND, "label": 2022, "issued": 68_665, "not_issued": 4_199}
    england |= {"decided": decided, "not_issued.percent": "5.7762"}
    rows = {"2024": [england], "2025": yorkshire()}
    found = several("assessments", rows, extracts=("2024",))
    (mine,) = (f for f in found if f["rule"] == PARTS and f["release"] == "2024")
    assert mine["cause"] == (
        "169 is what assess_in_year of Yorkshire and The Humber misses in release 2025, row 1: "
        + WAKEFIELD
        if told
        else "unknown"
    )
    rate = "England ass_none_ehc_pc 5.7762 as published, 5.7628"
    assert mine["effect"].endswith(rate)  # four decimals, as the column prints


def test_a_member_whose_printed_rate_contradicts_its_count(gate):
    """Surrey, release 2025, sen_needs_all_plans.csv row 10042: 7.8 per cent of 16,069 is 1,251."""
    need = "primary_need.severe_learning_difficulty"
    rest = {"plans": 0, need: 0}
    surrey = {"plans": 16_069, need: 595, f"{need}.percent": "7.8"}
    rows = [
        {"place": "E12000008", "label": 202425, "plans": 16_069, need: 1_251},
        {"place": "936", "label": 202425} | surrey,
    ]
    others = ("825", "826", "845", "846", "850", "851", "852", "867", "868", "869", "870", "871",
              "872", "886", "887", "921", "931", "938")  # fmt: skip
    rows += [{"place": key, "label": 202425} | rest for key in others]
    (found,) = gate(SUM, rows, "caseload_by_need")
    assert found["cause"] == (
        "Surrey, row 2, prints 595 beside the rate sld_pc 7.8, which is 1,251 of 16,069, 656 more"
    )
    rows[1][f"{need}.percent"] = "3.8"
    (found,) = gate(SUM, rows, "caseload_by_need")
    assert found["cause"] == "unknown"


def years(place, column, counts, start=2015):
    return [{"place": place, "label": start + n, column: c} for n, c in enumerate(counts)]


#: Release 2022, sen2_mi.csv, 2015 to 2017: rows 1043, 881 and 719 of Cambridgeshire, and one year
#: later 825, 663 and 501 of Haringey: assessments without a plan, refused, and requests.
CAMBRIDGESHIRE = {
    "not_issued": (4, 218, 2),
    "refused": (234, 214, 165),
    "received": ("z", 551, 684),
}
BEFORE = "as many as the year before"
HARINGEY = {"not_issued": (6, 329, 3), "refused": (122, 116, 103), "received": (297, 329, 411)}


@pytest.mark.parametrize(
    ("place", "printed", "cause"),
    [
        ("873", CAMBRIDGESHIRE, f"it is AssRefusedEHC of the same row, 214, and 4, {BEFORE}"),
        ("309", HARINGEY, "InreqEHC of the same row is 329 too"),
        ("309", HARINGEY | {"refused": (122, 326, 103)}, "unknown"),  # two columns fit
        ("873", CAMBRIDGESHIRE | {"refused": (234, 215, 165)}, "unknown"),
    ],
)  # fmt: skip
def test_a_count_that_is_another_column_of_the_same_row(released, place, printed, cause):
    asked = [{"place": place, "label": 2015 + n} for n in range(3)]
    for n, row in enumerate(asked):
        row |= {c: printed[c][n] for c in ("refused", "received")}
    tables = {"assessments": years(place, "not_issued", printed["not_issued"]), "requests": asked}
    found = released(tables, SPIKE, release="2022")
    assert [f["cause"] for f in found if f["column"] == "not_issued"] == [cause]


def placed(place, column, counts, other, taken):
    """Three Januaries of one place: a column and what another column of its total holds."""
    return [
        {"place": place, "label": label, column: a, other: b}
        for label, a, b in zip((202122, 202223, 202324), counts, taken, strict=True)
    ]


FE, ELSEWHERE = ("fe_post16", (607, 15, 735)), ("elsewhere_published", (695, 23, 179))
AROUND = "(1,933 the year before and 2,394 the year after)"
TOWER = ("fe_post16", (546, 85, 747))


@pytest.mark.parametrize(
    ("place", "lacking", "other", "cause"),
    [
        ("801", FE, ("not_recorded", "x", 1657, 0),
         "placement_unknown holds 1,657 in the same row"),
        ("881", ELSEWHERE, ("not_recorded", "x", 1500, 816),
         "placement_unknown holds 1,500 in the same row (816 the year after)"),
        ("211", TOWER, ("mainstream", 1933, 3389, 2394),
         f"mainstream_total holds 3,389 in the same row {AROUND}"),
        ("801", FE, ("not_recorded", "x", 295, 0), "unknown"),
        ("211", TOWER, ("mainstream", 1933, 2800, 2394), "unknown"),
    ],
)  # fmt: skip
def test_a_part_that_holds_what_another_lacks(gate, place, lacking, other, cause):
    """Release 2025, caseload.csv, January 2022 to 2024: rows 796, 736 and 752 are of 2023."""
    (column, counts), (name, *taken) = lacking, other
    found = gate(SPIKE, placed(place, column, counts, name, taken), "caseload")
    assert [f["cause"] for f in found if f["column"] == column] == [cause]


def test_a_part_that_holds_what_a_nought_lacks(gate):
    """Release 2025, caseload.csv row 752: 0 educated elsewhere between 146 and 253."""
    rows = placed("211", "elsewhere_published", (146, 0, 253), "mainstream", (1933, 3389, 2394))
    (found,) = (f for f in gate(ZERO, rows, "caseload") if f["column"] == "elsewhere_published")
    assert found["cause"] == f"mainstream_total holds 3,389 in the same row {AROUND}"


def test_a_part_that_holds_what_a_last_count_lacks(gate):
    """Cambridgeshire, release 2025, newplans.csv row 15144: 739 plans of 2024, all not recorded."""
    rows = years("873", "mainstream", (481, 758, 669, 882, 773, 0), start=2019)
    for row, n in zip(rows, ("x", "x", "x", 31, 30, 739), strict=True):
        row["not_recorded"] = n
    for steady in ("370", "371"):  # a year in which all authorities changed would tell nothing
        rows += years(steady, "mainstream", (500,) * 6, start=2019)
    (found,) = (f for f in gate(END, rows, "new_plans") if f["column"] == "mainstream")
    assert found["cause"] == ("placement_unknown holds 739 in the same row (30 the year before)")


def test_a_part_that_makes_a_count_too_large(gate):
    """Release 2025, newplans.csv row 3535: 218 between 13 and 22: 208 + 4 + 6."""
    rows = years("823", "elsewhere_published", (13, 218, 22), start=2021)
    rows[1] |= {"elsewhere.other_settings": 208, "elsewhere.other_arrangements_la": 4}
    rows[1]["elsewhere.elective_home_education"] = 6
    rows[2]["elsewhere.other_settings"] = 12
    (found,) = (f for f in gate(SPIKE, rows, "new_plans") if f["column"] == "elsewhere_published")
    assert found["cause"] == (
        "other_placement_settings holds 208 in the same row (12 the year after), which is part of "
        "it"
    )
