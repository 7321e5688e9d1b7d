"""Walk through every page of a list; the service says where the end is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sendstats.fetch.faults import FetchFault
from sendstats.fetch.transport import Ask, Transport

#: The service itself takes no higher number of a page.
MOST = 9_999


def paged(transport: Transport, ask: Ask, size: int) -> Iterator[Mapping[str, Any]]:
    """Yield every item of a paged list.

    Parameters
    ----------
    ask : Ask
        The request without paging; a GET is paged in its query, a POST in its body.
    size : int
        Items a page; each endpoint has bounds of its own.

    Raises
    ------
    FetchFault, Unreachable
        If a page cannot be had.
    """
    for answer in pages(transport, ask, size):
        yield from answer["results"]


def pages(transport: Transport, ask: Ask, size: int) -> Iterator[Mapping[str, Any]]:
    """Yield the answers themselves, page by page."""
    page, last = 1, 1
    while page <= last:
        if page > MOST:
            raise FetchFault("the list has no end", "rows", where=ask.url, expected=f"{MOST} pages")
        answer = transport.json(_page(ask, page, size))
        yield answer
        # An empty list still counts one page, and a page past the end is no error: stop at both.
        last = int(answer["paging"]["totalPages"]) if answer["results"] else 0
        page += 1


def _page(ask: Ask, page: int, size: int) -> Ask:
    paging = {"page": page, "pageSize": size}
    if ask.json is None:
        return replace(ask, params={**(ask.params or {}), **paging})
    return replace(ask, json={**ask.json, **paging})
