"""British English for numbers, periods, changes, sources, titles and alternative text."""

from sendstats.words.changes import Change, change, change_of
from sendstats.words.numbers import (
    as_fraction,
    exact,
    figure,
    half_up,
    number,
    percent,
    points,
    pounds_millions,
)
from sendstats.words.periods import (
    academic_year,
    is_month,
    position,
    say_date,
    say_period,
    say_range,
    year_of,
)
from sendstats.words.readings import SMALL_BASE, Line, Reading, humanise, lines_of
from sendstats.words.sources import (
    NOT_OFFICIAL,
    citation,
    input_hash,
    source_line,
    sources_of,
    version,
)
from sendstats.words.statements import (
    ALT_WORDS,
    TITLE_WORDS,
    alt_text,
    comparable,
    subtitle,
    title,
    unit_words,
)

__all__ = [
    "ALT_WORDS",
    "NOT_OFFICIAL",
    "SMALL_BASE",
    "TITLE_WORDS",
    "Change",
    "Line",
    "Reading",
    "academic_year",
    "alt_text",
    "as_fraction",
    "change",
    "change_of",
    "citation",
    "comparable",
    "exact",
    "figure",
    "half_up",
    "humanise",
    "input_hash",
    "is_month",
    "lines_of",
    "number",
    "percent",
    "points",
    "position",
    "pounds_millions",
    "say_date",
    "say_period",
    "say_range",
    "source_line",
    "sources_of",
    "subtitle",
    "title",
    "unit_words",
    "version",
    "year_of",
]
