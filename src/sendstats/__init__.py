"""England's SEND statistics as one checked, long-run record.

Nothing is read, fetched or registered on import; charts, and `sendstats.ees`, the client of the
publisher's data API, are loaded when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

# Two public functions share their name with the room they come from. Importing them here, once,
# makes the function what `sendstats.series` and `sendstats.catalogue` mean to a reader.
from sendstats.series.api import catalogue, series, share
from sendstats.series.compare import change, difference, ratio
from sendstats.series.trace import findings, trace

if TYPE_CHECKING:
    from sendstats import ees
    from sendstats.charts import chart
    from sendstats.claims import claim
    from sendstats.series.revisions import revisions
    from sendstats.store.tables import Store
    from sendstats.words import answer, cite, say_findings, say_revisions, show, table

__version__ = "0.1.0"
__all__ = [
    "Store",
    "__version__",
    "answer",
    "catalogue",
    "change",
    "chart",
    "cite",
    "claim",
    "difference",
    "ees",
    "findings",
    "ratio",
    "revisions",
    "say_findings",
    "say_revisions",
    "series",
    "share",
    "show",
    "table",
    "trace",
]

_LATER = {
    "Store": "store.tables",
    "answer": "words",
    "chart": "charts",
    "claim": "claims",
    "cite": "words",
    "revisions": "series.revisions",
    "say_findings": "words",
    "say_revisions": "words",
    "show": "words",
    "table": "words",
}


def __dir__() -> list[str]:
    """List the public names."""
    return __all__


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    """Load a name of a later room on first use, so that importing costs little."""
    if name not in (*_LATER, "ees"):
        msg = f"module 'sendstats' has no attribute {name!r}"
        raise AttributeError(msg)
    from importlib import import_module  # noqa: PLC0415 - only when needed

    if name == "ees":
        return import_module("sendstats.ees")
    return getattr(import_module(f"sendstats.{_LATER[name]}"), name)
