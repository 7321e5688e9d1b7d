"""What moved between two sets of stored tables, in the figures that a reader gets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from sendstats.catalogue.series import Definition, entries
from sendstats.errors import SendstatsError
from sendstats.run.stamps import tree
from sendstats.series.api import series
from sendstats.series.ask import topics
from sendstats.series.model import KEY, ROWS
from sendstats.store.tables import Store

#: How many moved figures of one series are named; the rest are counted.
NAMED = 5
NATIONAL = "National"


@dataclass(frozen=True)
class Moved:
    """The figures of one series that differ between two sets of tables.

    Attributes
    ----------
    series : str
        Id, with the basis where there is one.
    held : int
        Figures held afterwards.
    rows : polars.DataFrame
        One row a figure that moved: `KEY`, `place_name`, and `value`, `published` and `reason`
        before (``_old``) and after; null before for a figure that is new.
    """

    series: str
    held: int
    rows: pl.DataFrame

    def lines(self) -> Iterator[str]:
        """Yield one line for the series and one for each of the first few figures."""
        yield f"{self.series}: {self._counted()}"
        for row in self.rows.head(NAMED).iter_rows(named=True):
            where = " ".join(str(row[k]) for k in ("place_name", "placement", "item", "period"))
            yield f"  {where}: {_shown(row, '_old')} → {_shown(row, '')}"

    def _counted(self) -> str:
        """Say how many figures moved, and how many are gone: those are not among the held."""
        gone = self.rows.filter(pl.col("value").is_null(), pl.col("reason").is_null()).height
        moved = f"{self.rows.height - gone:,} of {self.held:,} figures moved"
        lost = f"{gone:,} figures are held no more"
        return ", ".join([*[moved] * bool(self.held), *[lost] * bool(gone)])


def moves(old: Store, new: Store) -> list[Moved]:
    """Return every series with a figure that differs between two stores, in catalogue order."""
    if tree(old.root) == tree(new.root):
        return []
    return [moved for question in _questions() if (moved := _moved(question, old, new))]


def _questions() -> Iterator[dict[str, Any]]:
    for entry in entries().values():
        for basis in entry.bases or (None,):
            yield {"series_id": entry.id, "basis": basis, "place": "all", **_wide(entry)}


def _wide(entry: Definition) -> dict[str, Any]:
    if entry.dimension == "placement":
        return {"placement": "groups"}
    return {"topic": topics(entry)[0]} if entry.needs_topic else {}


def _moved(question: dict[str, Any], old: Store, new: Store) -> Moved | None:
    before, after = _figures(question, old), _figures(question, new)
    both = before.join(
        after, on=KEY, how="full", suffix="_new", coalesce=True, nulls_equal=True
    ).rename({name: f"{name}_old" for name in ("value", "published", "reason")})
    both = both.rename({f"{name}_new": name for name in ("value", "published", "reason")})
    both = both.with_columns(pl.coalesce("place_name_new", "place_name").alias("place_name"))
    differ = both.filter(
        pl.any_horizontal(
            pl.col(f"{name}_old").ne_missing(pl.col(name)) for name in ("value", "reason")
        )
    )
    # England first and the newest period first, because only the first few are named.
    differ = differ.sort(
        pl.col("level") == NATIONAL, "period", *KEY[1:], descending=[True, True, *[False] * 5]
    )
    if differ.is_empty():
        return None
    name = " ".join(filter(None, [question["series_id"], question["basis"]]))
    return Moved(name, after.height, differ)


def _figures(question: dict[str, Any], store: Store) -> pl.DataFrame:
    columns = [*KEY, "place_name", "value", "published", "reason"]
    try:
        return series(**question, store=store).rows.select(columns)
    except SendstatsError:
        # A store without the series' tables holds no figure of it.
        return pl.DataFrame(schema={name: ROWS[name] for name in columns})


def _shown(row: dict[str, Any], suffix: str) -> str:
    value, reason = row[f"value{suffix}"], row[f"reason{suffix}"]
    if value is not None:
        return f"{value:,.10g}"
    return f"none ({reason})" if reason else "not held"
