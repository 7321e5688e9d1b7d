"""PNG, SVG and PDF of charts, where there is a Chromium to draw them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sendstats.charts.imagefiles import pdf, png, svg
from sendstats.charts.theme import SIZES
from sendstats.errors import DataProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sendstats.charts.model import Chart

FORMATS = ("png", "svg", "pdf")
#: PNG has two pixels for each CSS pixel.
SCALE = 2
NO_BROWSER = (
    "No Chromium found: HTML, CSV and JSON were written, PNG, SVG and PDF were not; install the "
    "package chromium (and fonts-liberation), or set BROWSER_PATH."
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
#: The drawing process.
_COMMAND: tuple[str, ...] = (sys.executable, "-m", "sendstats.charts.render")
_SECONDS_EACH = 20
_SECONDS_START = 60


@dataclass(frozen=True)
class Browser:
    """A Chromium and what decides how its pictures look.

    Attributes
    ----------
    path : str
    version : str
        As it says itself; ``unknown`` where it does not answer.
    font : str
        What the system takes for Arial.
    """

    path: str
    version: str
    font: str


def find_browser() -> Browser | None:
    """Return the Chromium of `BROWSER_PATH` or the search path, or None."""
    asked = os.environ.get("BROWSER_PATH")
    names = (asked,) if asked else _NAMES
    found = next((path for name in names if (path := shutil.which(name))), None)
    return _browser(found) if found else None


@cache
def _browser(path: str) -> Browser:
    return Browser(path, _says([path, "--version"]), _says(["fc-match", "Arial", "family"]))


def _says(command: list[str]) -> str:
    """Return the first line that a command prints, or ``unknown``."""
    try:
        answer = subprocess.run(  # noqa: S603 - a program found on the search path
            command, capture_output=True, text=True, timeout=30, check=False
        ).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    return answer.splitlines()[0].strip() if answer else "unknown"


def write_images(
    charts: Sequence[Chart], folder: Path, browser: Browser, *, formats: Sequence[str] = FORMATS
) -> list[Path]:
    """Draw charts through one browser; all of them appear, or none.

    Parameters
    ----------
    charts : sequence of Chart
    folder : Path
        Where ``<id>.png``, ``<id>.svg`` and ``<id>.pdf`` go.
    browser : Browser
    formats : sequence of {"png", "svg", "pdf"}

    Returns
    -------
    list of Path
        Files written, sorted.

    Raises
    ------
    DataProblem
        If the browser fails or hangs twice; earlier images stay as they were.
    """
    with tempfile.TemporaryDirectory() as staged:
        jobs = [(c, form, Path(staged, f"{c.id}.{form}")) for c in charts for form in formats]
        _draw(jobs, browser)
        finished = [(path.name, _finished(c, form, path, browser)) for c, form, path in jobs]
    for name, content in finished:
        waiting = folder / f".{name}.part"
        waiting.write_bytes(content)
        waiting.replace(folder / name)
    return sorted(folder / name for name, _ in finished)


def _draw(jobs: Sequence[tuple[Chart, str, Path]], browser: Browser) -> None:
    """Run the drawing process, with a time limit and a second try."""
    pictures = [_picture(chart, form, path) for chart, form, path in jobs]
    job = {"browser": browser.path, "seconds": _SECONDS_EACH, "pictures": pictures}
    limit = _SECONDS_START + _SECONDS_EACH * len(jobs) // 4
    problems = []
    for _ in range(2):
        problem = _attempt(json.dumps(job), limit)
        missing = [path.name for _, _, path in jobs if not path.is_file()]
        if not problem and not missing:
            return
        problems.append(problem or f"not drawn: {', '.join(missing)}")
    raise DataProblem(
        "Chromium could not draw the charts, twice",
        where=browser.path,
        found="; ".join(problems),
        untouched="images of an earlier run; HTML, CSV and JSON are written",
        todo="run the command again, or without a Chromium",
    )


def _picture(chart: Chart, form: str, path: Path) -> dict[str, Any]:
    figure = chart.spec("light", "page")
    options = {
        "format": form,
        "width": SIZES["page"].width,
        "height": figure["layout"]["height"],
        "scale": SCALE if form == "png" else 1,
    }
    return {"figure": figure, "path": str(path), "options": options}


def _attempt(job: str, limit: float) -> str:
    """Run the drawing process once; return what went wrong, or nothing."""
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        _COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            _, errors = process.communicate(job, timeout=limit)
        except subprocess.TimeoutExpired:
            return f"no end after {limit} s"
        finally:
            # ends the browser below it too, if that is still there
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
    last = (errors.strip().splitlines() or [""])[-1]
    return f"exit {process.returncode}: {last}" if process.returncode else ""


def _finished(chart: Chart, form: str, path: Path, browser: Browser) -> bytes:
    """Return an image with its words and the name of what drew it, and without chance ids."""
    facts = {
        "Title": chart.title,
        "Description": chart.alt,
        "Source": chart.source,
        "Date": max((s["published"][:10] for s in chart.sources), default=""),
        "Software": f"sendstats; {browser.version}; fonts: {browser.font}",
    }
    return {"png": png, "svg": svg, "pdf": pdf}[form](path.read_bytes(), facts)
