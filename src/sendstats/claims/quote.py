"""A quoted figure: its digits, the precision they imply, its unit, and whether it is a change."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sendstats.catalogue.series import entries
from sendstats.errors import UnknownId, WrongUse
from sendstats.words import number

PERCENT, POINTS = "percent", "percentage points"
_SCALES = {"thousand": 10**3, "k": 10**3, "million": 10**6, "m": 10**6}
_SIGN = "+\\-\N{MINUS SIGN}\N{EN DASH}"
# A number stands alone: digits inside a word (SEN2) or after a stop are no figure of their own.
_FIGURE = re.compile(
    rf"(?<![\w.,])(?P<sign>[{_SIGN}]?)\s?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:\s?(?P<scale>thousand|million|k|m)\b|(?![\w,]*\d))",
    re.IGNORECASE,
)
_POINTS = re.compile(r"percentage[ -]points?|(?<![a-z])(?:points?|pp|ppts?)\b", re.IGNORECASE)
_PERCENT = re.compile(r"%|(?<![a-z])per ?cent\b", re.IGNORECASE)
# "up to" and "more than" state a level, so plain "up" and "more" are not taken for a change.
_UP = re.compile(
    r"\b(?:increas\w+|increase|ris(?:e|es|en|ing)|rose|gr[eo]w\w*|up by)\b", re.IGNORECASE
)
_DOWN = re.compile(
    r"\b(?:decreas\w+|decrease|fall(?:s|en|ing)?|fell|drop\w*|declin\w*|reduc\w+|down by)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Quote:
    """A figure as it was quoted.

    Attributes
    ----------
    text : str
        As quoted.
    digits : Decimal
        The number printed, without sign and scale.
    scale : int
        What the digits count: 1, or for example a million for "1.4 million".
    unit : str
        ``percent``, ``percentage points``, a unit of the catalogue, or empty where none is said.
    change : bool
        Whether it is quoted as a change: a sign, or a word such as "increase".
    direction : int
        1 for a rise, -1 for a fall, 0 where neither is said.
    """

    text: str
    digits: Decimal
    scale: int = 1
    unit: str = ""
    change: bool = False
    direction: int = 0

    @property
    def decimals(self) -> int:
        """Decimals of the digits printed."""
        return max(0, -int(self.digits.as_tuple().exponent))

    @property
    def low(self) -> Fraction:
        """Smallest size that rounds, half up, to the digits printed."""
        return self._bound(-1)

    @property
    def high(self) -> Fraction:
        """Smallest size that rounds to more than the digits printed."""
        return self._bound(1)

    def _bound(self, side: int) -> Fraction:
        half = Fraction(1, 2 * 10**self.decimals)
        return (Fraction(self.digits) + side * half) * self.scale

    def fits(self, value: Fraction) -> bool:
        """Whether `value` is printed as this quote at the quote's precision, and has its sign."""
        wrong_way = self.direction and value * self.direction < 0
        return not wrong_way and self.low <= abs(value) < self.high

    def distance(self, value: Fraction) -> Fraction:
        """How far `value` is from the digits printed; a value of the other sign counts as far."""
        aim = Fraction(self.digits) * self.scale
        return abs(value * self.direction - aim) if self.direction else abs(abs(value) - aim)

    @property
    def reading(self) -> str:
        """How the quote is read: the range of values that it stands for, in words."""
        if self.scale == 1 and not self.decimals and self.unit not in ("", PERCENT, POINTS):
            return f"{number(self.digits)} {self.unit}"
        shown = 0 if self.scale > 1 else self.decimals + 1
        span = f"{number(max(self.low, Fraction(0)), shown)} to under {number(self.high, shown)}"
        unit = {PERCENT: "per cent"}.get(self.unit, self.unit)
        way = {1: ", a rise", -1: ", a fall", 0: ", a change" if self.change else ""}
        return f"{span} {unit}".strip() + way[self.direction]


def read_quote(figure: str | float | Decimal, unit: str | None = None) -> Quote:
    """Read a quoted figure.

    Parameters
    ----------
    figure : str or number
        Such as ``"71.6%"``, ``"430,697"``, ``"58 per cent"``, ``"1.4 million"``,
        ``"10.4 per cent increase"``. A whole number of thousands counts as rounded to thousands.
        Nouns are ignored: which plans or pupils a figure counts is what quotations get wrong.
    unit : str, optional
        ``"percent"``, ``"percentage points"`` or a unit of the catalogue, where `figure` says none.

    Raises
    ------
    WrongUse
        If there is no figure, more than one, or the unit given is not the one quoted.
    UnknownId
        If the unit is not known.
    """
    text = _text(figure)
    found = list(_FIGURE.finditer(text))
    if len(found) != 1:
        raise WrongUse(
            f"{text!r} does not quote exactly one figure",
            expected="one figure in digits, such as 71.6% or 1.4 million",
            found=", ".join(m.group().strip() for m in found) or "no digits",
            todo="quote the figure alone; the period has an argument of its own",
        )
    digits, scale = _size(found[0])
    said = _unit(text, unit)
    if scale == 1 and said not in (PERCENT, POINTS) and digits and not digits % 1000:
        digits, scale = digits / 1000, 1000
    direction = _direction(text, found[0]["sign"])
    worded = bool(_UP.search(text) or _DOWN.search(text))
    change = bool(direction) or worded or said == POINTS
    return Quote(text, digits, scale, said, change, direction)


def _text(figure: str | float | Decimal) -> str:
    if isinstance(figure, str):
        return figure.strip()
    if isinstance(figure, bool) or not math.isfinite(figure):
        raise WrongUse("a claim needs a figure", found=repr(figure))
    return str(float(figure)) if isinstance(figure, float) else str(figure)


def _size(found: re.Match[str]) -> tuple[Decimal, int]:
    digits = Decimal(found["digits"].replace(",", ""))
    return digits, _SCALES.get((found["scale"] or "").casefold(), 1)


def _unit(text: str, asked: str | None) -> str:
    quoted = POINTS if _POINTS.search(text) else PERCENT if _PERCENT.search(text) else ""
    if asked is None:
        return quoted
    known = sorted({e.unit for e in entries().values()} | {POINTS})
    if asked not in known:
        raise UnknownId.of("unit", asked, known)
    if quoted and quoted != asked:
        raise WrongUse("the quote says another unit", expected=quoted, found=asked)
    return asked


def _direction(text: str, sign: str) -> int:
    """Return which way a change goes; a sign printed before the figure decides."""
    if sign:
        return 1 if sign == "+" else -1
    return bool(_UP.search(text)) - bool(_DOWN.search(text))
