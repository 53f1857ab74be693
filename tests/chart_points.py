"""Points of a chart for tests: a number that a source published as it stands."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from desktop.core.rates import Fixing, Pair
from desktop.core.rates.quote_series import Point, Walk

KZT = Pair("USD", "KZT")


def point(
    day: date, rate: str | Decimal, source: str = "nbk", pair: Pair = KZT, *, inverted: bool = False
) -> Point:
    """`rate` of the pair as published; the point is its inverse where `inverted`."""
    published = Decimal(rate)
    value = 1 / published if inverted else published
    fixing = Fixing(day, published, str(rate), "1")
    return Point(day, value, (Walk(source, pair, inverted),), (fixing,))
