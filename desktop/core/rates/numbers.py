"""Published numbers to exact decimals, and back to text. Nothing passes through float, nothing is guessed.

Reading refuses with ValueError whatever is not plainly a number in the format that its source declares.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import cache
from typing import Literal

Mark = Literal[".", ","]

PRECISION = 28
_MAX_DIGITS = 40
_MAX_EXPONENT = 20
_FEWEST_DIGITS = 4
_EXACT = Context(prec=PRECISION, rounding=ROUND_HALF_UP, Emin=-999, Emax=999)
_WIDE = Context(prec=80, rounding=ROUND_HALF_UP, Emin=-999, Emax=999)  # room for any number we accept

# Digits in threes parted by one of the blanks that publishers use, or digits alone; then fraction, exponent.
_BLANKS = " \u00a0\u2007\u2009\u202f"
_SHAPE = (
    rf"(?P<whole>[0-9]{{1,3}}(?:[{_BLANKS}][0-9]{{3}})+|[0-9]+)"
    r"(?:(?P<mark>[.,])(?P<part>[0-9]+))?"
    r"(?:[eE](?P<power>[+-]?[0-9]{1,3}))?"
)


def decimal(text: str, mark: Mark = ".") -> Decimal:
    """The number above zero that `text` says, digit for digit; ValueError for anything else."""
    value = _unsigned(text.strip(), mark)
    if value <= 0:
        raise ValueError(f"not above zero: {_shown(text)}")
    return value


def signed(text: str, mark: Mark = ".") -> Decimal:
    """A difference: as `decimal`, with a sign or zero allowed ("+1.47", "-5.35", "0")."""
    body = text.strip().replace("\u2212", "-")
    value = _unsigned(body[1:] if body[:1] in {"+", "-"} else body, mark)
    return -value if body.startswith("-") and value else value


def nominal(text: str) -> Decimal:
    """For how many units a price stands: a whole number above zero; "1 t.u." is a ValueError."""
    body = text.strip()
    if not re.fullmatch(r"[0-9]{1,9}", body) or not int(body):
        raise ValueError(f"not a nominal: {_shown(text)}")
    return Decimal(int(body))


def per_unit(value: Decimal, units: Decimal) -> Decimal:
    """`value / units`: every published digit kept when `units` is a power of ten, else to 28 digits."""
    power = units.adjusted()
    if units == Decimal(1).scaleb(power):
        return value.scaleb(-power, _WIDE)
    return _EXACT.divide(value, units)


def to_decimal(number: Fraction) -> Decimal:
    """An exact fraction as a decimal of 28 significant digits."""
    return _EXACT.divide(Decimal(number.numerator), Decimal(number.denominator))


def to_padded_decimal(number: Fraction) -> Decimal:
    """The same with zeros to the full 28 digits: 1/500 is 0.002000..., and every one of the zeros is true."""
    return quotient(Decimal(number.numerator), Decimal(number.denominator))


def quotient(above: Decimal, below: Decimal) -> Decimal:
    """`above / below` to 28 digits, half up, with zeros to the full width."""
    rate = _EXACT.divide(above, below)
    return rate.quantize(_last_place(rate.adjusted()), context=_WIDE)


@cache
def _last_place(power: int) -> Decimal:
    """The unit of the last of the digits that a number of this size is given to."""
    return Decimal(1).scaleb(power - PRECISION + 1)


def product(first: Decimal, second: Decimal) -> Decimal:
    """Two published numbers multiplied without a loss."""
    return _WIDE.multiply(first, second)


def format_rate(rate: Decimal, digits: int = 5) -> str:
    """`rate` to so many significant digits, half up, without exponent: "473.18", "0.0021134", "12075".

    Never more decimals than the number itself has. Zeros at the end go, but two decimals and four significant
    digits stay where they are given.
    """
    finest = int(rate.as_tuple().exponent)
    place = max(rate.adjusted() - digits + 1, finest)
    text = format(rate.quantize(Decimal(1).scaleb(place), context=_WIDE), "f")
    if rate == 0:
        text = text.lstrip("-")
    return _without_noise(text)


def format_percent(percent: Decimal) -> str:
    """A change with sign, two decimals and a real minus: "+0.18 %", "0.00 %", "\u22120.05 %"; never "-0"."""
    rounded = round_percent(percent)
    if rounded == 0:
        return "0.00 %"
    return f"{'+' if rounded > 0 else chr(0x2212)}{abs(rounded):f} %"


def round_percent(percent: Decimal) -> Decimal:
    """A change as it is shown: two decimals, half up."""
    return percent.quantize(Decimal("0.01"), context=_WIDE)


def _unsigned(text: str, mark: Mark) -> Decimal:
    whole, _, part = text.partition(mark)
    if text.isascii() and whole.isdigit() and (part.isdigit() or whole == text):  # as nearly all are
        return _as_decimal(whole, part, 0, text)
    found = re.fullmatch(_SHAPE, text)
    if found is None:
        raise ValueError(f"not a number: {_shown(text)}")
    if found["mark"] not in {None, mark}:
        raise ValueError(f"a decimal sign that this source does not use: {_shown(text)}")
    whole = re.sub(rf"[{_BLANKS}]", "", found["whole"])
    return _as_decimal(whole, found["part"] or "", int(found["power"] or 0), text)


def _as_decimal(whole: str, part: str, power: int, text: str) -> Decimal:
    if len(whole) + len(part) > _MAX_DIGITS or abs(power) > _MAX_EXPONENT:
        raise ValueError(f"too long for a rate: {_shown(text)}")
    return Decimal(f"{whole}.{part or '0'}E{power}" if part else f"{whole}E{power}")


def _without_noise(text: str) -> str:
    point = text.find(".")
    while point >= 0 and text.endswith("0") and len(text) - point > 3:
        if len(text.replace(".", "").lstrip("-0")) <= _FEWEST_DIGITS:
            break
        text = text[:-1]
    return text


def _shown(text: str) -> str:
    return repr(text[:40])
