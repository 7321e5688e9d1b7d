"""Areas that stayed the same while their authorities were reorganised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from sendstats.catalogue.load import document, record
from sendstats.catalogue.places import places

#: Level of a footprint; no file publishes it.
FOOTPRINT = "Footprint"


@dataclass(frozen=True)
class Footprint:
    """One area and the authorities that have covered it.

    Attributes
    ----------
    key : str
        ``F`` and the DfE number of an authority it starts from.
    name : str
    region : str
        Key of the region.
    members : tuple of str
        Keys of the authorities before and after.
    text : str
        Which authorities cover it when.
    """

    key: str
    name: str
    region: str
    members: tuple[str, ...]
    text: str

    @property
    def note(self) -> str:
        """Id of the note that says what the figures are made of."""
        return f"footprint.{self.key}"

    def on(self, day: date) -> list[str]:
        """Return the keys of the members in force on `day`."""
        return [key for key in self.members if places()[key].in_force(day)]


@cache
def footprints() -> dict[str, Footprint]:
    """Return every footprint by key."""
    entries = document("footprints.toml")["footprint"]
    found = (record(Footprint, entry, "footprints.toml") for entry in entries)
    return {footprint.key: footprint for footprint in found}
