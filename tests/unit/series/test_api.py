"""What may be asked for, what is refused, and which release answers."""

import polars as pl
import pytest

import sendstats as ss
from builders import ENGLAND, EXCLUDING, INCLUDING, NORTH_EAST, YORKSHIRE, stored
from sendstats.errors import DataProblem, NothingHeld, Refused, UnknownId, WrongUse
from sendstats.paths import project
from sendstats.series import api
from sendstats.series.model import ROWS
from sendstats.store.tables import Store


def ask(series_id, **options):
    return api.series(series_id, **options)


CASELOAD, SHARE, TIMELY = "plans.caseload", "plans.caseload.share", "timeliness.within_20_weeks"
NEED = "pupils.ehc_plans.by_need"


@pytest.mark.parametrize(
    ("series_id", "options", "error", "says"),
    [
        ("plans.caselod", {}, UnknownId, "did you mean 'plans.caseload'"),
        (CASELOAD, {"place": "Engand"}, UnknownId, "did you mean 'England'"),
        (CASELOAD, {"place": ["England", "Nowhere"]}, UnknownId, "unknown place 'Nowhere'"),
        (CASELOAD, {"place": ""}, UnknownId, "unknown place ''"),
        (CASELOAD, {"place": None}, UnknownId, "unknown place 'None'"),
        (CASELOAD, {"place": 3.5}, UnknownId, "unknown place '3.5'"),
        (CASELOAD, {"place": []}, WrongUse, "no place is asked for"),
        (CASELOAD, {"basis": EXCLUDING}, WrongUse, "one basis only"),
        (CASELOAD, {"placement": "special"}, WrongUse, "not broken down by placement"),
        (CASELOAD, {"item": "all"}, WrongUse, "items by topic only"),
        (CASELOAD, {"release": "1999"}, UnknownId, "unknown release of plans.caseload '1999'"),
        (CASELOAD, {"values": "fixed"}, UnknownId, "unknown values 'fixed'"),
        (TIMELY, {}, Refused, "needs a basis"),
        (TIMELY, {"basis": "excluding"}, UnknownId, "did you mean 'excluding_exceptions'"),
        (SHARE, {}, Refused, "needs a placement"),
        (SHARE, {"placement": "total"}, UnknownId, "unknown placement 'total'"),
        (SHARE, {"placement": []}, WrongUse, "no placement is asked for"),
        (SHARE, {"placement": ["special", "specail"]}, UnknownId, "did you mean 'special'"),
        (CASELOAD, {"topic": "shoe"}, UnknownId, "unknown topic of plans.caseload 'shoe'"),
        ("assessments.issued", {"topic": "need"}, UnknownId, "unknown topic"),
        (
            NEED,
            {"topic": "primary_need", "item": "dyslexia"},
            UnknownId,
            "by primary_need 'dyslexia'",
        ),
        (
            NEED,
            {"topic": "primary_need", "item": []},
            WrongUse,
            "no item of pupils.ehc_plans.by_need is asked for",
        ),
        ("pupils.all", {"release": "2024-25"}, UnknownId, "unknown release of pupils.all"),
    ],
)
def test_wrong_questions(series_id, options, error, says):
    with pytest.raises(error, match=says.replace(".", r"\.")) as caught:
        ask(series_id, **options)
    assert isinstance(caught.value, WrongUse)


@pytest.mark.parametrize("kind", [None, "", "both"])
def test_a_share_says_of_what(kind):
    with pytest.raises(Refused) as caught:
        ss.share("mainstream", kind)
    assert "kind='stock'" in caught.value.expected
    assert "kind='flow'" in caught.value.expected


def test_a_share_of_two_series_is_refused_in_one_line_that_names_the_way():
    with pytest.raises(WrongUse) as caught:
        ss.share(ss.series("plans.new"), ss.series("plans.caseload"))
    assert caught.value.found == "a Series"
    assert "ratio" in caught.value.todo
    assert len(str(caught.value).splitlines()) == 4


def test_a_share_is_of_the_stock_or_of_the_flow():
    stock, flow = ss.share("mainstream", "stock"), ss.share("mainstream", "flow")
    assert (stock.definition.id, flow.definition.id) == (SHARE, "plans.new.share")
    assert stock.definition.denominator == "plans.caseload.placed"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("England", [ENGLAND]),
        (["England", "E92000001", "england"], [ENGLAND]),  # once, however often it is named
        (["370", "England", "North East"], ["370", NORTH_EAST, ENGLAND]),  # sorted by level
        (370, ["370"]),
        (pl.Series(["370"]), ["370"]),
        (["regions", "England", YORKSHIRE], None),
        ("regions", None),
    ],
)
def test_places(place, expected):
    found = ask(CASELOAD, place=place, release="2025").rows.filter(pl.col("period") == "2025-01")
    keys = found["place"].to_list()
    assert len(keys) == len(set(keys))
    if expected:
        assert set(keys) == set(expected)
    else:
        assert len([k for k in keys if k != ENGLAND]) == 9


def test_a_level_of_placements_can_stand_in_a_list():
    """As in "groups" alone; with a group besides, which is then held once."""
    alone, listed, more = (
        ss.series("plans.caseload.placed", placement=asked).rows
        for asked in ("groups", ["groups"], ["groups", "mainstream"])
    )
    assert listed.equals(alone)
    assert more.equals(alone)


def test_an_extract_without_a_place_says_that_it_is_one():
    with pytest.raises(NothingHeld, match="no row of Hackney") as caught:
        ss.series("plans.caseload", place="Hackney", release="2026")
    assert "rows of level Local authority (2 others) and " in caught.value.found
    assert caught.value.found.endswith(
        "; of release 2026 only an extract is held, without these rows"
    )


def test_a_dissolved_authority_says_when_and_what_came_after():
    """Cumbria was divided on 1 April 2023 (Cumbria (Structural Changes) Order 2022)."""
    with pytest.raises(NothingHeld) as caught:
        ss.series("plans.caseload", place="Cumbria", release="2026")
    assert "; Cumbria was dissolved on 31 March 2023 (Cumbria until " in caught.value.found


def test_a_placement_named_twice_is_read_once():
    once = ask(SHARE, placement="special")
    assert ask(SHARE, placement=["special", "special"]).rows.equals(once.rows)


def test_groups_types_and_items():
    groups = set(ask(SHARE, placement="groups", release="2025").rows["placement"])
    assert {"mainstream", "special", "ap_pru", "fe_post16", "not_recorded"} <= groups
    types = set(ask(SHARE, placement="types", release="2025").rows["placement"])
    assert "special.independent" in types
    assert not types & groups
    needs = ask(NEED, topic="primary_need").rows
    assert needs.height == needs.select("period", "item").n_unique()
    some = ask(NEED, topic="primary_need", item=["down_syndrome", "visual_impairment"]).rows
    assert set(some["item"]) <= {"down_syndrome", "visual_impairment"}


def test_no_stored_table():
    with pytest.raises(DataProblem) as caught:
        ask(CASELOAD, store=Store(project().root / "nowhere"))
    assert "make refresh" in caught.value.todo


def test_rows_have_one_schema_and_one_order():
    rows = ask(CASELOAD, place="all").rows
    assert rows.schema == ROWS
    key = ["period", "level", "place"]
    assert rows.select(key).equals(rows.select(key).sort(key))
    assert rows.select(key).is_unique().all()


def test_catalogue_lists_every_series():
    listed = ss.catalogue()
    assert listed["id"].to_list()[0] == CASELOAD
    bases = dict(listed.select("id", "bases").iter_rows())
    assert (
        bases[TIMELY] == bases["timeliness.issued"] == "excluding_exceptions, including_exceptions"
    )
    assert (bases[CASELOAD], bases["pupils.sen_support.share"]) == ("", "")
    coherent = set(listed.filter("same_authorities")["id"])
    assert {TIMELY, "requests.refused_share", SHARE} <= coherent
    assert not {CASELOAD, "timeliness.issued", "pupils.sen_support.share"} & coherent
    by = dict(listed.select("id", "topics").iter_rows())
    assert {"age", "ethnicity", "sex"} <= set(by[CASELOAD].split(", "))


def plans(*cells):
    return [{"place": p, "label": label, "plans": n} for p, label, n in cells]


VINTAGES = {
    ("caseload", "2025"): plans((ENGLAND, 202324, 10), (ENGLAND, 202425, 20), ("370", 202425, 4)),
    ("caseload", "2026"): plans((ENGLAND, 202425, 21), (ENGLAND, 202526, 30)),
}


@pytest.fixture(scope="module")
def vintages(tmp_path_factory):
    return stored(tmp_path_factory.mktemp("vintages"), VINTAGES, "2026")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        # England alone is newest in 2026; with Barnsley no release but 2025 holds both
        ({}, {"2024-01": [("2025", 10)], "2025-01": [("2026", 21)], "2026-01": [("2026", 30)]}),
        ({"place": ["England", "370"]}, {
            "2024-01": [("2025", 10)],
            "2025-01": [("2025", 4), ("2025", 20)],
            "2026-01": [("2026", 30)],
        }),
        ({"release": "2025"}, {"2024-01": [("2025", 10)], "2025-01": [("2025", 20)]}),
    ],
)  # fmt: skip
def test_newest_release_that_holds_everything(vintages, options, expected):
    found = ask(CASELOAD, store=vintages, **options)
    said: dict = {}
    for row in found.rows.sort("period", "value").iter_rows(named=True):
        said.setdefault(row["period"], []).append((row["release"], row["value"]))
    assert said == expected


def test_a_release_that_holds_no_row_of_a_place_says_what_it_holds(vintages):
    with pytest.raises(NothingHeld, match="no row of Barnsley") as caught:
        ask(CASELOAD, store=vintages, release="2026", place="370")
    assert caught.value.where == "2026/caseload.csv"
    assert caught.value.found == (
        "rows of level National, 2025-01 to 2026-01; of release 2026 only an extract is held, "
        "without these rows"
    )


def test_sources_say_which_release_served_which_period(vintages):
    old, new = ask(CASELOAD, store=vintages).sources
    assert (old.release, old.periods, old.extract) == ("2025", ("2024-01",), False)
    assert (new.release, new.periods, new.extract) == ("2026", ("2025-01", "2026-01"), True)
    assert new.licence == "Open Government Licence v3.0"


def test_notes_are_those_that_touch_a_value():
    found = ask(TIMELY, basis=INCLUDING, place=["London", "North East"])
    flags = set(found.rows["flags"].explode().drop_nulls())
    assert {n.id for n in found.notes} == flags
    assert "timeliness_four_authorities" in flags
    alone = ask(TIMELY, basis=INCLUDING, place="North East")
    assert "timeliness_four_authorities" not in {n.id for n in alone.notes}
    assert [b.period for b in alone.breaks] == ["2022"]
