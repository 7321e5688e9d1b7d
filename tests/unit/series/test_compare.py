"""Changes, differences and ratios: like with like, over every pair of series there is."""

import tomllib
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made import row, series
from sendstats.catalogue.series import entries
from sendstats.errors import Refused, WrongUse
from sendstats.series.api import definition, share
from sendstats.series.compare import change, difference, ratio
from sendstats.series.compared import Compared
from sendstats.series.model import Note, Observation

SERIES = Path(__file__).resolve().parents[3] / "src/sendstats/catalogue/series.toml"
#: The catalogue as it is written, not as the code under test reads it.
DECLARED = {s["id"]: s for s in tomllib.loads(SERIES.read_text(encoding="utf-8"))["series"]}


def observation(series_id, basis="", period="2021", value=50.0, **fields):
    meant = definition(series_id)
    counts = {"numerator": 50, "denominator": 100} if meant.is_rate else {}
    made = row(period, value, series=series_id, basis=basis, **(counts | fields))
    return Observation(meant, made)


def bases(declared):
    """Every basis a series can be asked on: published ones, and those over the same authorities."""
    computed = any("numerator" in cells for cells in declared["cells"])
    for basis in declared.get("bases") or [""]:
        yield basis
        if computed:
            yield ", ".join(filter(None, [basis, "same_authorities"]))


EVERY = [(s, basis) for s, declared in DECLARED.items() for basis in bases(declared)]
PAIRS = list(product(EVERY, EVERY))


def said(series_id, *keys):
    return [DECLARED[series_id].get(key, "") for key in keys]


def refused(compare, *observations):
    try:
        compare(*observations)
    except Refused:
        return True
    return False


def wrong(compare, fits, first="2021", **fields):
    """The pairs on which `compare` disagrees with the verdict that `fits` works out."""
    one = {key: observation(*key, period=first) for key in EVERY}
    other = {key: observation(*key, **fields) for key in EVERY}
    return [(a, b) for a, b in PAIRS if refused(compare, one[a], other[b]) == fits(a, b)]


def test_the_pairs_are_all_there_are():
    assert len(DECLARED) == len(entries()) > 100
    assert len(PAIRS) == len(EVERY) ** 2 > 10_000
    assert ("timeliness.within_20_weeks", "excluding_exceptions, same_authorities") in EVERY


def test_a_change_is_of_one_series_on_one_basis():
    assert wrong(change, lambda a, b: a == b, first="2020", period="2021") == []


def differ(a, b):
    """Never across bases or universes, nor of a stock and a flow."""
    keys = ("unit", "universe", "kind", "denominator")
    return said(a[0], *keys) == said(b[0], *keys) and a[1] == b[1]


def divide(part, whole):
    keys = ("unit", "universe", "kind")

    def adds_up(series_id):
        printed = any("published" in cells for cells in DECLARED[series_id]["cells"])
        return said(series_id, "unit") != ["percent"] and not printed

    related = whole[0] in (part[0], *said(part[0], "whole"))
    alike = said(part[0], *keys) == said(whole[0], *keys) and part[1] == whole[1]
    return related and alike and adds_up(part[0]) and adds_up(whole[0])


def test_a_difference_is_of_figures_that_mean_the_same():
    assert wrong(difference, differ) == []


def test_a_ratio_is_of_a_part_to_its_whole_and_of_nothing_else():
    assert wrong(ratio, divide) == []


SELECTED = {
    "all": {},
    "mainstream": {"placement": "mainstream"},
    "special": {"placement": "special"},
    "10": {"topic": "age", "item": "10"},
    "11": {"topic": "age", "item": "11"},
    "female": {"topic": "sex", "item": "female"},
    "asd": {"topic": "need", "item": "asd"},
    "asd 10": {"topic": "need × age", "item": "asd × 10"},
    "special 10": {"placement": "special", "topic": "age", "item": "10"},
}
#: What each selection is a part of, itself and the undivided total left out.
WITHIN = {"asd 10": ["asd", "10"], "special 10": ["special", "10"]}
#: The topic that divides each selection.
TOPIC = {"10": "age", "11": "age", "special 10": "age", "female": "sex", "asd": "need"}
TOPIC |= {"asd 10": "need × age"}


def wrong_selections(compare, alike, fits):
    """Of the series that compare, the selections on which `compare` and `fits` disagree."""
    pairs = product([p for p in PAIRS if alike(*p)], product(SELECTED, SELECTED))
    made = {(k, s): observation(*k, **SELECTED[s]) for k, s in product(EVERY, SELECTED)}
    return [
        (a, b, one, other)
        for (a, b), (one, other) in pairs
        if refused(compare, made[a, one], made[b, other]) == fits(one, other)
    ]


def test_a_part_is_divided_by_the_same_selection_or_by_one_that_holds_it():
    def fits(part, whole):
        return whole in ("all", part, *WITHIN.get(part, []))

    assert wrong_selections(ratio, divide, fits) == []


def test_a_difference_is_of_one_topic_or_with_the_undivided_total():
    def fits(one, other):
        return one not in TOPIC or other not in TOPIC or TOPIC[one] == TOPIC[other]

    def same(a, b):
        return a == b and differ(a, b)

    assert wrong_selections(difference, same, fits) == []


@pytest.mark.parametrize("one", ["mainstream", "special.independent", "elsewhere"])
@pytest.mark.parametrize("kind", ["stock", "flow", None, "", "plans.caseload", "both"])
def test_a_share_of_any_placement_says_of_which_kind(one, kind):
    if kind in ("stock", "flow"):
        assert share(one, kind).definition.kind == kind
    else:
        with pytest.raises(Refused, match="must say of what"):
            share(one, kind)


#: Which universes are counted on a day, as the data guidance of the releases says.
STOCKS = {"plans_home_authority", "pupils_all_schools", "pupils_state_and_special", "officers"}


def test_what_is_declared_agrees_with_what_the_sources_measure():
    for declared in DECLARED.values():
        assert (declared["kind"] == "stock") == (declared["universe"] in STOCKS), declared["id"]


def test_two_totals_of_one_flow_are_no_part_and_whole():
    """19,224 of 26,859 new plans placed in 2011 is the share; 27,447 is another total."""
    mainstream = observation("plans.new.placed", value=19224.0, placement="mainstream")
    total = observation("plans.new.placed", value=26859.0)
    assert round(float(ratio(mainstream, total)), 1) == 71.6
    with pytest.raises(Refused, match=r"no part of plans\.new"):
        ratio(mainstream, observation("plans.new", value=27447.0))


def test_no_ratio_of_two_rates():
    with pytest.raises(Refused, match="no ratio of two rates"):
        ratio(observation("plans.new.share"), observation("plans.new.share", placement="special"))


@pytest.mark.parametrize(
    ("fields", "change_too", "difference_too", "ratio_too"),
    [
        ({"place": "370"}, True, False, True),
        ({"placement": "special"}, True, False, True),
        ({"item": "down_syndrome"}, True, False, True),
        ({"topic": "sex", "item": "female"}, True, False, True),
        ({"period": "2020"}, False, True, True),
        ({"release": "2022"}, False, False, True),
        ({"release": "2022", "place": "370"}, True, True, True),
    ],
)
def test_what_else_must_agree(fields, change_too, difference_too, ratio_too):
    one = observation("plans.new.placed")
    later = observation("plans.new.placed", period="2022")
    other = observation("plans.new.placed", **fields)
    assert refused(change, other, later) == change_too
    assert refused(difference, one, other) == difference_too
    assert refused(ratio, one, other) == ratio_too


def test_a_refused_ratio_says_what_was_selected():
    mainstream, special = (
        observation("plans.new.placed", placement=p) for p in ("mainstream", "special")
    )
    with pytest.raises(Refused, match="the same placement and items, or of the total") as caught:
        ratio(mainstream, special)
    assert caught.value.found == "placement mainstream ÷ placement special"
    assert float(ratio(mainstream, special, meant=True)) == 100


CUMBRIA = {"place": "F909", "place_name": "Cumbria footprint", "level": "Footprint"}


@pytest.mark.parametrize(
    ("place", "refuse"),
    [("909", True), ("942", True), ("370", False), ("E92000001", False)],  # 909 became 942 and 943
)
def test_no_difference_between_a_footprint_and_a_member_of_it(place, refuse):
    pair = observation("plans.new", **CUMBRIA), observation("plans.new", place=place)
    for a, b in (pair, pair[::-1]):
        assert refused(difference, a, b) == refuse
        assert float(difference(a, b, meant=True)) == 0


def test_two_places_in_two_releases_or_two_topics_only_if_meant():
    one = observation("plans.new", topic="age", item="10")
    for fields in (
        {"place": "370", "release": "2022", "topic": "age"},
        {"topic": "sex", "item": "female"},
    ):
        other = observation("plans.new", **fields)
        with pytest.raises(Refused, match=r"across (releases|topics)"):
            difference(one, other)
        assert float(difference(one, other, meant=True)) == 0


def test_a_repaired_value_is_not_mixed_with_one_that_a_repair_replaces():
    """newplans.csv of 2025 prints 6,078 for Barnsley in 2022; its own plans are 319."""
    printed = observation("plans.new", value=6078.0, flags=["unrepaired"])
    repaired = observation("plans.new", period="2022", value=319.0, flags=["repaired"])
    same = observation("plans.new", value=319.0, flags=["repaired"])
    for compare, other in ((change, repaired), (difference, same), (ratio, same)):
        with pytest.raises(Refused, match="a repaired value and one that a repair replaces"):
            compare(printed, other)
    assert float(difference(printed, same, meant=True)) == 5759
    assert float(ratio(same, same)) == 100


def test_a_change_says_that_a_side_is_printed_and_proven_wrong():
    before = observation("plans.new", value=278.0)
    after = observation("plans.new", period="2022", value=6078.0, flags=["unrepaired"])
    assert repr(change(before, after)).endswith("; 2022 as printed, though proven wrong>")


def test_no_difference_of_shares_of_different_things():
    one = observation("requests.refused_share")
    other = Observation(replace(one.definition, denominator="requests.decided"), one.fields)
    with pytest.raises(Refused, match="they are shares of different things"):
        difference(one, other)


def test_a_comparison_that_is_meant_goes_through():
    stock, flow = observation("plans.caseload"), observation("plans.new", period="2020")
    assert float(difference(stock, flow, meant=True)) == 0
    assert float(ratio(stock, flow, meant=True)) == 100


def test_a_refusal_says_what_differs_why_and_what_to_do():
    """A rate with exceptions and one without are never one series."""
    name = "timeliness.within_20_weeks"
    one = observation(name, "excluding_exceptions", "2019")
    other = observation(name, "including_exceptions", "2020")
    with pytest.raises(Refused) as caught:
        change(one, other)
    assert caught.value.what == f"no change between {name} 2019 and {name} 2020"
    assert caught.value.found == "basis 'excluding_exceptions' and 'including_exceptions'"
    assert "a figure on another basis, such as including exceptions" in caught.value.expected
    assert caught.value.todo == "compare like with like"
    with pytest.raises(Refused) as caught:
        difference(one, other)
    assert caught.value.todo == "compare like with like, or say meant=True"


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_change_of_a_count(before, after):
    found = change(
        observation("plans.caseload", period="2020-01", value=float(before)),
        observation("plans.caseload", period="2021-01", value=float(after)),
    )
    assert found.value == after - before
    assert found.unit == "plans"
    if before:
        assert found.percent == pytest.approx(100 * after / before - 100)
    else:
        assert found.percent is None


def test_change_of_a_rate_is_in_percentage_points():
    """timeliness_20_week.csv of 2025: 29,895 of 49,519 in 2019, 31,446 of 54,175 in 2020."""
    pair = [
        observation("timeliness.within_20_weeks", "excluding_exceptions", period, 100 * n / d)
        for period, n, d in (("2019", 29_895, 49_519), ("2020", 31_446, 54_175))
    ]
    found = change(*pair)
    assert round(found.value, 3) == -2.326
    assert (found.percent, found.unit) == (None, "percentage points")
    assert repr(found) == (
        "<timeliness.within_20_weeks 2019 to 2020, excluding exceptions: -2.326 percentage points>"
    )


def test_repr_of_a_count():
    pair = [observation("plans.caseload", period=p, value=v) for p, v in (("2020", 4), ("2021", 5))]
    assert repr(change(*pair)) == "<plans.caseload 2020 to 2021: +1 plans (+25.0 %)>"


def test_repr_of_an_average_keeps_its_decimals():
    """timeliness.average_weeks, England: 24.7 in 2023 and 25.5 in 2024 (DfE, release 2026)."""
    weeks = [
        observation("timeliness.average_weeks", "including_exceptions", period, value)
        for period, value in (("2023", 24.7), ("2024", 25.5))
    ]
    assert "2023 to 2024, including exceptions: +0.8 weeks" in repr(change(*weeks))


@pytest.mark.parametrize("periods", [("2021", "2020"), ("2021", "2021")])
def test_a_change_runs_forward(periods):
    with pytest.raises(WrongUse, match="from an earlier to a later"):
        change(*(observation("plans.new", period=p) for p in periods))


def test_no_ratio_with_a_null():
    null = observation("plans.new", value=None, reason="non_return")
    for pair in ((null, observation("plans.new")), (observation("plans.new"), null)):
        with pytest.raises(Refused, match="null, because: non_return"):
            ratio(*pair)


def test_no_difference_with_a_null_or_a_small_base():
    compare = difference
    fine = observation("requests.refused_share")
    null = observation("requests.refused_share", value=None, reason="non_return")
    small = observation("requests.refused_share", denominator=29, flags=["small_base"])
    with pytest.raises(Refused, match="null, because: non_return"):
        compare(fine, null)
    with pytest.raises(Refused, match="a rate of 29 cases"):
        compare(small, fine)


def test_no_ratio_to_nothing():
    with pytest.raises(Refused, match="no ratio to nothing"):
        ratio(observation("plans.new"), observation("plans.new", value=0.0))


def test_series_give_observations_that_compare():
    made = series([row("2020-01", 4.0), row("2021-01", 5.0)])
    assert change(made.at("2020-01"), made.at("2021-01")).percent == 25


WRONG = Note("wrong", "finding", "Expected 2,196, published 4,488.")
CAVEAT = Note("eased", "caveat", "Limits were eased.")
BREAK = Note("person_level", "break", "One record a person.", "2023-01")


def residential(*flagged):
    """England, January 2022 to 2025: residential_settings.csv of release 2025."""
    figures = {"2022-01": 2413, "2023-01": 4488, "2024-01": 2125, "2025-01": 2221}
    rows = [row(p, v, flags=[f for f, when in flagged if when == p]) for p, v in figures.items()]
    return series(rows, notes=(WRONG, CAVEAT, BREAK))


def test_a_change_carries_what_is_known_of_either_end():
    """2,125 after 4,488 is a fall of 52.7 %, and 4,488 is twice what its parts make."""
    held = residential(("wrong", "2023-01"), ("eased", "2024-01"))
    made = change(held.at("2023-01"), held.at("2024-01"))
    assert made.notes == (WRONG, CAVEAT)
    head, *lines = repr(made).split("\n")
    assert "-2,363 plans (-52.7 %)" in head
    assert lines == [
        "  finding, 2023-01: Expected 2,196, published 4,488.",
        "  caveat, 2024-01: Limits were eased.>",
    ]
    assert change(held.at("2024-01"), held.at("2025-01")).notes == (CAVEAT,)
    assert change(held.at("2022-01"), held.at("2025-01")).notes == ()


def test_a_note_of_both_ends_is_said_once():
    held = residential(("eased", "2024-01"), ("eased", "2025-01"))
    said = repr(change(held.at("2024-01"), held.at("2025-01")))
    assert said.endswith("\n  caveat, both figures: Limits were eased.>")


@pytest.mark.parametrize(
    ("first", "last", "crossed"),
    [("2022-01", "2023-01", True), ("2022-01", "2025-01", True), ("2023-01", "2025-01", False)],
)
def test_a_change_names_the_break_that_it_crosses(first, last, crossed):
    """The mark of a break is on the first figure after it, which may be neither end."""
    held = residential(("person_level", "2023-01"))
    made = change(held.at(first), held.at(last))
    assert made.breaks == ((BREAK,) if crossed else ())
    assert ("\n  break at 2023-01: One record a person.>" in repr(made)) == crossed


def test_a_break_of_another_line_is_none_of_this_one():
    rows = [row(p, 5.0, place=k, flags=["person_level"] if k == "390" else [])
            for p in ("2022-01", "2023-01") for k in ("390", "391")]  # fmt: skip
    held = series(rows, notes=(BREAK,))
    assert change(held.at("2022-01", "391"), held.at("2023-01", "391")).breaks == ()
    assert change(held.at("2022-01", "390"), held.at("2023-01", "390")).breaks == (BREAK,)


NOTED = Note("late", "caveat", "Returned late.", "DfE")
LISTED = replace(NOTED, id="eased")


def test_a_change_is_a_number_that_keeps_what_it_is():
    before, after = (
        observation("plans.new", period=p, value=v) for p, v in (("2023", 9.0), ("2024", 12.0))
    )
    found = change(before, after)
    assert (float(found), found.unit, found.ends) == (3.0, "plans", (before, after))
    with pytest.raises(AttributeError):
        found.value = 4.0


def test_a_difference_is_a_number_that_keeps_what_it_is():
    """timeliness_20_week.csv of 2025, rows 492 and 493: London 54.7 % and the South East 45.8 %."""
    basis = "excluding_exceptions"
    rate = ("timeliness.within_20_weeks", basis, "2022")
    london = observation(
        *rate, 54.7, place="E12000007", place_name="London", flags=["late"], row="492"
    )
    east = observation(*rate, 45.8, place="E12000008", place_name="South East", row="493")
    found = difference(replace(london, notes=(NOTED,)), east)
    assert (round(float(found), 3), found.unit, found.basis) == (8.9, "percentage points", basis)
    assert (found.flags, found.notes) == (("late",), (NOTED,))
    assert [source.split(", ")[1] for source in found.sources] == ["row 492", "row 493"]
    assert repr(found) == (
        "<timeliness.within_20_weeks 2022: London less South East, excluding exceptions: +8.900 "
        "percentage points\n  caveat, London: Returned late.>"
    )


def test_a_difference_across_bases_names_both():
    one, other = (
        observation("timeliness.within_20_weeks", f"{x}_exceptions")
        for x in ("excluding", "including")
    )
    assert difference(one, other, meant=True).basis == (
        "excluding_exceptions and including_exceptions"
    )
    stock, flow = observation("plans.caseload", period="2021-01"), observation("requests.received")
    assert difference(stock, flow, meant=True).unit == "plans less requests"


def test_a_ratio_is_a_number_that_keeps_what_it_is():
    """caseload.csv of 2026, row 15: 279,452 of 638,745 plans in mainstream schools are 43.750 %."""
    fields = {"period": "2025-01", "place_name": "England"}
    whole = observation("plans.caseload.placed", value=638_745.0, **fields)
    part = observation("plans.caseload.placed", value=279_452.0, placement="mainstream", **fields)
    found = ratio(replace(part, notes=(NOTED,)), replace(whole, notes=(NOTED, LISTED)))
    assert (round(float(found), 3), found.unit, found.basis) == (43.750, "percent", "")
    assert found.notes == (NOTED, LISTED)
    assert repr(found) == (
        "<plans.caseload.placed mainstream of plans.caseload.placed, England, 2025-01: 43.750 "
        "percent (279,452 of 638,745)\n  caveat, both figures: Returned late.\n  caveat, the "
        "total: Returned late.>"
    )


def test_only_what_has_two_ends_can_be_asked_for_them():
    with pytest.raises(NotImplementedError):
        _ = Compared(1.0, "plans").ends
