"""What every column of the committed files holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from sendstats.catalogue.load import document, record
from sendstats.errors import DataProblem, UnknownId

WHERE = "fields.toml"


@dataclass(frozen=True)
class Field:
    """One column: its `type` in the words of Table Schema and what it `says`."""

    type: str
    says: str


@dataclass(frozen=True)
class File:
    """One kind of file.

    Attributes
    ----------
    fields : dict of str to Field
        Its columns by name, in order.
    key : tuple of str
        Columns of its primary key.
    refers : dict of str to str
        Columns whose values stand in the column of the same name of another file: to that file.
    """

    fields: dict[str, Field]
    key: tuple[str, ...]
    refers: dict[str, str] = field(default_factory=dict)


@cache
def files() -> dict[str, File]:
    """Return every kind of file by name."""
    return {
        name: record(File, entry, f"{WHERE}, {name}", fields=_fields)
        for name, entry in document(WHERE).items()
    }


def _fields(entries: dict[str, dict[str, str]]) -> dict[str, Field]:
    return {name: record(Field, entry, f"{WHERE}, {name}") for name, entry in entries.items()}


def described(name: str, columns: Iterable[str]) -> File:
    """Return the description of a file that has these `columns` and no other.

    Raises
    ------
    UnknownId
        If no such file is described.
    DataProblem
        If a column is not described, or one that is described is not there.
    """
    if name not in files():
        raise UnknownId.of("file", name, files())
    file, found = files()[name], list(columns)
    if found != list(file.fields):
        raise DataProblem(
            f"the columns of {name} are not those that are described",
            where=f"{WHERE}, {name}",
            expected=", ".join(file.fields),
            found=", ".join(found),
            todo="describe them there",
        )
    return file
