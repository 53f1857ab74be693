"""How long a site wants to be left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.net.retry import LONGEST, SHORTEST, Pauses, retry_after

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", 2 * MINUTE),
        (" 600 ", 10 * MINUTE),
        ("0", SHORTEST),
        ("5", SHORTEST),
        ("999999999999999999999", LONGEST),
        ("Mon, 02 Mar 2026 12:30:00 GMT", 30 * MINUTE),
        ("Monday, 02-Mar-26 12:30:00 GMT", 30 * MINUTE),
        ("Mon, 02 Mar 2026 12:30:00 -0000", 30 * MINUTE),
        ("Mon, 02 Mar 2026 17:30:00 +0500", 30 * MINUTE),
        ("Mon, 02 Mar 2026 11:00:00 GMT", SHORTEST),
        ("Wed, 02 Mar 2036 12:30:00 GMT", LONGEST),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("٣", None),
        ("Mon, 99 Mar 2026 12:30:00 GMT", None),
    ],
)
def test_seconds_and_dates_between_a_minute_and_a_day(header: str, wait: timedelta | None):
    assert retry_after(header, NOON) == wait


@given(st.text(max_size=40))
def test_any_text_is_a_wait_or_none(header: str):
    wait = retry_after(header, NOON)
    assert wait is None or SHORTEST <= wait <= LONGEST


def test_a_site_is_left_alone_until_the_moment_it_named():
    pauses = Pauses()
    until = pauses.pause("a.example", "600", NOON, 0.0)
    assert until == NOON + 10 * MINUTE
    assert pauses.until("a.example", NOON + 9 * MINUTE) == until
    assert pauses.until("a.example", until) is None
    assert pauses.until("b.example", NOON) is None


def test_without_a_moment_the_pause_doubles_up_to_a_day_and_spreads():
    pauses = Pauses()
    waits = [pauses.pause("a.example", "", NOON, 0.0) - NOON for _ in range(9)]
    assert waits[:3] == [10 * MINUTE, 20 * MINUTE, 40 * MINUTE]
    assert waits[-1] == LONGEST
    assert pauses.pause("b.example", "", NOON, 1.0) - NOON == 12 * MINUTE


def test_a_good_answer_ends_the_doubling():
    pauses = Pauses()
    pauses.pause("a.example", "", NOON, 0.0)
    pauses.clear("a.example")
    assert pauses.until("a.example", NOON) is None
    assert pauses.pause("a.example", "", NOON, 0.0) == NOON + 10 * MINUTE


def test_a_clock_that_was_set_back_does_not_pause_for_years():
    pauses = Pauses()
    pauses.pause("a.example", "600", NOON, 0.0)
    assert pauses.until("a.example", NOON - timedelta(days=400)) is None
