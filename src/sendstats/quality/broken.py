"""One identity that some cells do not keep: what every gate yields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sendstats.catalogue.places import places
from sendstats.quality.cells import TOTAL

#: Two published figures cannot both be right; a total counts more or less than its parts in many
#: places, which is a matter of meaning; a total lacks what it is made of; a figure is possible, but
#: the figures around it make it improbable.
CONTRADICTION, DEFINITION, GAP, DOUBT = "contradiction", "definition", "gap", "doubt"

MEMBERS = "members sum to the whole"
PARTS = "parts sum to the total"
ITEMS = "items of a breakdown sum to the total"
RATE = "numerator over denominator is the rate"
SHARE = "a placement over its base is the share"
DETAIL = "a total has its parts"
WHOLE = "a total is there where its parts are"
HOLE = "a part is there where its total and the others are"
HALF = "both sides of a rate have a figure, and the rate"
REPEAT = "a row does not repeat the year before"
SIDES = "numerator present where its denominator counts"
ROW = "a place in force has a row"
SIGN = "a count is not negative"
WITHIN = "a part is not more than its whole"
APART = "columns that exclude each other are not more than their whole"
LEFT = "what a whole leaves for withheld members can be a count"
BESIDE = "a total of some members is their sum"
LACKING = "a whole counts its withheld members"
FOLLOWS = "a decision is there where disputes over it are"
PROFILE = "cases divide as the same cases do elsewhere"
PRINTED = "what one table withholds no other prints"
UNRECORDED = "what is not recorded is not nearly all"
TAKEN = "a usual outcome is not nought while another takes its place"
AGES = "nobody is counted at an age that cannot be"
BARE = "a rate stands with its counts"
BASE = "shares of one base divide by what their counts add up to"
SAME = "two tables that count one thing agree"
TOTALS = "a total is the sum of its parts in other tables"
LEAST = "what began in a year and has not ended is in the stock"
CLOSED = "a stock holds no more than the one before and what began"
FIRST = "no more are in their first year than began in it"
FEW = "some of a stock ends in a year"
NONE = "none of many are not none by chance"
FLOW = "a stock changes by what begins and ends"
COUNTED = "two counts of one flow are close"
ZERO = "a nought does not stand between counts"
SPIKE = "a count does not stand far from both its neighbours"
MIX = "a share does not stand far from both its neighbours"
JUMP = "a stock does not jump without its flows"
EXCHANGE = "two columns do not stand in each other's place"
END = "a last count does not stand far from all others"
SHORT = "a return is not short in several tables"
CODE = "a number belongs to the name beside it"


#: Row, period and column of a cell.
Touched = tuple[int, str, str]


@dataclass(frozen=True)
class Broken:
    """One identity, in one place and period, that does not hold.

    Attributes
    ----------
    rule, kind : str
    period, place, topic, item, placement, column : str
        Where: the total, rate or stock that does not fit.
    row : int or None
    expected, found : float or None
    says : str
        What was expected, in words.
    rows : tuple of int
        Every row that takes part.
    columns : tuple of str
        Every column that takes part.
    shown : str
        What was found, in words, where it is more than the printed cell.
    cause : str
    explained : tuple of str
        Columns that the cause names: those whose meaning differs.
    effect : str
        What the gate itself can say of the rates it touches.
    effect_size : float
        The same, in percentage points.
    sound : bool
        Whether the total is borne out by something else, so that its parts are wrong.
    others : tuple of str
        Places that it tells of beside its own: those whose figure is withheld.
    """

    rule: str
    kind: str
    period: str
    place: str
    column: str
    row: int | None
    expected: float | None
    found: float | None
    says: str
    topic: str = TOTAL
    item: str = TOTAL
    placement: str = TOTAL
    rows: tuple[int, ...] = ()
    columns: tuple[str, ...] = ()
    shown: str = ""
    cause: str = ""
    explained: tuple[str, ...] = ()
    effect: str = ""
    effect_size: float = 0.0
    sound: bool = False
    others: tuple[str, ...] = ()

    @property
    def delta(self) -> float:
        """How far the published figure is from the expected one."""
        if self.expected is None or self.found is None:
            return 0.0
        return self.expected - self.found

    @property
    def label(self) -> str:
        """What the row counts, "total" where nothing breaks it down."""
        named = [x for x in (self.item, self.placement) if x != TOTAL]
        return " × ".join(named) or TOTAL

    @property
    def whole(self) -> bool:
        """Whether the row is one that nothing breaks down."""
        return self.topic == TOTAL and self.label == TOTAL

    @property
    def level(self) -> str:
        """The level of the place."""
        return places()[self.place].level

    @property
    def cells(self) -> list[Touched]:
        """Every cell that takes part."""
        return self.touched(self.columns)

    def touched(self, columns: Iterable[str]) -> list[Touched]:
        """Return the cells of its rows in some columns."""
        return [(row, self.period, column) for row in self.rows for column in columns]


def above(place: str) -> tuple[str, ...]:
    """Return the keys of the places that contain `place`, itself first and England last."""
    of, england = places()[place], next(iter(places()))
    return tuple(dict.fromkeys(key for key in (place, of.part, of.region, england) if key))
