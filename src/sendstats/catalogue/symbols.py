"""What a published symbol means, by publication and release."""

from __future__ import annotations

from functools import cache

from sendstats.catalogue.load import document

#: Every reason a value can be null for.
REASONS = (
    "not_collected",
    "non_return",
    "no_data",
    "suppressed",
    "not_applicable",
    "undefined",
    "rounds_to_zero",
    "unreliable",
    "blank",
)
#: Decided cell by cell between `not_collected` and `non_return`.
UNAVAILABLE = "unavailable"


@cache
def symbols(publication: str, release: str) -> dict[str, str]:
    """Return symbol to meaning for one release, in the words of `REASONS` or `UNAVAILABLE`."""
    book = document("symbols.toml")[publication]
    return {**book["default"], **book.get(release, {})}
