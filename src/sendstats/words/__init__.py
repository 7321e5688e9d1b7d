"""British English for numbers, periods, changes, sources, titles and alternative text."""

from sendstats.catalogue.periods import say_period
from sendstats.series.model import SMALL_BASE
from sendstats.words.answers import Answer, answer
from sendstats.words.changes import Change, change_of
from sendstats.words.found import paragraphs, say_findings
from sendstats.words.letter import letter
from sendstats.words.noted import Told, few, gathered, listed, meaning, noted_rows
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
    say_range,
    year_of,
)
from sendstats.words.readings import Line, Reading, humanise, lines_of, printed
from sendstats.words.revised import say_revisions
from sendstats.words.sources import (
    NOT_OFFICIAL,
    cite,
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
    unsupported,
)
from sendstats.words.tables import FigureTable, show, table

__all__ = [
    "ALT_WORDS",
    "NOT_OFFICIAL",
    "SMALL_BASE",
    "TITLE_WORDS",
    "Answer",
    "Change",
    "FigureTable",
    "Line",
    "Reading",
    "Told",
    "academic_year",
    "alt_text",
    "answer",
    "as_fraction",
    "change_of",
    "cite",
    "comparable",
    "exact",
    "few",
    "figure",
    "gathered",
    "half_up",
    "humanise",
    "input_hash",
    "is_month",
    "letter",
    "lines_of",
    "listed",
    "meaning",
    "noted_rows",
    "number",
    "paragraphs",
    "percent",
    "points",
    "position",
    "pounds_millions",
    "printed",
    "say_date",
    "say_findings",
    "say_period",
    "say_range",
    "say_revisions",
    "show",
    "source_line",
    "sources_of",
    "subtitle",
    "table",
    "title",
    "unit_words",
    "unsupported",
    "version",
    "year_of",
]
