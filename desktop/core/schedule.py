"""When a source is asked again. Every moment is aware and in UTC; `random` gives numbers from 0 to 1."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

FIRST_WAIT = timedelta(minutes=15)
LONGEST_WAIT = timedelta(hours=24)
JITTER = 0.2


def next_attempt(
    failures: int, now: datetime, retry_at: datetime | None, random: Callable[[], float]
) -> datetime:
    """When to ask again after so many failures in a row: 15 minutes doubling to a day, ±20 %, and never
    before `retry_at` (which counts for a day at most)."""
    doublings = min(max(failures, 1) - 1, 10)
    wait = min(FIRST_WAIT * 2.0**doublings, LONGEST_WAIT) * _spread(random)
    attempt = now + min(wait, LONGEST_WAIT)
    if retry_at is None:
        return attempt
    return max(attempt, min(retry_at, now + LONGEST_WAIT))


def next_look(failures: int, now: datetime) -> datetime:
    """When to look again at a page that was read and did not serve: a day, doubling to 32 days."""
    return now + LONGEST_WAIT * 2.0 ** min(max(failures, 1) - 1, 5)


def next_poll(now: datetime, interval: timedelta, ttl_minutes: int, random: Callable[[], float]) -> datetime:
    """When to ask again after a good answer: the person's interval, or the feed's own `ttl` where that is
    longer (a day at most), up to 10 % later so that sources spread out."""
    ttl = min(timedelta(minutes=max(ttl_minutes, 0)), LONGEST_WAIT)
    wait = max(interval, ttl)
    return now + wait * (1 + JITTER / 2 * random())


def is_due(next_due: datetime | None, now: datetime) -> bool:
    """Whether a source should be asked; a moment more than two days ahead is a clock that was wrong."""
    return next_due is None or next_due <= now or next_due > now + 2 * LONGEST_WAIT


def _spread(random: Callable[[], float]) -> float:
    return 1 - JITTER + 2 * JITTER * random()
