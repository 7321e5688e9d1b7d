"""What divides a table: topics, their items, and every spelling of an item."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sendstats.catalogue.load import document, record
from sendstats.errors import DataProblem, UnknownId

#: Topic and item of what is not divided.
TOTAL = "total"
#: Joins the topics, and the items, of rows that several filters divide at once.
TIMES = " × "


@dataclass(frozen=True)
class Topic:
    """One topic.

    Attributes
    ----------
    id, title : str
    labels : str
        Group of ``labels.toml`` that holds its items; several topics may share one.
    """

    id: str
    title: str
    labels: str


@cache
def topics() -> dict[str, Topic]:
    """Return every topic by id."""
    book = document("topics.toml")
    return {key: record(Topic, {"id": key, **entry}, "topics.toml") for key, entry in book.items()}


def topic(topic_id: str) -> Topic:
    """Return one topic.

    Raises
    ------
    UnknownId
        If there is none with this id.
    """
    try:
        return topics()[topic_id]
    except KeyError:
        raise UnknownId.of("topic", topic_id, topics()) from None


@cache
def spellings(group: str) -> dict[str, str]:
    """Return every published label of a group of ``labels.toml`` with our item for it.

    Raises
    ------
    DataProblem
        If a spelling stands in the group twice.
    UnknownId
        If there is no such group.
    """
    book = document("labels.toml")
    if group not in book:
        raise UnknownId.of("label group", group, book)
    found: dict[str, str] = {}
    for item, labels in book[group].items():
        for label in labels:
            if label in found:
                raise DataProblem(
                    "a label means two things",
                    where=f"labels.toml, group {group}",
                    expected="every spelling once",
                    found=f"{label!r} is {found[label]} and {item}",
                )
            found[label] = item
    return found


@cache
def titles(group: str) -> dict[str, str]:
    """Return every item of a group with the spelling that we print: the first one."""
    found: dict[str, str] = {}
    for label, item in spellings(group).items():
        found.setdefault(item, label)
    return found


def item_title(topics_joined: str, item: str) -> str:
    """Return an item in words, such as ``Age 10``; of several topics, joined as they are."""
    if item == TOTAL:
        return ""
    pairs = zip(topics_joined.split(TIMES), item.split(TIMES), strict=False)
    return TIMES.join(titles(topic(t).labels).get(i, i) for t, i in pairs)
