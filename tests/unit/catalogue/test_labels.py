"""Labels: every spelling once in its group, one title for an item, topics that share a group."""

import pytest

from sendstats.catalogue import labels
from sendstats.catalogue.labels import spellings, titles, topic, topics
from sendstats.catalogue.load import document
from sendstats.errors import DataProblem, UnknownId

GROUPS = sorted(document("labels.toml"))


@pytest.mark.parametrize("group", GROUPS)
def test_every_spelling_means_one_item(group):
    assert set(spellings(group).values()) == set(document("labels.toml")[group])
    assert set(titles(group)) == set(spellings(group).values())


def test_every_topic_has_a_group_and_every_group_a_topic():
    used = {t.labels for t in topics().values()}
    assert used <= set(GROUPS)


def test_ages_at_different_dates_are_topics_of_their_own_with_one_spelling():
    ages = [t.id for t in topics().values() if t.labels == "age"]
    assert {"age", "age_at_start", "age_at_request", "age_at_cease"} <= set(ages)
    published = ("age 10", "Age 10", "Aged 10")
    assert {spellings("age")[label] for label in published} == {"10"}


def test_placements_of_rows_and_of_columns_are_the_same():
    placed = spellings("placement")
    assert placed["Mainstream - total"] == placed["Mainstream school | Total"] == "mainstream"
    assert placed["AP/PRU - academy"] == "ap_pru.academy"
    # The old "Special - LA maintained" leaves hospital schools out, so it is another leaf.
    assert placed["Special - LA maintained"] == "special.la_maintained"


def test_a_label_with_two_meanings_is_refused(monkeypatch):
    monkeypatch.setattr(labels, "document", lambda _: {"g": {"a": ["A", "B"], "b": ["B"]}})
    with pytest.raises(DataProblem, match="two things") as caught:
        spellings.__wrapped__("g")
    assert caught.value.found == "'B' is a and b"


def test_unknown_group_and_topic_suggest():
    with pytest.raises(UnknownId, match="did you mean 'placement'"):
        spellings("placements")
    with pytest.raises(UnknownId, match="did you mean 'ethnicity'"):
        topic("ethnicty")
