"""Currencies that went on under a new code with fewer zeros: old numbers in new units, so that a history has no cliff.

Only where the new money is the old one counted anew. Currencies that gave way to one that was there before,
as the lev to the euro, keep a history of their own that ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from desktop.core.rates import Fixing, Pair, Quote
from desktop.core.rates.numbers import decimal, per_unit


class Former(NamedTuple):
    """`units` of the former money are one of its successor from `since` on."""

    code: str
    successor: str
    units: Decimal
    since: date


FORMERS = (
    Former("RUR", "RUB", Decimal(1000), date(1998, 1, 1)),
    Former("TJR", "TJS", Decimal(1000), date(2000, 10, 30)),
    Former("TRL", "TRY", Decimal(1_000_000), date(2005, 1, 1)),
    Former("ROL", "RON", Decimal(10_000), date(2005, 7, 1)),
    Former("AZM", "AZN", Decimal(5000), date(2006, 1, 1)),
    Former("TMM", "TMT", Decimal(5000), date(2009, 1, 1)),
    Former("BYR", "BYN", Decimal(10_000), date(2016, 7, 1)),
    Former("MRO", "MRU", Decimal(10), date(2018, 1, 1)),
    Former("STD", "STN", Decimal(1000), date(2018, 1, 1)),
    Former("SLL", "SLE", Decimal(1000), date(2022, 7, 1)),
    Former("ANG", "XCG", Decimal(1), date(2025, 3, 31)),
)


def formers_of(codes: Iterable[str], first: date) -> tuple[Former, ...]:
    """The former moneys of `codes` that a history from `first` on reaches back to."""
    wanted = set(codes)
    return tuple(former for former in FORMERS if former.successor in wanted and first < former.since)


def in_new_units(book: Iterable[Quote], formers: Iterable[Former]) -> Iterator[Quote]:
    """The quotes, those in a former money counted in its successor. What was published stays as it was."""
    by_code = {former.code: former for former in formers}
    for quote in book:
        old = by_code.get(quote.base) or by_code.get(quote.quote)
        if old is None:
            yield quote
        elif quote.valid_from < old.since:
            yield _renamed(quote, old)


def fixing_in_new_units(fixing: Fixing, former: Former, published: Pair) -> Fixing:
    """The same for one row of a series whose pair, as published, has the former code."""
    rate = _counted_anew(fixing.rate, former, is_base=published.base == former.code)
    return fixing._replace(rate=rate)


def _renamed(quote: Quote, former: Former) -> Quote:
    is_base = quote.base == former.code
    units = decimal(quote.raw_nominal)
    return quote._replace(
        base=former.successor if is_base else quote.base,
        quote=quote.quote if is_base else former.successor,
        rate=_counted_anew(quote.rate, former, is_base=is_base),
        raw_nominal=f"{per_unit(units, former.units) if is_base else units * former.units:f}",
        previous_value="",
    )


def _counted_anew(rate: Decimal, former: Former, *, is_base: bool) -> Decimal:
    return per_unit(rate, 1 / former.units if is_base else former.units)
