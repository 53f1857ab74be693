"""The change against the previous distinct fixing: copies skipped, inverses computed, never "-0"."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise

import pytest

from desktop.core.rates import Quote, QuoteKind
from desktop.core.rates.pairs import parse_pair
from desktop.core.rates.quotes import answer, format_change, format_rate, trend
from desktop.core.rates.sources import RULES

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PEG = Quote("USD", "TMT", Decimal("3.5"), "3.5", "1", date(2015, 1, 1), "peg", QuoteKind.PEG, NOW)


def quote(source, pair, raw, day, nominal="1", previous=""):
    base, other = pair.split("/")
    rate = Decimal(raw.replace(",", ".")) / Decimal(nominal)
    return Quote(
        base, other, rate, raw, nominal, date(2026, 11, day), source, RULES[source].kind, NOW, previous
    )


def series(source, pair, **days):
    return [quote(source, pair, raw, int(day[1:])) for day, raw in days.items()]


def change(pair, book, day=24):
    given = answer(parse_pair(pair), date(2026, 11, day), book, [PEG], NOW)
    return format_change(given), given.previous_from and given.previous_from.day


def test_the_change_is_against_the_fixing_before():
    book = series("nbk", "USD/KZT", d20="472.35", d24="473.18")
    assert change("USD/KZT", book) == ("+0.18 %", 20)


def test_the_inverse_change_is_computed_and_not_negated():
    book = series("nbk", "USD/KZT", d20="400.00", d24="500.00")
    assert change("USD/KZT", book)[0] == "+25.00 %"
    assert change("KZT/USD", book)[0] == "\u221220.00 %"


def test_the_change_is_not_rounded_before_it_is_shown():
    given = answer(
        parse_pair("USD/KZT"), date(2026, 11, 24), series("nbk", "USD/KZT", d20="3.00", d24="3.01"), [], NOW
    )
    assert given.change_percent == Decimal("0.3333333333333333333333333333")
    assert given.previous_rate == Decimal("3.00")


@pytest.mark.parametrize("day", [21, 22, 23, 24])
def test_a_weekends_copies_are_skipped(day):
    book = series(
        "nbt", "USD/TJS", d19="9.2702", d20="9.2650", d21="9.2650", d22="9.2650", d23="9.2671", d24="9.2598"
    )
    assert (
        change("USD/TJS", book, day)
        == {
            21: ("\u22120.06 %", 19),
            22: ("\u22120.06 %", 19),
            23: ("+0.02 %", 20),
            24: ("\u22120.08 %", 23),
        }[day]
    )


def test_a_mondays_copy_is_skipped_where_mondays_are_copies():
    book = series("nbk", "USD/KZT", d19="470.88", d20="472.35", d23="472.35")
    assert change("USD/KZT", book, 23) == ("+0.31 %", 19)


def test_one_unmoved_currency_is_not_a_copy_when_another_moved():
    book = [
        *series("nbkr", "USD/KGS", d18="87,4498", d19="87,4500", d20="87,4500", d21="87,4500"),
        *series("nbkr", "EUR/KGS", d18="101,0000", d19="101,1000", d20="101,2000", d21="101,3000"),
    ]
    assert change("USD/KGS", book, 21) == ("0.00 %", 20)


def test_a_holidays_copy_is_known_by_every_row_being_equal():
    book = [
        *series("nbt", "USD/TJS", d18="9.2702", d19="9.2650", d20="9.2650"),
        *series("nbt", "EUR/TJS", d18="10.7000", d19="10.7303", d20="10.7303"),
    ]
    assert change("USD/TJS", book, 20) == ("\u22120.06 %", 18)


def test_alone_an_equal_number_on_a_working_day_is_a_fixing():
    assert change("USD/KGS", series("nbkr", "USD/KGS", d18="87,40", d19="87,45", d20="87,45"), 20) == (
        "0.00 %",
        19,
    )


def test_the_banks_own_change_helps_where_nothing_earlier_is_stored():
    book = [quote("nbk", "USD/KZT", "472.35", 20, previous="470.88")]
    given = answer(parse_pair("USD/KZT"), date(2026, 11, 20), book, [], NOW)
    assert format_change(given) == "+0.31 %"
    assert (given.previous_rate, given.previous_from) == (Decimal("470.88"), None)


def test_the_banks_own_change_is_for_the_same_nominal():
    book = [quote("cbu", "IRR/UZS", "0.80", 24, nominal="10", previous="0.40")]
    assert change("IRR/UZS", book)[0] == "+100.00 %"


def test_a_document_that_says_itself_that_nothing_moved_is_a_copy():
    monday = [
        quote("nbk", "USD/KZT", "472.35", 23, previous="472.35"),
        quote("nbk", "EUR/KZT", "548.02", 23, previous="548.02"),
    ]
    assert change("USD/KZT", monday, 23) == ("\u2014", None)
    friday = [quote("nbk", "USD/KZT", "472.35", 20, previous="470.88")]
    assert change("USD/KZT", monday + friday, 23) == ("+0.31 %", None)


def test_an_unmoved_number_among_moved_ones_is_a_true_zero():
    book = [
        quote("nbk", "USD/KZT", "472.35", 24, previous="472.35"),
        quote("nbk", "EUR/KZT", "548.02", 24, previous="547.00"),
    ]
    assert change("USD/KZT", book) == ("0.00 %", None)


def test_a_fixing_that_was_missed_is_taken_from_the_banks_own_word():
    book = [
        quote("cbu", "USD/UZS", "12071.13", 20, previous="12079.18"),
        quote("cbu", "USD/UZS", "12075.20", 24, previous="12080.55"),
    ]
    assert change("USD/UZS", book) == ("\u22120.04 %", None)


def test_without_a_missing_day_the_stored_fixing_counts():
    book = [
        quote("cbu", "USD/UZS", "12080.55", 23),
        quote("cbu", "USD/UZS", "12075.20", 24, previous="12080.00"),
    ]
    assert change("USD/UZS", book) == ("\u22120.04 %", 23)


def test_a_new_nominal_is_no_move():
    book = [
        quote("nbk", "UZS/KZT", "3.91", 20, nominal="100"),
        quote("nbk", "UZS/KZT", "39.10", 24, nominal="1000"),
    ]
    assert change("UZS/KZT", book) == ("0.00 %", 20)


def test_a_cross_compares_both_days_crosses():
    book = [
        *series("cbr", "EUR/RUB", d21="91,4726", d24="91,6685"),
        *series("cbr", "USD/RUB", d21="78,8421", d24="79,1064"),
    ]
    now, before = Decimal("91.6685") / Decimal("79.1064"), Decimal("91.4726") / Decimal("78.8421")
    assert change("EUR/USD", book) == (f"\u2212{abs((now / before - 1) * 100):.2f} %", 21)


def test_a_cross_with_one_unknown_yesterday_has_no_change():
    book = [*series("nbk", "USD/KZT", d20="472.35", d24="473.18"), *series("nbkr", "USD/KGS", d24="87,4500")]
    coarse = answer(parse_pair("KGS/KZT"), date(2026, 11, 24), book, [], NOW)
    assert format_change(coarse) == "\u2014"


def test_legs_whose_former_days_do_not_fit_give_no_change():
    book = [
        *series("nbk", "USD/KZT", d23="472.35", d24="473.18"),
        *series("nbkr", "USD/KGS", d16="87,40", d24="87,4500"),
    ]
    assert change("KGS/KZT", book)[0] == "\u2014"


def test_the_peg_does_not_move_in_a_cross():
    book = series("nbk", "USD/KZT", d20="472.35", d24="473.18")
    assert change("TMT/KZT", book) == ("+0.18 %", 20)


def test_nothing_earlier_is_a_dash():
    assert change("USD/KZT", series("nbk", "USD/KZT", d24="473.18")) == ("\u2014", None)


@pytest.mark.parametrize(
    ("before", "after", "sign"), [("473.18", "473.19", 0), ("473.18", "475.00", 1), ("475.00", "473.18", -1)]
)
def test_the_arrow_agrees_with_what_is_shown(before, after, sign):
    book = series("nbk", "USD/KZT", d20=before, d24=after)
    given = answer(parse_pair("USD/KZT"), date(2026, 11, 24), book, [], NOW)
    assert trend(given) == sign


# The ticker of a page that many people read, on nine days: rate and percent as it printed them.
PAGE = {
    "2024-12-05": ("0.01152 0", "0.00191 0", "0.09168 0.11", "0.00008 0", "0.28490 0"),
    "2025-03-05": ("0.01144 0", "0.00200 -0", "0.09196 0.55", "0.00008 0", "0.28615 0.14"),
    "2025-06-05": ("0.01144 0", "0.00189 -0", "0.10442 0", "0.00008 0", "0.28490 0"),
    "2025-12-07": ("0.01143 -0", "0.00198 -0", "0.10899 0.65", "0.00008 -0", "0.28490 -0.28"),
    "2025-12-08": ("0.01144 0", "0.00196 -0", "0.10899 -0", "0.00008 -0", "0.28490 0"),
    "2025-12-09": ("0.01144 0", "0.00194 -0", "0.10896 -0", "0.00008 0", "0.28571 0.28"),
    "2025-12-11": ("0.01144 0", "0.00193 -0", "0.10876 0.55", "0.00008 0", "0.28490 0"),
    "2025-12-15": ("0.01144 0", "0.00194 0", "0.10879 -0.18", "0.00008 0", "0.28490 0"),
    "2025-12-16": ("0.01144 0", "0.00194 -0", "0.10877 -0", "0.00008 0", "0.28571 0.28"),
}
NATIVE = {"KGS": ("nbkr", 4), "KZT": ("nbk", 2), "TJS": ("nbt", 4), "UZS": ("cbu", 2)}


def _dollar_prices(column, currency):
    """What a bank may have published for the dollar on those days; UZS is far finer than printed."""
    source, places = NATIVE[currency]
    for index, (day, row) in enumerate(PAGE.items()):
        printed = Decimal(row[column].split()[0])
        price = Decimal(12000 + 7 * index) if currency == "UZS" else 1 / printed
        raw = f"{price:.{places}f}"
        valid = date.fromisoformat(day)
        text = raw.replace(".", ",") if RULES[source].mark == "," else raw
        yield Quote("USD", currency, Decimal(raw), text, "1", valid, source, QuoteKind.OFFICIAL, NOW)


@pytest.mark.parametrize(("column", "currency"), list(enumerate(NATIVE)))
def test_the_wrong_numbers_of_the_page_are_never_shown(column, currency):
    book = list(_dollar_prices(column, currency))
    for before, quoted in pairwise(book):
        given = answer(parse_pair(f"{currency}/USD"), quoted.valid_from, book, [PEG], NOW)
        text, moved = format_rate(given.rate, min(5, given.digits)), format_change(given)
        assert len(text.replace(".", "").lstrip("0")) >= 4
        assert abs(Decimal(text) * quoted.rate - 1) < Decimal("0.00006")
        assert not moved.startswith("-")
        assert "-0" not in moved
        assert (moved == "0.00 %") == (abs(before.rate / quoted.rate - 1) < Decimal("0.00005"))


@pytest.mark.parametrize("day", PAGE)
def test_a_peg_does_not_move_as_it_did_on_the_page(day):
    given = answer(parse_pair("TMT/USD"), date.fromisoformat(day), [], [PEG], NOW)
    assert (format_rate(given.rate, 5), format_change(given)) == ("0.28571", "pegged")
