"""A pair through the years: the same numbers as day by day, one point a fixing, no hop between sources, no cliff."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from desktop.core.rates import Fixing, Pair, Quote, QuoteKind
from desktop.core.rates.numbers import per_unit
from desktop.core.rates.pairs import parse_pair
from desktop.core.rates.quote_series import series
from desktop.core.rates.quotes import answer, needed
from desktop.core.rates.sources import RULES

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
PEGS = [
    Quote("USD", "TMT", Decimal("2.85"), "2.85", "1", date(2009, 1, 1), "peg", QuoteKind.PEG, NOW),
    Quote("USD", "TMT", Decimal("3.5"), "3.5", "1", date(2015, 1, 1), "peg", QuoteKind.PEG, NOW),
]


def quote(source, pair, raw, day, nominal="1"):
    base, other = pair.split("/")
    rate = per_unit(Decimal(raw.replace(",", ".")), Decimal(nominal))
    return Quote(base, other, rate, raw, nominal, day, source, RULES[source].kind, NOW)


class Shelf:
    """Quotes as the store hands them out, and how many rows of them were read."""

    def __init__(self, book):
        self.book = sorted([*book, *PEGS], key=lambda quote: quote.valid_from)
        self.read_rows = 0

    def read(self, source, pair, first, last):
        rows = [
            Fixing(each.valid_from, each.rate, each.raw_value, each.raw_nominal)
            for each in self.book
            if (each.source, each.base, each.quote) == (source, pair.base, pair.quote)
            and each.valid_from <= last
        ]
        before = [row for row in rows if row.valid_from <= first]
        self.read_rows += len(before[-1:] + rows[len(before) :])
        return before[-1:] + rows[len(before) :]


def points(pair, book, first=date(2026, 1, 1), last=TODAY, source=""):
    return series(parse_pair(pair), first, last, Shelf(book).read, source)


def weekdays(first, last):
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]


def banks(first, last):
    """Two native banks, one document of many currencies, and carried copies at week-ends."""
    for at, day in enumerate(weekdays(first, last)):
        tenge, som = Decimal("473.18") + at % 7, Decimal("87.4500") + at % 5
        euro = Decimal("548.02") + at % 11
        copies = [day] if day.weekday() < 4 else [day, day + timedelta(days=1), day + timedelta(days=2)]
        for copy in copies:
            yield quote("nbk", "USD/KZT", f"{tenge}", copy)
            yield quote("nbk", "EUR/KZT", f"{euro}", copy)
        yield quote("nbkr", "USD/KGS", f"{som}".replace(".", ","), day)
        yield quote("nbkr", "EUR/KGS", f"{som + at % 3}".replace(".", ","), day)
        yield quote("cbr", "USD/RUB", f"{79 + at % 4},1064", day)
        yield quote("cbr", "GEL/RUB", f"{29 + at % 3},1930", day)


@pytest.mark.parametrize(
    "pair", ["USD/KZT", "KZT/USD", "KGS/KZT", "GEL/USD", "USD/TMT", "TMT/KZT", "EUR/USD", "KZT/GEL"]
)
@pytest.mark.parametrize("source", ["", "nbk", "cbr"])
def test_every_point_is_what_the_day_by_day_answer_says(pair, source):
    first = date(2026, 8, 3)
    book = list(banks(first, TODAY))
    asked = parse_pair(pair)
    found = points(pair, book, first, TODAY, source)
    for point in found:
        told = answer(asked, point.valid_from, book, PEGS, NOW, source)
        assert (point.rate, point.digits, point.source) == (told.rate, told.digits, told.source), point
    dates = [point.valid_from for point in found]
    assert dates == sorted(set(dates))
    daily = [answer(asked, day, book, PEGS, NOW, source) for day in weekdays(first, TODAY)]
    assert {told.rate for told in daily} - {None} == {point.rate for point in found}


def test_copies_of_a_week_end_are_no_points():
    first = date(2026, 8, 3)
    found = points("USD/KZT", banks(first, TODAY), first)
    assert [point.valid_from for point in found] == weekdays(first, TODAY)


def test_a_holidays_copy_is_no_point_but_an_unmoved_number_among_moved_ones_is():
    days = [date(2026, 11, 17) + timedelta(days=n) for n in range(4)]
    dollars = [quote("nbt", "USD/TJS", raw, day) for raw, day in zip(("9.26",) * 4, days, strict=True)]
    euros = [
        quote("nbt", "EUR/TJS", raw, day)
        for raw, day in zip(("10.71", "10.72", "10.72", "10.73"), days, strict=True)
    ]
    found = points("USD/TJS", [*dollars, *euros])
    assert [point.valid_from.day for point in found] == [17, 18, 20]


def test_the_first_point_is_the_one_in_force_on_the_first_day():
    book = [quote("nbk", "USD/KZT", "470.00", date(2026, 11, 13)), quote("nbk", "USD/KZT", "471.00", TODAY)]
    found = points("USD/KZT", book, date(2026, 11, 15))
    assert [point.valid_from.day for point in found] == [13, 24]


def test_another_source_fills_in_only_where_the_bank_has_nothing_for_two_weeks():
    bank = [quote("nbk", "USD/KZT", "473.18", date(2026, 11, day)) for day in (2, 3, 6, 24)]
    other = [
        row
        for day in weekdays(date(2026, 10, 1), TODAY)
        for row in (
            quote("cbr", "USD/RUB", "79,1064", day),
            quote("cbr", "KZT/RUB", f"16,{7000 + day.day}", day, nominal="100"),
        )
    ]
    found = points("USD/KZT", [*bank, *other], date(2026, 10, 1))
    by_source = {}
    for point in found:
        by_source.setdefault(point.source, []).append(point.valid_from)
    assert by_source["nbk"] == [date(2026, 11, day) for day in (2, 3, 6, 24)]
    assert by_source["cbr"] == [
        *weekdays(date(2026, 10, 1), date(2026, 10, 30)),
        *weekdays(date(2026, 11, 21), date(2026, 11, 23)),
    ]


def test_only_the_rows_that_are_needed_are_read():
    first = date(2026, 8, 3)
    shelf = Shelf(banks(first, TODAY))
    found = series(Pair("USD", "KZT"), first, TODAY, shelf.read)
    copies = sum(each.source == "nbk" and each.base == "USD" for each in shelf.book)
    assert shelf.read_rows == 2 * copies  # the dollar, and the euro that tells which of them are copies
    assert len(found) < copies
    assert shelf.read_rows < len(shelf.book) / 2


def test_a_chart_over_the_belarusian_redenomination_has_no_cliff():
    book = [
        quote("cbr", "BYR/RUB", "32,1500", date(2016, 6, 29), nominal="10000"),
        quote("cbr", "BYR/RUB", "32,0500", date(2016, 6, 30), nominal="10000"),
        quote("cbr", "BYN/RUB", "32,0100", date(2016, 7, 1)),
        quote("cbr", "BYN/RUB", "31,9000", date(2016, 7, 2)),
        *(
            quote("cbr", "USD/RUB", "64,2575", date(2016, month, day))
            for month, day in ((6, 29), (6, 30), (7, 1), (7, 2))
        ),
    ]
    span = (date(2016, 6, 1), date(2016, 7, 31))
    assert [str(point.rate) for point in points("BYN/RUB", book, *span)] == [
        "32.1500",
        "32.0500",
        "32.0100",
        "31.9000",
    ]
    inverse = points("RUB/BYN", book, *span)
    assert [f"{point.rate:.5f}" for point in inverse] == ["0.03110", "0.03120", "0.03124", "0.03135"]
    cross = points("USD/BYN", book, *span)
    assert [point.source for point in cross] == ["cbr"] * 4
    assert all(Decimal("1.99") < point.rate < Decimal("2.02") for point in cross)
    told = answer(Pair("BYN", "RUB"), date(2016, 6, 30), book, PEGS, NOW)
    assert (told.rate, told.change_percent is not None) == (Decimal("32.0500"), True)
    assert (told.legs[0].raw_value, told.legs[0].raw_nominal) == ("32,0500", "1.0000")
    assert "BYR" in needed(Pair("BYN", "RUB"), date(2016, 6, 30))
    assert "BYR" not in needed(Pair("BYN", "RUB"), date(2016, 11, 1))


def test_a_change_over_the_redenomination_is_that_of_the_money_and_not_of_its_zeros():
    book = [
        quote("cbr", "BYR/RUB", "32,0500", date(2016, 6, 30), nominal="10000"),
        quote("cbr", "BYN/RUB", "32,0100", date(2016, 7, 1)),
    ]
    told = answer(Pair("BYN", "RUB"), date(2016, 7, 1), book, PEGS, NOW)
    assert told.previous_rate == Decimal("32.0500")


def test_a_source_that_is_chosen_answers_alone():
    book = list(banks(date(2026, 11, 2), TODAY))
    pair = Pair("USD", "KZT")
    assert {point.source for point in points("KZT/USD", book, source="nbk")} == {"nbk"}
    assert points("USD/KZT", book, source="cbu") == []
    assert answer(pair, TODAY, book, PEGS, NOW, "cbu").rate is None
    assert answer(Pair("KGS", "KZT"), TODAY, book, PEGS, NOW, "nbk").rate is None
    assert answer(Pair("EUR", "USD"), TODAY, book, PEGS, NOW, "nbk").source == "nbk"
    assert answer(Pair("USD", "TMT"), TODAY, book, PEGS, NOW, "peg").kind is QuoteKind.PEG


def test_a_cross_of_a_coarse_number_is_refused_and_a_banks_own_coarse_number_is_shown_with_its_digits():
    book = [quote("nbk", "KGS/KZT", "5.4", TODAY), quote("nbk", "UZS/KZT", "3.93", TODAY, nominal="100")]
    assert answer(Pair("KGS", "UZS"), TODAY, book, PEGS, NOW).rate is None
    assert points("KGS/UZS", book) == []
    (point,) = points("UZS/KZT", book)
    assert (point.rate, point.digits) == (Decimal("0.0393"), 3)
