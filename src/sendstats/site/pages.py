"""One page and one embed for each chart, and the assets that they share."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from sendstats.words import NOT_OFFICIAL, version

if TYPE_CHECKING:
    from collections.abc import Mapping

    import jinja2

    from sendstats.charts import Chart

SIZES = ("phone", "small", "page", "wide")
SCHEMES = ("light", "dark")
#: What a page may load: its own files, and the inline styles that plotly.js sets.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; base-uri 'none'; form-action 'none'"
)


@cache
def environment() -> jinja2.Environment:
    """Return the template environment: escaping on, an undefined name is an error."""
    import jinja2  # noqa: PLC0415 - only when a page is written

    return jinja2.Environment(
        loader=jinja2.FunctionLoader(asset),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def asset(name: str) -> str:
    """Return the text of one file of the package's ``site/templates``."""
    return files("sendstats.site").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def plotly_script() -> str:
    """Return plotly.js as the installed plotly package has it."""
    return files("plotly").joinpath("package_data", "plotly.min.js").read_text(encoding="utf-8")


def assets() -> dict[str, str]:
    """Return the files that every page shares, by name."""
    return {
        "plotly.min.js": plotly_script(),
        "chart.js": asset("chart.js"),
        "style.css": asset("style.css"),
    }


def figures(chart: Chart) -> str:
    """Return a chart in both schemes and every size as JSON that is safe inside HTML."""
    drawn = {
        scheme: {size: chart.spec(scheme, size, framed=False) for size in SIZES}
        for scheme in SCHEMES
    }
    content: dict[str, Any] = {
        "id": chart.id,
        "config": chart.config,
        "data": {scheme: drawn[scheme]["page"]["data"] for scheme in SCHEMES},
        "layouts": {s: {size: drawn[s][size]["layout"] for size in SIZES} for s in SCHEMES},
        "widths": chart.widths(SIZES),
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def page(chart: Chart, downloads: Mapping[str, str]) -> str:
    """Return the page of one chart.

    Parameters
    ----------
    chart : Chart
    downloads : mapping of str to str
        Words of each link to its address, relative to the page.
    """
    return (
        environment()
        .get_template("page.html")
        .render(
            chart=chart,
            downloads=downloads,
            figures=figures(chart),
            policy=PAGE_POLICY,
            status=NOT_OFFICIAL,
            version=version(),
        )
    )


def embed(chart: Chart) -> str:
    """Return one chart as a single file for an ``iframe``.

    It asks for nothing, allows only its own scripts by their hashes, and posts its height to the
    page around it as ``{"type": "sendstats:height", "id": ..., "height": ...}``.
    """
    scripts = [plotly_script(), asset("chart.js")]
    hashes = " ".join(_hash(_inline(script)) for script in scripts)
    policy = (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    return (
        environment()
        .get_template("embed.html")
        .render(
            chart=chart,
            figures=figures(chart),
            policy=policy,
            scripts=[_inline(script) for script in scripts],
            style=asset("style.css"),
            status=NOT_OFFICIAL,
        )
    )


def _inline(script: str) -> str:
    """Return a script that can stand inside a script element."""
    return script.replace("</script", "<\\/script")


def _hash(script: str) -> str:
    """Return the source expression that allows one inline script (CSP level 3, 2.3.1)."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
