"""Which number answers a pair: direct, inverse, cross, peg; in which order, how exact, how old."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from desktop.core.rates import Quote, QuoteKind
from desktop.core.rates.pairs import parse_pair
from desktop.core.rates.quotes import (
    Freshness,
    answer,
    format_change,
    format_rate,
    freshness,
    trend,
)
from desktop.core.rates.sources import RULES

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def quote(source, pair, raw, day=24, nominal="1", previous="", month=11):
    rule = RULES[source]
    base, other = pair.split("/")
    rate = Decimal(raw.replace(",", ".")) / Decimal(nominal)
    valid_from = date(2026, month, day)
    return Quote(base, other, rate, raw, nominal, valid_from, source, rule.kind, NOW, previous)


PEGS = [
    Quote("USD", "TMT", Decimal("2.85"), "2.85", "1", date(2009, 1, 1), "peg", QuoteKind.PEG, NOW),
    Quote("USD", "TMT", Decimal("3.5"), "3.5", "1", date(2015, 1, 1), "peg", QuoteKind.PEG, NOW),
    Quote("USD", "AED", Decimal("3.6725"), "3.6725", "1", date(2003, 1, 1), "peg", QuoteKind.PEG, NOW),
]
KZT = quote("nbk", "USD/KZT", "473.18")
KGS = quote("nbkr", "USD/KGS", "87,4500")
CBR = [quote("cbr", "USD/RUB", "79,1064"), quote("cbr", "KZT/RUB", "16,7180", nominal="100")]
ERAPI = [
    quote("erapi", "USD/KZT", "473.5"),
    quote("erapi", "USD/KGS", "87.6"),
    quote("erapi", "USD/GEL", "2.7098"),
]


def ask(pair, book, day=TODAY, now=NOW):
    return answer(parse_pair(pair), day, book, PEGS, now)


def shown(pair, book, **more):
    given = ask(pair, book, **more)
    return None if given.rate is None else format_rate(given.rate, given.digits)


def test_a_banks_own_number_is_given_as_published():
    given = ask("USD/KZT", [*CBR, *ERAPI, KZT])
    assert (given.rate, given.source, given.kind, given.legs) == (
        Decimal("473.18"),
        "nbk",
        QuoteKind.OFFICIAL,
        (KZT,),
    )
    assert (given.digits, given.valid_from, given.age_days, given.stale) == (5, TODAY, 0, False)


def test_the_inverse_stays_official_and_is_divided_exactly():
    given = ask("KZT/USD", [KZT])
    assert given.kind is QuoteKind.OFFICIAL
    assert given.rate == Decimal("0.002113360666131281964580075236")
    assert format_rate(given.rate, given.digits) == "0.0021134"


@pytest.mark.parametrize(
    ("raw", "source", "pair", "inverse"),
    [
        ("87,4500", "nbkr", "USD/KGS", "0.0114351"),
        ("9.2598", "nbt", "USD/TJS", "0.10799"),
        ("12075.20", "cbu", "USD/UZS", "0.0000828144"),
        ("5.4", "nbk", "KGS/KZT", "0.185"),
    ],
)
def test_an_inverse_shows_no_digit_that_is_not_sure(raw, source, pair, inverse):
    base, other = pair.split("/")
    assert shown(f"{other}/{base}", [quote(source, pair, raw)]) == inverse


def test_an_inverse_that_comes_out_even_keeps_its_zeros():
    assert shown("KZT/USD", [quote("nbk", "USD/KZT", "500")]) == "0.002000"


def test_published_zeros_count_where_a_source_leaves_them_out():
    assert ask("USD/KZT", [quote("nbk", "USD/KZT", "473")]).digits == 5


def test_the_nominal_is_read():
    assert shown("KZT/RUB", [CBR[1]]) == "0.16718"


def test_a_cross_of_two_rows_of_one_document():
    book = [quote("cbr", "EUR/RUB", "91,6685"), quote("cbr", "USD/RUB", "79,1064")]
    given = ask("EUR/USD", book)
    assert given.kind is QuoteKind.DERIVED
    assert (given.source, len(given.legs)) == ("cbr", 2)
    assert format_rate(given.rate, 5) == "1.1588"


def test_rows_of_different_dates_are_not_one_document():
    book = [quote("cbr", "EUR/RUB", "91,6685"), quote("cbr", "USD/RUB", "79,1064", day=21)]
    assert ask("EUR/USD", book).rate is None


def test_two_native_banks_meet_over_the_dollar_when_the_direct_number_is_too_coarse():
    coarse = quote("nbk", "KGS/KZT", "5.4")
    given = ask("KGS/KZT", [coarse, KZT, KGS])
    assert (given.kind, given.source) == (QuoteKind.DERIVED, "nbkr+nbk")
    assert format_rate(given.rate, given.digits) == "5.411"


def test_the_older_leg_gives_the_date_and_more_than_a_working_day_apart_is_refused():
    assert ask("KGS/KZT", [quote("nbk", "USD/KZT", "473.18", day=20), KGS]).valid_from == date(2026, 11, 20)
    assert ask("KGS/KZT", [quote("nbk", "USD/KZT", "473.18", day=18), KGS]).rate is None


def test_a_coarse_number_is_better_than_none():
    given = ask("KGS/KZT", [quote("nbk", "KGS/KZT", "5.41")])
    assert (given.digits, format_rate(given.rate, given.digits)) == (3, "5.41")


def test_the_peg_is_exact_and_pegged():
    given = ask("TMT/USD", [quote("erapi", "USD/TMT", "3.51")])
    assert (given.kind, format_rate(given.rate, 5), format_change(given)) == (
        QuoteKind.PEG,
        "0.28571",
        "pegged",
    )
    assert (given.age_days, given.stale, trend(given)) == (0, False, 0)
    assert freshness(given, TODAY, NOW) is Freshness.FRESH


def test_a_former_peg_answers_for_its_own_days():
    assert ask("USD/TMT", [], day=date(2012, 5, 1)).rate == Decimal("2.85")
    assert ask("USD/TMT", [], day=date(2008, 5, 1)).rate is None


def test_a_peg_is_one_leg_of_a_cross():
    given = ask("TMT/KZT", [KZT])
    assert format_rate(given.rate, given.digits) == "135.19"
    assert (given.source, given.kind, given.valid_from) == ("peg+nbk", QuoteKind.DERIVED, TODAY)


def test_two_pegs_make_a_peg():
    given = ask("TMT/AED", [])
    assert (given.kind, format_change(given), format_rate(given.rate, 5)) == (
        QuoteKind.PEG,
        "pegged",
        "1.0493",
    )


def test_the_row_that_contradicts_the_peg_is_never_used():
    assert ask("TMT/UZS", [quote("cbu", "TMT/UZS", "4036.57")]).rate is None
    given = ask("TMT/UZS", [quote("cbu", "TMT/UZS", "4036.57"), quote("cbu", "USD/UZS", "12075.20")])
    assert format_rate(given.rate, 6) == "3450.06"


def test_the_bank_of_russia_answers_where_the_native_bank_is_silent():
    given = ask("USD/KZT", [*CBR, *ERAPI])
    assert (given.source, format_rate(given.rate, given.digits)) == ("cbr", "473.18")


def test_the_aggregator_comes_last_and_is_named():
    given = ask("USD/KGS", ERAPI)
    assert (given.source, given.kind) == ("erapi", QuoteKind.BLENDED)
    assert ask("KGS/GEL", ERAPI).source == "erapi"
    assert ask("KGS/GEL", ERAPI).kind is QuoteKind.DERIVED


def test_nothing_known_is_said_so():
    given = ask("GEL/KZT", [KZT])
    assert (given.rate, given.kind, given.source, format_change(given)) == (None, None, "", "\u2014")
    assert freshness(given, TODAY, NOW) is Freshness.UNKNOWN


def test_a_number_for_tomorrow_is_upcoming_and_not_todays():
    tomorrow = quote("nbkr", "USD/KGS", "87,5000", day=25)
    given = ask("USD/KGS", [KGS, tomorrow])
    assert (given.rate, given.upcoming) == (KGS.rate, tomorrow)
    assert ask("KGS/USD", [KGS, tomorrow]).upcoming == tomorrow
    assert ask("USD/KGS", [tomorrow]).rate is None
    assert ask("USD/KGS", [tomorrow]).upcoming == tomorrow
    assert ask("USD/KGS", [KGS, tomorrow], day=date(2026, 11, 25)).upcoming is None


def test_a_past_day_has_no_upcoming_number():
    book = [quote("nbk", "USD/KZT", "470.88", day=19), KZT]
    given = ask("USD/KZT", book, day=date(2026, 11, 20))
    assert (given.rate, given.upcoming, given.age_days) == (Decimal("470.88"), None, 1)


def test_the_number_fetched_last_counts():
    later = Quote(
        "USD", "KZT", Decimal("473.20"), "473.20", "1", TODAY, "nbk", QuoteKind.OFFICIAL, NOW.replace(hour=9)
    )
    assert ask("USD/KZT", [later, KZT]).rate == Decimal("473.20")


def test_after_fourteen_days_a_number_is_last_known_and_no_leg():
    old = [quote("nbk", "USD/KZT", "470.88", day=9), quote("nbkr", "USD/KGS", "87,4500", day=9)]
    given = ask("USD/KZT", old)
    assert (given.rate, given.stale, given.age_days) == (Decimal("470.88"), True, 15)
    assert ask("KZT/USD", old).stale
    assert ask("KGS/KZT", old).rate is None


def test_of_last_known_numbers_a_far_newer_one_is_given():
    old = quote("nbk", "USD/KZT", "470.88", month=9)
    assert ask("USD/KZT", [old, quote("erapi", "USD/KZT", "480", day=1)]).source == "erapi"
    assert ask("USD/KZT", [old, quote("erapi", "USD/KZT", "480", day=30, month=9)]).source == "nbk"


def test_an_old_bank_number_gives_way_to_one_that_is_much_newer():
    silent = quote("nbk", "USD/KZT", "460.00", day=16)
    assert ask("USD/KZT", [silent, *CBR]).source == "cbr"
    assert ask("USD/KZT", [silent]).stale


def test_offline_all_sources_age_together_and_the_bank_stays():
    day, now = date(2026, 11, 29), datetime(2026, 11, 29, 8, tzinfo=UTC)
    book = [quote("nbk", "USD/KZT", "470.88", day=20), quote("erapi", "USD/KZT", "471", day=21)]
    given = ask("USD/KZT", book, day=day, now=now)
    assert (given.source, given.stale) == ("nbk", True)


@pytest.mark.parametrize(
    ("source", "valid", "now", "expected"),
    [
        ("cbr", 21, "2026-11-23T06:00", Freshness.FRESH),  # Saturday's stands on Monday
        ("nbk", 20, "2026-11-22T06:00", Freshness.FRESH),
        ("nbt", 20, "2026-11-23T04:00", Freshness.FRESH),  # 9 in the morning in Dushanbe
        ("nbt", 20, "2026-11-23T10:00", Freshness.AGEING),
        ("nbt", 16, "2026-11-20T10:00", Freshness.STALE),
        ("cbr", 19, "2026-11-24T08:00", Freshness.AGEING),
        ("nbkr.weekly", 21, "2026-11-28T08:00", Freshness.FRESH),
        ("nbkr.weekly", 21, "2026-11-29T08:00", Freshness.AGEING),
        ("nbkr.weekly", 16, "2026-11-28T08:00", Freshness.STALE),
    ],
)
def test_freshness_follows_the_working_days_of_the_source(source, valid, now, expected):
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    pair = "USD/" + RULES[source].home
    given = ask(
        pair,
        [quote(source, pair, "87,4500" if source != "nbt" else "9.2598", day=valid)],
        moment.date(),
        moment,
    )
    assert freshness(given, moment.date(), moment) is expected


def test_the_new_year_break_of_russia_does_not_go_stale():
    last = quote("cbr", "USD/RUB", "79,1064", day=31, month=12)
    now = datetime(2027, 1, 10, 8, tzinfo=UTC)
    given = ask("USD/RUB", [last], now.date(), now)
    assert freshness(given, now.date(), now) is not Freshness.STALE


def test_quotes_of_a_source_that_is_not_known_are_left_alone():
    stranger = Quote("USD", "KZT", Decimal(1), "1", "1", TODAY, "elsewhere", QuoteKind.OFFICIAL, NOW)
    assert ask("USD/KZT", [stranger]).rate is None
    assert ask("USD/KZT", [stranger, KZT]).rate == KZT.rate


def test_the_clock_of_a_source_is_its_own():
    late = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)
    assert RULES["nbkr"].local(late).date() == date(2026, 11, 25)
    assert RULES["erapi"].local(late).hour == 20
