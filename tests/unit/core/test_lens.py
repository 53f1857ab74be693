"""Which country a source and a pair belong to."""

from __future__ import annotations

import pytest

from desktop.core.lens import COUNTRIES, country_of, is_of
from desktop.core.rates import Pair


@pytest.mark.parametrize(
    ("stated", "addresses", "country"),
    [
        ("KZ", ["https://24.kg/rss/"], "KZ"),  # what is stated goes first
        ("kz", [], "KZ"),
        ("", ["https://24.kg/", "https://cdn.example/feed"], "KG"),
        ("", ["", "https://www.gazeta.uz:8443/ru/rss/"], "UZ"),
        ("", ["https://timesca.com/feed/"], ""),
        ("", ["https://uz.example/kz"], ""),
        ("RU", ["https://news.kz/"], "RU"),
        ("", ["not an address"], ""),
    ],
)
def test_the_country_of_a_source(stated: str, addresses: list[str], country: str) -> None:
    assert country_of(stated, addresses) == country


def test_a_pair_is_of_a_country_by_either_currency() -> None:
    pairs = [Pair("USD", "KZT"), Pair("KZT", "KGS"), Pair("USD", "EUR")]
    assert [is_of(pair, "KZ") for pair in pairs] == [True, True, False]
    assert [is_of(pair, "KG") for pair in pairs] == [False, True, False]
    assert all(is_of(pair, "") for pair in pairs)
    assert list(COUNTRIES) == ["KZ", "KG", "TJ", "TM", "UZ"]
