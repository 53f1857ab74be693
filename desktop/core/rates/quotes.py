"""The money questions that the whole program asks: what is PAIR on day D, how did it change, how to write it.

Pure: the caller gives the stored quotes, the pegs, the day and the moment. Every number in an answer is exact
or has 28 digits; rounding is half up, and only where a number becomes text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import chain

from desktop.core.rates import Pair, Quote, QuoteKind, RateAnswer
from desktop.core.rates.numbers import (
    format_percent,
    format_rate,
    round_percent,
    to_decimal,
    to_padded_decimal,
)
from desktop.core.rates.quote_history import PIVOT, WITNESS, History
from desktop.core.rates.quote_routes import STALE_AFTER, Route, choose, previous_of, routes
from desktop.core.rates.quote_ways import sources_for, ways
from desktop.core.rates.redenominations import formers_of, in_new_units
from desktop.core.rates.sources import BRIDGE, RULES

__all__ = [
    "Freshness",
    "answer",
    "format_change",
    "format_rate",
    "freshness",
    "needed",
    "sources_for",
    "trend",
]

_LOOK_BACK = timedelta(days=60)  # the fixing before another is never sought further back


class Freshness(StrEnum):
    """How a number stands to its source's working days."""

    FRESH = "fresh"
    AGEING = "ageing"  # one to three expected numbers have not come
    STALE = "stale"
    UNKNOWN = "unknown"  # no number at all


def needed(pair: Pair, day: date, sources: Iterable[str] = ()) -> set[str]:
    """The currencies whose stored quotes, against any of each other, `answer` wants to see; with those in which the
    tables of `sources` are, for a cross in one of them."""
    formers = (former.code for former in formers_of((pair.base, pair.quote), day - _LOOK_BACK))
    homes = (RULES[source].home for source in sources if source in RULES)
    return {pair.base, pair.quote, BRIDGE, PIVOT, WITNESS, *formers, *homes}


def answer(
    pair: Pair, day: date, book: Iterable[Quote], pegs: Iterable[Quote], now: datetime, source: str = ""
) -> RateAnswer:
    """What `pair` is on `day`, by the best of what is stored, with its change since the last distinct fixing.

    Order: peg, a bank's own number (or its exact inverse), two native banks over the dollar, two rows of one
    document, an aggregator; with `source`, that one's own number, inverse or cross in one document, and nothing
    else. At most two legs. A last known number that is too old for calculations is still given for the pair
    itself, as stale. Days before a redenomination are counted in the money of today.
    """
    kept = (quote for quote in book if quote.source in RULES)
    formers = formers_of((pair.base, pair.quote), day - _LOOK_BACK)
    history = History(chain(in_new_units(kept, formers) if formers else kept, pegs))
    route = choose(list(routes(ways(pair, source), day, history)), day, now)
    if route is None:
        asked = (source,) if source else tuple(RULES)
        return _unknown(pair, _first_upcoming(pair, day, history, asked, now))
    value = route.value()
    before = previous_of(route, history)
    sources = tuple(dict.fromkeys(step.quote.source for step in route.steps))
    return RateAnswer(
        pair=pair,
        rate=_plain_rate(route, value),
        digits=route.digits(),
        legs=tuple(step.quote for step in route.steps),
        valid_from=route.valid_from,
        previous_rate=None if before is None else to_padded_decimal(before[0]),
        previous_from=None if before is None else before[1],
        change_percent=_change(route, value, before),
        source="+".join(sources),
        kind=_kind(route),
        age_days=0 if route.is_peg else max(0, (day - route.valid_from).days),
        stale=route.missed(day, now) > STALE_AFTER or route.is_too_old(day),
        upcoming=_first_upcoming(pair, day, history, sources, now) if len(route.steps) == 1 else None,
    )


def freshness(given: RateAnswer, day: date, now: datetime) -> Freshness:
    """Fresh, ageing or stale, by the working days and the publication hour of the numbers' sources."""
    if given.rate is None:
        return Freshness.UNKNOWN
    if given.stale:
        return Freshness.STALE
    missed = max(RULES[quote.source].missed(quote.valid_from, day, now) for quote in given.legs)
    return Freshness.AGEING if missed else Freshness.FRESH


def format_change(given: RateAnswer) -> str:
    """ "+0.18 %", "\u22120.05 %", "0.00 %", "pegged", or "\u2014" where no earlier fixing is known."""
    if given.kind is QuoteKind.PEG:
        return "pegged"
    return "\u2014" if given.change_percent is None else format_percent(given.change_percent)


def trend(given: RateAnswer) -> int:
    """The sign of the change as it is shown: 1 up, -1 down, 0 for "0.00 %", pegged and unknown."""
    if given.change_percent is None or given.kind is QuoteKind.PEG:
        return 0
    shown = round_percent(given.change_percent)
    return (shown > 0) - (shown < 0)


def _plain_rate(route: Route, value: Fraction) -> Decimal:
    """A number that is published as it is asked for keeps its published digits."""
    step = route.steps[0]
    return step.quote.rate if len(route.steps) == 1 and not step.inverted else to_padded_decimal(value)


def _change(route: Route, value: Fraction, before: tuple[Fraction, date | None] | None) -> Decimal | None:
    if route.is_peg:
        return Decimal(0)
    return None if before is None else to_decimal((value / before[0] - 1) * 100)


def _kind(route: Route) -> QuoteKind:
    if route.is_peg:
        return QuoteKind.PEG
    return route.steps[0].quote.kind if len(route.steps) == 1 else QuoteKind.DERIVED


def _first_upcoming(
    pair: Pair, day: date, history: History, sources: Sequence[str], now: datetime
) -> Quote | None:
    """Published and not in force yet: there is none for a day that is past."""
    if day < now.date() - timedelta(days=1):
        return None
    for source in sources:
        for direction in (pair, pair.inverse):
            found = history.after(source, direction, day)
            if found is not None and RULES[source].never.isdisjoint({pair.base, pair.quote}):
                return found
    return None


def _unknown(pair: Pair, upcoming: Quote | None) -> RateAnswer:
    return RateAnswer(
        pair=pair,
        rate=None,
        digits=0,
        legs=(),
        valid_from=None,
        previous_rate=None,
        previous_from=None,
        change_percent=None,
        source="",
        kind=None,
        age_days=0,
        stale=False,
        upcoming=upcoming,
    )
