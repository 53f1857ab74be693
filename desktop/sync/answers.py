"""The one place where stored quotes are asked for an answer. Light to import: the ticker needs it at start."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from desktop.core.rates import Fixing, Pair, Quote, RateAnswer
from desktop.core.rates.doubts import doubt, left_from, standing
from desktop.core.rates.pegs import read as read_pegs
from desktop.core.rates.quotes import answer, needed, sources_for
from desktop.core.rates.sources import AGGREGATORS, BRIDGE, PEG, PIVOTS, RULES, WITNESSES
from desktop.paths import resource
from desktop.store import Store

if TYPE_CHECKING:
    from desktop.core.rates.quote_series import Point

BOOK = timedelta(days=45)  # the quotes of so many days are looked at; the store adds the ten fixings before


def rate_of(store: Store, pair: Pair, day: date, now: datetime, source: str = "") -> RateAnswer:
    """What `pair` is on `day`, by what is stored: by the best source, or by `source` alone."""

    def by(sources: Iterable[str]) -> RateAnswer:
        book = store.rates.book(needed(pair, day, sources), day - BOOK)
        return answer(pair, day, book, standing(pegs(), book, day), now, source)

    told = by((source,) if source else ())
    # A table of another bank may hold both sides: seldom wanted, and read only where there is nothing as good, and one.
    is_poor = told.rate is None or told.stale or any(leg.source in AGGREGATORS for leg in told.legs)
    if is_poor and not source and store.rates.has_any(PIVOTS):
        told = by(PIVOTS)
    return told._replace(unconfirmed=doubt(told, store.rates.unconfirmed(), day))


def series_of(store: Store, pair: Pair, first: date, last: date, source: str = "") -> list[Point]:
    """The distinct fixings of `pair` in force from `first` to `last`, oldest first: one pass over the rows of the
    sources that it needs. A fixed rate ends where its own central bank went away from it."""
    from desktop.core.rates.quote_series import series  # no chart is drawn at start

    left = _law_left(store, pair, last)

    def read(publisher: str, published: Pair, since: date, until: date) -> list[Fixing]:
        if publisher != PEG:
            return store.rates.fixings(publisher, published, since, until)
        return [] if left is not None and until >= left else _fixed(published, since, until)

    if left is None:
        return series(pair, first, last, read, source)
    law = series(pair, first, left - timedelta(days=1), read, source) if first < left else []
    return law + [p for p in series(pair, max(first, left), last, read, source) if p.valid_from >= left]


def _law_left(store: Store, pair: Pair, last: date) -> date | None:
    """The first day up to `last` on which a side of `pair` was no longer what the law had fixed."""
    days: list[date] = []
    for code in {pair.base, pair.quote} & WITNESSES.keys():
        fixed = Pair(BRIDGE, code)
        told = store.rates.fixings(WITNESSES[code], fixed, date.min, last)
        days += filter(None, (left_from(pegs(), fixed, told),))
    return min(days, default=None)


def sources_of(store: Store, pair: Pair) -> tuple[str, ...]:
    """The sources that can answer `pair` by themselves with what is stored, most trusted first."""
    codes = {pair.base, pair.quote, *(rule.home for rule in RULES.values())}
    fixed = [(quote.source, quote.base, quote.quote) for quote in pegs()]
    return sources_for(pair, [*store.rates.series(codes), *fixed])


def _fixed(pair: Pair, first: date, last: date) -> list[Fixing]:
    """The fixed rates of a pair that were the law in that time."""
    found = sorted(
        Fixing(quote.valid_from, quote.rate, quote.raw_value, quote.raw_nominal)
        for quote in pegs()
        if (quote.base, quote.quote) == (pair.base, pair.quote) and quote.valid_from <= last
    )
    before = [fixing for fixing in found if fixing.valid_from <= first]
    return before[-1:] + found[len(before) :]


@cache
def pegged() -> frozenset[str]:
    """The currencies that are fixed to the dollar by law."""
    return frozenset(fixed.quote for fixed in pegs())


@cache
def pegs() -> tuple[Quote, ...]:
    """The rates that are fixed by law, former ones too."""
    return read_pegs(resource("pegs.json").read_bytes(), datetime.fromtimestamp(0).astimezone())
