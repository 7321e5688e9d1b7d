"""What a published symbol means, by publication and release."""

from __future__ import annotations

from functools import cache

from sendstats.catalogue.load import document

#: A place in force has no row: no symbol says why, and only a sum that needs it is null for this.
NO_ROW = "no_row"
#: The release counts it only together with others.
UNTOLD = "not_told_apart"
#: Every reason a value can be null for.
REASONS = (
    "not_collected",
    "non_return",
    NO_ROW,
    UNTOLD,
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
