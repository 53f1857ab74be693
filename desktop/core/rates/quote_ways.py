"""The ways from one currency to another over at most two published numbers, in the order in which they are trusted.

A fixed rate, a bank's own number, two native banks over the dollar, two rows of one document, an aggregator.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from desktop.core.rates import Pair
from desktop.core.rates.sources import AGGREGATORS, BANKS, BRIDGE, NATIVE, PEG, PIVOTS, RULES


class Leg(NamedTuple):
    """Whose number is walked, and in which direction; it may be published the other way round."""

    source: str
    pair: Pair


class Way(NamedTuple):
    """One or two legs. `one_document`: both must come from the same table."""

    legs: tuple[Leg, ...]
    one_document: bool = False


def ways(pair: Pair, source: str = "") -> Iterator[Way]:
    """Every way that may lead along `pair`: through `source` alone where one is named, else the best first."""
    if source:
        yield from _direct([source], pair)
        yield from _in_one_document([source], pair)
        return
    yield from _direct([PEG, *BANKS], pair)
    yield from _over_the_dollar(pair)
    yield from _in_one_document(PIVOTS, pair)
    yield from _direct(AGGREGATORS, pair)
    yield from _in_one_document(AGGREGATORS, pair)


def sources_for(pair: Pair, stored: Collection[tuple[str, str, str]]) -> tuple[str, ...]:
    """The sources that can answer the pair by themselves, most trusted first, where `stored` names the series
    (source, base, quote) that there are."""
    known = frozenset(stored)

    def is_there(leg: Leg) -> bool:
        base, quote = leg.pair.base, leg.pair.quote
        return (leg.source, base, quote) in known or (leg.source, quote, base) in known

    order = dict.fromkeys((PEG, *BANKS, *PIVOTS, *AGGREGATORS))
    return tuple(
        source for source in order if any(all(map(is_there, way.legs)) for way in ways(pair, source))
    )


def _direct(sources: Sequence[str], pair: Pair) -> Iterator[Way]:
    for source in sources:
        if _is_fit(source, pair) and RULES[source].home in (pair.base, pair.quote):
            yield Way((Leg(source, pair),))


def _over_the_dollar(pair: Pair) -> Iterator[Way]:
    if BRIDGE in (pair.base, pair.quote):
        return
    choices = [
        [Leg(source, leg) for source in (PEG, NATIVE.get(currency, "")) if source and _is_fit(source, leg)]
        for leg, currency in ((Pair(pair.base, BRIDGE), pair.base), (Pair(BRIDGE, pair.quote), pair.quote))
    ]
    for legs in product(*choices):
        yield Way(legs)


def _in_one_document(sources: Sequence[str], pair: Pair) -> Iterator[Way]:
    for source in sources:
        home = RULES[source].home if source in RULES else ""
        if home and home not in (pair.base, pair.quote) and _is_fit(source, pair):
            yield Way((Leg(source, Pair(pair.base, home)), Leg(source, Pair(home, pair.quote))), True)


def _is_fit(source: str, pair: Pair) -> bool:
    rule = RULES.get(source)
    return rule is not None and rule.never.isdisjoint({pair.base, pair.quote})
