"""Stored rates for window tests: as the banks published them, over some months."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from desktop.core.rates import Quote, QuoteKind
from desktop.jobs.session import Session
from tests.ui.edition import NOW

TODAY = NOW.date()
BEGIN = TODAY - timedelta(days=200)


def published(
    source: str,
    base: str,
    quote: str,
    value: str,
    *,
    since: date = BEGIN,
    until: date = TODAY,
    kind: QuoteKind = QuoteKind.OFFICIAL,
) -> Iterator[Quote]:
    """A number a working day, each a little other than the one before."""
    start = Decimal(value)
    for n in range((until - since).days + 1):
        day = since + timedelta(days=n)
        if day.weekday() < 5:
            rate = (
                start
                + start.scaleb(-4).quantize(start) * (n % 7 - 3)
                + n * Decimal(1).scaleb(int(start.as_tuple().exponent))
            )
            raw = str(rate).replace(".", ",") if source in ("nbkr", "cbr") else str(rate)
            yield Quote(base, quote, rate, raw, "1", day, source, kind, NOW)


def store_rates(session: Session, *many: Iterator[Quote]) -> list[Quote]:
    """Keep the quotes of several publishers and tell the window; gives all of them."""
    quotes = [quote for one in many for quote in one]
    session._lane.submit(lambda store: store.rates.save(quotes, NOW)).result()
    session._on_rates()
    return quotes
