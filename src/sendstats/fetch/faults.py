"""What can go wrong with one request or one body, typed so that callers can decide."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sendstats.errors import DataProblem

#: Statuses worth another try; every other refusal is final.
RETRIED = frozenset({429, 502, 503, 504})
#: Statuses by which the service says that it has no such thing, or no longer.
GONE = frozenset({403, 404, 410})


@dataclass(frozen=True)
class Answer:
    """What a refusal said.

    Attributes
    ----------
    status : int
        HTTP status; 0 where there was no answer.
    retry_after : float or None
        Seconds that the service asked to wait.
    problem : dict
        The service's own description as decoded JSON; empty where it gave none.
    """

    status: int = 0
    retry_after: float | None = None
    problem: dict[str, Any] = field(default_factory=dict)


class FetchFault(DataProblem):
    """One request did not give a whole, believable body.

    Parameters
    ----------
    what : str
        What failed, as one sentence without a full stop.
    kind : str
        ``status``, ``connection``, ``stall``, ``truncated``, ``gzip``, ``html``, ``format``,
        ``json``, ``size``, ``ratio``, ``redirect``, ``rows``, ``header``, ``hash``, ``zip`` or
        ``stopped``.
    transient : bool
        Whether another try may help.
    answer : Answer, optional
        What the service said.
    **details : str
        `where`, `expected`, `found` and `todo`, as in every error of the package.
    """

    def __init__(
        self,
        what: str,
        kind: str,
        *,
        transient: bool = False,
        answer: Answer | None = None,
        **details: str,
    ) -> None:
        self.kind = kind
        self.transient = transient
        self.answer = answer or Answer()
        again = {"todo": "run the same command again"} if transient else {}
        super().__init__(what, untouched="every file that was here before", **(again | details))

    @property
    def status(self) -> int:
        """HTTP status of the refusal, 0 where there was no answer."""
        return self.answer.status

    @property
    def gone(self) -> bool:
        """Whether the service itself says that it does not have this.

        A refusal by a gateway (a 403 with a page for browsers) says nothing about the file.
        """
        return self.status in GONE and not (self.status == 403 and self.kind == "html")

    def about(self, file: str) -> FetchFault:
        """Return the same fault as that of a file, for a reader who sees several."""
        return FetchFault(
            f"{file}: {self.what}",
            self.kind,
            transient=self.transient,
            answer=self.answer,
            where=self.where,
            expected=self.expected,
            found=self.found,
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


@contextmanager
def readable(where: str) -> Iterator[None]:
    """Turn what an answer of another shape does to its reader into a fault that says so.

    Raises
    ------
    FetchFault
        If the answer lacks a member that is needed, or has it in another form.
    """
    try:
        yield
    except (LookupError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise FetchFault(
            "the service answers in a form that is not known",
            kind="json",
            where=where,
            found=repr(error),
            todo="see whether a newer sendstats knows it, or take files in with sendstats import",
        ) from error
