"""When a source is asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.models import PollWish
from desktop.core.schedule import is_due, next_attempt, next_poll, rhythm

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def middle() -> float:
    return 0.5


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, 15), (1, 15), (2, 30), (3, 60), (7, 960), (8, 1440), (100, 1440)]
)
def test_each_failure_doubles_the_wait_up_to_a_day(failures: int, minutes: int):
    assert next_attempt(failures, NOON, None, middle) == NOON + timedelta(minutes=minutes)


def test_waits_differ_by_a_fifth_either_way():
    assert next_attempt(1, NOON, None, lambda: 0.0) == NOON + timedelta(minutes=12)
    assert next_attempt(1, NOON, None, lambda: 1.0) == NOON + timedelta(minutes=18)


def test_it_is_never_sooner_than_the_server_asked():
    assert next_attempt(1, NOON, NOON + 3 * HOUR, middle) == NOON + 3 * HOUR


def test_a_wish_that_is_already_past_changes_nothing():
    assert next_attempt(2, NOON, NOON - HOUR, middle) == NOON + timedelta(minutes=30)


def test_a_server_cannot_ask_for_more_than_a_day():
    assert next_attempt(1, NOON, NOON + 9000 * HOUR, middle) == NOON + 24 * HOUR


@given(st.integers(0, 10**6), st.floats(0, 1))
def test_a_wait_is_between_twelve_minutes_and_a_day(failures: int, chance: float):
    wait = next_attempt(failures, NOON, None, lambda: chance) - NOON
    assert timedelta(minutes=12) <= wait <= timedelta(days=1)


@pytest.mark.parametrize(
    ("interval", "ttl", "minutes"),
    [
        (HOUR, 0, 60),
        (HOUR, 180, 180),  # the feed asks for less
        (HOUR, 5, 60),
        (HOUR, 10**9, 1440),
        (HOUR, -5, 60),
    ],
)
def test_a_good_answer_is_followed_by_the_longer_of_interval_and_ttl(interval, ttl, minutes):
    assert next_poll(NOON, interval, PollWish(ttl), lambda: 0.0) == NOON + timedelta(minutes=minutes)


def test_polls_spread_by_a_tenth_later():
    assert next_poll(NOON, HOUR, PollWish(), lambda: 1.0) == NOON + timedelta(minutes=66)


def bits(*numbers: int) -> int:
    return sum(1 << number for number in numbers)


@pytest.mark.parametrize(
    ("wish", "due"),
    [
        (PollWish(skip_hours=bits(13, 14)), NOON + 3 * HOUR),
        (PollWish(skip_hours=bits(12)), NOON + HOUR),
        (PollWish(skip_days=bits(NOON.weekday())), (NOON + 24 * HOUR).replace(hour=0)),
        (PollWish(skip_hours=bits(*range(24))), NOON + 73 * HOUR),  # as long as is waited for, and no longer
        (PollWish(rhythm=24 * 60), NOON + 2 * HOUR),
        (PollWish(rhythm=10**7), NOON + 6 * HOUR),
        (PollWish(minutes=180, rhythm=24 * 60), NOON + 3 * HOUR),
    ],
)
def test_what_a_feed_wishes_is_heard(wish: PollWish, due: datetime):
    assert next_poll(NOON, HOUR, wish, lambda: 0.0) == due
    assert not is_due(due, NOON)


def test_the_rhythm_of_a_feed_is_that_of_its_newest_articles_or_its_silence():
    daily = [NOON - timedelta(days=day) for day in range(20)]
    assert rhythm(daily, NOON) == 24 * 60
    assert rhythm(daily[3:], NOON) == 3 * 24 * 60
    assert rhythm([*daily, NOON + 9 * HOUR], NOON) == 24 * 60  # what is to come says nothing
    assert rhythm(daily[:1], NOON) == rhythm([], NOON) == 0


@pytest.mark.parametrize(
    ("due", "answer"),
    [
        (None, True),
        (NOON, True),
        (NOON - HOUR, True),
        (NOON + HOUR, False),
        (NOON + 48 * HOUR, False),
        (NOON + 10_000 * HOUR, True),  # written by a clock that was wrong
    ],
)
def test_what_is_due(due: datetime | None, answer: bool):
    assert is_due(due, NOON) is answer


@pytest.mark.parametrize(
    ("last", "answer"),
    [(None, False), (NOON - HOUR, False), (NOON + timedelta(minutes=4), False), (NOON + 24 * HOUR, True)],
)
def test_a_clock_that_was_a_day_ahead_does_not_hold_the_next_refresh_up_for_a_day(
    last: datetime | None, answer: bool
):
    assert is_due(NOON + 25 * HOUR, NOON, last) is answer
