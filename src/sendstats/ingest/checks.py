"""What must hold before a file is believed: header, labels, codes and cells, all faults at once."""

from __future__ import annotations

import math
from difflib import get_close_matches

import polars as pl

from sendstats.catalogue.labels import spellings
from sendstats.catalogue.places import LEVELS, LOCAL, NATIONAL, REGIONAL, england, of_level, places
from sendstats.catalogue.tables import PERCENT, Layout
from sendstats.errors import Fault
from sendstats.ingest.periods import census_day, ended
from sendstats.ingest.symbols import number

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


#: How the publisher prints a figure: a nought in front, an exponent or a plus is a slip.
FIGURE = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"

#: What is wrong, in which column, what was expected there and what was found.
Problem = tuple[str, str, str, str]


def header_faults(frame: pl.DataFrame, layout: Layout, known: frozenset[str]) -> list[Fault]:
    """Return a fault for every column that is missing, and for every one that is not known.

    `known` are the columns that some table of the file takes or leaves unused for a reason.
    """
    needed = {*IDENTITY, *layout.columns.values(), *layout.filters}
    extra = [c for c in frame.columns if c not in needed | known and not _blank(frame, c)]
    missing = sorted(needed - set(frame.columns))
    gone = [
        Fault("column is missing", column=c, expected=c, found=_near(c, extra)) for c in missing
    ]
    new = [
        Fault("column is not in the registry", column=c, expected=_near(c, missing)) for c in extra
    ]
    return gone + new


def _blank(frame: pl.DataFrame, column: str) -> bool:
    texts = frame[column].drop_nulls().str.strip_chars()
    return column.startswith("(unnamed)") and not (texts != "").any()


def _near(name: str, others: list[str]) -> str:
    close = get_close_matches(name.lower(), others, n=1, cutoff=0.6)
    return f"nearest name {close[0]!r}" if close else "no similar name"


def first_of(
    frame: pl.DataFrame, bad: pl.Expr, columns: list[str], what: str, known: list[str]
) -> list[Fault]:
    """Return one fault for each distinct combination of `columns` where `bad` holds."""
    rows = (
        frame.filter(bad)
        .group_by(columns, maintain_order=True)
        .agg(pl.col("row").first(), pl.len().alias("_times"))
        .sort("row")
    )
    faults = []
    for row in rows.iter_rows(named=True):
        found = " | ".join(str(row[c]) for c in columns)
        times = f" ({row['_times']} rows)" if row["_times"] > 1 else ""
        near = get_close_matches(found, known, n=3, cutoff=0.4) if known else []
        expected = f"one of the known labels; nearest {', '.join(near)}" if near else ""
        faults.append(Fault(what, ", ".join(columns), row["row"], expected, f"{found}{times}"))
    return faults


def place_faults(frame: pl.DataFrame, divides: tuple[str, ...] = ()) -> list[Fault]:
    """Return a fault for every code, name, level or region that does not fit the register.

    Parameters
    ----------
    frame : polars.DataFrame
        Identification columns as published, with ``row`` and ``period``.
    divides : tuple of str
        Regions that the file prints in parts.
    """
    columns = [*IDENTITY[2:], "period"]
    seen = frame.group_by(columns, maintain_order=True).agg(pl.col("row").first())
    faults = []
    for row in seen.sort("row").iter_rows(named=True):
        problem = _place_problem(row, divides)
        if problem:
            what, column, expected, found = problem
            faults.append(Fault(what, column, row["row"], expected, found))
    return faults


def _place_problem(row: dict[str, str | None], divides: tuple[str, ...]) -> Problem | None:
    """Return what is wrong with one place."""
    tests: list[tuple[str, str, tuple[str, ...]]] = [
        ("level is not known", "geographic_level", LEVELS),
        ("country is not known", "country_code", england().codes),
    ]
    if row["geographic_level"] != NATIONAL:
        held = [*of_level(REGIONAL), *of_level(REGIONAL, divides)]
        regions = {p.key: (p.name, *p.published_names) for p in held}
        named = regions.get(row["region_code"] or "", ())
        tests.append(("region is not known", "region_code", tuple(regions)))
        tests.append(("name and code disagree", "region_name", named))
    wrong = _mismatch(row, tests)
    if wrong or row["geographic_level"] != LOCAL:
        return wrong
    return _authority_problem(row, divides)


def _authority_problem(row: dict[str, str | None], divides: tuple[str, ...]) -> Problem | None:
    place = places().get(row["old_la_code"] or "")
    if place is None or place.level != LOCAL:
        return ("authority is not known", "old_la_code", "a DfE number", str(row["old_la_code"]))
    names = (place.name, *place.published_names)
    regions = tuple(dict.fromkeys((place.region, place.region_in(divides))))
    wrong = _mismatch(
        row,
        [
            ("code and number disagree", "new_la_code", place.codes),
            ("name and number disagree", "la_name", names),
            ("region and number disagree", "region_code", regions),
        ],
    )
    if wrong or not row["period"] or place.in_force(census_day(row["period"])):
        return wrong
    lived = f"{place.start or 'ever'} to {place.end or 'now'}"
    return ("authority was not in force", "time_period, old_la_code", lived, row["period"])


def _mismatch(
    row: dict[str, str | None], tests: list[tuple[str, str, tuple[str, ...]]]
) -> Problem | None:
    for what, column, allowed in tests:
        if row[column] not in allowed:
            return (what, column, " or ".join(allowed), str(row[column]))
    return None


def cell_faults(frame: pl.DataFrame, layout: Layout, book: dict[str, str]) -> list[Fault]:
    """Return a fault for every column and text that is no possible figure and no known symbol.

    Counts are whole and not negative, unless they are a remainder; percentages run from 0 to 100
    and are never fractions; words are those that the layout lists.
    """
    faults: list[Fault] = []
    for ours, published in layout.columns.items():
        cell = pl.col(published).str.strip_chars()
        symbol = cell.is_null() | cell.is_in([*book])
        words = [*spellings(layout.texts[ours])] if ours in layout.texts else []
        for what, bad in _tests(layout, ours, cell, words):
            wrong = (~symbol & bad).fill_null(value=True)
            found = first_of(frame, wrong, [published], what, [*words, *book])
            faults += found
            if found:
                break
    return faults + _fraction_faults(frame, layout)


def _tests(layout: Layout, ours: str, cell: pl.Expr, words: list[str]) -> list[tuple[str, pl.Expr]]:
    """Return what a cell of a column that is no symbol must not be."""
    if words:
        return [("word is not known", ~cell.is_in(words))]
    read = number(cell, pl.Int64 if ours in layout.additive else pl.Float64)
    least = -math.inf if ours in layout.signed else 0
    most = 100 if ours.endswith(PERCENT) else math.inf
    return [
        ("cell is neither a number nor a known symbol", ~(read.is_finite() & _printed(cell))),
        ("number is out of range", ~read.is_between(least, most)),
    ]


def _printed(cell: pl.Expr) -> pl.Expr:
    return cell.str.contains(FIGURE)


def _fraction_faults(frame: pl.DataFrame, layout: Layout) -> list[Fault]:
    """Return a fault if every percentage of the file is a fraction of one."""
    columns = [p for ours, p in layout.columns.items() if ours.endswith(PERCENT)]
    found = [frame.select(number(c, pl.Float64)).to_series() for c in columns]
    largest = max((m for m in (s.max() for s in found) if isinstance(m, float)), default=0.0)
    if not 0 < largest <= 1:
        return []
    what = "percentages are fractions of one"
    return [Fault(what, ", ".join(columns), None, "0 to 100", f"none above {largest:g}")]


def period_faults(frame: pl.DataFrame, published: str) -> list[Fault]:
    """Return a fault for every period that was not over when the release was published.

    Parameters
    ----------
    frame : polars.DataFrame
        With ``time_period``, ``period`` and ``row``.
    published : str
        Date of publication, ISO 8601; "" where it is not known, and nothing is said.
    """
    seen = frame.drop_nulls("period").group_by("period", maintain_order=True)
    return [
        Fault(
            "period is later than the release",
            "time_period",
            row["row"],
            f"a period that was over on {published}, when the release was published",
            row["time_period"],
        )
        for row in seen.agg(pl.col("row", "time_period").first()).iter_rows(named=True)
        if published and ended(row["period"]).isoformat() > published
    ]


def key_faults(frame: pl.DataFrame, keys: list[str], columns: list[str]) -> list[Fault]:
    """Return a fault for every key that occurs more than once; it is read from `columns`."""
    twice = frame.filter(pl.struct(keys).is_duplicated())
    rows = twice.group_by(keys, maintain_order=True).agg(pl.col("row"))
    return [
        Fault(
            "the same key occurs more than once",
            ", ".join(columns),
            row["row"][1],
            "one row for each period, place and label",
            f"{' | '.join(str(row[k]) for k in keys)} in rows {row['row']}",
        )
        for row in rows.iter_rows(named=True)
    ]
