"""What the publisher's data guidance calls a column."""

from __future__ import annotations

from sendstats.catalogue.load import document
from sendstats.catalogue.tables import Layout, Table


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
