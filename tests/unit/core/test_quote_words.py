"""The change of a rate in its own digits, and the small line of how it went."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from desktop.core.rates import Pair, QuoteKind
from desktop.core.rates.quote_words import format_difference
from desktop.core.rates.sparkline import sparkline
from tests.ui.desk import make_answer

KZT = Pair("USD", "KZT")
FIRST, LAST = date(2026, 8, 26), date(2026, 11, 24)


@pytest.mark.parametrize(
    ("rate", "before", "digits", "shown"),
    [
        ("473.18", "472.33", 5, "+0.85"),
        ("473.18", "473.23", 5, "\u22120.05"),
        ("473.18", "473.18", 5, "0.00"),
        ("473.18", "473.182", 5, "0.00"),
        ("12012", "12023.4", 5, "\u221211"),
        ("0.0021134", "0.0021174", 5, "\u22120.0000040"),
        ("87.4512", "87.45", 6, "+0.0012"),
    ],
)
def test_a_change_has_the_decimals_of_its_rate_and_no_minus_at_nothing(
    rate: str, before: str, digits: int, shown: str
) -> None:
    answer = make_answer(KZT, rate, "0", digits=digits, previous_rate=Decimal(before))
    assert format_difference(answer) == shown


def test_a_fixed_rate_has_no_change_and_an_unknown_one_says_so() -> None:
    assert format_difference(make_answer(KZT, "3.5", "0", kind=QuoteKind.PEG)) == ""
    assert format_difference(make_answer(KZT, "473.18")) == "\u2014"
    assert format_difference(make_answer(KZT, None)) == "\u2014"


def test_a_line_goes_from_the_lowest_to_the_highest_and_holds_to_the_last_day() -> None:
    middle = FIRST + timedelta(days=45)
    line = sparkline(
        [
            (FIRST - timedelta(days=3), Decimal(2)),
            (middle, Decimal(4)),
            (LAST - timedelta(days=9), Decimal(3)),
        ],
        FIRST,
        LAST,
    )
    assert line == ((0.0, 0.0), (0.5, 1.0), (0.9, 0.5), (1.0, 0.5))


def test_a_level_line_is_in_the_middle_and_one_number_makes_no_line() -> None:
    assert {y for _, y in sparkline([(FIRST, Decimal(1)), (LAST, Decimal(1))], FIRST, LAST)} == {0.5}
    assert sparkline([(FIRST, Decimal(1))], FIRST, LAST) == ()
    assert sparkline([], FIRST, LAST) == ()
