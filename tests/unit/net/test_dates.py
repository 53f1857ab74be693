"""Dates as feeds write them, all in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.net import dates


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        # RFC 822 and what is made of it
        ("Mon, 23 Nov 2026 15:00:00 +0500", utc(2026, 11, 23, 10)),
        ("Mon, 23 Nov 2026 15:00:00 GMT", utc(2026, 11, 23, 15)),
        ("Mon, 23 Nov 2026 15:00:00 -0330", utc(2026, 11, 23, 18, 30)),
        ("23 Nov 2026 15:00 Z", utc(2026, 11, 23, 15)),
        ("Mon,23 Nov 2026 15:00:00 +05:00", utc(2026, 11, 23, 10)),
        ("Monday, 23 November 2026 15:00:00 +0000", utc(2026, 11, 23, 15)),
        ("Thu, 1 Jan 04 19:48:21 GMT", utc(2004, 1, 1, 19, 48, 21)),
        ("Fri, 1 Jan 99 10:00:00 GMT", utc(1999, 1, 1, 10)),
        ("1 Jan 104 10:00:00 GMT", utc(2004, 1, 1, 10)),
        ("Mon, 23 Nov 2026", utc(2026, 11, 23)),
        ("23-Nov-2026 15:00:00 GMT", utc(2026, 11, 23, 15)),
        ("Thu Jan  1 19:48:21 2004", utc(2004, 1, 1, 19, 48, 21)),
        ("Mon, 23 Nov 2026 15:00:00 +0500 (PKT)", utc(2026, 11, 23, 10)),
        # zones by name
        ("Mon, 23 Nov 2026 15:00:00 MSK", utc(2026, 11, 23, 12)),
        ("Mon, 23 Nov 2026 15:00:00 МСК", utc(2026, 11, 23, 12)),
        ("Mon, 23 Nov 2026 15:00:00 EST", utc(2026, 11, 23, 20)),
        ("Mon, 23 Nov 2026 15:00:00 PDT", utc(2026, 11, 23, 22)),
        ("Mon, 23 Nov 2026 15:00:00 UZT", utc(2026, 11, 23, 10)),
        ("Mon, 23 Nov 2026 15:00:00 KGT", utc(2026, 11, 23, 9)),
        ("Mon, 23 Nov 2026 15:00:00 ALMT", utc(2026, 11, 23, 10)),
        ("Mon, 23 Nov 2020 15:00:00 ALMT", utc(2020, 11, 23, 9)),
        ("Mon, 23 Nov 2026 15:00:00 GMT+5", utc(2026, 11, 23, 10)),
        ("Mon, 23 Nov 2026 15:00:00 UTC-03:30", utc(2026, 11, 23, 18, 30)),
        # months and weekdays of the region
        ("Пн, 23 ноя 2026 15:00:00 +0600", utc(2026, 11, 23, 9)),
        ("23 ноября 2026 г., 15:00", utc(2026, 11, 23, 15)),
        ("1 мая 2026 09:30", utc(2026, 5, 1, 9, 30)),
        ("23 қараша 2026 15:00", utc(2026, 11, 23, 15)),
        ("2026 жылғы 5 шілде, 08:00", utc(2026, 7, 5, 8)),
        ("23 noyabr 2026 15:00", utc(2026, 11, 23, 15)),
        ("5 iyul 2026", utc(2026, 7, 5)),
        ("5 iyun 2026", utc(2026, 6, 5)),
        ("23 ноябри 2026, 15:00", utc(2026, 11, 23, 15)),
        # W3C, also where RFC 822 belongs
        ("2026-11-23T10:20:00+05:00", utc(2026, 11, 23, 5, 20)),
        ("2026-11-23T10:20:00.123456789Z", utc(2026, 11, 23, 10, 20)),
        ("2026-11-23T10:20Z", utc(2026, 11, 23, 10, 20)),
        ("2026-11-23 10:20:00", utc(2026, 11, 23, 10, 20)),
        ("2026-11-23", utc(2026, 11, 23)),
        ("2026-11", utc(2026, 11, 1)),
        ("20261123T102000Z", utc(2026, 11, 23, 10, 20)),
        ("2004-366", utc(2004, 12, 31)),
        # others
        ("23.11.2026 15:00", utc(2026, 11, 23, 15)),
        ("Jan 5, 2024 7:30 PM", utc(2024, 1, 5, 19, 30)),
        ("Monday, November 23, 2026 - 12:05 am", utc(2026, 11, 23, 0, 5)),
        ("1700000000", utc(2023, 11, 14, 22, 13, 20)),
        # the edges of a day
        ("2003-12-31T24:00:00Z", utc(2004, 1, 1)),
        ("Wed, 31 Dec 2003 24:00:00 +0000", utc(2004, 1, 1)),
        ("Thu, 01 Jan 2004 19:48:60 GMT", utc(2004, 1, 1, 19, 48, 59)),
        ("  \n Mon, 23 Nov 2026\t15:00:00 +0500 ", utc(2026, 11, 23, 10)),
    ],
)
def test_reads(text, moment):
    assert dates.parse(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "yesterday",
        "Mon, 31 Feb 2026 10:00:00 GMT",
        "Mon, 23 Nov 2026 25:00:00 GMT",
        "2026-13-01",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
        "Sat, 01 Jan 0001 06:00:00 GMT",
        "9999-06-01",
        "99 Foo 99999",
        "25:61",
        "9" * 5000,
    ],
)
def test_says_none_where_there_is_no_date(text):
    assert dates.parse(text) is None


def test_a_date_without_zone_is_in_the_zone_given():
    assert dates.parse("2026-11-23 10:20:00", timezone(timedelta(hours=5))) == utc(2026, 11, 23, 5, 20)


def test_a_named_zone_wins_over_the_zone_given():
    assert dates.parse("Mon, 23 Nov 2026 15:00:00 GMT", timezone(timedelta(hours=5))) == utc(2026, 11, 23, 15)


def test_a_date_in_the_future_is_given_as_published():
    assert dates.parse("Tue, 23 Nov 2077 15:00:00 +0000") == utc(2077, 11, 23, 15)


@given(st.text(max_size=60))
def test_any_text_gives_a_moment_in_utc_or_none(text):
    moment = dates.parse(text)
    assert moment is None or moment.tzinfo is UTC


@given(st.integers(0, 7_000_000_000), st.integers(-12 * 60, 14 * 60))
def test_w3c_dates_come_back(seconds, minutes):
    moment = datetime.fromtimestamp(seconds, timezone(timedelta(minutes=minutes)))
    assert dates.parse(moment.isoformat()) == moment
