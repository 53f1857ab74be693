"""The one way of numbers into the store: judged first, against their neighbours in time and against other sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from desktop.core.rates import Pair, Quote
from desktop.core.rates.quote_routes import MAX_AGE_DAYS
from desktop.core.rates.quotes import needed
from desktop.core.rates.sources import RULES
from desktop.core.rates.trust import Known, Others, Told, Verdict, confirmed, judge
from desktop.store import Store
from desktop.sync.answers import pegs

Series = tuple[str, Pair]

SIBLINGS = 6  # rows of a document that a number without a past is measured by


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the numbers of a document: how many are new or replace one, and how many wait to be confirmed."""

    new: int = 0
    held: int = 0


def keep_quotes(store: Store, quotes: Iterable[Quote], now: datetime) -> Kept:
    """Keep what a source sent, of today or of any former day. What jumps is kept apart until it is confirmed."""
    series: dict[Series, list[Quote]] = {}
    for quote in quotes:
        series.setdefault((quote.source, Pair(quote.base, quote.quote)), []).append(quote)
    if not series:
        return Kept()
    held = store.rates.unconfirmed()
    court = _Court(store, [quote for found in series.values() for quote in found], held)
    verdict = Verdict()
    for key, found in series.items():
        verdict += court.judge(key, found)
    store.rates.hold(verdict.held, now)
    store.rates.take_back(verdict.contradicted, now)
    waited = set(held)
    new = store.rates.save((quote for quote in verdict.accepted if quote not in waited), now)
    new += store.rates.confirm((quote for quote in verdict.accepted if quote in waited), now)
    new += _settle(store, now)
    return Kept(new, len(set(map(_number, store.rates.unconfirmed())) - set(map(_number, held))))


def accept(store: Store, quotes: Iterable[Quote], now: datetime) -> int:
    """The person believes numbers that wait to be confirmed; gives how many count now."""
    waiting = store.rates.unconfirmed()
    return store.rates.confirm([quote for quote in quotes if quote in waiting], now, by_person=True)


def _settle(store: Store, now: datetime) -> int:
    """What came may confirm what others had waiting; gives how many count now."""
    held = store.rates.unconfirmed()
    good = confirmed(held, _book(store, held), pegs()) if held else []
    return store.rates.confirm(good, now) if good else 0


def _number(quote: Quote) -> tuple[object, ...]:
    return quote.source, quote.base, quote.quote, quote.valid_from, quote.rate


class _Court:
    """What is known where the numbers of one document are judged; other sources are looked up only if one needs it."""

    def __init__(self, store: Store, quotes: Sequence[Quote], held: Sequence[Quote]) -> None:
        self._store = store
        self._quotes = quotes
        self._held = held
        self._book: list[Quote] | None = None
        self._known: set[str] = set()
        self._others: dict[str, Others] = {}

    def judge(self, key: Series, quotes: Sequence[Quote]) -> Verdict:
        source, pair = key
        held = [q for q in self._held if (q.source, q.base, q.quote) == (source, pair.base, pair.quote)]
        dates = [quote.valid_from for quote in (*quotes, *held)]
        known = Known(self._store.rates.around(source, pair, min(dates), max(dates)), held)
        return judge(quotes, known, pegs(), self._elsewhere)

    def _elsewhere(self, quote: Quote) -> list[Told]:
        if self._book is None:
            self._book = _book(self._store, self._quotes)
            self._known = {code for other in self._book for code in (other.base, other.quote)}
        if quote.source not in self._others:
            self._others[quote.source] = Others(quote.source, self._book, pegs())
        document = [
            row
            for row in self._quotes
            if (row.source, row.valid_from) == (quote.source, quote.valid_from)
            and {row.base, row.quote} <= {RULES[row.source].home, *self._known}
        ]
        return self._others[quote.source].values(quote, document[:SIBLINGS])


def _book(store: Store, quotes: Sequence[Quote]) -> list[Quote]:
    """What is stored about the currencies of `quotes` since before the first of them."""
    codes = {code for quote in quotes for code in needed(Pair(quote.base, quote.quote), quote.valid_from)}
    return store.rates.book(codes, min(quote.valid_from for quote in quotes) - timedelta(days=MAX_AGE_DAYS))
