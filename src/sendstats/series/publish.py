"""The committed folder for people and machines: small CSVs and a description of everything."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sendstats.catalogue.fields import files
from sendstats.catalogue.load import document
from sendstats.catalogue.series import Definition
from sendstats.series import datapackage
from sendstats.series.api import series
from sendstats.store.tables import Store


def publish(folder: Path) -> None:
    """Write ``csv/*.csv`` and ``datapackage.json`` beside the stored tables in `folder`.

    Parameters
    ----------
    folder : Path
        As `sendstats.store.build.build` left it.

    Raises
    ------
    DataProblem
        If a file has a column that ``fields.toml`` does not describe.
    """
    store = Store(folder)
    (folder / "csv").mkdir(parents=True, exist_ok=True)
    titles = [_headline(store, spec) for spec in document("headlines.toml")["headline"]]
    datapackage.write(store, titles)


def _headline(store: Store, spec: dict[str, str]) -> datapackage.Headline:
    """Write one headline CSV and return what it is."""
    options = {k: v for k, v in spec.items() if k in ("placement", "basis")}
    found = series(spec["series"], place="all", store=store, **options)
    rows = found.rows.with_columns(
        pl.col("flags").list.join("; "),
        pl.col("value").round(6),
    ).select(list(files()["headline"].fields))
    path = store.root / "csv" / spec["file"]
    rows.write_csv(path)
    return datapackage.Headline(path, _title(found.definition, spec), found.definition.measures)


def _title(meant: Definition, spec: dict[str, str]) -> str:
    basis = f", {spec['basis'].replace('_', ' ')}" if "basis" in spec else ""
    return f"{meant.title}{basis} ({meant.kind}, {meant.unit})"
