"""What the publisher's data guidance calls a column."""

from __future__ import annotations

from functools import cache

from sendstats.catalogue.load import document
from sendstats.catalogue.tables import Layout, Table, tables


def titles(table: Table, layout: Layout) -> dict[str, str]:
    """Return our columns of a layout to their titles in the guidance of a release that uses it.

    Where the guidance of several releases gives one, the newest says it. Columns without a title
    are left out.
    """
    book = document("titles.toml").get(table.publication, {})
    given: dict[str, str] = {}
    for release in layout.releases:
        given |= book.get(release, {}).get(layout.file, {})
    return {ours: given[name] for ours, name in layout.columns.items() if name in given}


@cache
def columns_in_words(table: str) -> dict[str, str]:
    """Return our columns of a table to their titles; of several, that of the newest layout."""
    one = tables()[table]
    said: dict[str, str] = {}
    for layout in one.layouts:
        said |= titles(one, layout)
    return said
