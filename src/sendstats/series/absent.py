"""Places in force that a release has no row of: named beside a series, never made a cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import polars as pl

from sendstats.catalogue.places import REGIONAL, Place, places, printed
from sendstats.catalogue.symbols import NO_ROW
from sendstats.ingest.periods import census_day
from sendstats.quality.broken import ROW
from sendstats.store.tables import Store

#: Other reasons than `NO_ROW`: only parts of the region are printed, or only the whole of it; an
#: extract is held, which says nothing of what it lacks; or no release held has a row in any period.
IN_PARTS, AS_WHOLE, FILTERED, NOWHERE = "in_parts", "as_whole", "extract", "nowhere"
_WHY = {
    NO_ROW: "no row in release {release}",
    IN_PARTS: "release {release} prints its parts only",
    AS_WHOLE: "release {release} prints the whole region only",
    FILTERED: "not in the extract held of release {release}",
    NOWHERE: "no row in any release held",
}
_MOST_NAMED = 4


@dataclass(frozen=True, order=True)
class Absent:
    """Places that are asked for and in force in a period, and have no row in it.

    Attributes
    ----------
    period : str
        Empty where it is so in every period.
    why : {"no_row", "in_parts", "as_whole", "extract", "nowhere"}
        The file has none, which is a finding; it prints the region in parts only, or as a whole
        only; only an extract is held, which says nothing of what it lacks; or no release held has
        a row in any period.
    release : str
        Where the row would be.
    places : tuple of str
        Keys.
    findings : tuple of str
        Ids of the findings that say so.
    """

    period: str
    why: str
    release: str
    places: tuple[str, ...]
    findings: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the places."""
        return tuple(places()[key].name for key in self.places)

    @property
    def who(self) -> str:
        """The places in words; of many their number."""
        few = len(self.places) <= _MOST_NAMED
        return ", ".join(self.names) if few else f"{len(self.places)} places"

    def __str__(self) -> str:
        """Return the places and why they have no row."""
        return f"{self.who}: {_WHY[self.why].format(release=self.release)}"


@dataclass(frozen=True)
class File:
    """What was read from one table of one release.

    Attributes
    ----------
    table, release : str
    divides : tuple of str
        Regions that are printed in parts only.
    extract : bool
        Whether rows were filtered out of it.
    rows : polars.DataFrame
        Its observations, for every place.
    printed : polars.DataFrame
        Each ``period`` and ``level`` that it has rows of.
    """

    table: str
    release: str
    divides: tuple[str, ...]
    extract: bool
    rows: pl.DataFrame
    printed: pl.DataFrame


def absent(
    rows: pl.DataFrame, files: Sequence[File], wanted: Sequence[str], store: Store
) -> tuple[Absent, ...]:
    """Return which places that are wanted have no row in a period, though they are in force.

    Parameters
    ----------
    rows : polars.DataFrame
        Observations chosen, one release a period.
    files : sequence of File
        What they were chosen from. A place with rows of other items or placements is not absent.
    wanted : sequence of str
        Keys of places; footprints among them are passed over.
    store : Store

    Returns
    -------
    tuple of Absent
        In order of period. Of a period that no row was chosen of, the newest whole file counts.
        A level that a whole file does not print is not missed.
    """
    held = _held(files)
    there = {
        period: (release, set(keys))
        for period, release, keys in rows.group_by("period")
        .agg(pl.col("release").first(), pl.col("place").unique())
        .iter_rows()
    }
    named = {key for key in wanted if key in places() and _alone(key, wanted)}
    found: list[Absent] = []
    for period in sorted(held):
        whole = [release for release, (file, _) in held[period].items() if not file.extract]
        release, some = there.get(period, (max(whole, default=""), set()))
        missed = (named & _in_force(period)) - some
        if release and missed:
            file, levels = held[period][release]
            keys = _nowhere([key for key in wanted if key in missed], period, file)
            found += _told(period, file, levels, keys, store)
    some = {key for one in found for key in one.places}.union(*(keys for _, keys in there.values()))
    never = (named - some) & frozenset[str]().union(*map(_in_force, held))
    return (*_never([key for key in wanted if key in never], files), *found)


def _never(keys: list[str], files: Sequence[File]) -> Iterator[Absent]:
    """Yield the places that no file has a row of, of any period, item or placement."""
    mine = pl.col("place").is_in(keys)
    some = {key for file in files if keys for key in file.rows.filter(mine)["place"].unique()}
    if lost := tuple(key for key in keys if key not in some):
        yield Absent("", NOWHERE, "", lost)


def _held(files: Sequence[File]) -> dict[str, dict[str, tuple[File, set[str]]]]:
    """Return, by period and release, the file and the levels of which it has rows."""
    held: dict[str, dict[str, tuple[File, set[str]]]] = {}
    for file in files:
        for period, level in file.printed.iter_rows():
            held.setdefault(period, {}).setdefault(file.release, (file, set()))[1].add(level)
    return held


def _alone(key: str, wanted: Sequence[str]) -> bool:
    """Whether a place is no part of a region that is asked for as well."""
    place = places()[key]
    return place.level != REGIONAL or not place.region or place.region not in wanted


@cache
def _in_force(period: str) -> frozenset[str]:
    day = census_day(period)
    return frozenset(key for key, place in places().items() if place.in_force(day))


def _nowhere(keys: list[str], period: str, file: File) -> list[str]:
    """Return the places that have no row of any item or placement."""
    mine = (pl.col("period") == period) & pl.col("place").is_in(keys)
    some = set(file.rows.filter(mine)["place"])
    return [key for key in keys if key not in some]


def _told(
    period: str, file: File, levels: set[str], missed: list[str], store: Store
) -> Iterator[Absent]:
    """Yield what one period lacks, by the reason."""
    by: dict[str, list[str]] = {}
    for place in (places()[key] for key in missed):
        why = _why(place, file)
        if why == FILTERED or place.level in levels:
            by.setdefault(why, []).append(place.key)
    for why, keys in sorted(by.items()):
        ids = _findings(period, file, keys, store) if why == NO_ROW else ()
        yield Absent(period, why, file.release, tuple(keys), ids)


def _why(place: Place, file: File) -> str:
    if not printed(place, file.divides):
        return AS_WHOLE if place.region else IN_PARTS
    return FILTERED if file.extract else NO_ROW


def _findings(period: str, file: File, keys: list[str], store: Store) -> tuple[str, ...]:
    """Return the ids of the findings that these places have no row."""
    touched = pl.col("touches").str.split(";").list.set_intersection(keys).list.len() > 0
    found = store.findings.filter(
        (pl.col("rule") == ROW)
        & (pl.col("table") == file.table)
        & (pl.col("release") == file.release)
        & (pl.col("period") == period)
        & (pl.col("place").is_in(keys) | touched)
    )
    return tuple(sorted(found["finding"]))


def coverage(rows: pl.DataFrame, lost: Sequence[Absent]) -> pl.DataFrame:
    """Return what `Series.coverage` does, of its rows and of what they lack."""
    place = pl.col("place")
    counted = rows.group_by("period").agg(
        pl.col("release").first(),
        place.n_unique().cast(pl.Int64).alias("rows"),
        place.filter(pl.col("value").is_not_null()).n_unique().cast(pl.Int64).alias("known"),
    )
    named = dict.fromkeys(("period", "_release", "absent"), pl.String) | {"_lost": pl.Int64}
    told = pl.DataFrame(
        [
            (period, a.release, str(a), len({*a.places} & _in_force(period)))
            for a in lost
            for period in ([a.period] if a.period else rows["period"].unique())
        ],
        schema=named,
        orient="row",
    )
    told = told.group_by("period", maintain_order=True).agg(
        pl.col("_release").first(), pl.col("_lost").sum(), pl.col("absent").str.join("; ")
    )
    both = counted.join(told, on="period", how="full", coalesce=True)
    counts = pl.col("rows", "known", "_lost").fill_null(0)
    return (
        both.with_columns(counts, pl.coalesce("release", "_release").alias("release"))
        .select(
            "period",
            "release",
            (pl.col("rows") + pl.col("_lost")).alias("places"),
            "rows",
            "known",
            pl.col("absent").fill_null(""),
        )
        .sort("period")
    )
