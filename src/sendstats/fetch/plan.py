"""What an update would change, before anything does, and how it says so."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sendstats.fetch.pins import Pin
from sendstats.fetch.rows import RowChanges
from sendstats.receipts import Receipt


@dataclass(frozen=True)
class Move:
    """One pin that would change.

    Attributes
    ----------
    old, new : Pin or None
        Before and after; one of them is None for a file that appears or goes.
    receipt : Receipt or None
        Receipt of the new bytes, waiting in staging.
    staged : Path or None
        Where they wait.
    changes : RowChanges or None
        Which rows changed, where the old bytes are here.
    unknown : str
        Why that cannot be said; empty where it can, or where there is nothing to compare.
    """

    old: Pin | None
    new: Pin | None
    receipt: Receipt | None = None
    staged: Path | None = None
    changes: RowChanges | None = None
    unknown: str = ""

    @property
    def rows(self) -> list[str]:
        """Which rows changed, in words."""
        return self.changes.lines() if self.changes else [self.unknown] * bool(self.unknown)

    @property
    def state(self) -> str:
        """What kind of move it is.

        ``new``, ``gone``, ``whole`` (takes the place of an extract), ``same`` (the pinned bytes
        under a new release version), ``amended`` (others, under a new release version) or
        ``restated`` (others, under the same one).
        """
        if self.new is None or self.old is None:
            return "new" if self.new else "gone"
        if self.old.sha256 == self.new.sha256:
            return "same"
        if self.old.extract and not self.new.extract:
            return "whole"
        moved = self.old.release_version not in ("", self.new.release_version)
        return "amended" if moved else "restated"

    def as_dict(self) -> dict[str, Any]:
        """Return the move as plain values for JSON."""
        told: dict[str, Any] = {"state": self.state}
        for name, pin in (("was", self.old), ("now", self.new)):
            told[name] = asdict(pin) if pin else None
        told["changes"] = asdict(self.changes) if self.changes else None
        return told | {"unknown": self.unknown}

    @property
    def line(self) -> str:
        """The move on one line."""
        if self.new is None:
            return f"{self.old.name if self.old else ''}: no longer listed; its pin stays"
        told = f"{self.new.bytes:,} bytes" + (
            f", {self.new.rows:,} rows" if self.new.rows is not None else ""
        )
        if self.old is None:
            return f"{self.new.name}: new, {told}"
        if self.state == "whole":
            return f"{self.new.name}: the whole file takes the place of the extract, {told}"
        was = (
            f"{self.old.rows:,} rows" if self.old.rows is not None else f"{self.old.bytes:,} bytes"
        )
        return f"{self.new.name}: {self.state}, {told} (was {was})"


@dataclass(frozen=True)
class UpdatePlan:
    """What would change, before anything does.

    Attributes
    ----------
    moves : tuple of Move
        One a pin.
    notes : tuple of str
        Newer releases, amendments and releases that could not be read.
    applied : bool
        Whether the pins were moved.
    """

    moves: tuple[Move, ...] = ()
    notes: tuple[str, ...] = field(default=())
    applied: bool = False

    @property
    def movable(self) -> bool:
        """Whether there is a pin to move."""
        return any(move.new for move in self.moves)

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything there is to say, one line each; changed rows are indented."""
        others = [move for move in self.moves if move.state != "same"]
        told = [text for m in others for text in (m.line, *(f"  {row}" for row in m.rows))]
        same = Counter(
            f"{move.new.publication} {move.new.release}"
            for move in self.moves
            if move.new and move.state == "same"
        )
        told += [f"{name}: {n} pinned as before, under a new version" for name, n in same.items()]
        return (*self.notes, *told) or ("nothing is newer than the pins",)
