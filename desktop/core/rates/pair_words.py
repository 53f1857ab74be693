"""Currencies and pairs in the words of people: "dollar tenge", "доллар тенге", "$/₸", "сум", "kyrgyz".

The words come from resources/currencies.json and resources/countries.json, whose order is the order of preference.
A word may mean several currencies ("som", "manat"): what is only typed gets ranked candidates, what must be one
pair is refused with the candidates named.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import IntEnum
from itertools import groupby
from typing import Any, NamedTuple

from desktop.core.errors import UsageError
from desktop.core.rates import Pair
from desktop.core.rates.currencies import ACTIVE
from desktop.core.rates.pairs import parse_pair
from desktop.core.text import fold, plain

LIMIT = 12
_READ_AT_MOST = 80  # characters of what is typed
_TOKENS_AT_MOST = 8
_SIDE = 6  # candidates of each side that are paired with each other

_SIGNS = "$¢£¤¥֏؋৲৳฿៛\u20a0-\u20cf"
_TOKEN = re.compile(rf"[^\W\d_]*[{_SIGNS}]|[^\W\d_]+")
_BETWEEN = re.compile(r"\s*[/\\|:,;=>→]+\s*|\s+(?:[\u2010-\u2014-]|to|in|vs|into|в|на|к)\s+", re.IGNORECASE)

# Endings of Russian and English words and of the possessive of Turkic ones (й as и, as all is folded), cut once
# from both sides that are compared; what is left has three letters or more.
_ENDINGS = (
    "ями", "ами", "ов", "ев", "еи", "ом", "ам", "ах", "ям", "ях", "си", "сы", "ы", "и", "а", "я", "у", "ю", "е",
    "ь", "о", "si", "sy", "s", "i", "y",
)  # fmt: skip
_NEAREST = str.maketrans("қңғүұәөіһҳҷӯ", "кнгууаоиххчу")  # for those who type with a Russian keyboard

# With only one currency in hand: these stand before the other one, or against these it is set itself.
_BASES = ("USD", "EUR", "RUB", "CNY", "GBP", "CHF")
_QUOTES = ("KZT", "KGS", "UZS", "TJS", "TMT", "USD", "EUR", "RUB")


class Fit(IntEnum):
    """How well words fit a currency; the lower the better. To PLACE they name it, after that they begin to."""

    CODE = 0
    USUAL = 1  # what people say for short: "dollar" is that of the United States
    SYMBOL = 2
    NAME = 3
    PLACE = 4
    NAME_BEGINS = 5
    BEGINS = 6


class Match(NamedTuple):
    """A currency that words may mean; the best sorts first."""

    fit: Fit
    rank: int
    code: str


class _Entry(NamedTuple):
    """A currency with its words, ready to be compared."""

    code: str
    whole: tuple[tuple[Fit, frozenset[tuple[str, ...]]], ...]
    name_words: frozenset[str]
    words: frozenset[str]


class Lexicon:
    """The names of all currencies, and what is meant by what people type."""

    def __init__(
        self, currencies: Iterable[Mapping[str, Any]], countries: Mapping[str, Sequence[str]]
    ) -> None:
        """`currencies`: the rows of currencies.json in order of preference; `countries`: names by ISO code."""
        rows = list(currencies)
        self._names = {row["code"]: str(row["english"]) for row in rows}
        self._usual = {row["code"]: tuple(map(str, row.get("usual", ()))) for row in rows}
        self._minor_units = {row["code"]: int(row["minor_units"]) for row in rows}
        self._entries = [_entry(row, countries) for row in rows]

    def name(self, code: str) -> str:
        """The English name of a currency; the code itself where it is not known."""
        return self._names.get(code, code)

    def spoken(self, code: str) -> tuple[str, ...]:
        """What people call a currency, without what they call another one as well."""
        others = {word for other, words in self._usual.items() if other != code for word in words}
        return tuple(word for word in self._usual.get(code, ()) if word not in others)

    def minor_units(self, code: str) -> int:
        """How many decimals the money of a currency has; two where it is not known."""
        return self._minor_units.get(code, 2)

    def currencies(self, text: str, limit: int = LIMIT) -> list[str]:
        """The codes of the currencies that `text` may mean, the likeliest first; none for none."""
        return [match.code for match in self._matches(text)[:limit]]

    def currency(self, text: str) -> str:
        """The one currency that `text` names; UsageError with the candidates where it names none or several."""
        matches = self._matches(text)
        best = [match for match in matches if match.fit == matches[0].fit]
        if len(best) == 1:
            return best[0].code
        raise _unclear(text, "currency", [match.code for match in best])

    def pairs(self, text: str, limit: int = LIMIT) -> list[Pair]:
        """The pairs that `text` may mean, the likeliest first; with one currency only, its usual pairs."""
        whole = [pair for _, pair in self._scored(text)] or list(self._alone(text))
        return list(dict.fromkeys(whole))[:limit]

    def pair(self, text: str, day: date | None = None) -> Pair:
        """The one pair that `text` names, by code or in words; UsageError where it names none or several. With a
        `day` codes that were in use then are known as well."""
        fault: UsageError
        try:
            return parse_pair(text, day)
        except UsageError as error:
            fault = error
        scored = self._scored(text)
        best = list(dict.fromkeys(pair for fit, pair in scored if fit == scored[0][0]))
        if self._is_name(text):
            raise UsageError(f"“{plain(text, 40)}” names one currency.", "Write two, such as USD/KZT.")
        if not best:
            raise fault
        if len(best) > 1:
            raise _unclear(text, "pair", [str(pair) for pair in best])
        return best[0]

    def _matches(self, text: str) -> list[Match]:
        tokens = _tokens(text)
        if not tokens:
            return []
        key = tuple(map(_stem, tokens))
        found = (
            Match(fit, rank, entry.code)
            for rank, entry in enumerate(self._entries)
            if (fit := _fit(entry, tokens, key)) is not None
        )
        return sorted(found)

    def _is_name(self, text: str) -> bool:
        """Whether `text` as a whole names a currency: "kyrgyz som" is not the som against another one."""
        return any(match.fit <= Fit.PLACE for match in self._matches(text)[:1])

    def _scored(self, text: str) -> list[tuple[int, Pair]]:
        """Pairs with how well they fit, the best first, where `text` has two sides and is not one name."""
        if self._is_name(text):
            return []
        found = [
            (one.fit + other.fit, one.rank + other.rank, Pair(one.code, other.code))
            for left, right in _sides(text)
            for one in self._matches(left)[:_SIDE]
            for other in self._matches(right)[:_SIDE]
            if one.code != other.code
        ]
        return [(fit, pair) for fit, _, pair in sorted(found)]

    def _alone(self, text: str) -> Iterator[Pair]:
        """The usual pairs of each currency that `text` may mean; those that it means as well take turns."""
        parted = _BETWEEN.split(text.strip(), maxsplit=1)
        matches = self._matches(parted[0])[:_SIDE]
        for _, equal in groupby(matches, key=lambda match: match.fit):
            codes = [match.code for match in equal]
            for place in range(len(_QUOTES)):
                for code in codes:
                    is_base = len(parted) > 1 or code in _BASES
                    other = (_QUOTES if is_base else _BASES)[place:][:1]
                    if other and other[0] != code:
                        yield Pair(code, other[0]) if is_base else Pair(other[0], code)


def _fit(entry: _Entry, tokens: tuple[str, ...], key: tuple[str, ...]) -> Fit | None:
    if tokens == (entry.code.lower(),):
        return Fit.CODE
    for fit, names in entry.whole:
        if key in names:
            return fit
    if all(any(word.startswith(token) for word in entry.name_words) for token in key):
        return Fit.NAME_BEGINS
    if all(any(word.startswith(token) for word in entry.words) for token in key):
        return Fit.BEGINS
    return None


def _sides(text: str) -> Iterator[tuple[str, str]]:
    """The ways to part `text` in two: at its sign, else in a code that stands at its head, else at every blank."""
    parted = _BETWEEN.split(text.strip()[:_READ_AT_MOST], maxsplit=1)
    if len(parted) > 1:
        yield parted[0], parted[1]
        return
    tokens = _tokens(text)
    if len(tokens) == 1 and 4 <= len(tokens[0]) <= 6 and tokens[0][:3].upper() in ACTIVE:
        yield tokens[0][:3], tokens[0][3:]
    for at in range(1, len(tokens)):
        yield " ".join(tokens[:at]), " ".join(tokens[at:])


def _tokens(text: str) -> tuple[str, ...]:
    """The words of `text` as they are compared: folded, without marks over letters, signs apart."""
    parted = unicodedata.normalize("NFD", fold(text[:_READ_AT_MOST]).translate(_NEAREST))
    bare = "".join(letter for letter in parted if not unicodedata.combining(letter)).translate(_NEAREST)
    return tuple(_TOKEN.findall(bare)[:_TOKENS_AT_MOST])


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _key(text: str) -> tuple[str, ...]:
    return tuple(map(_stem, _tokens(text)))


def _entry(row: Mapping[str, Any], countries: Mapping[str, Sequence[str]]) -> _Entry:
    names = [row["english"], row["russian"], row["local"], *row.get("names", {}).values()]
    places = [name for country in row["countries"] for name in countries.get(country, ())]
    usual = row.get("usual", ())
    whole = ((Fit.USUAL, usual), (Fit.SYMBOL, [row["symbol"]]), (Fit.NAME, names), (Fit.PLACE, places))
    own = _words([*names, *usual, row["code"]])
    return _Entry(
        row["code"],
        tuple((fit, frozenset(filter(None, map(_key, words)))) for fit, words in whole),
        own,
        own | _words(places),
    )


def _words(names: Iterable[str]) -> frozenset[str]:
    return frozenset(word for name in names for word in _key(name))


def _unclear(text: str, noun: str, candidates: Sequence[str]) -> UsageError:
    shown = plain(text, 40)
    if not candidates:
        return UsageError(f"“{shown}” is no {noun} that we know.", "Write a code, such as USD or KZT.")
    return UsageError(
        f"“{shown}” may mean more than one {noun}.", f"Write one of {', '.join(candidates[:_SIDE])}."
    )
