"""Figures divided by age, sex, need and other topics, and what the stored tables lack."""

import pytest

from builders import ENGLAND, stored
from sendstats.errors import DataProblem, Refused, UnknownId, WrongUse
from sendstats.series.api import series
from sendstats.series.compare import change, ratio

AGE = "Child or young persons age"
ROWS = [
    {"place": p, "label": label, "plans": n, "breakdown": pair}
    for label, factor in ((202324, 1), (202425, 2))
    for p in (ENGLAND, "370")
    for pair, n in (
        (("All EHC plans", "All EHC plans"), 10 * factor),
        ((AGE, "age 10"), 4 * factor),
        ((AGE, "age 11"), 6 * factor),
        (("Sex", "Female"), 3 * factor),
    )
]


@pytest.fixture(scope="module")
def detail(tmp_path_factory):
    """Every row of a made-up file."""
    return stored(tmp_path_factory.mktemp("detail"), {("caseload", "2025"): ROWS}, detail=True)


@pytest.fixture(scope="module")
def headline(tmp_path_factory):
    """Only the rows that are committed."""
    return stored(tmp_path_factory.mktemp("headline"), {("caseload", "2025"): ROWS})


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (None, {"10": 8, "11": 12}),
        ("all", {"10": 8, "11": 12}),
        ("10", {"10": 8}),
        (["10", "11", "10"], {"10": 8, "11": 12}),
    ],
)
def test_items_of_a_topic(detail, item, expected):
    found = series("plans.caseload", topic="age", item=item, store=detail).rows
    january = found.filter(found["period"] == "2025-01")
    assert dict(january.select("item", "value").iter_rows()) == expected
    assert set(january["topic"]) == {"age"}


def test_without_a_topic_nothing_is_divided(detail):
    found = series("plans.caseload", place="370", store=detail)
    assert found.at("2025-01").value == 20
    assert (found.at("2025-01").topic, found.at("2025-01").item) == ("total", "total")


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"topic": "agge"}, UnknownId, "did you mean 'age'"),
        ({"topic": "age", "item": "9"}, UnknownId, "unknown item of plans.caseload by age '9'"),
        ({"topic": "age", "item": []}, WrongUse, "no item of plans.caseload is asked for"),
        ({"item": "10"}, WrongUse, "items by topic only"),
        ({"topic": "age", "item": "10 × male"}, UnknownId, "unknown item"),
    ],
)
def test_wrong_questions(detail, options, error, says):
    with pytest.raises(error, match=says):
        series("plans.caseload", store=detail, **options)


@pytest.mark.parametrize("topic", [["age", "sex"], "sex × age", "age × sex"])
def test_two_topics_at_once_need_rows_of_both(detail, topic):
    with pytest.raises(DataProblem, match="by sex × age"):
        series("plans.caseload", topic=topic, store=detail)


def test_rows_that_are_not_stored_are_named_with_the_store_that_has_them(headline):
    with pytest.raises(DataProblem) as caught:
        series("plans.caseload", topic="age", place="370", store=headline)
    assert "lack plans.caseload by age" in caught.value.what
    assert "sendstats ingest --detail" in caught.value.todo


def test_columns_that_are_not_stored_are_no_part_left_out(headline, monkeypatch):
    """A sum without a part that the release prints would be another figure."""
    frame = headline.read("caseload", "2025").drop("elsewhere.neet_other")
    monkeypatch.setattr(headline, "read", lambda *_: frame)
    with pytest.raises(DataProblem, match="lacks columns") as caught:
        series("plans.caseload.placed", placement="elsewhere", store=headline)
    assert "elsewhere.neet_other" in caught.value.found


def test_figures_of_other_items_and_topics_are_not_compared(detail):
    by_age = series("plans.caseload", topic="age", store=detail).rows
    assert by_age.height == 4
    ten, eleven = (
        series("plans.caseload", topic="age", item=i, store=detail) for i in ("10", "11")
    )
    total = series("plans.caseload", store=detail)
    with pytest.raises(Refused, match="item"):
        change(ten.at("2024-01"), eleven.at("2025-01"))
    with pytest.raises(Refused, match="topic"):
        change(ten.at("2024-01"), total.at("2025-01"))
    assert change(ten.at("2024-01"), ten.at("2025-01")).percent == 100
    assert ratio(ten.at("2025-01"), total.at("2025-01")).value == 40
