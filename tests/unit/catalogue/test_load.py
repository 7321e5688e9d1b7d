"""The catalogue refuses what it does not know; nothing in it is read on import."""

from dataclasses import dataclass

import pytest

from sendstats.catalogue.load import document, names, record
from sendstats.errors import DataProblem


@dataclass(frozen=True)
class Thing:
    id: str
    parts: tuple[str, ...] = ()


def test_record_makes_lists_tuples():
    assert record(Thing, {"id": "a", "parts": ["b"]}, "here") == Thing("a", ("b",))


@pytest.mark.parametrize(
    ("entry", "what", "found"),
    [
        ({"id": "a", "colour": "red"}, "the catalogue has an unknown key", "colour"),
        ({"parts": []}, "the catalogue lacks a key", "'id'"),
    ],
)
def test_record_refuses_wrong_keys(entry, what, found):
    with pytest.raises(DataProblem) as caught:
        record(Thing, entry, "things.toml")
    assert caught.value.what == what
    assert caught.value.where == "things.toml"
    assert found in caught.value.found


def test_documents_are_found_by_name():
    listed = names("tables")
    assert listed == sorted(listed)
    assert all(document(name)["layout"] for name in listed)
