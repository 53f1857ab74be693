"""The one place where stored quotes are asked for an answer. Light to import: the ticker needs it at start."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

from desktop.core.quotes import answer, needed
from desktop.core.rates import Pair, Quote, RateAnswer
from desktop.net.rates import peg
from desktop.paths import resource
from desktop.store import Store

BOOK = timedelta(days=45)  # the quotes of so many days are looked at; the store adds the ten fixings before


def rate_of(store: Store, pair: Pair, day: date, now: datetime) -> RateAnswer:
    """What `pair` is on `day`, by what is stored."""
    return answer(pair, day, store.rates.book(needed(pair), day - BOOK), _pegs(), now)


@cache
def _pegs() -> tuple[Quote, ...]:
    return tuple(peg.load(resource("pegs.json").read_bytes(), datetime.fromtimestamp(0).astimezone()))
