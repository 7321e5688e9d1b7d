"""What must hold before a file is believed: header, labels, codes and cells, all faults at once."""

from __future__ import annotations

from difflib import get_close_matches

import polars as pl

from sendstats.catalogue.places import NATIONAL, REGIONAL, places
from sendstats.catalogue.tables import Layout
from sendstats.errors import Fault
from sendstats.ingest.periods import census_day

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


def header_faults(frame: pl.DataFrame, layout: Layout) -> list[Fault]:
    """Return a fault for every column that is missing, and for every one that is not known."""
    unused = {c for columns in layout.unused.values() for c in columns}
    known = {*IDENTITY, *layout.columns.values(), *layout.filters, *unused}
    extra = [c for c in frame.columns if c not in known and not _blank(frame, c)]
    missing = sorted((known - unused) - set(frame.columns))
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


def place_faults(frame: pl.DataFrame) -> list[Fault]:
    """Return a fault for every code, name, level or region that does not fit the register.

    Parameters
    ----------
    frame : polars.DataFrame
        Identification columns as published, with ``row`` and ``period``.
    """
    columns = ["geographic_level", "region_code", "old_la_code", "new_la_code", "la_name", "period"]
    seen = frame.group_by(columns, maintain_order=True).agg(pl.col("row").first())
    faults = []
    for row in seen.iter_rows(named=True):
        problem = _place_problem(row)
        if problem:
            faults.append(Fault(problem[0], problem[1], row["row"], problem[2], problem[3]))
    return sorted(faults)


def _place_problem(row: dict[str, str | None]) -> tuple[str, str, str, str] | None:
    """Return what is wrong with one place, as (what, column, expected, found)."""
    known = places()
    if row["geographic_level"] == NATIONAL:
        return None
    if row["geographic_level"] == REGIONAL:
        code = row["region_code"] or ""
        fits = code in known and known[code].level == REGIONAL
        return None if fits else ("region is not known", "region_code", "a region", code)
    place = known.get(row["old_la_code"] or "")
    if place is None:
        return ("authority is not known", "old_la_code", "a DfE number", str(row["old_la_code"]))
    wrong = _mismatch(row, place.codes, (place.name, *place.published_names), place.region)
    if wrong:
        return wrong
    if row["period"] and not place.in_force(census_day(row["period"])):
        lived = f"{place.start or 'ever'} to {place.end or 'now'}"
        return ("authority was not in force", "time_period", lived, row["period"])
    return None


def _mismatch(
    row: dict[str, str | None], codes: tuple[str, ...], names: tuple[str, ...], region: str
) -> tuple[str, str, str, str] | None:
    tests = (
        ("code and number disagree", "new_la_code", codes),
        ("name and number disagree", "la_name", names),
        ("region and number disagree", "region_code", (region,)),
    )
    for what, column, allowed in tests:
        if row[column] not in allowed:
            return (what, column, " or ".join(allowed), str(row[column]))
    return None


def cell_faults(frame: pl.DataFrame, layout: Layout, book: dict[str, str]) -> list[Fault]:
    """Return a fault for every column and text that is neither a number nor a known symbol."""
    faults: list[Fault] = []
    additive = set(layout.additive)
    for ours, published in layout.columns.items():
        kind = pl.Int64 if ours in additive else pl.Float64
        text = pl.col(published).str.strip_chars()
        bad = text.is_not_null() & text.cast(kind, strict=False).is_null() & ~text.is_in([*book])
        if not additive or frame.select(bad.any()).item():
            what = "cell is neither a number nor a known symbol"
            faults += first_of(frame, bad, [published], what, [*book])
    return faults


def key_faults(frame: pl.DataFrame, keys: list[str]) -> list[Fault]:
    """Return a fault for every key that occurs more than once."""
    twice = frame.filter(pl.struct(keys).is_duplicated())
    rows = twice.group_by(keys, maintain_order=True).agg(pl.col("row"))
    return [
        Fault(
            "the same key occurs more than once",
            row=row["row"][1],
            expected="one row for each period, place and label",
            found=f"{' | '.join(str(row[k]) for k in keys)} in rows {row['row']}",
        )
        for row in rows.iter_rows(named=True)
    ]
