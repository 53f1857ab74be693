"""Pairs as people write them, and the direction that people can read."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from desktop.core.errors import UsageError
from desktop.core.rates import Pair
from desktop.core.rates.currencies import ACTIVE, RETIRED, in_force
from desktop.core.text import plain

_SHAPE = re.compile(r"([A-Za-z]{3})\s*[/\-\u2010-\u2014_:,>=]?\s*([A-Za-z]{3})")
_REMEDY = "Write two currency codes, such as USD/KZT."


def parse_pair(text: str, day: date | None = None) -> Pair:
    """ "usd/kzt", "USDKZT", "USD-KZT", "usd kzt" as a pair; UsageError unless both currencies are in use, or were on
    the day that is asked about."""
    found = _SHAPE.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"“{plain(text, 40)}” is not a pair of currencies.", _REMEDY)
    base, quote = found[1].upper(), found[2].upper()
    for code in (base, quote):
        _check(code, day)
    if base == quote:
        raise UsageError(f"{base}/{quote} is one currency against itself.", _REMEDY)
    return Pair(base, quote)


def readable(pair: Pair, rate: Decimal | None) -> Pair:
    """The direction of the pair in which the number is one or more: USD/UZS rather than UZS/USD."""
    return pair.inverse if rate is not None and 0 < rate < 1 else pair


def _check(code: str, day: date | None) -> None:
    if code in ACTIVE or (day is not None and in_force(code, day)):
        return
    if code in RETIRED:
        raise UsageError(f"{code} is no longer in use; {RETIRED[code][1]} took its place.", _REMEDY)
    raise UsageError(f"{code} is not a currency code.", _REMEDY)
