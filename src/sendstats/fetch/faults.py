"""What can go wrong with one request or one body, typed so that callers can decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sendstats.errors import DataProblem

#: Statuses worth another try; every other refusal is final.
RETRIED = frozenset({429, 502, 503, 504})


class FetchFault(DataProblem):
    """One request did not give a whole, believable body.

    Parameters
    ----------
    what : str
        What failed, as one sentence without a full stop.
    kind : str
        ``status``, ``connection``, ``stall``, ``truncated``, ``gzip``, ``html``, ``format``,
        ``json``, ``size``, ``ratio``, ``redirect``, ``rows``, ``hash`` or ``zip``.
    transient : bool
        Whether another try may help.
    status : int
        HTTP status of the answer, 0 where there was none.
    retry_after : float or None
        Seconds that the service asked to wait.
    problem : mapping
        The service's own description of a refusal, as decoded JSON; empty where it gave none.
    """

    def __init__(
        self,
        what: str,
        *,
        kind: str,
        where: str = "",
        expected: str = "",
        found: str = "",
        transient: bool = False,
        status: int = 0,
        retry_after: float | None = None,
        problem: Mapping[str, Any] | None = None,
        todo: str = "",
    ) -> None:
        self.kind = kind
        self.transient = transient
        self.status = status
        self.retry_after = retry_after
        self.problem = dict(problem or {})
        super().__init__(
            what,
            where=where,
            expected=expected,
            found=found,
            untouched="every file that was here before",
            todo=todo or ("run the same command again" if transient else ""),
        )

    @property
    def line(self) -> str:
        """The fault on one line."""
        detail = "; ".join(
            f"{name} {text}"
            for name, text in (("expected", self.expected), ("found", self.found))
            if text
        )
        return f"{self.what} ({detail})" if detail else self.what
