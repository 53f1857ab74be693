"""How the banks write numbers."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def rounded(value: float, places: int) -> Decimal:
    """A price as it is published."""
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def trimmed(value: Decimal) -> str:
    """Without zeros at the end: 179.5, 3."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(value: Decimal) -> str:
    """Two decimals with a sign: +1.47, -0.30, 0.00."""
    return "0.00" if not value else f"{value:+.2f}"


def comma(value: Decimal) -> str:
    """A decimal comma: 87,4500."""
    return f"{value:f}".replace(".", ",")


def per_unit(value: Decimal, nominal: int) -> str:
    """As the Bank of Russia gives it for one unit: trimmed, with a comma, and an exponent when it is tiny."""
    unit = value / nominal
    if unit >= Decimal("0.0001"):
        return trimmed(unit).replace(".", ",")
    digits = unit.as_tuple()
    exponent = unit.adjusted()
    mantissa = trimmed(Decimal((0, digits.digits, 1 - len(digits.digits))))
    return f"{mantissa}E{exponent:+03d}".replace(".", ",")
