"""What an answer looks at besides its numbers: those that wait to be confirmed, and laws that a bank went away from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from desktop.core.rates import Fixing, Pair, Quote, QuoteKind, RateAnswer
from desktop.core.rates.quote_routes import MAX_AGE_DAYS
from desktop.core.rates.sources import WITNESSES

PEG_JUMP = Fraction(2, 100)  # of a currency that is fixed by law against the one it is fixed to

_LAWGIVERS = frozenset(WITNESSES.values())


def doubt(answer: RateAnswer, held: Iterable[Quote], day: date) -> Quote | None:
    """The number that waits to be confirmed behind an answer: newer than what is shown, by a source of the answer,
    or by any bank for the pair itself."""
    legs = {(leg.source, leg.base, leg.quote): leg.valid_from for leg in answer.legs}
    pairs = (answer.pair, answer.pair.inverse)
    found = [
        quote
        for quote in held
        if abs((quote.valid_from - day).days) <= MAX_AGE_DAYS
        and legs.get((quote.source, quote.base, quote.quote), date.min) < quote.valid_from
        and (
            (quote.source, quote.base, quote.quote) in legs
            or (Pair(quote.base, quote.quote) in pairs and (answer.rate is None or _is_banks_own(quote)))
        )
    ]
    return max(found, key=lambda quote: quote.valid_from, default=None)


def _is_banks_own(quote: Quote) -> bool:
    return quote.kind in (QuoteKind.OFFICIAL, QuoteKind.REFERENCE)


def standing(pegs: Iterable[Quote], book: Iterable[Quote], day: date) -> list[Quote]:
    """The fixed rates without those that their own central bank has gone away from by `day`: its number, once it is
    believed, is the law's new word."""
    told: dict[Pair, Quote] = {}
    for quote in book:
        if quote.source in _LAWGIVERS and quote.valid_from <= day:
            pair = Pair(quote.base, quote.quote)
            if pair not in told or told[pair].valid_from < quote.valid_from:
                told[pair] = quote
    return [peg for peg in pegs if not any(_overrules(quote, peg) for quote in told.values())]


def left_from(pegs: Iterable[Quote], pair: Pair, told: Iterable[Fixing]) -> date | None:
    """The day from which the central bank of a fixed pair went away from the law, by what it `told`, oldest first; None
    where it never did. The same measure as in `standing`, for a series."""
    laws = [peg for peg in pegs if {peg.base, peg.quote} == {pair.base, pair.quote}]
    for fixing in told:
        in_force = [peg for peg in laws if peg.valid_from <= fixing.valid_from]
        law = max(in_force, key=lambda peg: peg.valid_from, default=None)
        if law is not None and _strays(pair, fixing.rate, law):
            return fixing.valid_from
    return None


def _overrules(quote: Quote, peg: Quote) -> bool:
    if {quote.base, quote.quote} != {peg.base, peg.quote} or quote.valid_from < peg.valid_from:
        return False
    return _strays(Pair(quote.base, quote.quote), quote.rate, peg)


def _strays(pair: Pair, rate: Decimal, peg: Quote) -> bool:
    told = Fraction(rate) if pair.base == peg.base else 1 / Fraction(rate)
    return abs(told / Fraction(peg.rate) - 1) > PEG_JUMP
