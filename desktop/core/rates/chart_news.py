"""News beside a chart: which articles name the money of a pair, and by which fixing they stand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from desktop.core.rates import Pair
from desktop.core.text import fold

EVERYWHERE = frozenset({"USD", "EUR"})  # named in too many articles to say anything of one day
_SHORTEST = 4  # of words in Latin letters: "sum" and "som" are words of other things


@dataclass(frozen=True, slots=True)
class Headline:
    """An article of a day."""

    article_id: int
    day: date
    title: str


def telling(pair: Pair) -> tuple[str, ...]:
    """The currencies of a pair whose news say something of its rate."""
    return tuple(code for code in (pair.quote, pair.base) if code not in EVERYWHERE)


def searchable(words: Iterable[str]) -> tuple[str, ...]:
    """The words by which a currency can be looked for without finding other things."""
    folded = dict.fromkeys(fold(word) for word in words)
    return tuple(
        word
        for word in folded
        if word.replace(" ", "").isalpha() and (not word.isascii() or len(word) >= _SHORTEST)
    )


def names(text: str, words: Iterable[str]) -> bool:
    """Whether a headline or the beginning of an article names one of the words, whole."""
    found = " ".join("".join(char if char.isalnum() else " " for char in fold(text)).split())
    return any(f" {word} " in f" {found} " for word in words)


def beside(days: Sequence[date], headlines: Iterable[Headline]) -> dict[date, tuple[Headline, ...]]:
    """The headlines by the fixing that was in force on their day, newest first; those from before the first of
    `days` are left out."""
    placed: dict[date, list[Headline]] = {}
    for headline in sorted(set(headlines), key=lambda one: (one.day, one.article_id), reverse=True):
        at = bisect_right(days, headline.day)
        if at:
            placed.setdefault(days[at - 1], []).append(headline)
    return {day: tuple(found) for day, found in placed.items()}
