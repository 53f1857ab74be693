"""Answers agree with exact fractions to the last digit shown, whatever a bank publishes."""

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.core.rates import Fixing, Pair, Quote, QuoteKind
from desktop.core.rates.numbers import decimal
from desktop.core.rates.quote_series import series
from desktop.core.rates.quotes import answer, format_change, format_rate, trend

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
BEFORE, TODAY = date(2026, 11, 20), date(2026, 11, 24)
USD_KZT, EUR_KZT = Pair("USD", "KZT"), Pair("EUR", "KZT")
few = settings(max_examples=60, derandomize=True, deadline=None, database=None)

prices = st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places), st.integers(10_000, 99_999_999), st.integers(2, 6)
)
nominals = st.sampled_from([1, 10, 100, 1000, 10000])


def quote(source, pair, price, nominal=1, day=TODAY):
    rate = price.scaleb(-(len(str(nominal)) - 1))
    return Quote(
        pair.base, pair.quote, rate, f"{price:f}", str(nominal), day, source, QuoteKind.OFFICIAL, NOW
    )


def exact(price, nominal=1):
    return Fraction(price) / nominal


def rounded(number, places):
    """An exact fraction to so many decimals, half away from zero."""
    shift = 10**places
    whole = (abs(number) * shift + Fraction(1, 2)).__floor__()
    return Fraction(whole if number >= 0 else -whole, shift)


def shown(rate, digits):
    """The text of a rate, and the exact value of the text's last sure digit."""
    return format_rate(rate, digits), Fraction(10) ** max(0, rate.adjusted() - digits + 1)


def agrees(shown_rate, true):
    """Whether the text is the exact number, rounded half up at the digit where the text ends."""
    text, whole = shown_rate
    return Fraction(text) == rounded(true / whole, places_of(text)) * whole


def places_of(text):
    return len(text.partition(".")[2])


def percent_text(number):
    value = rounded(number, 2)
    sign = "+" if value > 0 else "\u2212" if value < 0 else ""
    with localcontext(prec=80, rounding=ROUND_HALF_UP):
        return f"{sign}{Decimal(abs(value).numerator) / Decimal(abs(value).denominator):.2f} %"


@few
@given(prices, nominals)
def test_direct_and_inverse_show_the_exact_number(price, nominal):
    book = [quote("nbk", USD_KZT, price, nominal)]
    for pair, true in ((USD_KZT, exact(price, nominal)), (USD_KZT.inverse, 1 / exact(price, nominal))):
        found = answer(pair, TODAY, book, [], NOW)
        assert agrees(shown(found.rate, found.digits), true)


@few
@given(prices, nominals)
def test_an_inverse_never_claims_a_digit_that_the_published_number_does_not_carry(price, nominal):
    found = answer(USD_KZT.inverse, TODAY, [quote("nbk", USD_KZT, price, nominal)], [], NOW)
    last_digit = Fraction(10) ** (found.rate.adjusted() - found.digits + 1)
    half = Fraction(1, 2 * 10 ** places_of(f"{price:f}")) / nominal
    spread = 1 / (exact(price, nominal) - half) - 1 / exact(price, nominal)
    assert spread <= Fraction(51, 100) * last_digit


@few
@given(prices, prices)
def test_a_cross_shows_the_exact_number(dollar, euro):
    book = [quote("cbr", Pair("USD", "RUB"), dollar), quote("cbr", Pair("EUR", "RUB"), euro)]
    found = answer(Pair("EUR", "USD"), TODAY, book, [], NOW)
    assert agrees(shown(found.rate, found.digits), exact(euro) / exact(dollar))
    back = answer(Pair("USD", "EUR"), TODAY, book, [], NOW)
    assert abs(Fraction(found.rate) * Fraction(back.rate) - 1) < Fraction(1, 10**26)


@few
@given(prices, prices)
def test_changes_of_both_directions_are_those_of_exact_fractions(before, now):
    book = [quote("nbk", USD_KZT, before, day=BEFORE), quote("nbk", USD_KZT, now)]
    ratio = exact(now) / exact(before)
    assert format_change(answer(USD_KZT, TODAY, book, [], NOW)) == percent_text((ratio - 1) * 100)
    assert format_change(answer(USD_KZT.inverse, TODAY, book, [], NOW)) == percent_text((1 / ratio - 1) * 100)


@few
@given(prices, prices, prices, prices)
def test_the_change_of_a_cross_is_that_of_exact_fractions(dollar, euro, dollar_before, euro_before):
    rouble = Pair("USD", "RUB"), Pair("EUR", "RUB")
    book = [
        quote("cbr", rouble[0], dollar_before, day=BEFORE),
        quote("cbr", rouble[1], euro_before, day=BEFORE),
        quote("cbr", rouble[0], dollar),
        quote("cbr", rouble[1], euro),
    ]
    found = answer(Pair("EUR", "USD"), TODAY, book, [], NOW)
    if (dollar, euro) == (dollar_before, euro_before):
        assert found.change_percent is None
        return
    ratio = (exact(euro) / exact(dollar)) / (exact(euro_before) / exact(dollar_before))
    assert format_change(found) == percent_text((ratio - 1) * 100)


@few
@given(prices, st.integers(-50, 50))
def test_small_moves_are_never_shown_as_minus_zero(price, step):
    now = price + Decimal(step).scaleb(price.as_tuple().exponent)
    book = [quote("nbk", USD_KZT, price, day=BEFORE), quote("nbk", USD_KZT, now)]
    for pair in (USD_KZT, USD_KZT.inverse):
        found = answer(pair, TODAY, book, [], NOW)
        text = format_change(found)
        assert "-" not in text
        assert not text.startswith("\u22120.00")
        assert (text == "0.00 %") == (trend(found) == 0)


@few
@given(st.text(max_size=45))
def test_reading_a_number_gives_one_above_zero_or_refuses(text):
    for mark in (".", ","):
        try:
            value = decimal(text, mark)
        except ValueError:
            continue
        assert value.is_finite()
        assert value > 0


@few
@given(st.integers(1, 10**12), st.integers(0, 12), st.integers(4, 9))
def test_a_written_rate_is_the_rate_rounded_half_up(digits, places, wanted):
    rate = Decimal(digits).scaleb(-places)
    assert agrees(shown(rate, wanted), Fraction(rate))
    assert "e" not in format_rate(rate, wanted).lower()


# Two native banks over the dollar, a fixed rate, and the years: the same exactness on every way.

PEG = Quote("USD", "TMT", Decimal("3.5"), "3.5", "1", date(2015, 1, 1), "peg", QuoteKind.PEG, NOW)
USD_KGS = Pair("USD", "KGS")


def direction(value, is_inverse):
    return 1 / value if is_inverse else value


@few
@given(st.lists(st.tuples(prices, prices), min_size=2, max_size=2), nominals, st.booleans())
def test_a_cross_of_two_banks_and_its_change_are_those_of_exact_fractions(days, nominal, is_inverse):
    book = [
        quote(source, pair, price, nominal, day)
        for day, (tenge, som) in zip((BEFORE, TODAY), days, strict=True)
        for source, pair, price in (("nbk", USD_KZT, tenge), ("nbkr", USD_KGS, som))
    ]
    pair = Pair("KZT", "KGS") if is_inverse else Pair("KGS", "KZT")
    before, now = (direction(exact(tenge) / exact(som), is_inverse) for tenge, som in days)
    found = answer(pair, TODAY, book, [], NOW)
    assert found.source in ("nbkr+nbk", "nbk+nbkr")
    assert agrees(shown(found.rate, found.digits), now)
    if days[0][0] != days[1][0] and days[0][1] != days[1][1]:
        assert found.previous_rate is not None
        assert format_change(found) == percent_text((now / before - 1) * 100)


@few
@given(prices, nominals, st.booleans())
def test_a_cross_over_a_fixed_rate_shows_the_exact_number(price, nominal, is_inverse):
    pair = Pair("KZT", "TMT") if is_inverse else Pair("TMT", "KZT")
    found = answer(pair, TODAY, [quote("nbk", USD_KZT, price, nominal)], [PEG], NOW)
    assert agrees(shown(found.rate, found.digits), direction(exact(price, nominal) * 2 / 7, is_inverse))


@few
@given(
    st.lists(st.tuples(prices, prices), min_size=1, max_size=12),
    st.sampled_from(["USD/KZT", "KZT/USD", "KGS/KZT", "KZT/KGS", "EUR/USD", "USD/EUR", "TMT/KZT"]),
)
def test_every_point_of_a_history_is_the_exact_number_and_what_the_day_was_told(days, asked):
    """Business days from one Monday on; the second number is the som's and the euro's."""
    dates = [date(2026, 11, 2) + timedelta(days=n + 2 * (n // 5)) for n in range(len(days))]
    book = [
        each
        for day, (one, other) in zip(dates, days, strict=True)
        for each in (
            quote("nbk", USD_KZT, one, 1, day),
            quote("nbk", EUR_KZT, other, 1, day),
            quote("nbkr", USD_KGS, other, 1, day),
        )
    ]
    exactly = {
        "USD/KZT": lambda one, other: one,
        "KZT/USD": lambda one, other: 1 / one,
        "KGS/KZT": lambda one, other: one / other,
        "KZT/KGS": lambda one, other: other / one,
        "EUR/USD": lambda one, other: other / one,
        "USD/EUR": lambda one, other: one / other,
        "TMT/KZT": lambda one, other: one * 2 / 7,
    }[asked]
    true = {day: exactly(exact(one), exact(other)) for day, (one, other) in zip(dates, days, strict=True)}
    pair = Pair(*asked.split("/"))

    def read(source, published, first, last):
        rows = [
            Fixing(each.valid_from, each.rate, each.raw_value, each.raw_nominal)
            for each in [*book, PEG]
            if (each.source, each.base, each.quote) == (source, published.base, published.quote)
        ]
        before = [row for row in rows if row.valid_from <= first]
        return before[-1:] + [row for row in rows if first < row.valid_from <= last]

    points = series(pair, dates[0], dates[-1], read)
    for point in points:
        assert agrees(shown(point.rate, point.digits), true[point.valid_from])
        told = answer(pair, point.valid_from, book, [PEG], NOW)
        assert (told.rate, told.digits) == (point.rate, point.digits)
    assert {point.rate for point in points} >= {answer(pair, day, book, [PEG], NOW).rate for day in dates}
