"""Amounts as people write them; results with the digits that are true and no others."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.errors import UsageError
from desktop.core.rates import Pair, Quote, QuoteKind, RateAnswer
from desktop.core.rates.amounts import convert, format_amount, parse_amount


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1500", "1500"),
        ("1 500,50", "1500.50"),
        ("1\u00a0500,50", "1500.50"),
        ("1\u202f500.50", "1500.50"),
        ("1,500.50", "1500.50"),
        ("1.500,50", "1500.50"),
        ("1'500.50", "1500.50"),
        ("1’500’000", "1500000"),
        ("1,500,000", "1500000"),
        ("1.500.000", "1500000"),
        ("1.500.000,5", "1500000.5"),
        ("12 345 678", "12345678"),
        ("1 500,500", "1500.500"),
        ("1500,500", "1500.500"),
        ("0,500", "0.500"),
        ("0.005", "0.005"),
        (",5", "0.5"),
        ("1500.", "1500"),
        ("1,5", "1.5"),
        ("1,50", "1.50"),
        ("  7 ", "7"),
        ("0", "0"),
        ("2k", "2000"),
        ("2 K", "2000"),
        ("2,5 тыс.", "2500"),
        ("2 млн", "2000000"),
        ("1.25 mln", "1250000"),
        ("3 bn", "3000000000"),
        ("1,5 млрд", "1500000000"),
        ("10 000 тыс", "10000000"),
    ],
)
def test_an_amount_is_read_in_the_ways_that_people_write(text: str, value: str) -> None:
    assert parse_amount(text).value == Decimal(value)
    assert parse_amount(text).other is None


@pytest.mark.parametrize("text", ["1,500", "1.500", "999,000", "12.345"])
def test_a_single_mark_before_three_digits_parts_thousands_and_the_other_reading_is_told(text: str) -> None:
    found = parse_amount(text)
    assert found.value == Decimal(text.replace(",", "").replace(".", ""))
    assert found.other == Decimal(text.replace(",", "."))


def test_a_currency_with_three_decimals_takes_the_same_mark_for_a_decimal_one() -> None:
    found = parse_amount("1.500", minor_units=3)
    assert (found.value, found.other) == (Decimal("1.500"), Decimal(1500))


@pytest.mark.parametrize(
    "text",
    ["", " ", "abc", "-5", "+5", "1,50,000", "15 00", "1.5.0", "1,500.50.2", "1 500,5,0", "1 500.000,5", "1..5",
     "2m", "2 M", "2 т", "1,500 млн", "2k3", "1e5", "$5", "٣", "1" * 31, ".", "k", "½"],
)  # fmt: skip
def test_what_is_no_amount_or_could_be_two_is_refused_in_words(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_amount(text)
    assert refused.value.message
    assert refused.value.remedy


@given(st.decimals(min_value=0, max_value="999999999999", places=2, allow_nan=False))
def test_what_we_write_is_read_back_as_it_was(value: Decimal) -> None:
    assert parse_amount(format_amount(value, 2)).value == value
    assert parse_amount(format_amount(value, 2).replace(".", ",")).value == value
    assert parse_amount(f"{value:,.2f}").value == value


@given(st.text(alphabet="0123456789., 'k-\u00a0мln", max_size=12))
def test_nothing_that_is_typed_breaks_the_reader(text: str) -> None:
    with contextlib.suppress(UsageError):
        assert parse_amount(text).value >= 0


def answer(
    base: str, quote: str, rate: str, digits: int, kind: QuoteKind = QuoteKind.OFFICIAL, legs: int = 1
) -> RateAnswer:
    leg = Quote(base, quote, Decimal(rate), rate, "1", date(2026, 11, 24), "nbk", kind, datetime.now(UTC))
    return RateAnswer(
        pair=Pair(base, quote), rate=Decimal(rate), digits=digits, legs=(leg,) * legs,
        valid_from=date(2026, 11, 24), previous_rate=None, previous_from=None, change_percent=None,
        source="nbk", kind=kind, age_days=0, stale=False, upcoming=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "given_rate", "minor_units", "text", "rough"),
    [
        # A bank's own number is exact by definition, to the tiyn of a large sum.
        ("1234567.89", answer("USD", "KZT", "473.18", 5), 2, "584 172 834.19", False),
        ("1", answer("USD", "JPY", "156.42", 5), 0, "156", False),
        ("0", answer("USD", "KZT", "473.18", 5), 2, "0.00", False),
        # A tenge is not "0.00" dollars.
        ("1", answer("KZT", "USD", "0.0021133606", 5), 2, "0.002113", False),
        ("0.5", answer("USD", "EUR", "0.5", 5), 2, "0.25", False),
        ("3.5", answer("TMT", "USD", "0.2857142857142857142857142857", 12, QuoteKind.PEG), 2, "1.00", False),
        # A computed rate of five digits bears five digits, however large the sum.
        ("100", answer("KGS", "KZT", "5.410900", 5, QuoteKind.DERIVED, 2), 2, "541.09", False),
        ("1000000", answer("KGS", "KZT", "5.410912", 5, QuoteKind.DERIVED, 2), 2, "5 410 900", True),
        ("2000000", answer("KGS", "KZT", "5.410912", 5, QuoteKind.DERIVED, 2), 2, "10 822 000", True),
        ("1000", answer("USD", "AFN", "71.2345", 4, QuoteKind.BLENDED), 2, "71 230", True),
    ],
)
def test_a_result_has_the_digits_that_are_true(
    amount: str, given_rate: RateAnswer, minor_units: int, text: str, rough: bool
) -> None:
    found = convert(Decimal(amount), given_rate, minor_units)
    assert found is not None
    assert (found.text.replace("\u202f", " "), found.is_rough) == (text, rough)


def test_nothing_is_calculated_with_a_number_of_more_than_fourteen_days() -> None:
    known = answer("USD", "KZT", "473.18", 5)
    assert convert(Decimal(5), known._replace(age_days=14), 2) is not None
    assert convert(Decimal(5), known._replace(age_days=15, stale=True), 2) is None
    law = answer("USD", "TMT", "3.5", 12, QuoteKind.PEG)
    assert convert(Decimal(5), law._replace(age_days=4000), 2) is not None


def test_an_unknown_rate_gives_no_result() -> None:
    unknown = RateAnswer(Pair("USD", "XYZ"), None, 0, (), None, None, None, None, "", None, 0, False, None)
    assert convert(Decimal(5), unknown, 2) is None
