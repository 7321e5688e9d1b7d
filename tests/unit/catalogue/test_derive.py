"""A layout that says only what differs from another: what it inherits, and what it may not say."""

import pytest

from sendstats.catalogue import tables as registry
from sendstats.catalogue.derive import derived
from sendstats.errors import DataProblem, UnknownId

PARENT = {
    "id": "C",
    "releases": ["2025"],
    "file": "plans.csv",
    "proven": True,
    "topics": {"All plans": "total", "Sex": "sex", "Age": "age"},
    "columns": {"plans": "plans", "a": "A", "b": "B", "a.percent": "A_pc"},
    "sums": [{"total": "plans", "parts": ["a", "b"]}],
    "ratios": {"plans": ["a"]},
    "unused": {"printed twice": ["A#2"]},
}


def child(**said):
    entry = {"id": "D", "extends": "C", "releases": ["2026"], **said}
    return derived(entry, {"C": PARENT}.__getitem__, "plans.toml")


def test_what_is_not_said_is_inherited():
    assert child() == PARENT | {"id": "D", "releases": ["2026"]}


def test_a_layout_is_proven_by_its_own_files_only():
    unproven = derived({"id": "D", "extends": "C", "releases": ["2026"], "proven": False},
                       lambda _: PARENT, "plans.toml")  # fmt: skip
    assert unproven["proven"] is False
    later = derived({"id": "E", "extends": "D", "releases": ["2027"]}, lambda _: unproven, "p")
    assert later["proven"] is True


def test_columns_are_renamed_in_place_added_and_dropped():
    made = child(renamed={"a": "aa"}, added={"c": "C"}, dropped=["b"],
                 sums=[{"total": "plans", "parts": ["a", "c"]}])  # fmt: skip
    assert made["columns"] == {"plans": "plans", "a": "aa", "a.percent": "A_pc", "c": "C"}
    assert list(made["columns"]) == ["plans", "a", "a.percent", "c"]
    assert made["sums"] == [{"total": "plans", "parts": ["a", "c"]}]


def test_a_column_that_is_dropped_leaves_every_list():
    parent = PARENT | {"blanks": ["a", "b"], "signed": ["b"]}
    entry = {"id": "D", "extends": "C", "releases": ["2026"], "dropped": ["b"]}
    made = derived(entry, lambda _: parent, "plans.toml")
    assert (made["blanks"], made["signed"]) == (["a"], [])
    made = derived({**entry, "blanks": []}, lambda _: parent, "plans.toml")
    assert made["blanks"] == []


def test_a_topic_renamed_stands_where_the_old_name_stood():
    made = child(topics={"All the plans": "total", "Need": "primary_need"}, dropped=["sex"])
    assert list(made["topics"].items()) == [
        ("All the plans", "total"),
        ("Age", "age"),
        ("Need", "primary_need"),
    ]


def test_an_identity_goes_with_its_total_and_a_rate_with_its_percentage():
    assert child(dropped=["plans"])["sums"] == []
    assert child(dropped=["plans"])["ratios"] == {}
    assert child(dropped=["a.percent"])["ratios"] == {}
    assert child(dropped=["a.percent"])["sums"] == PARENT["sums"]


def test_other_keys_replace_those_of_the_parent():
    assert child(unused={"typed twice": ["B#2"]})["unused"] == {"typed twice": ["B#2"]}
    assert child(file="all.csv")["file"] == "all.csv"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"renamed": {"z": "Z"}}, "renamed that the parent lacks: z"),
        ({"renamed": {"a": "A"}}, "renamed to the name that it has: a"),
        ({"dropped": ["z", "sex"]}, "dropped that the parent lacks: z"),
        ({"added": {"a": "AA"}}, "added that the parent has: a"),
        ({"columns": {"a": "A"}}, "lists its columns: columns"),
    ],
)
def test_what_does_not_fit_the_parent_is_refused(said, found):
    with pytest.raises(DataProblem, match="does not fit") as caught:
        child(**said)
    assert found in caught.value.found
    assert caught.value.where == "plans.toml, layout D"


def test_all_misfits_are_told_at_once():
    with pytest.raises(DataProblem) as caught:
        child(renamed={"z": "Z"}, added={"a": "AA"})
    assert caught.value.found.count(";") == 1


def test_a_part_that_is_dropped_must_be_said(monkeypatch):
    """Otherwise the sum of a total would go without one of its parts and nobody would know."""
    made = child(dropped=["b"])
    with pytest.raises(DataProblem, match="the layout lacks") as caught:
        registry._layout(made, "plans.toml")
    assert caught.value.found == "b"


def test_a_parent_may_stand_in_another_table():
    own = registry._entry("tables/new_plans.toml", "D")
    assert registry._parent("tables/new_plans.toml", "D") == own
    other = registry._parent("tables/caseload.toml", "new_plans.D")
    assert other == own


def test_unknown_parent_suggests():
    with pytest.raises(UnknownId, match="unknown layout of tables/caseload"):
        registry._parent("tables/caseload.toml", "Z")
