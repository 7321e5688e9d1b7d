"""Read a TOML file of the catalogue into frozen dataclasses that reject unknown keys."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from sendstats.errors import DataProblem

T = TypeVar("T")


@cache
def document(name: str) -> dict[str, Any]:
    """Return the parsed catalogue file `name`, for example ``"places.toml"``."""
    text = files("sendstats.catalogue").joinpath(name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def names(folder: str) -> list[str]:
    """Return the names of the TOML files in a catalogue `folder`, sorted."""
    found = files("sendstats.catalogue").joinpath(folder).iterdir()
    return sorted(f"{folder}/{item.name}" for item in found if item.name.endswith(".toml"))


def record(kind: type[T], entry: Mapping[str, Any], where: str, **parts: Callable[[Any], Any]) -> T:
    """Return `entry` as a dataclass `kind`, lists made tuples.

    Parameters
    ----------
    kind : type
    entry : mapping
    where : str
        Where it stands, for messages.
    **parts : callable
        What makes the value of a key that is neither a text, a number nor a list of these.

    Raises
    ------
    DataProblem
        If the entry has a key that `kind` does not know, or lacks one that it needs.
    """
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]
    unknown = sorted(set(entry) - known)
    if unknown:
        raise DataProblem(
            "the catalogue has an unknown key",
            where=where,
            expected=f"one of {', '.join(sorted(known))}",
            found=", ".join(unknown),
        )
    made = {k: parts[k](v) if k in parts else v for k, v in entry.items()}
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in made.items()}
    try:
        return kind(**values)
    except TypeError as error:
        raise DataProblem("the catalogue lacks a key", where=where, found=str(error)) from error
