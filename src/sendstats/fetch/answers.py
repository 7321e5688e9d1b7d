"""Read what the service says when it does not say 200, or says nothing at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests
import urllib3

from sendstats.fetch.deadline import step_timeout
from sendstats.fetch.faults import RETRIED, Answer, FetchFault


def refusal(response: requests.Response) -> FetchFault:
    """Return the fault for an answer that is not 200, with the service's own words if any."""
    status = response.status_code
    problem = _problem(response)
    codes = [str(e.get("code", "")) for e in problem.get("errors", []) if isinstance(e, dict)]
    title = str(problem.get("title", "")) or response.reason or ""
    return FetchFault(
        f"the service answered {status}",
        kind="html" if "html" in response.headers.get("Content-Type", "").lower() else "status",
        where=response.url,
        found=" ".join([title, *codes]).strip(),
        transient=status in RETRIED,
        answer=Answer(status, _retry_after(response.headers), problem),
    )


def _problem(response: requests.Response) -> dict[str, Any]:
    if "json" not in response.headers.get("Content-Type", ""):
        return {}
    try:
        found = json.loads(response.raw.read(1 << 16, decode_content=True))
    except (ValueError, RecursionError, urllib3.exceptions.HTTPError):
        return {}
    return found if isinstance(found, dict) else {}


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds a Retry-After header asks for, in seconds or as a date.

    A date counts from the date of the answer itself, where it has one: the clock here may be wrong.
    """
    text = headers.get("Retry-After", "").strip()
    if text.isdecimal():
        return float(text)
    moment = _instant(text)
    if moment is None:
        return None
    now = _instant(headers.get("Date", "")) or datetime.now(UTC)
    return max(0.0, (moment - now).total_seconds())


def _instant(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def refuse_html(response: requests.Response, url: str) -> None:
    """Raise the fault for an answer that calls itself HTML: a page is never data."""
    kind = response.headers.get("Content-Type", "")
    if "html" in kind.lower():
        raise FetchFault(
            "the service answered with an HTML page instead of data",
            kind="html",
            where=url,
            found=kind,
            todo="a gateway may ask for a browser: fetch the file by hand and use sendstats import",
        )


def stalled(what: str, error: BaseException, url: str) -> FetchFault:
    """Return the fault for an answer, or a part of it, that did not come in time."""
    late = step_timeout(error)
    return FetchFault(
        what,
        kind="stall",
        where=url,
        expected=late.expected if late else "",
        found=late.found if late else "",
        transient=True,
    )


def lost(error: requests.RequestException, url: str) -> FetchFault:
    """Return the fault for a request that got no answer."""
    if isinstance(error, requests.ReadTimeout):
        return stalled("the service does not answer", error, url)
    broken = isinstance(error, requests.ConnectionError | requests.Timeout)
    final = isinstance(error, requests.exceptions.SSLError)
    return FetchFault(
        "the request got no answer",
        kind="connection",
        where=url,
        found=type(error).__name__,
        transient=broken and not final,
    )
