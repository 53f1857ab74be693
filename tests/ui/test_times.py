"""Moments and numbers as the window writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from desktop.ui.times import age, count, day, full

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (timedelta(seconds=-5), "now"),
        (timedelta(seconds=59), "now"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=23, minutes=59), "23 h"),
        (timedelta(days=1), "1 d"),
        (timedelta(days=6, hours=23), "6 d"),
        (timedelta(days=8), "16 Nov"),
        (timedelta(days=400), "20 Oct 2025"),
    ],
)
def test_an_age_is_as_short_as_a_list_wants_it(ago, shown):
    assert age(NOW - ago, NOW) == shown


def test_a_moment_ahead_of_the_clock_is_now():
    assert age(NOW + timedelta(days=3), NOW) == "now"


def test_a_full_moment_is_in_the_zone_that_is_asked_for():
    assert full(NOW, timezone(timedelta(hours=5))) == "Tue 24 Nov 2026, 14:00"


def test_a_full_moment_at_the_calendars_edge_does_not_fail():
    edge = datetime(1, 1, 1, tzinfo=UTC)
    assert full(edge, timezone(timedelta(hours=-5))) == "Mon 1 Jan 1, 00:00"


def test_a_day_names_its_year_only_where_it_differs():
    assert day(date(2026, 11, 24)) == "24 Nov"
    assert day(date(2026, 1, 3), date(2026, 11, 24)) == "3 Jan"
    assert day(date(2025, 1, 3), date(2026, 11, 24)) == "3 Jan 2025"


def test_a_count_has_thousands_marks():
    assert [count(number) for number in (0, 999, 1312, 1_000_000)] == ["0", "999", "1,312", "1,000,000"]
