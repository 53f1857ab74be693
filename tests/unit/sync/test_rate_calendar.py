"""The change of a pair on awkward days, from the banks' documents over loopback to the answer that is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest

from desktop.core.rates import Pair, RateAnswer
from desktop.core.rates.quotes import Freshness, format_change, freshness
from desktop.demo.bank_calendar import USUAL, Scenario
from desktop.demo.market import Market
from desktop.demo.numbers_text import rounded
from desktop.demo.site import SEED, DemoSite
from desktop.sync.answers import rate_of, series_of
from desktop.sync.report import Plan
from tests.unit.sync.conftest import Desk

START = date(2026, 11, 24)  # a Tuesday, from which the demo's market is made
PLACES = {"KZT": 2, "KGS": 4, "TJS": 4, "UZS": 2}
RATES = Plan(news=False)
HOLIDAY = date(2026, 11, 18)  # a Wednesday
WEDNESDAY_OFF = Scenario(holidays=frozenset({HOLIDAY}))


class Banks:
    """The demo's banks on a day of one's choice, and a profile that asks them."""

    def __init__(self, desk: Desk, site: DemoSite) -> None:
        self.desk = desk
        self.site = site
        self.scenario: Scenario = USUAL
        self._market = Market(SEED, START)

    def at(self, day: date, hour_utc: int = 12) -> None:
        """Let it be that hour, without a refresh."""
        self.desk.now = datetime(day.year, day.month, day.day, hour_utc, tzinfo=UTC)
        self.site.set_banks(self.desk.now, self.scenario)

    def refresh(self, day: date, hour_utc: int = 12) -> None:
        self.at(day, hour_utc)
        summary = self.desk.refresh(RATES)
        assert [done.error for done in summary.rates if done.error is not None and not done.is_witness] == []

    def ask(self, base: str, quote: str, day: date) -> RateAnswer:
        return self.desk.do(lambda store: rate_of(store, Pair(base, quote), day, self.desk.now))

    def price(self, currency: str, session: date) -> Decimal:
        """What the currency's own bank made of a session, for a dollar."""
        return rounded(self._market.price("USD", currency, session), PLACES[currency])


@pytest.fixture
def banks(desk: Desk) -> Iterator[Banks]:
    with DemoSite(datetime(2026, 11, 24, 12, tzinfo=UTC), articles=6) as site:
        for key, value in site.config().items():
            desk.do(lambda store, key=key, value=value: store.settings.set(key, value))
        yield Banks(desk, site)
        assert site.errors == []


def percent(now: Decimal, before: Decimal) -> Decimal:
    return round(Decimal(float((Fraction(now) / Fraction(before) - 1) * 100)), 10)


def assert_moved(told: RateAnswer, now: Decimal, before: Decimal) -> None:
    """The answer is the one number, and its change is against the other."""
    assert told.rate == now
    assert told.previous_rate == before
    assert told.change_percent is not None
    assert round(told.change_percent, 10) == percent(now, before)


def on(day: int) -> date:
    return date(2026, 11, day)


# Which session stands behind the rate of a day: the afternoon before, and on Tuesday still Monday's.
FRIDAY_TO_MONDAY = {20: 19, 21: 20, 22: 20, 23: 20}


@pytest.mark.parametrize("currency", ["KZT", "KGS"])
def test_over_a_week_end_fridays_change_stands_and_is_never_zero_by_a_copy(
    banks: Banks, currency: str
) -> None:
    for day in (18, 19, 20, 21, 22, 23):
        banks.refresh(on(day), 12)
    for day, session in FRIDAY_TO_MONDAY.items():
        told = banks.ask("USD", currency, on(day))
        assert_moved(told, banks.price(currency, on(session)), banks.price(currency, on(session - 1)))
        inverse = banks.ask(currency, "USD", on(day))
        now, before = banks.price(currency, on(session)), banks.price(currency, on(session - 1))
        assert inverse.change_percent is not None
        assert round(inverse.change_percent, 10) == percent(before, now)


@pytest.mark.parametrize("currency", ["TJS", "UZS"])
def test_banks_that_date_by_working_days_show_fridays_change_until_monday(
    banks: Banks, currency: str
) -> None:
    for day in (18, 19, 20, 21, 22, 23):
        banks.refresh(on(day), 5)  # in the morning: Tajikistan's is not out before eleven, Monday's neither
    for day in (20, 21, 22):
        told = banks.ask("USD", currency, on(day))
        session = {"TJS": {20: 18, 21: 19, 22: 19}, "UZS": {20: 19, 21: 19, 22: 19}}[currency][day]
        assert_moved(told, banks.price(currency, on(session)), banks.price(currency, on(session - 1)))


def test_over_a_holiday_nothing_is_fresh_nothing_is_zero_and_nothing_is_stale(banks: Banks) -> None:
    """On Wednesday nobody works: Tuesday's session stands on Wednesday and on Thursday."""
    banks.scenario = WEDNESDAY_OFF
    for day in (13, 16, 17, 18, 19):
        banks.refresh(on(day), 12)
    for currency in ("KZT", "KGS"):
        for day in (18, 19):
            told = banks.ask("USD", currency, on(day))
            assert_moved(told, banks.price(currency, on(17)), banks.price(currency, on(16)))
            assert freshness(told, on(day), banks.desk.now) in (Freshness.FRESH, Freshness.AGEING)
        banks.refresh(on(20), 12)
        told = banks.ask("USD", currency, on(20))
        assert_moved(told, banks.price(currency, on(19)), banks.price(currency, on(17)))
        banks.at(on(19), 12)


def test_a_carried_document_is_kept_and_is_no_fixing(banks: Banks) -> None:
    """Tajikistan publishes on a holiday too: the day before's table under the new date."""
    banks.scenario = WEDNESDAY_OFF
    for day in (13, 16, 17, 18):
        banks.refresh(on(day), 12)
    told = banks.ask("USD", "TJS", on(18))
    assert told.valid_from == on(18)
    assert_moved(told, banks.price("TJS", on(16)), banks.price("TJS", on(13)))
    points = banks.desk.do(lambda store: series_of(store, Pair("USD", "TJS"), on(16), on(18), "nbt"))
    assert [point.valid_from for point in points] == [on(16), on(17)]


def test_a_number_for_tomorrow_is_told_as_such_and_becomes_todays_at_midnight(banks: Banks) -> None:
    banks.refresh(on(19), 12)
    banks.refresh(on(23), 12)  # the evening of Monday in Almaty
    today = banks.ask("USD", "KZT", on(23))
    assert today.rate != banks.price("KZT", on(23))
    assert today.upcoming is not None
    assert (today.upcoming.valid_from, today.upcoming.rate) == (on(24), banks.price("KZT", on(23)))
    assert banks.ask("KZT", "USD", on(23)).upcoming == today.upcoming
    banks.at(on(24), 1)
    tomorrow = banks.ask("USD", "KZT", on(24))
    assert tomorrow.upcoming is None
    assert_moved(tomorrow, banks.price("KZT", on(23)), banks.price("KZT", on(20)))


def test_after_a_day_without_a_network_the_banks_own_word_gives_the_change(banks: Banks) -> None:
    """Kazakhstan and Uzbekistan publish their change; the others are compared with what is stored, and say of when."""
    banks.refresh(on(17), 12)
    banks.refresh(on(20), 5)
    told = banks.ask("USD", "KZT", on(20))
    assert_moved(told, banks.price("KZT", on(19)), banks.price("KZT", on(18)))
    assert told.previous_from is None  # it is not stored: the bank tells of it
    som = banks.ask("USD", "UZS", on(20))
    assert_moved(som, banks.price("UZS", on(19)), banks.price("UZS", on(18)))
    kyrgyz = banks.ask("USD", "KGS", on(20))
    assert_moved(kyrgyz, banks.price("KGS", on(19)), banks.price("KGS", on(17)))
    assert kyrgyz.previous_from == on(18)


@pytest.mark.parametrize(("currency", "usual", "new"), [("AMD", 10, 100), ("KGS", 1, 10)])
def test_a_new_nominal_is_no_move(banks: Banks, currency: str, usual: int, new: int) -> None:
    changes: Mapping[tuple[str, str], tuple[date, int]] = {("nbk", currency): (on(20), new)}
    banks.scenario = Scenario(nominals=changes)
    pair = Pair(currency, "KZT")
    banks.desk.do(lambda store: store.watchlists.pin(pair))
    for day in (17, 18, 19, 20):
        banks.refresh(on(day), 5)
    before, now = (
        banks.desk.do(lambda store, day=day: rate_of(store, pair, on(day), banks.desk.now, "nbk"))
        for day in (19, 20)
    )
    assert [leg.raw_nominal for leg in (*before.legs, *now.legs)] == [str(usual), str(new)]
    assert before.rate is not None
    assert now.rate is not None
    assert now.change_percent is not None
    assert abs(now.change_percent) < 3
    assert abs(now.rate / before.rate - 1) < Decimal("0.03")


def test_a_fixed_rate_never_moves_whatever_a_bank_prints(banks: Banks) -> None:
    for day in (17, 18, 19, 20):
        banks.refresh(on(day), 12)
        told = banks.ask("TMT", "USD", on(day))
        assert (format_change(told), told.change_percent) == ("pegged", 0)
    assert len(banks.desk.do(lambda store: series_of(store, Pair("USD", "TMT"), on(1), on(20)))) == 1


def test_a_month_day_by_day_never_shows_a_change_that_no_session_made(banks: Banks) -> None:
    banks.scenario = WEDNESDAY_OFF
    seen: dict[str, set[Decimal]] = {}
    for n in range(16):
        day = on(9) + timedelta(days=n)
        banks.refresh(day, 12)
        for currency in PLACES:
            told = banks.ask("USD", currency, day)
            if n > 3:
                assert told.change_percent is not None, (currency, day)
                seen.setdefault(currency, set()).add(round(told.change_percent, 8))
    for currency, shown in seen.items():
        sessions = [
            day for day in (on(2) + timedelta(days=n) for n in range(23)) if WEDNESDAY_OFF.is_workday(day)
        ]
        true = {
            round(percent(banks.price(currency, b), banks.price(currency, a)), 8)
            for a, b in pairwise(sessions)
        }
        assert shown <= true, currency
