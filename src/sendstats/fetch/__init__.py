"""Fetch exactly the pinned release files, with a receipt for each; the only room with sockets."""

from sendstats.fetch.imports import Given, Imported, import_file
from sendstats.fetch.news import newer
from sendstats.fetch.pins import Pin, PinSet, read_pins
from sendstats.fetch.plan import UpdatePlan
from sendstats.fetch.releases import Known, known_releases
from sendstats.fetch.report import FetchReport, Outcome
from sendstats.fetch.run import fetch_pinned
from sendstats.fetch.settings import Settings
from sendstats.fetch.status import Held, status
from sendstats.fetch.update import update
from sendstats.fetch.watch import terminal_watch

__all__ = [
    "FetchReport",
    "Given",
    "Held",
    "Imported",
    "Known",
    "Outcome",
    "Pin",
    "PinSet",
    "Settings",
    "UpdatePlan",
    "fetch_pinned",
    "import_file",
    "known_releases",
    "newer",
    "read_pins",
    "status",
    "terminal_watch",
    "update",
]
