"""Pairs as people type them."""

import re
from datetime import date
from decimal import Decimal

import pytest

from desktop.core.errors import UsageError
from desktop.core.rates import Pair
from desktop.core.rates.currencies import ACTIVE, RETIRED, in_force
from desktop.core.rates.pairs import parse_pair, readable
from desktop.core.rates.quotes import needed


@pytest.mark.parametrize(
    "text",
    [
        "usd/kzt",
        "USDKZT",
        "USD-KZT",
        "usd kzt",
        " Usd / Kzt ",
        "USD:KZT",
        "usd_kzt",
        "USD\u2013KZT",
        "usd,kzt",
        "USD>KZT",
    ],
)
def test_the_usual_spellings_are_understood(text):
    assert parse_pair(text) == Pair("USD", "KZT")


@pytest.mark.parametrize(
    "text", ["", "USD", "USD/", "USD/KZ", "USD/KZT/RUB", "dollar tenge", "USD//KZT", "12/34", "US$KZT"]
)
def test_what_is_not_a_pair_is_refused_with_an_example(text):
    with pytest.raises(UsageError) as caught:
        parse_pair(text)
    assert "USD/KZT" in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("USD/ABC", "ABC is not a currency code."),
        ("BYR/USD", "BYR is no longer in use; BYN took its place."),
        ("usd/usd", "USD/USD is one currency against itself."),
        ("XAU/USD", "XAU is not a currency code."),
    ],
)
def test_a_wrong_code_is_named(text, told):
    with pytest.raises(UsageError, match=re.escape(told)):
        parse_pair(text)


def test_the_readable_direction_is_the_one_above_one():
    pair = Pair("KZT", "USD")
    assert readable(pair, Decimal("0.0021")) == Pair("USD", "KZT")
    assert readable(pair.inverse, Decimal("473.18")) == Pair("USD", "KZT")
    assert readable(pair, Decimal(1)) == pair
    assert readable(pair, None) == pair


def test_an_answer_needs_the_pair_the_bridge_the_pivot_and_a_witness():
    assert needed(Pair("KGS", "KZT"), date(2026, 11, 24)) == {"KGS", "KZT", "USD", "RUB", "EUR"}


def test_retired_codes_end_on_their_day():
    from datetime import date

    assert in_force("BGN", date(2025, 12, 31))
    assert not in_force("BGN", date(2026, 1, 1))
    assert in_force("KZT", date(2026, 1, 1))
    assert not in_force("XAU", date(2026, 1, 1))
    assert ACTIVE.isdisjoint(RETIRED)
    assert {follower for _, follower in RETIRED.values()} <= ACTIVE


def test_a_former_currency_can_be_asked_about_for_its_own_days():
    assert parse_pair("BYR/KZT", date(2016, 6, 30)) == Pair("BYR", "KZT")
    for day in (date(2016, 7, 1), None):
        with pytest.raises(UsageError, match="no longer in use"):
            parse_pair("BYR/KZT", day)
