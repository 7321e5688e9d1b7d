"""One theme: colours of the Analysis Function, sizes, and a template built when asked for.

Colours and their order: Government Analysis Function, data visualisation colours guidance
(https://analysisfunction.civilservice.gov.uk/policy-store/data-visualisation-colours-in-charts/).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sendstats.errors import UnknownId

SchemeName = Literal["light", "dark"]
FONTS = 'Arial, "Liberation Sans", sans-serif'

#: Lines differ by dash and end marker as well as by colour.
DASHES = ("solid", "8px,3px", "2px,3px", "9px,3px,2px,3px")
SYMBOLS = ("circle", "square", "diamond", "triangle-up")
OTHER_DASH = "4px,2px"

#: Handed to plotly.js: nothing to click, nothing to upload to, nothing that a finger can zoom.
CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "displaylogo": False,
    "doubleClick": False,
    "modeBarButtonsToRemove": ["sendChartToCloud", "sendDataToCloud"],
    "responsive": True,
    "scrollZoom": False,
    "showSendToCloud": False,
    "showTips": False,
}


@dataclass(frozen=True)
class Scheme:
    """Colours of one scheme, as ``#RRGGBB``.

    Attributes
    ----------
    paper, text, muted, grid : str
        Ground, text, secondary text and gridlines.
    series : tuple of str
        Four series colours, in the order of use.
    duo : tuple of str
        The pair for exactly two series.
    context : str
        Lines that only give context, never meaning alone.
    other : str
        The grey line that stands for all other groups, which does carry meaning.
    """

    paper: str
    text: str
    muted: str
    grid: str
    series: tuple[str, str, str, str]
    duo: tuple[str, str]
    context: str
    other: str


SCHEMES: dict[str, Scheme] = {
    "light": Scheme(
        paper="#FFFFFF",
        text="#0B0C0C",
        muted="#3D3D3D",
        grid="#E3E3E3",
        series=("#12436D", "#28A197", "#801650", "#F46A25"),
        duo=("#12436D", "#F46A25"),
        context="#BFBFBF",
        other="#3D3D3D",
    ),
    "dark": Scheme(
        paper="#0B0C0C",
        text="#FFFFFF",
        muted="#BFBFBF",
        grid="#2E2E2E",
        series=("#6BACE6", "#28A197", "#A285D1", "#F46A25"),
        duo=("#6BACE6", "#F46A25"),
        context="#3D3D3D",
        other="#BFBFBF",
    ),
}


@dataclass(frozen=True)
class Size:
    """One width for which a figure is laid out; lengths in CSS pixels.

    Attributes
    ----------
    name : str
    width, plot_height : int
        Width it is laid out for and the height of the plotting area alone.
    title, subtitle, text, small : int
        Font sizes: headline, subtitle, labels and ticks, notes and source.
    label_width : int
        Widest direct label before it wraps.
    ticks : int
        Most labels on the time axis.
    """

    name: str
    width: int
    plot_height: int
    title: int
    subtitle: int
    text: int
    small: int
    label_width: int
    ticks: int


SIZES: dict[str, Size] = {
    # A screen of 320 px less the page's own margins.
    "phone": Size("phone", 288, 260, 19, 14, 12, 12, 80, 4),
    "small": Size("small", 480, 300, 20, 14, 13, 12, 104, 6),
    "page": Size("page", 720, 340, 23, 15, 13, 12, 140, 8),
    "wide": Size("wide", 1080, 420, 26, 16, 14, 13, 190, 17),
    # DfE's embedded charts ask for 12 pt, which is 16 px.
    "report": Size("report", 640, 360, 22, 16, 16, 16, 130, 6),
}


def scheme(name: str) -> Scheme:
    """Return a colour scheme, ``"light"`` or ``"dark"``."""
    try:
        return SCHEMES[name]
    except KeyError:
        raise UnknownId.of("colour scheme", name, SCHEMES) from None


def size(name: str) -> Size:
    """Return a size: ``"phone"``, ``"small"``, ``"page"``, ``"wide"`` or ``"report"``."""
    try:
        return SIZES[name]
    except KeyError:
        raise UnknownId.of("chart size", name, SIZES) from None


def template(colours: Scheme, dimensions: Size) -> dict[str, Any]:
    """Return the plotly template for one scheme and size; it is registered nowhere."""
    axis = {
        "automargin": False,
        "fixedrange": True,
        "gridcolor": colours.grid,
        "gridwidth": 1,
        "linecolor": colours.text,
        "showline": False,
        "tickfont": {"color": colours.muted, "size": dimensions.text},
        "ticks": "",
        "zeroline": False,
    }
    return {
        "layout": {
            "colorway": list(colours.series),
            "dragmode": False,
            "font": {"color": colours.text, "family": FONTS, "size": dimensions.text},
            "hoverlabel": {
                "align": "left",
                "bgcolor": colours.paper,
                "bordercolor": colours.muted,
                "font": {"color": colours.text, "family": FONTS, "size": dimensions.text},
            },
            "hovermode": "closest",
            "paper_bgcolor": colours.paper,
            "plot_bgcolor": colours.paper,
            "separators": ".,",
            "showlegend": False,
            "xaxis": {**axis, "showgrid": False},
            "yaxis": axis,
        }
    }


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#RRGGBB`` (WCAG 2.2, definition of relative luminance)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, contrast ratio)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
