"""Everything that is wrong with a file that was read, each fault with its row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches

import polars as pl

from sendstats.catalogue.labels import spellings
from sendstats.catalogue.shapes import JOINED
from sendstats.errors import Fault
from sendstats.ingest import labels
from sendstats.ingest.cells import BLANK, MOST, NEITHER, RANGE, WORD, Column
from sendstats.ingest.checks import IDENTITY, Problem, period_problem, place_problem
from sendstats.ingest.lookup import Lookup, Texts
from sendstats.ingest.reading import Reading
from sendstats.ingest.text import ROW

_PERIOD = [IDENTITY[0], IDENTITY[1]]
PERIODS = "a calendar year, or for a stock an academic year such as 202021"
#: Columns that a key is read from, beside the labels.
_KEY = [*_PERIOD, "geographic_level", "region_code", "old_la_code"]


def label_faults(text: pl.LazyFrame, reading: Reading) -> list[Fault]:
    """Return a fault for every label that has no meaning.

    Parameters
    ----------
    text : polars.LazyFrame
        The file, as `sendstats.ingest.text.scan` gives it; read again only to find rows.
    reading : Reading
        Of the whole file.
    """
    layout = reading.layout
    when = (k[:2] for k, (_, _, period, _) in reading.identity.met.items() if period is None)
    faults = [
        replace(fault, expected=PERIODS) for fault in _unknown(text, "period", _PERIOD, when, [])
    ]
    faults += _breakdown_faults(text, reading) if layout.topics else _filter_faults(text, reading)
    if reading.placement:
        places = (k for k, (leaf,) in reading.placement.met.items() if leaf is None)
        pair = list(layout.placement_labels)
        faults += _unknown(text, "placement", pair, places, [*spellings("placement")])
    return faults


def _breakdown_faults(text: pl.LazyFrame, reading: Reading) -> list[Fault]:
    layout, met = reading.layout, reading.labels.met.items()
    topics = (k[:1] for k, (topic, _) in met if topic is None)
    items = (k for k, (topic, item) in met if topic is not None and item is None)
    return [
        *_unknown(text, "topic", layout.labelled[:1], topics, [*layout.topics]),
        *_unknown(text, "item", layout.labelled, items, labels.known(layout)),
    ]


def _filter_faults(text: pl.LazyFrame, reading: Reading) -> list[Fault]:
    """Return a fault for each unknown label of each filter, not for each combination of them."""
    faults: list[Fault] = []
    place = {column: i for i, column in enumerate(reading.labels.columns)}
    for dimension in reading.layout.dimensions:
        columns, known = list(dimension.columns), spellings(dimension.group)
        found = (tuple(k[place[c]] for c in columns) for k in reading.labels.met)
        bad = (k for k in found if JOINED.join(t or "" for t in k) not in known)
        faults += _unknown(text, "item", columns, bad, [*known])
    return faults


def _unknown(
    text: pl.LazyFrame, key: str, columns: list[str], texts: Iterable[Texts], known: list[str]
) -> list[Fault]:
    bad = list(dict.fromkeys(texts))
    return first_of(text, columns, bad, lambda _: f"{key} is not known", known)


def first_of(
    text: pl.LazyFrame,
    columns: Sequence[str],
    bad: list[Texts],
    what: Callable[[Texts], str],
    known: list[str],
) -> list[Fault]:
    """Return a fault for each combination of texts in `bad`, with its first row and how many."""
    faults = []
    for texts, row, times in located(text, columns, bad):
        found = " | ".join(str(t) for t in texts)
        near = get_close_matches(found, known, n=3, cutoff=0.4) if known else []
        expected = f"one of the known labels; nearest {', '.join(near)}" if near else ""
        counted = f" ({times} rows)" if times > 1 else ""
        faults.append(Fault(what(texts), ", ".join(columns), row, expected, f"{found}{counted}"))
    return faults


def located(
    text: pl.LazyFrame, columns: Sequence[str], bad: list[Texts]
) -> list[tuple[Texts, int, int]]:
    """Return each combination of texts with its first row and how many there are, by row."""
    if not bad:
        return []
    kinds = {c: text.collect_schema()[c] for c in columns}
    wanted = pl.DataFrame(bad, schema=dict.fromkeys(columns, pl.String), orient="row").cast(kinds)  # type: ignore[arg-type]
    rows = (
        text.select(ROW, *columns)
        .join(wanted.lazy(), on=columns, how="semi", nulls_equal=True)
        .group_by(columns)
        .agg(pl.col(ROW).min(), pl.len().alias("(times)"))
        .sort(ROW)
        .collect(engine="streaming")
    )
    return [(row[:-2], row[-2], row[-1]) for row in rows.iter_rows()]


def period_faults(text: pl.LazyFrame, reading: Reading, published: str) -> list[Fault]:
    """Return a fault for every period that was not over when the release came out.

    Parameters
    ----------
    text, reading
        As for `label_faults`.
    published : str
        Date of the release, "" where it is not known.
    """
    problems: dict[Texts, Problem] = {}
    for texts, (_, _, period, _) in reading.identity.met.items():
        late = period_problem(texts[0], period, published)
        if late:
            problems.setdefault(texts[:1], late)
    return _told(text, IDENTITY[:1], problems)


def place_faults(text: pl.LazyFrame, reading: Reading) -> list[Fault]:
    """Return a fault for every code, name, level or region that does not fit the register."""
    problems: dict[Texts, Problem] = {}
    for texts, (_, _, period, _) in reading.identity.met.items():
        wrong = place_problem(texts[2:], period, reading.layout.divided(period))
        if wrong:
            problems[texts] = wrong
    return _told(text, IDENTITY, problems)


def _told(
    text: pl.LazyFrame, columns: Sequence[str], problems: dict[Texts, Problem]
) -> list[Fault]:
    faults = []
    for texts, row, _ in located(text, columns, list(problems)):
        what, column, expected, found = problems[texts]
        faults.append(Fault(what, column, row, expected, found))
    return faults


def cell_faults(text: pl.LazyFrame, reading: Reading) -> list[Fault]:
    """Return a fault for every column and text that is no possible figure and no known symbol.

    Counts are whole and not negative, unless they are a remainder; percentages run from 0 to 100
    and are never fractions; words are those that the layout lists.
    """
    faults: list[Fault] = []
    for column in reading.columns:
        problems = {t: column.problem(t) for t in _odd(text, reading, column)}
        for what in (WORD, NEITHER, RANGE):
            bad: list[Texts] = [(t,) for t, problem in problems.items() if problem == what]
            if bad:
                faults += _cells(text, column, bad, what)
        if column.published in reading.blank:
            faults += _blank(text, column)
    return faults + _fraction_faults(reading)


def _odd(text: pl.LazyFrame, reading: Reading, column: Column) -> list[str]:
    """Return the texts of a column that are no plain figure, or a percentage over 100."""
    odd = reading.odd[column.ours]
    if column.share and reading.largest(column) > MOST:
        cell = text.select(column.published).filter(column.number() > MOST)
        odd = odd | {*cell.collect(engine="streaming").to_series()}
    return sorted(odd)


def _cells(text: pl.LazyFrame, column: Column, bad: list[Texts], what: str) -> list[Fault]:
    return first_of(text, [column.published], bad, lambda _: what, column.known)


def _blank(text: pl.LazyFrame, column: Column) -> list[Fault]:
    known = f"a figure or {' or '.join(column.known)}"
    return [
        Fault(BLANK, column.published, row, known, f"{times} such rows" if times > 1 else "nothing")
        for _, row, times in located(text, [column.published], [(None,)])
    ]


def _fraction_faults(reading: Reading) -> list[Fault]:
    """Return a fault if every percentage of the file is a fraction of one."""
    shares = [c for c in reading.columns if c.share and reading.largest(c)]
    largest = max(map(reading.largest, shares), default=0.0)
    if not 0 < largest <= 1:
        return []
    what, columns = "percentages are fractions of one", ", ".join(c.published for c in shares)
    return [Fault(what, columns, None, "0 to 100", f"none above {largest:g}")]


def key_faults(repeated: pl.DataFrame, keys: list[str], lookups: list[Lookup]) -> list[Fault]:
    """Return a fault for every key that occurs more than once.

    Parameters
    ----------
    repeated : polars.DataFrame
        As `sendstats.ingest.keys.repeated` returns it.
    keys : list of str
        Ours.
    lookups : list of Lookup
        What they were read from.
    """
    labelled = [c for lookup in lookups[1:] for c in lookup.columns if c not in IDENTITY]
    return [
        Fault(
            "the same key occurs more than once",
            ", ".join([*_KEY, *labelled]),
            row["rows"][1],
            "one row for each period, place and label",
            f"{' | '.join(str(row[k]) for k in keys)} in rows {row['rows']}",
        )
        for row in repeated.iter_rows(named=True)
    ]
