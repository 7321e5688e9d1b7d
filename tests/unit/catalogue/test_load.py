"""The catalogue refuses what it does not know; nothing in it is read on import."""

from dataclasses import dataclass

import pytest

from sendstats.catalogue import fields
from sendstats.catalogue.load import document, names, record
from sendstats.errors import DataProblem
from sendstats.quality import settings


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


def test_what_makes_a_part_is_said_by_its_key():
    entry = {"id": "a", "parts": ["b c"]}
    assert record(Thing, entry, "here", parts=lambda names: [n.upper() for n in names]).parts == (
        "B C",
    )


@pytest.mark.parametrize("read", [settings.sames, settings.balances, fields.files])
def test_every_loader_refuses_a_key_that_it_does_not_know(monkeypatch, read):
    kinds = {"same": [{"says": "x", "cells": ["a b"], "colour": "red"}]}
    kinds["balance"] = [dict.fromkeys(("says", "stock", "begun", "ended", "colour"), "a b")]
    book = {"fields": {}, "key": [], "colour": "red"} if read is fields.files else {}
    for module in (settings, fields):
        monkeypatch.setattr(module, "document", lambda name: {"x": book} if book else kinds)
    with pytest.raises(DataProblem, match="unknown key"):
        read.__wrapped__()


def test_documents_are_found_by_name():
    listed = names("tables")
    assert listed == sorted(listed)
    assert all(document(name)["layout"] for name in listed)
