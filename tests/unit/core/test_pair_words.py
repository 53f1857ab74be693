"""Pairs and currencies in the words of people, by the names that ship with the program."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.errors import UsageError
from desktop.core.rates import Pair
from desktop.core.rates.currencies import ACTIVE
from desktop.sync.lexicon import lexicon

WORDS = lexicon()


def texts(pairs: list[Pair]) -> list[str]:
    return [str(pair) for pair in pairs]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("usd/kzt", "USD/KZT"),
        ("USDKZT", "USD/KZT"),
        (" usd kzt ", "USD/KZT"),
        ("kzt-usd", "KZT/USD"),
        ("dollar tenge", "USD/KZT"),
        ("tenge dollar", "KZT/USD"),
        ("Dollars to tenge", "USD/KZT"),
        ("доллар тенге", "USD/KZT"),
        ("доллары в тенге", "USD/KZT"),
        ("рублей — тенге", "RUB/KZT"),
        ("доллар сум", "USD/UZS"),
        ("евро сом", "EUR/KGS"),
        ("us dollar kyrgyz som", "USD/KGS"),
        ("canadian dollar tenge", "CAD/KZT"),
        ("$/₸", "USD/KZT"),
        ("$₸", "USD/KZT"),
        ("€ ₽", "EUR/RUB"),
        ("US$/KZT", "USD/KZT"),
        ("A$ ₸", "AUD/KZT"),
        ("АҚШ доллары теңге", "USD/KZT"),
        ("АКШ доллары / сом", "USD/KGS"),
        ("AQSh dollari soʻm", ""),  # in Uzbek letters both soms are written so
        ("AQSh dollari / oʻzbek soʻmi", "USD/UZS"),
        ("AQSh dollari / ўзбекистон", "USD/UZS"),
        ("доллари ИМА сомонӣ", "USD/TJS"),
        ("ABŞ-nyň dollary / türkmen manady", "USD/TMT"),
        ("евро Казахстан", "EUR/KZT"),
        ("China Uzbekistan", "CNY/UZS"),
    ],
)
def test_a_pair_is_known_in_any_usual_form(typed: str, meant: str) -> None:
    if meant:
        assert str(WORDS.pair(typed)) == meant
        assert str(WORDS.pairs(typed)[0]) == meant
    else:
        with pytest.raises(UsageError, match="more than one"):
            WORDS.pair(typed)


@pytest.mark.parametrize(
    ("typed", "candidates"),
    [
        ("dollar som", ["USD/KGS", "USD/UZS"]),
        ("manat usd", ["TMT/USD", "AZN/USD"]),
        ("som", ["USD/KGS", "USD/UZS", "EUR/KGS", "EUR/UZS"]),
        ("tenge", ["USD/KZT", "EUR/KZT", "RUB/KZT"]),
        ("usd/", ["USD/KZT", "USD/KGS", "USD/UZS"]),
        ("usdk", ["USD/KZT", "USD/KGS"]),
        ("узб", ["USD/UZS"]),
        ("кыргызстан", ["USD/KGS"]),
    ],
)
def test_what_is_not_one_pair_gets_the_likeliest_first(typed: str, candidates: list[str]) -> None:
    assert texts(WORDS.pairs(typed))[: len(candidates)] == candidates


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("dollar", ["USD", "CAD", "AUD"]),
        ("som", ["KGS", "UZS"]),
        ("сум", ["UZS"]),
        ("сўм", ["UZS"]),
        ("kz", ["KZT"]),
        ("₸", ["KZT"]),
        ("рубль", ["RUB", "BYN"]),
        ("Қазақстан", ["KZT"]),
        ("тенгеге", []),
        ("germany", ["EUR"]),
        ("", []),
        ("!?", []),
    ],
)
def test_a_currency_is_found_by_code_name_sign_and_country(typed: str, codes: list[str]) -> None:
    found = WORDS.currencies(typed)
    assert found[: len(codes)] == codes
    assert bool(found) == bool(codes)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("dollar som", "Write one of USD/KGS, USD/UZS."),
        ("dollar", "names one currency"),
        ("qwerty zxcvb", "is not a pair of currencies"),
        ("USD/BYR", "BYR is no longer in use; BYN took its place."),
        ("usd usd", "against itself"),
    ],
)
def test_where_one_pair_is_needed_doubt_is_said(typed: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        WORDS.pair(typed)
    assert said in str(refused.value)


def test_one_currency_is_asked_for_the_same_way() -> None:
    assert WORDS.currency("теңге") == "KZT"
    with pytest.raises(UsageError, match="more than one currency"):
        WORDS.currency("manat")
    with pytest.raises(UsageError, match="no currency"):
        WORDS.currency("wampum")


@given(base=st.sampled_from(sorted(ACTIVE)), quote=st.sampled_from(sorted(ACTIVE)))
def test_every_code_is_understood_beside_every_other(base: str, quote: str) -> None:
    if base != quote:
        assert WORDS.pair(f"{base.lower()} {quote}") == Pair(base, quote)
        assert WORDS.pairs(f"{base}/{quote.lower()}")[0] == Pair(base, quote)


@given(st.sampled_from(sorted(ACTIVE)))
def test_the_full_name_of_every_currency_means_it(code: str) -> None:
    assert WORDS.currencies(WORDS.name(code))[0] == code


@given(st.text(max_size=200))
def test_nothing_that_is_typed_raises(text: str) -> None:
    for pair in WORDS.pairs(text):
        assert pair.base in ACTIVE
        assert pair.quote in ACTIVE
    assert set(WORDS.currencies(text)) <= ACTIVE
