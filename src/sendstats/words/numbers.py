"""Numbers as British English prints them: exact, rounded once, half up, with a real minus sign."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

MINUS = "\N{MINUS SIGN}"
POUND = "\N{POUND SIGN}"

Number = int | float | Decimal | Fraction


def exact(
    value: Number | None = None, numerator: int | None = None, denominator: int | None = None
) -> Fraction | None:
    """Return a figure as an exact fraction, percentages from their counts where there are any.

    Parameters
    ----------
    value : number, optional
        The figure itself; a float counts as the decimal it prints as, not as its binary expansion.
    numerator, denominator : int, optional
        Counts of a percentage. Where both are known they decide, and `value` is not looked at.

    Returns
    -------
    Fraction or None
        None where nothing is known, or the denominator is 0.
    """
    if numerator is not None and denominator is not None:
        return Fraction(100 * numerator, denominator) if denominator else None
    return None if value is None else as_fraction(value)


def as_fraction(value: Number) -> Fraction:
    """Return `value` as an exact fraction; a float is read as the decimal that it prints as."""
    return Fraction(Decimal(repr(value))) if isinstance(value, float) else Fraction(value)


def half_up(value: Number, decimals: int = 0) -> Decimal:
    """Round to `decimals` places, halves away from zero, as DfE rounds; never to minus zero.

    Works on the exact fraction, so that 46.35 becomes 46.4 and 2.325999 becomes 2.3 whatever
    their binary form.
    """
    scaled = abs(as_fraction(value)) * 10**decimals + Fraction(1, 2)
    digits = scaled.numerator // scaled.denominator
    sign = -1 if value < 0 else 1
    return Decimal(sign * digits).scaleb(-decimals) if digits else Decimal(0).scaleb(-decimals)


def number(value: Number, decimals: int = 0, *, signed: bool = False) -> str:
    """Print a number: ``1,234``, ``12.3``; `signed` puts ``+`` before what is above zero.

    Examples
    --------
    >>> number(638745)
    '638,745'
    """
    rounded = half_up(value, decimals)
    sign = MINUS if rounded < 0 else "+" if signed and rounded > 0 else ""
    return f"{sign}{abs(rounded):,.{decimals}f}"


def percent(value: Number, decimals: int = 1, *, signed: bool = False) -> str:
    """Print a percentage that runs from 0 to 100: ``46.1%``."""
    return f"{number(value, decimals, signed=signed)}%"


def points(value: Number, decimals: int = 1, *, signed: bool = False) -> str:
    """Print a difference of two percentages, which is in points and never in per cent."""
    return f"{number(value, decimals, signed=signed)} percentage points"


def pounds_millions(value: Number, decimals: int = 1) -> str:
    """Print an amount of pounds in millions: ``£12.3m``, the sign before the pound sign."""
    text = number(as_fraction(value) / 1_000_000, decimals)
    sign, digits = (MINUS, text[1:]) if text.startswith(MINUS) else ("", text)
    return f"{sign}{POUND}{digits}m"


def figure(value: Number, unit: str, decimals: int) -> str:
    """Print a figure in its unit: a percentage with its sign, anything else as a plain number."""
    return percent(value, decimals) if unit == "percent" else number(value, decimals)
