"""What must hold of a header and of the columns that say who and when."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from functools import cache

from sendstats.catalogue.places import LEVELS, LOCAL, NATIONAL, REGIONAL, england, of_level, places
from sendstats.catalogue.tables import Layout
from sendstats.errors import Fault
from sendstats.ingest.lookup import Texts
from sendstats.ingest.periods import census_day, ended

#: The identification columns of the publisher's own data standard.
IDENTITY = (
    "time_period",
    "time_identifier",
    "geographic_level",
    "country_code",
    "country_name",
    "region_code",
    "region_name",
    "old_la_code",
    "new_la_code",
    "la_name",
)
#: Those of them that say which place a row is about.
PLACE = IDENTITY[2:]
#: What stands in for the text of a key column that the file has not; no label has brackets.
ABSENT = "(absent)"

#: What is wrong, in which column, what was expected there and what was found.
Problem = tuple[str, str, str, str]


def key_columns(layout: Layout) -> set[str]:
    """Return the published columns with few distinct texts: keys, and what rows are chosen by."""
    return {*IDENTITY, *layout.filters, *(u.column for u in layout.unused_rows)}


def header_faults(
    header: Collection[str], layout: Layout, known: frozenset[str], blank: Collection[str]
) -> list[Fault]:
    """Return a fault for every column that is missing, and for every one that is not known.

    Parameters
    ----------
    header : collection of str
        Columns of the file.
    layout : Layout
    known : frozenset of str
        Columns that some table of the file takes or leaves unused for a reason.
    blank : collection of str
        Columns without a name and without a text, which are none.
    """
    needed = {*key_columns(layout), *layout.columns.values()}
    extra = [c for c in header if c not in {*needed, *known, *blank}]
    missing = sorted(needed - set(header))
    gone = [
        Fault("column is missing", column=c, expected=c, found=_near(c, extra)) for c in missing
    ]
    new = [
        Fault("column is not in the registry", column=c, expected=_near(c, missing)) for c in extra
    ]
    return gone + new


def _near(name: str, others: list[str]) -> str:
    close = get_close_matches(name.lower(), others, n=1, cutoff=0.6)
    return f"nearest name {close[0]!r}" if close else "no similar name"


@cache
def place_problem(texts: Texts, period: str | None, divides: tuple[str, ...]) -> Problem | None:
    """Return what is wrong with the place of a row: a code, name, level, region or its life.

    Parameters
    ----------
    texts : tuple of str or None
        Columns of `PLACE` as published.
    period : str or None
        None where it is not known.
    divides : tuple of str
        Regions that the file prints in parts in that period, and not as a whole.
    """
    wrong = _identity_problem(texts, divides)
    row = dict(zip(PLACE, texts, strict=True))
    if wrong or not period or row["geographic_level"] != LOCAL or row["old_la_code"] == ABSENT:
        return wrong
    place = places()[row["old_la_code"] or ""]
    if place.in_force(census_day(period)):
        return None
    lived = f"{place.start or 'ever'} to {place.end or 'now'}"
    return ("authority was not in force", "time_period, old_la_code", lived, period)


@cache
def _identity_problem(texts: Texts, divides: tuple[str, ...]) -> Problem | None:
    """Return what is wrong whatever the period; files of a release print the same places."""
    row = dict(zip(PLACE, texts, strict=True))
    tests = [
        ("level is not known", "geographic_level", LEVELS),
        ("country is not known", "country_code", england().codes),
    ]
    unsaid = row["geographic_level"] == ABSENT and not row["region_code"]
    if row["geographic_level"] != NATIONAL and not unsaid:
        regions = _regions(divides)
        every = tuple(name for names in regions.values() for name in names)
        named = every if row["region_code"] == ABSENT else regions.get(row["region_code"] or "", ())
        tests.append(("region is not known", "region_code", tuple(regions)))
        tests.append(("name and code disagree", "region_name", named))
    wrong = _mismatch(row, tests)
    if wrong or row["geographic_level"] != LOCAL or row["old_la_code"] == ABSENT:
        return wrong
    place = places().get(row["old_la_code"] or "")
    if place is None or place.level != LOCAL:
        return ("authority is not known", "old_la_code", "a DfE number", str(row["old_la_code"]))
    tests = [
        ("code and number disagree", "new_la_code", place.codes),
        ("name and number disagree", "la_name", (place.name, *place.published_names)),
        ("region and number disagree", "region_code", (place.region_in(divides),)),
    ]
    return _mismatch(row, tests)


@cache
def _regions(divides: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {p.key: (p.name, *p.published_names) for p in of_level(REGIONAL, divides)}


def _mismatch(
    row: dict[str, str | None], tests: list[tuple[str, str, tuple[str, ...]]]
) -> Problem | None:
    for what, column, allowed in tests:
        if row[column] not in (ABSENT, *allowed):
            return (what, column, " or ".join(dict.fromkeys(allowed)), str(row[column]))
    return None


@cache
def period_problem(label: str | None, period: str | None, published: str) -> Problem | None:
    """Return what is wrong with a period that makes sense: it was not over at publication.

    Parameters
    ----------
    label, period : str or None
        As published, and ours.
    published : str
        Date of publication, ISO 8601; "" where it is not known, and nothing is said.
    """
    if not period or not published or ended(period).isoformat() <= published:
        return None
    over = f"a period that was over on {published}, when the release was published"
    return ("period is later than the release", "time_period", over, str(label))
