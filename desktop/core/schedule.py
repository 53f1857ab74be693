"""When a source is asked again. Every moment is aware and in UTC; `random` gives numbers from 0 to 1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from desktop.core.models import PollWish

FIRST_WAIT = timedelta(minutes=15)
LONGEST_WAIT = timedelta(hours=24)
JITTER = 0.2
LONGEST_SKIP = timedelta(days=3)
HOUR = timedelta(hours=1)
SET_BACK = timedelta(minutes=5)  # a clock that is kept right goes back by less
LOOKS = 12  # between two articles of a feed that publishes seldom
LONGEST_RHYTHM = timedelta(hours=6)
RHYTHM_OF = 10  # the newest articles tell how often a feed publishes


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


def next_poll(
    now: datetime,
    interval: timedelta,
    wish: PollWish,
    random: Callable[[], float],
    *,
    follow_rhythm: bool = True,
) -> datetime:
    """When to ask again after a good answer: after the person's interval, or later where the feed or its server wish
    it (a day at most), or where it publishes seldom and `follow_rhythm`; up to 10 % later so that sources spread out,
    and not within the hours and days that the feed wants skipped."""
    wished = min(timedelta(minutes=max(wish.minutes, 0)), LONGEST_WAIT)
    rhythm = min(timedelta(minutes=max(wish.rhythm, 0)) / LOOKS, LONGEST_RHYTHM)
    wait = max(interval, wished, rhythm if follow_rhythm else timedelta())
    return _unskipped(now + wait * (1 + JITTER / 2 * random()), wish, random)


def is_due(next_due: datetime | None, now: datetime, last: datetime | None = None) -> bool:
    """Whether a source should be asked that was asked `last`; a moment that no wait reaches, or a last time that is
    still to come, is of a clock that was wrong."""
    if next_due is None or next_due <= now or next_due > now + 2 * LONGEST_WAIT + LONGEST_SKIP:
        return True
    return last is not None and last > now + SET_BACK


def is_skipped(wish: PollWish, now: datetime) -> bool:
    """Whether a feed wants to be left alone in this hour."""
    return bool(wish.skip_hours >> now.hour & 1 or wish.skip_days >> now.weekday() & 1)


def rhythm(published: Sequence[datetime], now: datetime) -> int:
    """Minutes from one article of a feed to the next: the median of the newest, or how long it has been silent where
    that is longer. 0 where fewer than two have a date."""
    newest = sorted((moment for moment in published if moment <= now), reverse=True)[:RHYTHM_OF]
    if len(newest) < 2:
        return 0
    gaps = sorted(later - earlier for later, earlier in pairwise(newest))
    return max(gaps[len(gaps) // 2], now - newest[0]) // timedelta(minutes=1)


def _unskipped(moment: datetime, wish: PollWish, random: Callable[[], float]) -> datetime:
    """The moment, or the first hour after it that is not to be skipped, some minutes into it by chance."""
    end, later = moment + LONGEST_SKIP, moment
    while later < end and is_skipped(wish, later):
        later = later.replace(minute=0, second=0, microsecond=0) + HOUR
    return moment if later == moment else later + HOUR * JITTER * random()


def _spread(random: Callable[[], float]) -> float:
    return 1 - JITTER + 2 * JITTER * random()
