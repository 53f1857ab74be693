"""Whom to ask for the pairs that somebody wants: the most trusted source of each, and the next where that one fails.

On a bad link a document that no answer needs is a document too many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from desktop.core.rates import Pair
from desktop.core.rates.quote_routes import STALE_AFTER
from desktop.core.rates.quote_ways import ways
from desktop.core.rates.sources import BRIDGE, NATIVE, PASSED_ON, PEG, RULES, WITNESSES

_RUSSIAN = """AED AMD AUD AZN BDT BHD BOB BRL BYN CAD CHF CNY CUP CZK DKK DZD EGP ETB EUR GBP GEL HKD HUF IDR INR
    IRR JPY KGS KRW KZT MDL MMK MNT NGN NOK NZD OMR PLN QAR RON RSD SAR SEK SGD THB TJS TMT TRY UAH UZS VND XDR ZAR"""
_OF_RUSSIA = frozenset(_RUSSIAN.split())  # in the table of the Bank of Russia
_EUROPEAN = """AUD BRL CAD CHF CNY CZK DKK GBP HKD HUF IDR ILS INR ISK JPY KRW MXN MYR NOK NZD PHP PLN RON SEK SGD
    THB TRY ZAR"""
_OF_THE_ECB = frozenset(_EUROPEAN.split())  # in the table of the European Central Bank
ANCHORS = ("USD", "EUR")  # in the table of every bank
_LAST = ("frankfurter", "erapi", "fawaz")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a source did lately for one currency."""

    answered: bool = False  # ever
    failures: int = 0  # in a row, up to now
    newest: date | None = None  # the last date, up to today, that it has a number for
    doubted: bool = False  # a number of it waits to be confirmed


def chain(currency: str, pegged: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Who tells what a currency costs in dollars, the most trusted first; none for the dollar itself."""
    if currency == BRIDGE:
        return ()
    own = NATIVE.get(currency)
    first = [PEG] if currency in pegged else [own] if own else []
    if currency in _OF_THE_ECB and not own:
        first.append("ecb")
    if currency in _OF_RUSSIA and own != "cbr":
        first.append("cbr")
    first += [name for name, bank in PASSED_ON.items() if bank == own]
    return (*first, *_LAST)


def publishers(pair: Pair, pegged: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Who publishes both sides of a pair, as far as that is known of a source that was never asked."""
    names = dict.fromkeys(name for code in (pair.base, pair.quote) for name in chain(code, pegged))
    return tuple(
        name
        for name in names
        if name in RULES
        and any(ways(pair, name))
        and all(_has(name, code, pegged) for code in (pair.base, pair.quote))
    )


def _has(source: str, currency: str, pegged: frozenset[str]) -> bool:
    is_anchor = currency in ANCHORS and source in NATIVE.values()
    return is_anchor or currency == RULES[source].home or source in chain(currency, pegged)


def wanted(
    pairs: Iterable[Pair],
    pegged: frozenset[str],
    standing: Callable[[str, str], Standing],
    now: datetime,
    chosen: Iterable[str] = (),
) -> tuple[str, ...]:
    """The sources to ask for `pairs`, each once: those that the person chose, and of every currency the chain down to
    the first that is in order.

    `standing` tells of a source and a currency. Sources that are fixed by law are in order without being asked.
    """
    found: dict[str, None] = dict.fromkeys(source for source in chosen if source in RULES and source != PEG)
    for currency in dict.fromkeys(code for pair in pairs for code in (pair.base, pair.quote)):
        for source in chain(currency, pegged):
            if source == PEG:
                break
            found[source] = None
            if _is_in_order(source, standing(source, currency), now):
                break
        if currency in WITNESSES:
            found[WITNESSES[currency]] = None
    return tuple(found)


def _is_in_order(source: str, given: Standing, now: datetime) -> bool:
    """A source that was not asked yet has the benefit of the doubt; one that fails has until its number ages."""
    if given.doubted:
        return False
    if given.newest is None:
        return not given.answered and given.failures == 0
    rule = RULES[source]
    missed = rule.missed(given.newest, rule.local(now).date(), now)
    return missed == 0 or (missed <= STALE_AFTER and given.failures == 0)
