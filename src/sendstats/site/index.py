"""The front page of a folder of charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sendstats.charts.images import FORMATS
from sendstats.site import pages
from sendstats.site.export import _write, downloads
from sendstats.words import NOT_OFFICIAL, version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sendstats.charts import Chart

TITLE = "SEND statistics for England"
INTRO = (
    "Charts and notebooks of EHC plans and SEN support, made by sendstats from figures that the "
    "Department for Education publishes. Each chart names its releases, its breaks and its caveats."
)


def write_index(
    folder: Path,
    charts: Sequence[Chart],
    notebooks: Mapping[str, str] | Sequence[Path] = (),
    *,
    files: Mapping[str, str] | None = None,
    title: str = TITLE,
) -> Path:
    """Write ``index.html``: every chart with its words, the notebooks, downloads and the licence.

    Parameters
    ----------
    folder : Path
        Where the charts were exported; thumbnails are shown for those with a PNG there.
    charts : sequence of Chart
    notebooks : sequence of Path, or mapping of str to str
        Notebooks below `folder`; or words and addresses.
    files : mapping of str to str, optional
        Words and addresses of further downloads.
    title : str
        Heading of the page.

    Returns
    -------
    Path
        The page written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "assets" / "style.css", pages.asset("style.css"))
    text = (
        pages.environment()
        .get_template("index.html")
        .render(
            cards=[_card(folder, chart) for chart in charts],
            downloads=dict(files or {}),
            intro=INTRO,
            notebooks=_links(folder, notebooks),
            policy=pages.PAGE_POLICY,
            sources=_sources(charts),
            status=NOT_OFFICIAL,
            title=title,
            version=version(),
        )
    )
    return _write(folder / "index.html", text)


def _card(folder: Path, chart: Chart) -> dict[str, object]:
    images = all((folder / f"{chart.id}.{form}").is_file() for form in FORMATS)
    embeds = (folder / f"{chart.id}.embed.html").is_file()
    image = f"{chart.id}.png" if (folder / f"{chart.id}.png").is_file() else ""
    return {
        "chart": chart,
        "page": f"{chart.id}.html",
        "image": image,
        "height": chart.spec()["layout"]["height"],
        "downloads": downloads(chart, images=images, embeds=embeds, short=True),
    }


def _links(folder: Path, notebooks: Mapping[str, str] | Sequence[Path]) -> dict[str, str]:
    if isinstance(notebooks, (list, tuple)):
        return {path.name: path.relative_to(folder).as_posix() for path in notebooks}
    return dict(notebooks)  # type: ignore[arg-type]


def _sources(charts: Sequence[Chart]) -> list[str]:
    """Return one line for each publication and licence behind the charts."""
    lines = {
        f"{s['publisher']}, {s['publication_title']}. {s['licence']}. {s['url']}"
        for chart in charts
        for s in chart.sources
    }
    return sorted(lines)
