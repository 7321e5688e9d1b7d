"""Write charts as files: a page, an embed, figures, facts, and images where a Chromium is found."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sendstats.charts.images import FORMATS, NO_BROWSER, Browser, find_browser, write_images
from sendstats.errors import WrongUse
from sendstats.site import pages

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sendstats.charts import Chart

#: Words of a download on the chart's own page, and on the index.
_WORDS = {
    ".csv": ("Figures (CSV)", "CSV"),
    ".png": ("Image (PNG)", "PNG"),
    ".svg": ("Image (SVG)", "SVG"),
    ".pdf": ("Print (PDF)", "PDF"),
    ".json": ("About this chart (JSON)", "JSON"),
    ".embed.html": ("Embed (HTML)", "Embed"),
}


@dataclass(frozen=True)
class Export:
    """What an export wrote.

    Attributes
    ----------
    folder : Path
    files : tuple of Path
        Everything written, sorted.
    line : str
        One plain line for the reader; says how to get images where there are none.
    images : bool
        Whether images were drawn.
    """

    folder: Path
    files: tuple[Path, ...]
    line: str
    images: bool

    def __str__(self) -> str:
        return self.line


def export(
    charts: Sequence[Chart], folder: Path, *, images: bool = True, embeds: bool = True
) -> Export:
    """Write every chart to `folder`.

    For each chart ``<id>.html``, ``<id>.embed.html``, ``<id>.csv`` and ``<id>.json``; once
    ``assets/`` with plotly.js, script and style; PNG, SVG and PDF if a Chromium is found. Each
    file appears whole or not at all, and the same charts give the same bytes.

    Parameters
    ----------
    charts : sequence of Chart
    folder : Path
        Made if it is not there. Files of other charts in it are left alone.
    images, embeds : bool
        Whether to write them.

    Returns
    -------
    Export

    Raises
    ------
    WrongUse
        If two charts have the same id.
    DataProblem
        If the browser fails twice; all files but images are written then.
    """
    _check_ids(charts)
    folder.mkdir(parents=True, exist_ok=True)
    browser = find_browser() if images else None
    written = [_write(folder / "assets" / name, text) for name, text in pages.assets().items()]
    for chart in charts:
        written += _texts(chart, folder, browser, embeds=embeds)
    if browser:
        written += write_images(charts, folder, browser)
    line = _line(charts, folder, drawn=browser is not None, images=images)
    return Export(folder, tuple(sorted(written)), line, images=browser is not None)


def _line(charts: Sequence[Chart], folder: Path, *, drawn: bool, images: bool) -> str:
    if images and not drawn:
        return NO_BROWSER
    count = f"{len(charts)} chart{'' if len(charts) == 1 else 's'}"
    kinds = "HTML, CSV, JSON, PNG, SVG and PDF" if drawn else "HTML, CSV and JSON"
    return f"{count} in {folder.name}/: {kinds}."


def downloads(chart: Chart, *, images: bool, embeds: bool, short: bool = False) -> dict[str, str]:
    """Return words (or `short` ones) and address of everything to download of one chart."""
    kinds = [".csv", *((f".{form}" for form in FORMATS) if images else ()), ".json"]
    kinds += [".embed.html"] if embeds else []
    return {_WORDS[kind][short]: f"{chart.id}{kind}" for kind in kinds}


def _check_ids(charts: Sequence[Chart]) -> None:
    ids = [chart.id for chart in charts]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise WrongUse(
            "two charts would write the same files",
            found=", ".join(twice),
            todo="pass id= to ss.chart",
        )


def _texts(chart: Chart, folder: Path, browser: Browser | None, *, embeds: bool) -> list[Path]:
    """Write everything of one chart that needs no browser."""
    links = downloads(chart, images=browser is not None, embeds=embeds)
    facts = json.dumps(chart.metadata(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    contents = {
        f"{chart.id}.html": pages.page(chart, links),
        f"{chart.id}.csv": chart.to_csv(),
        f"{chart.id}.json": facts,
    }
    if embeds:
        contents[f"{chart.id}.embed.html"] = pages.embed(chart)
    return [_write(folder / name, text) for name, text in contents.items()]


def _write(path: Path, text: str) -> Path:
    """Write one file by way of a temporary one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_name(f".{path.name}.part")
    waiting.write_bytes(text.encode())
    return waiting.replace(path)
