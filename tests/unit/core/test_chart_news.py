"""News beside a chart: of the right money, on the right fixing."""

from __future__ import annotations

from datetime import date

import pytest

from desktop.core.rates import Pair
from desktop.core.rates.chart_news import Headline, beside, names, searchable, telling


@pytest.mark.parametrize(
    ("pair", "codes"),
    [
        (Pair("USD", "KZT"), ("KZT",)),
        (Pair("KZT", "USD"), ("KZT",)),
        (Pair("KGS", "UZS"), ("UZS", "KGS")),
        (Pair("EUR", "USD"), ()),
    ],
)
def test_the_money_that_everybody_names_tells_nothing(pair: Pair, codes: tuple[str, ...]) -> None:
    assert telling(pair) == codes


def test_words_that_mean_other_things_are_not_looked_for() -> None:
    assert searchable(["som", "sum", "сум", "Tenge", "$", "kyrgyz som"]) == ("сум", "tenge", "kyrgyz som")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Tenge slips to 475", True),
        ("Курс ТЕНГЕ: что дальше?", True),
        ("The “tenge”, again", True),
        ("Tengeler of Tengeville", False),
        ("", False),
    ],
)
def test_a_headline_names_the_money_by_a_whole_word(text: str, found: bool) -> None:
    assert names(text, ("tenge", "тенге")) is found


def test_an_article_of_the_week_end_stands_by_the_fixing_in_force() -> None:
    friday, tuesday = date(2026, 11, 20), date(2026, 11, 24)
    old, first, second, last = (
        Headline(1, date(2026, 11, 1), "Before"),
        Headline(2, friday, "Friday"),
        Headline(3, date(2026, 11, 22), "Sunday"),
        Headline(4, tuesday, "Tuesday"),
    )
    placed = beside((friday, tuesday), [first, last, second, old, last])
    assert placed == {friday: (second, first), tuesday: (last,)}
