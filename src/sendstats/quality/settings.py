"""What ``quality.toml`` says: thresholds, families of labels, and identities across tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sendstats.catalogue.load import document, record

WHERE = "quality.toml"


@dataclass(frozen=True)
class Family:
    """A label that is the total of others, where their names do not say so.

    Attributes
    ----------
    total : str
    parts : tuple of str
    """

    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """One column of one table."""

    table: str
    column: str


@dataclass(frozen=True)
class Same:
    """Columns of several tables that count one thing, row by row.

    Attributes
    ----------
    says : str
        What they all count.
    cells : tuple of Cell
        The first is what the others are held against.
    witness : tuple of Cell
        A column of a third table, and what it counts as well in the two of `cells`, in their order;
        empty for none.
    """

    says: str
    cells: tuple[Cell, ...]
    witness: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class Balance:
    """A stock, what is added to it in a year and what leaves it.

    Attributes
    ----------
    says : str
    stock, begun, ended : Cell
    instead : Cell
        What another table counts of those that began.
    """

    says: str
    stock: Cell
    begun: Cell
    ended: Cell
    instead: Cell

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The columns that it needs; those begun are known without another count of them."""
        return (self.stock, self.begun, self.ended)


@dataclass(frozen=True)
class Closed:
    """A stock that nothing but `begun` adds to, within a share of it for those who move."""

    stock: Cell
    begun: Cell
    share: float


@dataclass(frozen=True)
class Counted:
    """A flow of which other tables count nearly all.

    Attributes
    ----------
    says : str
        What the other tables count.
    whole : tuple of Cell
        The flow; the first that a release has a column for.
    parts : tuple of Cell
        The other counts of it.
    short : tuple of float
        By which share of each part the flow may be less than it.
    over : float
        By which share of the flow all parts may be less than it.
    feed : Cell
        What the parts come from: where it has fallen as well, their return is the short one.
    """

    says: str
    whole: tuple[Cell, ...]
    parts: tuple[Cell, ...]
    short: tuple[float, ...]
    over: float
    feed: Cell


@dataclass(frozen=True)
class Total:
    """A column that is the sum of columns of other tables.

    Attributes
    ----------
    total : Cell
    parts : tuple of Cell
    residual : float
        By which share of the sum the total may miss it; nought where it must be exact.
    """

    total: Cell
    parts: tuple[Cell, ...]
    residual: float

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every column of the identity."""
        return (self.total, *self.parts)


@dataclass(frozen=True)
class Least:
    """A label of stocks that holds at least what began in the year and has not ended.

    Attributes
    ----------
    topic, item : str
        The label: those in the stock for less than a year.
    stocks : tuple of Cell
        The first one is what `begun` and `ended` change.
    begun, ended : Cell
    shifted : tuple of str
        The labels that hold them where a file has its labels one off.
    follows : tuple of Cell
        Undivided columns that count those of the label.
    years : tuple of str
        The labels of the last years, the first year first.
    """

    topic: str
    item: str
    stocks: tuple[Cell, ...]
    begun: Cell
    ended: Cell
    shifted: tuple[str, ...]
    follows: tuple[Cell, ...]
    years: tuple[str, ...]


@dataclass(frozen=True)
class Within:
    """Columns of a table that each stand for some of another, and may overlap.

    Where the publisher does not say that they are some of it, ``says`` tells what they may be.
    """

    table: str
    whole: str
    parts: tuple[str, ...]
    says: str = ""


@dataclass(frozen=True)
class Exchange:
    """Columns of several tables that one return may hold in each other's place."""

    cells: tuple[Cell, ...]


@cache
def exchanges() -> tuple[Exchange, ...]:
    """Return the columns of several tables that may be exchanged."""
    return tuple(record(Exchange, e, WHERE, cells=cells_of) for e in document(WHERE)["exchange"])


@dataclass(frozen=True)
class Apart:
    """Columns of a table of which no case is in two, and that are each some of the same whole.

    Attributes
    ----------
    table : str
    says : str
        What no case can be twice.
    parts : tuple of str
        The last is the one that a finding stands in.
    wholes : tuple of str
        Their sum is the whole.
    received : str
        A column that is more than the whole, and may still be less than the parts.
    """

    table: str
    says: str
    parts: tuple[str, ...]
    wholes: tuple[str, ...]
    received: str = ""


@cache
def aparts() -> tuple[Apart, ...]:
    """Return every set of columns that together are not more than their whole."""
    return tuple(record(Apart, entry, WHERE) for entry in document(WHERE)["apart"])


@cache
def withins() -> tuple[Within, ...]:
    """Return every whole with the parts that are not more than it."""
    return tuple(record(Within, entry, WHERE) for entry in document(WHERE)["within"])


@cache
def threshold(name: str) -> float:
    """Return a threshold of ``quality.toml``."""
    return float(document(WHERE)["thresholds"][name])


def unsteady() -> tuple[str, ...]:
    """Return the patterns of columns that hold what no other column could."""
    return tuple(document(WHERE)["unsteady"]["columns"])


def performances() -> tuple[str, ...]:
    """Return the patterns of columns that may rise and fall far from one year to the next."""
    return tuple(document(WHERE)["performance"]["columns"])


@cache
def families() -> dict[str, tuple[str, ...]]:
    """Return the totals that a label may be part of, by families."""
    owners: dict[str, tuple[str, ...]] = {}
    for entry in document(WHERE)["family"]:
        family = record(Family, entry, WHERE)
        for part in family.parts:
            owners[part] = (*owners.get(part, ()), family.total)
    return owners


@cache
def sames() -> tuple[Same, ...]:
    """Return every identity of two tables."""
    return tuple(
        record(Same, entry, WHERE, cells=cells_of, witness=cells_of)
        for entry in document(WHERE)["same"]
    )


@cache
def balances() -> tuple[Balance, ...]:
    """Return every identity of a stock and its flows."""
    return tuple(
        record(Balance, entry, WHERE, stock=cell_of, begun=cell_of, ended=cell_of, instead=cell_of)
        for entry in document(WHERE)["balance"]
    )


@cache
def closeds() -> tuple[Closed, ...]:
    """Return every stock that only what began can add to."""
    return tuple(
        record(Closed, entry, WHERE, stock=cell_of, begun=cell_of)
        for entry in document(WHERE)["closed"]
    )


@cache
def counteds() -> tuple[Counted, ...]:
    """Return every flow that other tables count nearly all of."""
    return tuple(
        record(Counted, entry, WHERE, whole=cells_of, parts=cells_of, feed=cell_of)
        for entry in document(WHERE)["counted"]
    )


@cache
def totals() -> tuple[Total, ...]:
    """Return every total that other tables hold the parts of."""
    return tuple(
        record(Total, entry, WHERE, total=cell_of, parts=cells_of)
        for entry in document(WHERE)["total"]
    )


@cache
def leasts() -> tuple[Least, ...]:
    """Return every label that holds at least what began and has not ended."""
    return tuple(
        record(Least, entry, WHERE, stocks=cells_of, follows=cells_of, begun=cell_of, ended=cell_of)
        for entry in document(WHERE)["least"]
    )


@cache
def wanted() -> dict[str, set[str]]:
    """Return the columns, by table, that some identity across tables reads."""
    cells = [c for same in sames() for c in (*same.cells, *same.witness)]
    cells += [c for b in balances() for c in (b.stock, b.begun, b.ended, b.instead)]
    cells += [c for x in closeds() for c in (x.stock, x.begun)]
    cells += [*(c for t in totals() for c in t.cells), *(c for x in exchanges() for c in x.cells)]
    cells += [c for x in leasts() for c in (*x.stocks, x.begun, x.ended, *x.follows)]
    cells += [c for x in counteds() for c in (*x.whole, *x.parts, x.feed)]
    found: dict[str, set[str]] = {}
    for cell in cells:
        found.setdefault(cell.table, set()).add(cell.column)
    return found


def cells_of(named: list[str]) -> list[Cell]:
    """Return the cells of several such texts as `cell_of` reads."""
    return [cell_of(one) for one in named]


def cell_of(named: str) -> Cell:
    """Return the cell of a text such as ``"caseload plans"``."""
    table, _, column = named.partition(" ")
    return Cell(table, column)
