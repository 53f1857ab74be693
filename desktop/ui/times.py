"""Moments, days and numbers as the window writes them: short, in local time, the same on every system."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo

from desktop.core.days import MONTHS, day

__all__ = ["age", "articles", "count", "day", "full", "month", "spoken_day", "weekday"]

_SPOKEN_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MINUTE_S = 60
_HOUR_S = 3_600
_DAY_S = 86_400
_WEEK_DAYS = 7


def age(when: datetime, now: datetime) -> str:
    """How long ago, as short as a list wants it: "now", "5 min", "3 h", "2 d", "24 Nov", "24 Nov 2025"."""
    seconds = (now - when).total_seconds()
    if seconds < _MINUTE_S:
        return "now"
    if seconds < _HOUR_S:
        return f"{int(seconds // _MINUTE_S)} min"
    if seconds < _DAY_S:
        return f"{int(seconds // _HOUR_S)} h"
    if seconds < _WEEK_DAYS * _DAY_S:
        return f"{int(seconds // _DAY_S)} d"
    return day(_local(when, None).date(), _local(now, None).date())


def full(when: datetime, zone: tzinfo | None = None) -> str:
    """The local date and time, whole: "Tue 24 Nov 2026, 14:05"."""
    local = _local(when, zone)
    return f"{weekday(local.date())}, {local:%H:%M}"


def month(when: date) -> str:
    """A month without its year: "Nov"."""
    return MONTHS[when.month - 1]


def weekday(when: date) -> str:
    """A day, whole: "Tue 24 Nov 2026"."""
    return f"{_WEEKDAYS[when.weekday()]} {when.day} {month(when)} {when.year}"


def spoken_day(when: date, today: date) -> str:
    """A day as it is read out: "24 November", with its year where that differs from today's."""
    words = f"{when.day} {_SPOKEN_MONTHS[when.month - 1]}"
    return words if when.year == today.year else f"{words} {when.year}"


def count(number: int) -> str:
    """A number of things: "1,312"."""
    return f"{number:,}"


def articles(number: int) -> str:
    """So many articles: "1 article", "1,312 articles"."""
    return "1 article" if number == 1 else f"{count(number)} articles"


def _local(when: datetime, zone: tzinfo | None) -> datetime:
    """In `zone`, or in the system's; a moment that the system's calendar cannot hold stays in UTC."""
    try:
        return when.astimezone(zone)
    except (OverflowError, OSError, ValueError):
        return when.astimezone(UTC)
