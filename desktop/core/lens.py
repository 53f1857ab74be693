"""The country lens: one country's sources and currency, and nothing else, until it is lifted. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from desktop.core.addresses import host_name
from desktop.core.rates import Pair

SETTING = "window.lens"


@dataclass(frozen=True, slots=True)
class Country:
    """A country that can be looked at alone."""

    code: str  # ISO 3166
    name: str
    currency: str  # ISO 4217


COUNTRIES: Mapping[str, Country] = MappingProxyType(
    {
        one.code: one
        for one in (
            Country("KZ", "Kazakhstan", "KZT"),
            Country("KG", "Kyrgyzstan", "KGS"),
            Country("TJ", "Tajikistan", "TJS"),
            Country("TM", "Turkmenistan", "TMT"),
            Country("UZ", "Uzbekistan", "UZS"),
        )
    }
)


def country_of(stated: str, addresses: Iterable[str]) -> str:
    """The country of a source: what is stated, else that of its addresses where one ends so (".kz"); "" for neither."""
    if stated:
        return stated.upper()
    ends = (host_name(address).rpartition(".")[2].upper() for address in addresses)
    return next((end for end in ends if end in COUNTRIES), "")


def is_of(pair: Pair, code: str) -> bool:
    """Whether a pair has the currency of a country; every pair has that of "", which stands for all."""
    return not code or COUNTRIES[code].currency in (pair.base, pair.quote)
