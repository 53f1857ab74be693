"""Which numbers of a source are believed at once, and which wait until something confirms them.

A number is measured against its neighbours in time from the same source, whether it is today's or of ten years
ago: in line with the one before, or the one after, it is believed. One that jumps is held back until a second
publisher tells much the same, the next fixing of its own source repeats it, or the person accepts it. A real
devaluation so gets through with its second publication at the latest; a decimal that slipped for a day does not.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import chain

from desktop.core.rates import Pair, Quote
from desktop.core.rates.doubts import PEG_JUMP
from desktop.core.rates.quote_history import History
from desktop.core.rates.quote_routes import MAX_AGE_DAYS, Route, routes
from desktop.core.rates.quote_ways import ways
from desktop.core.rates.sources import RULES

JUMP = Fraction(10, 100)
AGREES = Fraction(5, 100)  # a second publisher, against the number that jumped
FURTHER = Fraction(30, 100)  # a next fixing that goes on in the same direction confirms up to so much
_WIDENS_AFTER = 30  # days between neighbours; what lies further apart may differ more, up to twofold
_WITNESS_DAYS = 4
_GOES_BACK_WITHIN = 7  # days
_LATER = 3  # days by which others may date the same session later

Told = tuple[Fraction, int]  # a number, and how many days it is from the one that it is compared with
Elsewhere = Callable[[Quote], Sequence[Told]]


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of one source and pair around the dates that have come."""

    accepted: Mapping[date, Decimal] = field(default_factory=dict)
    held: Sequence[Quote] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of each number."""

    accepted: tuple[Quote, ...] = ()  # believed; those that were held before are among them
    held: tuple[Quote, ...] = ()
    contradicted: tuple[Quote, ...] = ()  # held before, until their own source went back

    def __add__(self, other: Verdict) -> Verdict:
        return Verdict(
            self.accepted + other.accepted, self.held + other.held, self.contradicted + other.contradicted
        )


def judge(quotes: Iterable[Quote], known: Known, pegs: Sequence[Quote], elsewhere: Elsewhere) -> Verdict:
    """Sort out new numbers of one source and pair. `elsewhere` gives what others say, for a number that has no
    neighbour of its own."""
    bench = _Bench(dict(known.accepted), {quote.valid_from: quote for quote in known.held}, pegs)
    for quote in sorted(quotes, key=lambda quote: quote.valid_from):
        if bench.fits(quote, elsewhere):
            bench.accept(quote)
            bench.reconsider(quote)
        elif repeated := bench.repeated_by(quote):
            bench.release(repeated)
            if bench.fits(quote, elsewhere):
                bench.accept(quote)
            else:
                bench.hold(quote)
        else:
            bench.hold(quote)
    return Verdict(tuple(bench.believed), tuple(bench.doubted.values()), tuple(bench.taken_back))


def confirmed(held: Sequence[Quote], book: Sequence[Quote], pegs: Sequence[Quote]) -> list[Quote]:
    """Those of `held` that a second publisher tells much the same of; what it told them by counts with them, so that
    two that jump together confirm each other."""
    everything = [*book, *held]
    others = {source: Others(source, everything, pegs) for source in {quote.source for quote in held}}
    good: dict[Quote, None] = {}
    for quote in held:
        within = PEG_JUMP if _is_pegged(quote, pegs) else AGREES
        for route in others[quote.source].witnesses(quote):
            if abs(route.value() / Fraction(quote.rate) - 1) <= within:
                good |= dict.fromkeys((quote, *(step.quote for step in route.steps)))
    return [quote for quote in held if quote in good]


class Others:
    """What everybody but one source says, out of a book of quotes."""

    def __init__(self, source: str, book: Iterable[Quote], pegs: Sequence[Quote]) -> None:
        author = RULES[source].author
        kept = [quote for quote in book if quote.source in RULES and quote.source != source]
        strangers = (quote for quote in kept if RULES[quote.source].author != author)
        self._everybody = History(chain(kept, pegs))
        self._strangers = History(chain(strangers, pegs))

    def values(self, quote: Quote, document: Iterable[Quote] = ()) -> list[Told]:
        """The pair of `quote` at about its day, the law's own word among them, and that of its author where another
        passes it on. Where nobody tells of the pair, what the other rows of its document make of it: their number
        times what others say of the two currencies; and where that is unknown too, the last that anybody said."""
        pair, day = Pair(quote.base, quote.quote), quote.valid_from
        told = self._told(pair, day)
        told = told or [value for row in document for value in self._implied(quote, row)]
        return told or self._told(pair, day, date.max.toordinal())

    def witnesses(self, quote: Quote) -> list[Route]:
        """The same by other authors than its own and the law, and of about that day: what is older cannot know of a
        jump."""
        pair = Pair(quote.base, quote.quote)
        found = _routes(self._strangers, pair, quote.valid_from, _WITNESS_DAYS)
        return [route for route in found if not route.is_peg]

    def _told(self, pair: Pair, day: date, days: int = MAX_AGE_DAYS) -> list[Told]:
        return [
            (route.value(), 0 if route.is_peg else abs((day - route.valid_from).days))
            for route in _routes(self._everybody, pair, day, days)
        ]

    def _implied(self, quote: Quote, row: Quote) -> list[Told]:
        if quote.quote == row.quote and quote.base != row.base:  # both priced in the home currency
            between = Pair(quote.base, row.base)
        elif quote.base == row.base and quote.quote != row.quote:  # the home currency priced in both
            between = Pair(row.quote, quote.quote)
        else:
            return []
        return [(value * Fraction(row.rate), days) for value, days in self._told(between, quote.valid_from)]


def _routes(history: History, pair: Pair, day: date, days: int) -> list[Route]:
    """What a history tells of a pair on a day, or up to so many days before."""
    last = day + timedelta(days=_LATER)
    found = routes(ways(pair), last, history)
    return [route for route in found if route.is_peg or (last - route.valid_from).days <= days + _LATER]


class _Bench:
    """The series of one source and pair while it is judged."""

    def __init__(self, accepted: dict[date, Decimal], held: dict[date, Quote], pegs: Sequence[Quote]) -> None:
        self._accepted = accepted
        self._held = held
        self._pegs = pegs
        self.believed: list[Quote] = []
        self.doubted: dict[date, Quote] = {}
        self.taken_back: list[Quote] = []

    def fits(self, quote: Quote, elsewhere: Elsewhere) -> bool:
        """In line with a neighbour; with what others say where it has none; or with nothing to compare."""
        if self._accepted:
            return self._is_in_line(quote)
        others = elsewhere(quote)
        return not others or any(self._close(quote, other, days) for other, days in others)

    def _is_in_line(self, quote: Quote) -> bool:
        return any(
            self._close(quote, Fraction(rate), abs((day - quote.valid_from).days))
            for day, rate in self._neighbours(quote.valid_from)
        )

    def accept(self, quote: Quote) -> None:
        self.doubted.pop(quote.valid_from, None)
        self._accepted[quote.valid_from] = quote.rate
        self.believed.append(quote)

    def hold(self, quote: Quote) -> None:
        self._held[quote.valid_from] = quote
        self.doubted[quote.valid_from] = quote

    def repeated_by(self, quote: Quote) -> list[Quote]:
        """The held numbers of other fixings that `quote` repeats, or goes on from in the same direction. While
        nothing of the source is believed yet, two that came in one answer prove nothing."""
        return [
            other
            for other in self._held.values()
            if _are_two_fixings(other, quote)
            and (self._accepted or other.fetched_at < quote.fetched_at)
            and (self._close(quote, Fraction(other.rate), 0) or self._goes_on(other, quote))
        ]

    def release(self, repeated: Iterable[Quote]) -> None:
        for quote in repeated:
            self._held.pop(quote.valid_from, None)
            self.accept(quote)

    def reconsider(self, quote: Quote) -> None:
        """What a number that has just been believed says of those that wait: in line with it they were true; over
        they are where it takes their place, or where their source has gone back to what it said before them."""
        for day, other in sorted(self._held.items()):
            if day == quote.valid_from:
                self._take_back(other)
            elif self._is_in_line(other):
                self.release([other])
            elif self._went_back(other, quote):
                self._take_back(other)

    def _take_back(self, other: Quote) -> None:
        del self._held[other.valid_from]
        if self.doubted.pop(other.valid_from, None) is not other:
            self.taken_back.append(other)

    def _went_back(self, held: Quote, quote: Quote) -> bool:
        before = [rate for day, rate in self._neighbours(held.valid_from) if day < held.valid_from]
        days = (quote.valid_from - held.valid_from).days
        return 0 < days <= _GOES_BACK_WITHIN and bool(before) and self._close(quote, Fraction(before[0]), 0)

    def _neighbours(self, day: date) -> Iterable[tuple[date, Decimal]]:
        dates = sorted(self._accepted)
        before, after = bisect_left(dates, day), bisect_right(dates, day)
        for at in {before - 1, before, after} & set(range(len(dates))):
            yield dates[at], self._accepted[dates[at]]

    def _close(self, quote: Quote, other: Fraction, days: int) -> bool:
        change = Fraction(quote.rate) / other - 1
        if _is_pegged(quote, self._pegs):
            return abs(change) <= PEG_JUMP
        if abs(change) <= JUMP:
            return True
        wide = min(Fraction(1), JUMP * days / _WIDENS_AFTER)
        return 1 / (1 + wide) <= 1 + change <= 1 + wide

    def _goes_on(self, held: Quote, quote: Quote) -> bool:
        before = [rate for day, rate in self._neighbours(held.valid_from) if day < held.valid_from]
        if not before or held.valid_from >= quote.valid_from:
            return False
        first, then = Fraction(held.rate) / Fraction(before[0]), Fraction(quote.rate) / Fraction(held.rate)
        return (first > 1) == (then > 1) and 1 / (1 + FURTHER) <= then <= 1 + FURTHER


def _is_pegged(quote: Quote, pegs: Sequence[Quote]) -> bool:
    both = {quote.base, quote.quote}
    return any({peg.base, peg.quote} == both and peg.valid_from <= quote.valid_from for peg in pegs)


def _are_two_fixings(one: Quote, other: Quote) -> bool:
    """Whether a working day of the source lies between two dates: a copy of the day before proves nothing."""
    first, last = sorted((one.valid_from, other.valid_from))
    return first < last and RULES[one.source].expected_between(first, last) > 0
