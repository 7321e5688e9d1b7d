"""Two counts of one return that fit the years around them in each other's place only."""

import pytest

from builders import ENGLAND

RULE = "two columns do not stand in each other's place"
SPIKE = "a count does not stand far from both its neighbours"
PROVISION, SPECIAL = "mainstream.la_maintained.resourced_provision", "special.la_maintained"
#: Peterborough in January 2020, 2021 and 2022: caseload.csv of 2025, row 411 for the second.
PETERBOROUGH = [(15, 592), (395, 13), (13, 408)]
LABELS = [201920, 202021, 202122]
ACADEMY, MAINTAINED = "ap_pru.academy", "ap_pru.la_maintained"


def years(columns, counts, place="874", labels=LABELS):
    """Rows of one place, a year each, with one figure for each column."""
    return [
        {"place": place, "label": label} | dict(zip(columns, of, strict=True))
        for label, of in zip(labels, counts, strict=False)
    ]


def test_two_groups(gate):
    """England in January 2021 prints 172,023 in mainstream and 154,017 in special schools."""
    rows = years([PROVISION, SPECIAL], PETERBOROUGH)
    england = (172_023, 154_017, 6_566, 84_182)
    rows += years(["mainstream", "special", PROVISION, SPECIAL], [england], ENGLAND, [202021])
    (found,) = gate(RULE, rows, "caseload")
    assert (found["period"], found["place"], found["kind"]) == ("2021-01", "874", "doubt")
    assert (found["column"], found["found"]) == (PROVISION, "395")
    assert found["expected"] == (
        "13 (15 before, 13 after), and 395 in special_la_maintained (592 before, 408 after)"
    )
    assert "mainstream_total 172,023 as published, 171,641;" in found["effect"]
    assert "special_total 154,017 as published, 154,399;" in found["effect"]
    assert found["effect_size"] == pytest.approx(100 * 382 / 6_566)


def test_totals_that_count_one_of_the_two_are_wrong_too(checked):
    """Peterborough prints 53.1 % in mainstream and 15.0 % in special schools it maintains."""
    _, flags, _ = checked(years([PROVISION, SPECIAL], PETERBOROUGH), "caseload")
    mine = flags.filter(flags["finding"].str.starts_with(RULE))
    assert set(mine.select("row", "column").rows()) == {
        (2, PROVISION), (2, "mainstream"), (2, SPECIAL), (2, "special")
    }  # fmt: skip


def test_what_is_exchanged_is_told_once(gate):
    """One of the two alone is far from both its neighbours."""
    rows = years([PROVISION, SPECIAL], PETERBOROUGH)
    assert gate(SPIKE, rows, "caseload") == []
    assert len(gate(SPIKE, years([SPECIAL], [(592,), (13,), (608,)]), "caseload")) == 1


UNIT, GENERAL = "mainstream.la_maintained.sen_unit", "mainstream.la_maintained.general"
#: Luton, new plans of 2010 to 2012; Leicester, of 2019 to 2021; Norfolk, January 2022 to 2024.
LUTON = [(0, 47), (59, 0), (0, 61)]
LEICESTER = [(1, 104), (165, 0), (3, 117)]
NORFOLK = [(673, 1_644), (1_920, 669), (1_033, 2_732)]


@pytest.mark.parametrize(
    ("columns", "counts", "told"),
    [
        ((UNIT, GENERAL), LUTON, True),
        ((UNIT, SPECIAL), LUTON, False),
        ((UNIT, SPECIAL), LEICESTER, True),
        ((GENERAL, "mainstream.academy.general"), NORFOLK, True),
        ((GENERAL, SPECIAL), NORFOLK, False),
        ((UNIT, GENERAL), [(0, 47), (59, 47), (0, 61)], False),
        ((UNIT, GENERAL), LUTON[:2], False),
        ((UNIT, GENERAL), [(0, 44), (59, 0), (0, 61)], False),
        ((UNIT, GENERAL), [(0, 118), (227, 0), (0, 134)], False),
        ((GENERAL, UNIT), [(673, 400), (1_000, 100), (900, 300)], False),
        (("mainstream", "special"), LEICESTER, False),
    ],
    ids=["one group", "two", "far apart", "large", "not most", "one odd", "no year after", "small",
         "does not fit", "grew", "totals"],
)  # fmt: skip
def test_what_is_exchanged(gate, columns, counts, told):
    """Printed in sen2_estab_new_plans.csv of 2022, newplans.csv row 224, caseload.csv row 740."""
    assert len(gate(RULE, years(columns, counts), "caseload")) == told


def test_beside_a_year_that_tells_more_the_other_is_right(gate):
    """Leicestershire, sen2_estab_caseload.csv of 2022: specialist and other colleges in turn."""
    counts = [(0, 71), (106, 14), (0, 192), (165, 0)]
    rows = years(["fe_post16.specialist", "fe_post16.ukrlp"], counts, labels=[*LABELS, 202223])
    (found,) = gate(RULE, rows, "caseload")
    assert (found["period"], found["found"]) == ("2022-01", "192")


def test_a_share_that_would_print_otherwise(gate):
    """Central Bedfordshire, caseload.csv row 733; England's 213,381 of 517,048 are 41.3 %."""
    columns = ["elsewhere.other_settings", "mainstream.academy.general"]
    labels = [202122, 202223, 202324]
    rows = years(columns, [(11, 691), (903, 187), (52, 1_154)], "823", labels)
    england = {"plans": 517_048, "mainstream": 213_381, "elsewhere_published": 31_640}
    rows += [{"place": ENGLAND, "label": 202223} | england]
    (found,) = gate(RULE, rows, "caseload")
    assert found["effect"] == (
        "England mainstream_total 213,381 as published, 214,284; mainstream_total_pc 41.3 as "
        "published, 41.4 if all of them moved"
    )


def test_what_moved_is_not_exchanged(gate):
    """Central Bedfordshire, newplans.csv row 3535: 67 + 208 = 275 lies between 207 and 340.

    England prints 459 in other settings, 251 without the 208, and 47,676 in mainstream.
    """
    columns = ["elsewhere.other_settings", "mainstream.academy.general"]
    labels = [2021, 2022, 2023]
    rows = years(columns, [(0, 207), (208, 67), (12, 340)], "823", labels)
    england = {"elsewhere.other_settings": 459, "mainstream": 47_676, "elsewhere_published": 2_462}
    rows += [{"place": ENGLAND, "label": 2022} | england]
    (found,) = gate(RULE, rows, "new_plans")
    assert (found["found"], found["size"]) == ("208", 208)
    assert found["expected"] == (
        "0 (0 before, 12 after), and 275 in mainstream_academy (207 before, 340 after)"
    )
    assert found["cause"] == "the 208 look moved: they fit beside the 67 of the other one"
    for part in ("459 as published, 251;", "2,462 as published, 2,254;", "published, 47,884"):
        assert part in found["effect"]


@pytest.mark.parametrize(("smooth", "told"), [(False, 1), (True, 0)])
def test_groups_whose_totals_fit_as_printed_exchange_nothing(gate, smooth, told):
    """Cambridgeshire, January 2020 to 2022, caseload.csv row 410: mainstream 2,339 fits."""
    columns = ["mainstream.academy.sen_unit", "special.la_maintained", "mainstream"]
    totals = (1_985, 2_339, 2_554) if smooth else (1_985, 2_639, 2_154)
    counts = [(19, 155), (173, 17), (17, 236)]
    rows = years(columns, [(*c, t) for c, t in zip(counts, totals, strict=True)], "873")
    assert len(gate(RULE, rows, "caseload")) == told


@pytest.mark.parametrize(("young", "told"), [(14, 1), (36, 0)])
def test_an_exchange_puts_nobody_where_the_age_cannot_be(gate, young, told):
    """Bristol 2023, ceased_plans.csv row 9541: of 129 in employment 36 are 18 or younger."""
    columns, labels = ["employment", "reached_maximum_age"], [2022, 2023, 2024]
    rows = years(columns, [(26, 289), (129, 2), (2, 153)], "801", labels)
    age = {"breakdown": ("Age plan ceased", "age 18"), "employment": young}
    rows.append({"place": "801", "label": 2023, "reached_maximum_age": 0} | age)
    assert len(gate(RULE, rows, "ceased")) == told


def test_two_pairs_of_one_return_are_one_finding(gate):
    """West Sussex, caseload.csv of 2025 row 793: units for provision, in two sorts of schools."""
    kinds = [f"mainstream.{x}" for x in ("la_maintained", "academy")]
    columns = [f"{kind}.{y}" for kind in kinds for y in ("sen_unit", "resourced_provision")]
    rows = years(columns, [(0, 202, 0, 159), (204, 0, 154, 0), (0, 181, 0, 170)], "938")
    (found,) = gate(RULE, rows, "caseload")
    assert (found["column"], found["found"]) == ("mainstream.la_maintained.sen_unit", "204")
    assert found["expected"].endswith(
        "204 in mainstream_la_maintained_resourced_provision (202 before, 181 after)"
    )
    assert found["also"] == f"{RULE}: 1 in 1 place"


def test_reasons_that_no_group_holds(gate):
    """Haringey, ceased_plans.csv of 2025 row 7519."""
    rows = years(
        ["other", "no_engagement"], [(0, 254), (118, 1), (5, 94)], "309", [2022, 2023, 2024]
    )
    (found,) = gate(RULE, rows, "ceased")
    assert (found["found"], found["published_column"]) == ("118", "other")


def test_placements_that_are_rows(checked):
    """Peterborough, sen2_estab_caseload.csv of 2022, rows 9395 and 10604."""
    group = ["Mainstream school", "Mainstream - LA maintained - Resourced provision"]
    other = ["Special school", "Special - LA maintained"]
    counts = {tuple(group): (15, 395, 13), tuple(other): (591, 12, 407)}
    rows = [
        {"place": "874", "label": label, "placement": pair, "plans": of[n]}
        for n, label in enumerate([2020, 2021, 2022]) for pair, of in counts.items()
    ]  # fmt: skip
    findings, flags, _ = checked(rows, "caseload", "2022")
    (found,) = [f for f in findings.iter_rows(named=True) if f["rule"] == RULE]
    assert (found["row"], found["label"], found["found"]) == (3, PROVISION, "395")
    assert found["expected"] == (
        "12 (15 before, 13 after), and 395 in Special - LA maintained, row 4 "
        "(591 before, 407 after)"
    )
    mine = flags.filter(flags["finding"] == found["finding"])
    assert set(mine["row"]) == {3, 4}


def test_columns_of_two_tables(released):
    """Essex, sen2_mi.csv of 2022 row 725: 706 not issued beside 14 refused requests."""
    rows = {
        name: years([column], [(n,) for n in of], "881", [2016, 2017, 2018])
        for name, column, of in (
            ("requests", "refused", (674, 14, 765)),
            ("assessments", "not_issued", (11, 706, 19)),
        )
    }
    (found,) = released(rows, RULE)
    assert (found["table"], found["found"]) == ("assessments", "706")
    assert found["expected"] == (
        "14 (11 before, 19 after), and 706 in requests_decided_not_to_assess of requests.csv, "
        "row 2 (674 before, 765 after)"
    )
    assert released(rows, SPIKE) == []


@pytest.mark.parametrize(("england", "told"), [(439, 1), (4_390, 0)])
def test_a_first_year_that_is_much_of_england(gate, england, told):
    """Dorset, sen2_age_new_plans.csv of 2022, rows 2757 and 2455; England prints 439."""
    columns, labels = ["needs_met", "no_engagement"], [2019, 2020, 2021]
    rows = years(columns, [(173, 3), (2, 135), (1, 140)], "838", labels)
    rows += years(columns, [(england, 13_526)], ENGLAND, [2019])
    found = gate(RULE, rows, "ceased")
    assert len(found) == told
    if told:
        assert found[0]["expected"] == (
            "3 (2 and 1 in the years after), and 173 in no_engage (135 and 140 in the years after)"
        )


def test_a_last_year_beside_one_that_is_odd_itself(gate):
    """Cambridgeshire, January 2020 to 2022: 173 stood alone, and 17 is as it was before."""
    rows = years(["other", "no_engagement"], [(19, 17), (17, 173), (213, 17)], "873")
    rows = [r | {"label": 2019 + n} for n, r in enumerate(rows)]
    rows += years(["other"], [(300,)], ENGLAND, [2021])
    assert [f["period"] for f in gate(RULE, rows, "ceased")] == []


def test_items_of_a_topic(gate):
    """Oxfordshire, sen2_age_caseload.csv of 2022, January 2014 to 2016: rows 7138 and 7594."""
    counts = {"Female": (132, 245, 97), "Male": (166, 81, 352)}
    rows = [
        {"place": "931", "label": label, "breakdown": ("Sex", item), "plans": of[n]}
        for n, label in enumerate(LABELS)
        for item, of in counts.items()
    ]
    (found,) = gate(RULE, rows, "caseload")
    assert (found["topic"], found["label"], found["found"]) == ("sex", "female", "245")
    assert found["expected"] == (
        "81 (132 before, 97 after), and 245 in male, row 4 (166 before, 352 after)"
    )


def test_what_is_not_recorded_may_be_of_any_age(gate):
    """Birmingham, January 2024, caseload.csv row 6154: 240 unknown beside 9 NEET, many children."""
    rows = years(["not_recorded", "elsewhere.neet"], [(4, 252), (240, 9), (18, 362)], "330")
    young = {"breakdown": ("Child or young persons age", "age 10"), "not_recorded": 108}
    rows.append({"place": "330", "label": 202021, "elsewhere.neet": 0} | young)
    assert len(gate(RULE, rows, "caseload")) == 1
