"""Draw the charts of the gallery and export them with an index page."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sendstats.catalogue.gallery import Picture, pictures
from sendstats.errors import DataProblem, UnknownId
from sendstats.paths import Project
from sendstats.run.notebooks import found
from sendstats.run.stamps import digest, is_current, tree, write
from sendstats.series.api import series
from sendstats.store.tables import Store

if TYPE_CHECKING:
    from sendstats.charts import Chart

Say = Callable[[str], None]
_STEP = "charts"


def draw(project: Project, state: str, *, say: Say) -> None:
    """Draw the gallery into ``build/charts`` unless nothing changed since it was drawn.

    Parameters
    ----------
    project : Project
    state : str
        Digest of the package, from `stamps.package`.
    say : callable
    """
    inputs = digest({"package": state, "figures": tree(project.processed), "browser": _browser()})
    folder = project.build / "charts"
    if is_current(project, _STEP, inputs):
        say(f"charts: {len(pictures())} up to date (build/charts)")
        return
    shutil.rmtree(folder, ignore_errors=True)
    links = {path.stem: f"../notebooks/{path.name}" for path in found(project.notebooks)}
    try:
        say(f"charts: {export_to(folder, project=project, links=links)}")
    except DataProblem as problem:
        # A browser that fails must not cost the pages; without a stamp it is tried again.
        say(f"charts: {problem}")
        say(f"charts: {export_to(folder, project=project, links=links, images=False)}")
        return
    write(project, _STEP, inputs, [path for path in folder.rglob("*") if path.is_file()])


def export_to(
    folder: Path,
    wanted: Sequence[str] | None = None,
    *,
    project: Project,
    links: Mapping[str, str] | None = None,
    images: bool = True,
) -> str:
    """Export charts of the gallery into `folder`, with an index page; return what was done.

    Parameters
    ----------
    folder : Path
    wanted : sequence of str, optional
        Ids; every chart of the gallery unless given.
    project : Project
        Whose figures are drawn.
    links : mapping of str to str, optional
        Words and addresses of notebooks that the index page names.
    images : bool
        Whether to draw images if a Chromium is found.

    Raises
    ------
    UnknownId
        If there is no chart of an id.
    DataProblem
        If the browser fails; everything but images and the index page is written then.
    """
    from sendstats.site import export, write_index  # noqa: PLC0415 - half a second, only to draw

    drawn = charts(Store(project.processed), wanted)
    report = export(drawn, folder, images=images)
    write_index(folder, drawn, links or {})
    return str(report)


def charts(store: Store, wanted: Sequence[str] | None = None) -> list[Chart]:
    """Return charts of the gallery, drawn from the tables of `store`; see `export_to`."""
    known = {picture.id: picture for picture in pictures()}
    for name in wanted or ():
        if name not in known:
            raise UnknownId.of("chart", name, known)
    return [_chart(known[name], store) for name in wanted or known]


def _chart(picture: Picture, store: Store) -> Chart:
    from sendstats.charts import chart  # noqa: PLC0415 - half a second, only to draw

    asked: list[dict[str, Any]] = [{"series_id": a.series, **a.narrowing} for a in picture.series]
    return chart(*(series(**one, store=store) for one in asked), id=picture.id)


def _browser() -> str:
    """Return which Chromium draws the images, so that a new one draws them again."""
    from sendstats.charts.images import find_browser  # noqa: PLC0415 - only to draw

    return repr(find_browser())
