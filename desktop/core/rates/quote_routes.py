"""What a way gives on a day: the published numbers, walked; how exact they are together, and which is believed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from desktop.core.rates import Quote
from desktop.core.rates.numbers import decimal, to_decimal
from desktop.core.rates.quote_history import History, Previous
from desktop.core.rates.quote_ways import Leg, Way
from desktop.core.rates.sources import PEG, RULES

MAX_AGE_DAYS = 14  # no calculation uses an older number
STALE_AFTER = 3  # expected numbers missed
LEGS_APART = 1  # working days between the two legs of a cross over the dollar
COARSEST = Fraction(5, 10_000)  # a relative error of 0.05 %
FEWEST_DIGITS = 4
MOST_DIGITS = 12  # claimed for numbers that are exact by law


class Step(NamedTuple):
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
        """How wrong the number may be, relative to itself."""
        return Fraction(0) if self.is_peg else printed_error(*self._published())

    def digits(self) -> int:
        """Significant digits published."""
        if self.is_peg:
            return MOST_DIGITS
        value, places = self._published()
        return value.adjusted() + places + 1

    def missed(self, day: date, now: datetime) -> int:
        return RULES[self.quote.source].missed(self.quote.valid_from, day, now)

    def _published(self) -> tuple[Decimal, int]:
        return published(self.quote.source, self.quote.raw_value, self.quote.rate)


class Route(NamedTuple):
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
        return sure_digits(self.value(), self.error())

    def is_too_old(self, day: date) -> bool:
        return not self.is_peg and (day - self.valid_from).days > MAX_AGE_DAYS

    def missed(self, day: date, now: datetime) -> int:
        return max(step.missed(day, now) for step in self.steps)


def routes(found: Iterable[Way], day: date, history: History) -> Iterator[Route]:
    """What the ways give on that day, in their order."""
    for way in found:
        steps = _in_one_document(way, day, history) if way.one_document else _apart(way, day, history)
        if steps:
            yield Route(steps)


def choose(found: Sequence[Route], day: date, now: datetime) -> Route | None:
    """The first good one; a later one only where the first has fallen behind it, is too coarse or too old."""
    usable = [route for route in found if not route.is_too_old(day)]
    fine = [route for route in usable if not route.is_coarse]
    if fine:
        return _freshest(fine, day, now)
    alone = [route for route in usable if len(route.steps) == 1]
    if alone:  # the bank's own word, with its few digits; nothing is computed from a number so coarse
        return min(alone, key=Route.error)
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


def _step(leg: Leg, day: date, history: History) -> Step | None:
    source, pair = leg
    along, against = history.in_force(source, pair, day), history.in_force(source, pair.inverse, day)
    if against is not None and (along is None or along.valid_from < against.valid_from):
        return Step(against, inverted=True)
    return None if along is None else Step(along, inverted=False)


def _apart(way: Way, day: date, history: History) -> tuple[Step, ...]:
    found = [_step(leg, day, history) for leg in way.legs]
    steps = tuple(step for step in found if step is not None)
    return steps if len(steps) == len(found) and _near(steps) else ()


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


def _in_one_document(way: Way, day: date, history: History) -> tuple[Step, ...]:
    (source, first), (_, second) = way.legs
    for turned in (False, True):  # a table prices all others in its own currency, or its own in all others
        one, other = (first.inverse, second) if turned else (first, second.inverse)
        both = history.together(source, one, other, day)
        if both is not None:
            return Step(both[0], inverted=turned), Step(both[1], inverted=not turned)
    return ()


def published(source: str, raw_value: str, rate: Decimal) -> tuple[Decimal, int]:
    """The published number, and with how many decimals it was meant."""
    rule = RULES[source]
    try:
        value = decimal(raw_value, rule.mark)
    except ValueError:
        value = rate
    return value, max(-int(value.as_tuple().exponent), rule.decimals)


def printed_error(value: Decimal, places: int) -> Fraction:
    """How wrong a number may be for being printed with so many decimals, relative to itself."""
    return Fraction(1, 2 * 10**places) / Fraction(value)


def sure_digits(value: Fraction, error: Fraction) -> int:
    """Significant digits of `value` that are true where it may be wrong by `error`, relative to itself."""
    width = 2 * value * error
    if width == 0:
        return MOST_DIGITS
    place = to_decimal(width).adjusted()
    if width > Fraction(10) ** place:
        place += 1
    return max(1, min(MOST_DIGITS, to_decimal(value).adjusted() - place + 1))
