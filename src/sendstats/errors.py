"""Every error sendstats raises on purpose, with one shape of message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

_SHORT = 2  # letters that are in too many names to tell anything


def printable(text: str) -> str:
    """Return `text` with every letter that could steer a terminal written out.

    Messages quote files and answers from outside.
    """
    return "".join(
        letter if letter.isprintable() or letter in "\n\t" else ascii(letter)[1:-1]
        for letter in text
    )


class SendstatsError(Exception):
    """Base of all deliberate errors: what, where, expected, found, untouched, what to do.

    Parameters
    ----------
    what : str
        What failed, as one sentence without a full stop.
    where : str, optional
        Publication, release, file, row and column, as far as they are known.
    expected, found : str, optional
        What was expected and what was there instead.
    untouched : str, optional
        What was left as it was.
    todo : str, optional
        What the reader can do next.
    """

    def __init__(  # noqa: PLR0913 - the parts of one message, all by name
        self,
        what: str,
        *,
        where: str = "",
        expected: str = "",
        found: str = "",
        untouched: str = "",
        todo: str = "",
    ) -> None:
        self.what = what
        self.where = printable(where)
        self.expected = printable(expected)
        self.found = printable(found)
        self.untouched = untouched
        self.todo = todo
        super().__init__(self._message())

    def _message(self) -> str:
        parts = [
            ("where", self.where),
            ("expected", self.expected),
            ("found", self.found),
            ("left untouched", self.untouched),
            ("what to do", self.todo),
        ]
        return "\n".join([self.what, *(f"  {name}: {text}" for name, text in parts if text)])


class WrongUse(SendstatsError):
    """The caller asked for something that does not exist or is not stated fully (exit code 2)."""


class UnknownId(WrongUse):
    """An id or name that is not in the catalogue; names the nearest ones."""

    @classmethod
    def of(cls, kind: str, asked: str, known: Iterable[str]) -> UnknownId:
        """Build the error for an unknown `kind` (for example ``"series"``).

        Parameters
        ----------
        kind : str
            What sort of thing was asked for.
        asked : str
            The id or name that is not known.
        known : iterable of str
            All ids or names that are.
        """
        names = list(known)
        # A word of a name is nearer to it than similar letters: "Hull" is not "Solihull".
        word = f" {asked.casefold()}"
        within = [n for n in names if len(asked) > _SHORT and word in f" {n.casefold()}"]
        alike = get_close_matches(asked, names, n=3, cutoff=0.5)
        near = list(dict.fromkeys([*within, *alike]))[:3]
        listed = "list them with sendstats catalogue; "
        todo = f"did you mean {' or '.join(repr(n) for n in near)}?" if near else ""
        return cls(
            f"unknown {kind} {asked!r}",
            expected=f"one of {len(names)} known {kind} names",
            todo=todo or (listed if kind == "series" else "") + f"the first are {names[:5]}",
        )


class Refused(WrongUse):
    """A comparison, share or selection that would break what a number means."""


class Unreachable(SendstatsError):
    """The service could not be reached at all (exit code 3)."""


class DataProblem(SendstatsError):
    """Something is wrong with data, not with how it was asked for (exit code 1)."""


class NothingHeld(DataProblem):
    """No row answers a question that is rightly asked."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong with one file.

    Attributes
    ----------
    column, row : str, int or None
        Where in the file; `row` counts data rows from 1, None for the header or whole file.
    """

    what: str
    column: str = ""
    row: int | None = None
    expected: str = ""
    found: str = ""

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                f"row {self.row}" if self.row is not None else "",
                f"column {self.column!r}" if self.column else "",
            )
            if part
        )
        detail = "; ".join(
            f"{name} {text}"
            for name, text in (("expected", self.expected), ("found", self.found))
            if text
        )
        return ": ".join(part for part in (place, self.what, detail) if part)


class FaultyFile(DataProblem):
    """A file with one or more faults; all of them are reported at once."""

    def __init__(
        self, file: str, faults: Sequence[Fault], *, untouched: str = "", todo: str = ""
    ) -> None:
        self.file = file
        self.faults = tuple(faults)
        listing = "\n".join(f"  - {fault}" for fault in self.faults)
        super().__init__(
            f"{file}: {len(self.faults)} fault{'s' if len(self.faults) != 1 else ''}\n{listing}",
            untouched=untouched,
            todo=todo,
        )
