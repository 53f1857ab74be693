"""The ways from one currency to another over at most two published numbers, and how exact each of them is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from desktop.core.numbers import decimal, to_decimal
from desktop.core.quote_history import History, Previous
from desktop.core.rate_sources import AGGREGATORS, BANKS, BRIDGE, NATIVE, PEG, PIVOTS, RULES
from desktop.core.rates import Pair, Quote

MAX_AGE_DAYS = 14  # no calculation uses an older number
STALE_AFTER = 3  # expected numbers missed
LEGS_APART = 1  # working days between the two legs of a cross over the dollar
COARSEST = Fraction(5, 10_000)  # a relative error of 0.05 %
FEWEST_DIGITS = 4
MOST_DIGITS = 12  # claimed for numbers that are exact by law


@dataclass(frozen=True, slots=True)
class Step:
    """A published number, walked along its direction or against it."""

    quote: Quote
    inverted: bool

    @property
    def is_peg(self) -> bool:
        return self.quote.source == PEG

    def turn(self, rate: Decimal) -> Fraction:
        """`rate` of this number's own pair in the direction of the step."""
        exact = Fraction(rate)
        return 1 / exact if self.inverted else exact

    def error(self) -> Fraction:
        """How wrong the number may be for being printed with so many decimals, relative to itself."""
        if self.is_peg:
            return Fraction(0)
        value, places = _published(self.quote)
        return Fraction(1, 2 * 10**places) / Fraction(value)

    def digits(self) -> int:
        """Significant digits published."""
        if self.is_peg:
            return MOST_DIGITS
        value, places = _published(self.quote)
        return value.adjusted() + places + 1

    def missed(self, day: date, now: datetime) -> int:
        return RULES[self.quote.source].missed(self.quote.valid_from, day, now)


@dataclass(frozen=True, slots=True)
class Route:
    """One or two steps that lead from the pair's base to its quote currency."""

    steps: tuple[Step, ...]

    def value(self) -> Fraction:
        product = Fraction(1)
        for step in self.steps:
            product *= step.turn(step.quote.rate)
        return product

    @property
    def valid_from(self) -> date:
        """The older date of its numbers; a peg has a date of its own only where it stands alone."""
        dates = [step.quote.valid_from for step in self.steps if not step.is_peg]
        return min(dates) if dates else max(step.quote.valid_from for step in self.steps)

    @property
    def is_peg(self) -> bool:
        return all(step.is_peg for step in self.steps)

    @property
    def is_coarse(self) -> bool:
        return any(step.error() > COARSEST or step.digits() < FEWEST_DIGITS for step in self.steps)

    def error(self) -> Fraction:
        return sum((step.error() for step in self.steps), Fraction(0))

    def digits(self) -> int:
        """Significant digits of the value that are sure."""
        value, width = self.value(), 2 * self.value() * self.error()
        if width == 0:
            return MOST_DIGITS
        place = to_decimal(width).adjusted()
        if width > Fraction(10) ** place:
            place += 1
        return max(1, min(MOST_DIGITS, to_decimal(value).adjusted() - place + 1))

    def is_too_old(self, day: date) -> bool:
        return not self.is_peg and (day - self.valid_from).days > MAX_AGE_DAYS

    def missed(self, day: date, now: datetime) -> int:
        return max(step.missed(day, now) for step in self.steps)


def routes(pair: Pair, day: date, history: History, pegs: Sequence[Quote]) -> Iterator[Route]:
    """Every way to answer the pair on that day, the most trusted first."""
    fixed = History(pegs)
    yield from _direct((PEG,), pair, day, fixed)
    yield from _direct(BANKS, pair, day, history)
    yield from _over_the_dollar(pair, day, history, fixed)
    yield from _in_one_document(PIVOTS, pair, day, history)
    yield from _direct(AGGREGATORS, pair, day, history)
    yield from _in_one_document(AGGREGATORS, pair, day, history)


def choose(found: Sequence[Route], day: date, now: datetime) -> Route | None:
    """The first good one; a later one only where the first has fallen behind it, is too coarse or too old."""
    usable = [route for route in found if not route.is_too_old(day)]
    fine = [route for route in usable if not route.is_coarse]
    if fine:
        return _freshest(fine, day, now)
    if usable:
        return min(usable, key=Route.error)
    return _last_known([route for route in found if len(route.steps) == 1])


def previous_of(route: Route, history: History) -> tuple[Fraction, date | None] | None:
    """The value of the same route one distinct fixing earlier, and its date; None: unknown."""
    product, known = Fraction(1), list[Previous]()
    for step in route.steps:
        if step.is_peg:
            product *= step.turn(step.quote.rate)
            continue
        before = history.previous(step.quote)
        if before is None:
            return None
        known.append(before)
        product *= step.turn(before.rate)
    if not known or not _fit_together(route, known):
        return None
    dates = [before.valid_from for before in known if before.valid_from is not None]
    return product, min(dates) if len(dates) == len(known) else None


def _last_known(found: Sequence[Route]) -> Route | None:
    """The most trusted one, unless it is far older than the newest."""
    if not found:
        return None
    newest = max(found, key=lambda route: route.valid_from)
    return newest if (newest.valid_from - found[0].valid_from).days > MAX_AGE_DAYS else found[0]


def _freshest(fine: Sequence[Route], day: date, now: datetime) -> Route:
    first = fine[0]
    if first.missed(day, now) <= STALE_AFTER:
        return first
    rule = RULES[next(step.quote.source for step in first.steps if not step.is_peg)]
    for other in fine[1:]:
        ahead = rule.expected_between(first.valid_from, other.valid_from)
        if ahead > STALE_AFTER and other.missed(day, now) <= STALE_AFTER:
            return other
    return first


def _step(source: str, pair: Pair, day: date, history: History) -> Step | None:
    if not RULES[source].never.isdisjoint({pair.base, pair.quote}):
        return None
    along, against = history.in_force(source, pair, day), history.in_force(source, pair.inverse, day)
    if against is not None and (along is None or along.valid_from < against.valid_from):
        return Step(against, inverted=True)
    return None if along is None else Step(along, inverted=False)


def _direct(sources: Sequence[str], pair: Pair, day: date, history: History) -> Iterator[Route]:
    for source in sources:
        step = _step(source, pair, day, history)
        if step is not None:
            yield Route((step,))


def _over_the_dollar(pair: Pair, day: date, history: History, fixed: History) -> Iterator[Route]:
    if BRIDGE in (pair.base, pair.quote):
        return
    legs = [
        _step(PEG, leg, day, fixed) or _native_step(leg, currency, day, history)
        for leg, currency in ((Pair(pair.base, BRIDGE), pair.base), (Pair(BRIDGE, pair.quote), pair.quote))
    ]
    steps = tuple(leg for leg in legs if leg is not None)
    if len(steps) == len(legs) and _near(steps):
        yield Route(steps)


def _native_step(leg: Pair, currency: str, day: date, history: History) -> Step | None:
    source = NATIVE.get(currency)
    return None if source is None else _step(source, leg, day, history)


def _near(steps: Sequence[Step]) -> bool:
    """Whether the numbers are so close in time that they may be divided by each other."""
    dated = sorted(
        (step.quote for step in steps if not step.is_peg), key=lambda quote: (quote.valid_from, quote.source)
    )
    if len(dated) < 2:
        return True
    older, newer = dated
    return RULES[older.source].expected_between(older.valid_from, newer.valid_from) <= LEGS_APART


def _fit_together(route: Route, known: Sequence[Previous]) -> bool:
    if len(known) < 2:
        return True
    first, second = known
    sources = [step.quote.source for step in route.steps]
    if sources[0] == sources[1]:
        return first.around == second.around
    older, newer = sorted((first.around, second.around))
    return RULES[sources[0]].expected_between(older, newer) <= LEGS_APART


def _in_one_document(sources: Sequence[str], pair: Pair, day: date, history: History) -> Iterator[Route]:
    for source in sources:
        rule = RULES[source]
        if rule.home in (pair.base, pair.quote) or not rule.never.isdisjoint({pair.base, pair.quote}):
            continue
        for first_inverted, second_inverted in ((False, True), (True, False)):
            first, second = Pair(pair.base, rule.home), Pair(pair.quote, rule.home)
            if first_inverted:
                first, second = first.inverse, second.inverse
            both = history.together(source, first, second, day)
            if both is not None:
                yield Route((Step(both[0], first_inverted), Step(both[1], second_inverted)))
                break


def _published(quote: Quote) -> tuple[Decimal, int]:
    """The published number and with how many decimals it was meant."""
    rule = RULES[quote.source]
    try:
        value = decimal(quote.raw_value, rule.mark)
    except ValueError:
        value = quote.rate
    return value, max(-int(value.as_tuple().exponent), rule.decimals)
