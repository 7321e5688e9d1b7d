"""Which release serves a period: the newest that holds it, and what it does not hold.

Figures of England are those that the releases print (EHC plans, releases 2022 to 2026), but for
mainstream of 2020, which is one less in the oldest to be told from the newer; the rows are made up.
"""

import pytest

from builders import ENGLAND, NORTH_EAST, stored
from sendstats.series.api import series

HOME, NEET = "elsewhere.elective_home_education", "elsewhere.neet"
OTHER = "elsewhere.other_settings"

#: England, 2022: release 2025 prints x for every place, release 2024 prints 81,588.
REQUESTS = {
    ("requests", "2024"): [
        {"place": ENGLAND, "label": 2022, "received": 114_482, "decided_to_assess": 81_588}
    ],
    ("requests", "2025"): [
        {"place": ENGLAND, "label": 2022, "received": 114_482},
        {"place": "390", "label": 2022, "received": 400},
        {"place": ENGLAND, "label": 2023, "received": 138_242, "decided_to_assess": 92_985},
    ],
}


@pytest.fixture(scope="module")
def requests(tmp_path_factory):
    return stored(tmp_path_factory.mktemp("requests"), REQUESTS)


def said(found):
    """Value and release of each period and place."""
    return {
        (r["period"], r["place"]): (r["value"], r["release"])
        for r in found.rows.iter_rows(named=True)
    }


def test_a_column_that_a_newer_release_no_longer_fills_hides_no_figure(requests):
    found = series("requests.decided_to_assess", store=requests)
    assert said(found) == {
        ("2022", ENGLAND): (81_588, "2024"),
        ("2023", ENGLAND): (92_985, "2025"),
    }
    assert [(s.release, s.periods) for s in found.sources] == [
        ("2024", ("2022",)),
        ("2025", ("2023",)),
    ]


def test_what_the_newer_release_does_print_is_read_from_it(requests):
    found = series("requests.received", store=requests)
    assert said(found)["2022", ENGLAND] == (114_482, "2025")


def test_a_place_that_only_the_newer_release_holds_is_not_collected_there(requests):
    found = series("requests.decided_to_assess", store=requests, place="Gateshead").at("2022")
    assert (found.value, found.reason, found.release) == (None, "not_collected", "2025")


def new_plans(label, **cells):
    return [{"place": ENGLAND, "label": label, **cells}]


def old_plans(label, **cells):
    """Rows of the old layout, where a placement is a row."""
    labels = {
        HOME: ("Educated elsewhere", "Elective home education"),
        NEET: ("NEET", "NEET"),
        "mainstream": ("Mainstream school", "Total"),
    }
    return [
        {"place": ENGLAND, "label": label, "placement": labels[k], "plans": n}
        for k, n in cells.items()
    ]


PLACED = {
    ("new_plans", "2022"): [
        *old_plans(2019, **{HOME: 433, NEET: 164}),
        *old_plans(2020, **{HOME: 529, NEET: 268, "mainstream": 43_036}),
    ],
    ("new_plans", "2025"): [
        *new_plans(2019, plans=53_899, elsewhere_published=1_187, **{OTHER: 111}),
        *new_plans(2020, plans=60_097, mainstream=43_037, elsewhere_published=1_367),
        *new_plans(2022, plans=66_706, mainstream=47_676, **{OTHER: 459}),
    ],
    ("new_plans", "2026"): [
        *new_plans(2019, plans=53_899, elsewhere_published=2_196, **{OTHER: 0}),
        *new_plans(2022, plans=66_706, mainstream=48_066, **{OTHER: 0}),
        *new_plans(2025, plans=110_708, elsewhere_published=5_605, **{OTHER: 543}),
    ],
}


@pytest.fixture(scope="module")
def placed(tmp_path_factory):
    store = stored(tmp_path_factory.mktemp("placed"), PLACED)
    return lambda placement, **options: series(
        "plans.new.placed", placement=placement, store=store, **options
    )


@pytest.mark.parametrize(
    ("placement", "period", "expected"),
    [
        (HOME, "2019", (433, "2022")),  # x in the two releases after it
        (NEET, "2020", (268, "2022")),
        ("elsewhere", "2019", (1_187, "2025")),  # release 2026 cannot tell it apart
        ("other_settings", "2022", (459, "2025")),  # release 2026 prints 0 beside three x
        ("other_settings.other", "2019", (111, "2025")),
        ("mainstream", "2022", (48_066, "2026")),
    ],
)
def test_the_release_that_prints_it_serves_it(placed, placement, period, expected):
    assert said(placed(placement))[period, ENGLAND] == expected


def test_within_a_period_nothing_is_mixed(placed):
    """With NEET, which release 2025 prints for nobody, the whole of 2020 is read from 2022."""
    alone, both = placed("mainstream").at("2020"), placed(["mainstream", NEET]).rows
    assert (alone.value, alone.release) == (43_037, "2025")
    held = both.filter(both["period"] == "2020")
    assert dict(held.select("placement", "value").iter_rows()) == {"mainstream": 43_036, NEET: 268}
    assert set(held["release"]) == {"2022"}


@pytest.mark.parametrize(
    ("placement", "period", "published"),
    [
        ("elsewhere", "2019", "x + x + x + x + x + x + x"),
        ("other_settings", "2019", "0 + x + x + x"),
        ("other_settings", "2022", "0 + x + x + x"),
        ("other_settings", "2025", "543 + x + x + x"),
        ("other_settings.other", "2022", "0"),
    ],
)
def test_a_placement_that_a_release_cannot_tell_apart_is_null_and_says_so(
    placed, placement, period, published
):
    found = placed(placement, release="2026").at(period)
    assert (found.value, found.reason, found.published) == (None, "not_told_apart", published)


def test_every_group_has_a_row_in_every_period(placed):
    rows = placed("groups", release="2026").rows
    assert set(rows.group_by("period").len()["len"]) == {10}


#: Northamptonshire, January 2021, resourced provision in free schools: 0, then x.
UNIT = "mainstream.free_school.resourced_provision"
WITHDRAWN = {
    ("caseload", "2022"): [
        {
            "place": place,
            "label": 2021,
            "plans": n,
            "placement": ("Mainstream school", "Mainstream - Free school - Resourced provision"),
        }
        for place, n in (("928", 0), ("390", 3))
    ],
    ("caseload", "2025"): [
        {"place": "928", "label": 202021, "plans": 4_000},
        {"place": "390", "label": 202021, "plans": 1_500, UNIT: 3},
    ],
}


def test_a_single_figure_that_was_taken_back_stays_back(tmp_path):
    """A symbol among figures is a statement about one place, and the newest one counts."""
    store = stored(tmp_path, WITHDRAWN)
    options = {"placement": UNIT, "store": store, "place": "Northamptonshire"}
    now = series("plans.caseload.placed", **options).at("2021-01")
    assert (now.value, now.reason, now.release) == (None, "non_return", "2025")
    assert series("plans.caseload.placed", release="2022", **options).at("2021-01").value == 0


@pytest.mark.parametrize(("symbol", "reason"), [("z", "not_applicable"), ("c", "suppressed")])
def test_a_symbol_that_says_something_of_a_place_holds(tmp_path, symbol, reason):
    """Held back, even for every place at once, is said on purpose."""
    files = {
        ("requests", "2022"): [{"place": NORTH_EAST, "label": 2019, "refused": 5}],
        ("requests", "2025"): [{"place": NORTH_EAST, "label": 2019, "refused": symbol}],
    }
    store = stored(tmp_path, files)
    found = series("requests.refused", place="North East", store=store).at("2019")
    assert (found.value, found.reason, found.release) == (None, reason, "2025")
