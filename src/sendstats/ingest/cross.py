"""A table made to be read by people, as rows of the publisher's own data standard."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polars as pl

from sendstats.catalogue.places import LOCAL, Place, england, of_level, places
from sendstats.catalogue.shapes import NUMBER, Cross
from sendstats.catalogue.tables import Layout
from sendstats.catalogue.unread import headings
from sendstats.errors import Fault
from sendstats.ingest import text
from sendstats.ingest.checks import IDENTITY, Problem
from sendstats.ingest.periods import CALENDAR, census_day

#: The cells of one row of the file, as text.
Record = tuple[str, ...]
#: Fields of a record: the year and the measure that its cells belong to.
Fields = dict[int, tuple[str, str]]
#: Of each year, its fields and what they measure.
Years = dict[str, list[tuple[int, str]]]
Row = dict[str, object]
_YEAR = re.compile("[12][0-9]{3}")
_FOOTNOTE = re.compile(r"[\d,\s]+$")


def read(path: Path, cross: Cross) -> tuple[pl.DataFrame, list[Fault]]:
    """Return a cross table as one row for each place and year.

    Parameters
    ----------
    path : Path
        Raw file.
    cross : Cross
        How it is laid out.

    Returns
    -------
    frame : polars.DataFrame
        ``row`` (the file's own data row, which every year of a place shares: row and year
        together are a key), the identification columns, one column for each measure, without marks
        of footnotes, and ``printed_number``: the number beside the name. Spaces, commas of
        thousands and per-cent signs are set aside, and what is printed for nought is 0; a blank
        cell is an empty text, and null is what a year has no column for. In the file's order, then
        by year.
    faults : list of Fault
        Names that no place has, and numbers that belong to another place.
    """
    records = [("",), *text.read(path).fill_null("").rows()]
    fields = _fields(records, cross) if len(records) > cross.measures else {}
    measures, years = list(dict.fromkeys(m for _, m in fields.values())), _years(fields)
    rows: list[Row] = []
    faults = [] if fields else [Fault("no years where the layout says", row=cross.years)]
    for (year, measure), times in Counter(fields.values()).items():
        if times > 1:
            found = f"{times} columns under {year}"
            faults.append(Fault("a year has a measure twice", measure, None, "one column", found))
    for number, record in _body(records, cross, fields):
        problem = _problem(record, cross, years)
        if problem:
            faults.append(Fault(problem[0], problem[1], number, problem[2], problem[3]))
        else:
            rows += _rows(number, record, cross, years)
    texts = dict.fromkeys([*IDENTITY, *measures, NUMBER], pl.String())
    schema = pl.Schema({"row": pl.UInt32(), **texts})
    return pl.DataFrame(rows, schema=schema), faults


def _fields(records: list[Record], cross: Cross) -> Fields:
    """Return the year and the measure of every field; a year spans the blanks after it."""
    found: Fields = {}
    year = ""
    for field, printed in enumerate(records[cross.years]):
        year = printed.strip() if _YEAR.fullmatch(printed.strip()) else year
        measure = _FOOTNOTE.sub("", records[cross.measures][field])
        if year and measure:
            found[field] = (year, measure)
    return found


def _body(records: list[Record], cross: Cross, fields: Fields) -> Iterator[tuple[int, Record]]:
    """Yield the records between header and notes that hold a figure and are used."""
    for number, record in enumerate(records[1:] if fields else (), 1):
        if record[cross.name].startswith(cross.ends):
            return
        filled = any(record[field].strip() for field in fields)
        if number > cross.measures and filled and _name(record, cross) not in cross.unused_rows:
            yield number, record


def _name(record: Record, cross: Cross) -> str:
    return _FOOTNOTE.sub("", record[cross.name])


def _named(name: str, cross: Cross) -> tuple[Place, ...]:
    """Return the places of that name; two areas may share one, at different times."""
    if name == cross.england:
        return (england(),)
    if name in cross.names:
        return (places()[cross.names[name]],)
    return _authorities().get(name, ())


@cache
def _authorities() -> dict[str, tuple[Place, ...]]:
    """Return the authorities by every name that they go by."""
    found: dict[str, tuple[Place, ...]] = {}
    for place in of_level(LOCAL):
        for name in (place.name, *place.published_names):
            found[name] = (*found.get(name, ()), place)
    return found


def _problem(record: Record, cross: Cross, years: Years) -> Problem | None:
    """Return what is wrong with the name, the number and the years of a record."""
    name, printed = _name(record, cross), record[cross.code].strip()
    keys = [place.key for place in _named(name, cross)]
    if not keys:
        return ("authority is not known", "name", "the name of an authority", name)
    if printed not in ("", cross.misprinted.get(name), *keys):
        return ("name and number disagree", "number", " or ".join(keys), f"{printed} beside {name}")
    for year, block in years.items():
        place = _place(name, year, cross)
        if _figures(record, block, cross) and not _stood(place, year):
            lived = f"{place.start or 'ever'} to {place.end or 'now'}"
            return ("authority was not in force", name, lived, year)
    return None


def _rows(number: int, record: Record, cross: Cross, years: Years) -> Iterator[Row]:
    """Yield a row for each year in which the place was in force or has a figure."""
    for year, block in years.items():
        place = _place(_name(record, cross), year, cross)
        if place.in_force(census_day(year)) or _figures(record, block, cross):
            cells = {measure: _plain(record[field].strip(), cross) for field, measure in block}
            printed = {NUMBER: record[cross.code].strip()}
            yield {"row": number, "time_period": year, **_identity(place), **cells, **printed}


def _years(fields: Fields) -> Years:
    """Return the fields of each year, with what they measure."""
    years: Years = {}
    for field, (year, measure) in fields.items():
        years.setdefault(year, []).append((field, measure))
    return years


def _figures(record: Record, block: list[tuple[int, str]], cross: Cross) -> bool:
    return any(record[field].strip() not in ("", *cross.absent) for field, _ in block)


def _place(name: str, year: str, cross: Cross) -> Place:
    """Return the place of a name that was in force when the year was returned."""
    held = _named(name, cross)
    return next((p for p in held if p.in_force(census_day(year))), held[0])


def _stood(place: Place, year: str) -> bool:
    """Whether a place was in force for some of the year; one that ended may have cases of it."""
    ended = place.end is not None and f"{place.end:%Y}" == year
    return ended or place.in_force(census_day(year))


@cache
def _identity(place: Place) -> Row:
    """Return the identification columns of a place, as the data standard has them."""
    found: Row = {
        "time_identifier": CALENDAR,
        "geographic_level": place.level,
        "country_code": england().key,
        "country_name": england().name,
    }
    if place.level != LOCAL:
        return found
    region = places()[place.region]
    return found | {
        "region_code": region.key,
        "region_name": region.name,
        "old_la_code": place.key,
        "new_la_code": place.codes[-1],
        "la_name": place.name,
    }


def _plain(cell: str, cross: Cross) -> str:
    return "0" if cell in cross.nil else cell.replace(",", "").removesuffix("%")


def beside(path: Path, layout: Layout) -> pl.DataFrame | None:
    """Return the rows that print England without the authorities that lack one side of a rate.

    Returns
    -------
    polars.DataFrame or None
        ``row``, ``time_period``, ``name`` and our columns as text, a row for each year with a
        figure; None where a layout has no such rows.

    Raises
    ------
    FaultyFile
        If the file is not a readable CSV.
    """
    cross = layout.cross
    if cross is None or not cross.totals_of_some:
        return None
    records = [("",), *text.read(path).fill_null("").rows()]
    years, ours = _years(_fields(records, cross)), {p: c for c, p in layout.columns.items()}
    rows: list[Row] = []
    for row, record in enumerate(records[1:], 1):
        name = _name(record, cross)
        if name in cross.totals_of_some:
            for year, block in years.items():
                cells = {ours[m]: _plain(record[f].strip(), cross) for f, m in block if m in ours}
                rows.append({"row": row, "time_period": year, "name": name, **cells})
    texts = dict.fromkeys(("time_period", "name", *layout.columns), pl.String())
    return pl.DataFrame(rows, schema={"row": pl.Int64(), **texts})


def notes(path: Path, cross: Cross) -> Iterator[tuple[int, str]]:
    """Yield each note below a cross table with its data row, white space as single blanks.

    Raises
    ------
    FaultyFile
        If the file is not a readable CSV.
    """
    below = False
    for number, record in enumerate(text.read(path).fill_null("").rows(), 1):
        words = " ".join(" ".join(record).split())
        if below and words:
            yield number, words
        below = below or words.startswith(cross.notes)


def places_of_cells(frame: pl.DataFrame, cross: Cross) -> dict[str, int]:
    """Return how many cells of a cross table lie where; together they are all of its cells.

    What is printed for authorities that did not exist is counted with what is harmonised.

    Parameters
    ----------
    frame : polars.DataFrame
        The file as text, its first row as header.
    cross : Cross
    """
    records = [("",), *frame.fill_null("").rows()]
    fields = _fields(records, cross)
    body, says = dict(_body(records, cross, fields)), headings()
    counted: dict[str, int] = {}
    ended = False
    for number, record in enumerate(records[1:], 1):
        ended = ended or record[cross.name].startswith(cross.ends)
        found = {says.below: len(record)} if ended else _cells(number, record, cross)
        if number in body:
            blank = sum(not record[field].strip() for field in fields)
            figures = len(fields) - blank
            names = len(record) - len(fields)
            found = {says.identification: names, says.blank: blank, says.not_in_force: figures}
        for heading, cells in found.items():
            counted[heading] = counted.get(heading, 0) + cells
    return counted


def _cells(number: int, record: Record, cross: Cross) -> dict[str, int]:
    """Return where the cells of a row lie that holds no figure of ours."""
    if number in (cross.years, cross.measures):
        return {headings().labels: len(record)}
    if number < cross.measures:
        return {headings().title: len(record)}
    why = cross.unused_rows.get(_name(record, cross), headings().heading)
    return {why: len(record)}
