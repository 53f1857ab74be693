"""When each source is asked again: by its hour and zone, over week-ends, when it is late, when nothing is known."""

from datetime import UTC, date, datetime, timedelta

import pytest

from desktop.core.rates.polling import next_poll
from desktop.core.rates.sources import RULES

HOUR = timedelta(hours=1)


def at(text):
    """ "24 10:30" of November 2026, in UTC; the 24th is a Tuesday."""
    day, clock = text.split()
    hours, minutes = clock.split(":")
    return datetime(2026, 11, int(day), int(hours), int(minutes), tzinfo=UTC)


@pytest.mark.parametrize(
    ("source", "now", "newest", "due"),
    [
        # Kazakhstan publishes at 15:30 in Almaty (10:30 UTC) for the next day.
        ("nbk", "24 03:00", 24, "24 10:30"),
        ("nbk", "24 10:00", 24, "24 11:00"),  # never sooner than the interval
        ("nbk", "24 10:40", 24, "24 11:40"),  # it is late: every hour
        ("nbk", "24 10:40", 25, "25 10:30"),  # it is there: tomorrow
        ("nbk", "24 16:29", 24, "24 17:29"),
        ("nbk", "24 16:31", 24, "24 22:31"),  # patience is over, but a working day's number is missing
        ("nbk", "25 05:00", 24, "25 10:30"),
        ("nbk", "27 10:40", 28, "30 10:30"),  # Friday's is there: on Monday
        ("nbk", "27 10:40", 27, "27 11:40"),
        ("nbk", "27 17:00", 27, "30 10:30"),  # Friday without a fixing: it may be a holiday
        ("nbk", "28 09:00", 28, "30 10:30"),
        ("nbk", "29 09:00", 24, "29 15:00"),  # something is missing even on Sunday
        # Kyrgyzstan an hour further east, Russia in the evening, Uzbekistan for the next business day.
        ("nbkr", "24 03:00", 24, "24 09:30"),
        ("cbr", "24 03:00", 24, "24 15:00"),
        ("cbu", "27 12:00", 30, "30 11:00"),
        ("cbu", "27 12:00", 27, "27 13:00"),
        # Tajikistan sets it in the morning of the day itself.
        ("nbt", "24 05:00", 23, "24 06:00"),
        ("nbt", "24 06:10", 23, "24 07:10"),
        ("nbt", "24 06:10", 24, "25 06:00"),
        ("nbt", "27 06:10", 27, "30 06:00"),
        # The ECB at a quarter past four, Central European time.
        ("ecb", "24 10:00", 23, "24 15:15"),
        ("ecb", "27 16:00", 27, "30 15:15"),
        # A weekly table after a week, an aggregator every day.
        ("nbkr.weekly", "24 10:00", 21, "27 09:30"),
        ("nbkr.weekly", "29 10:00", 21, "29 11:00"),
        ("fawaz", "28 03:00", 28, "29 02:00"),
    ],
)
def test_the_next_question(source, now, newest, due):
    assert next_poll(RULES[source], at(now), date(2026, 11, newest), HOUR) == at(due)


def test_a_source_that_gave_nothing_is_asked_after_the_interval():
    assert next_poll(RULES["nbk"], at("24 03:00"), None, HOUR) == at("24 04:00")


@pytest.mark.parametrize("source", [source for source in RULES if source != "peg"])
@pytest.mark.parametrize("interval", [timedelta(minutes=1), HOUR, timedelta(days=2)])
def test_from_any_hour_of_a_fortnight_the_wait_is_bounded_by_the_interval_and_a_week(source, interval):
    rule = RULES[source]
    for hours in range(14 * 24):
        now = at("16 00:00") + timedelta(hours=hours)
        for behind in (-1, 0, 1, 3, 30):
            due = next_poll(rule, now, now.date() - timedelta(days=behind), interval)
            assert interval <= due - now <= max(interval, timedelta(days=7))


@pytest.mark.parametrize("source", ["nbk", "nbkr", "nbt", "cbu", "cbr", "ecb", "tcmb", "cbar", "nbg"])
def test_a_bank_that_keeps_its_hours_is_asked_little_more_than_once_a_working_day(source):
    """Five minutes after its hour a bank has the new number; a fortnight of polls then costs few questions."""
    rule, now, asked = RULES[source], at("16 12:00"), 0
    while now < at("30 12:00"):
        days = [now.date() + timedelta(days=n - 6) for n in range(8)]
        hours = {day: datetime.combine(day, rule.publishes_at, UTC) for day in days if day.weekday() < 5}
        moment = timedelta(hours=rule.utc_hours)
        out = [day for day, hour in hours.items() if hour - moment + timedelta(minutes=5) <= now]
        now = next_poll(rule, now, max(out) + timedelta(days=int(rule.next_day)), HOUR)
        asked += 1
    assert 10 <= asked <= 22
