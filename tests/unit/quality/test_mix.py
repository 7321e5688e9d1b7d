"""How the cases of a place divide into groups, against how they do in the years around."""

import pytest

from builders import ENGLAND

RULE = "a share does not stand far from both its neighbours"
SPIKE = "a count does not stand far from both its neighbours"
#: Tower Hamlets in January 2022 to 2024, caseload.csv of 2025, second in row 752: all, in
#: mainstream schools, in special schools, in further education; the rest, here in early years.
TOWER_HAMLETS = [
    (3_464, 1_933, 799, 546, 186), (4_111, 3_389, 574, 85, 63), (4_465, 2_394, 935, 747, 389),
]  # fmt: skip
COLUMNS = ("plans", "mainstream", "special", "fe_post16", "early_years")
LABELS = [202122, 202223, 202324]


def years(counts, labels=LABELS, place="211", columns=COLUMNS):
    return [
        {"place": place, "label": label} | dict(zip(columns, of, strict=True))
        for label, of in zip(labels, counts, strict=True)
    ]


def halves(*counts):
    """All plans, in mainstream schools, and the rest in special schools, a year each."""
    rest = [(n, m, n - m if isinstance(m, int) else "x") for n, m in counts]
    return years(rest, columns=("plans", "mainstream", "special"))


def test_the_group_that_is_farthest_off_tells_of_all(gate):
    """82.4 % of 4,111 are in mainstream schools, 55.8 % the year before, 53.6 % the year after."""
    (found,) = gate(RULE, years(TOWER_HAMLETS), "caseload")
    assert (found["period"], found["column"], found["found"]) == ("2023-01", "mainstream", "3,389")
    assert found["kind"] == "doubt"
    assert found["cause"] == (
        "mainstream_total is 82.4 % of ehcplans, 55.8 the year before and 53.6 the year after; "
        "fe_total is 2.1 % of ehcplans, 15.8 the year before and 16.7 the year after; "
        "special_total is 14.0 % of ehcplans, 23.1 the year before and 20.9 the year after; "
        "nm_early_years is 1.5 % of ehcplans, 5.4 the year before and 8.7 the year after"
    )
    # The mean of both shares: (1,933 / 3,464 + 2,394 / 4,465) / 2 of 4,111 is 2,249.1.
    assert found["expected"] == "about 2,249, by the shares of the years before and after"


def test_what_it_does_to_england(gate):
    """England prints 213,381 of 517,048 in mainstream schools: 41.3 %; 1,140 fewer are 41.0 %."""
    england = (517_048, 213_381, 171_736, 76_476, 55_455)
    (found,) = gate(RULE, years(TOWER_HAMLETS) + years([england], [202223], ENGLAND), "caseload")
    assert found["effect"].startswith(
        "England mainstream_total 213,381 as published, about 212,241; "
        "mainstream_total_pc 41.3 as published, about 41.0; "
        "fe_total 76,476 as published, about 77,059; "
        "fe_total_pc 14.8 as published, about 14.9; "
    )


def test_it_is_told_once(gate):
    """Further education is far from both its neighbours, and what it went to is told already."""
    assert gate(SPIKE, years(TOWER_HAMLETS), "caseload") == []


@pytest.mark.parametrize(
    "counts",
    [
        [(290, 160), (290, 240), (290, 155)],
        [(3_464, 1_933), (4_111, 2_850), (4_465, 2_394)],
        [(3_464, 1_933), (4_111, 3_389), (4_465, 3_600)],
        [(3_464, "x"), (4_111, 3_389), (4_465, 2_394)],
    ],
    ids=["small", "near one of both", "a new level", "no figure before"],
)
def test_what_is_not_told(gate, counts):
    assert gate(RULE, halves(*counts), "caseload") == []


def test_a_group_is_not_held_against_one_that_does_not_add_up(gate):
    """The parts of the group add up to another figure the year before; the others are held."""
    rows = years(TOWER_HAMLETS)
    for row in rows:
        row |= {"special.la_maintained": row["special"], "special.independent": 0}
    rows[0] |= {"special.la_maintained": 700}
    (found,) = gate(RULE, rows, "caseload")
    assert "mainstream_total" in found["cause"]
    assert "special_total" not in found["cause"]


def test_a_year_is_not_held_against_one_that_is_contradicted(gate):
    """The parts of the year before do not add up: nobody knows what share was in mainstream."""
    rows = years(TOWER_HAMLETS)
    rows[0] |= {"mainstream": 1_833}
    assert gate(RULE, rows, "caseload") == []
