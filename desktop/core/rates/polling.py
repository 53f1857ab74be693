"""When a source of rates is asked again after a good answer: around the hours at which it publishes.

Failures are the business of `core.schedule.next_attempt`. Every moment is aware and in UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from desktop.core.rates.rule import SourceRule

PATIENCE = timedelta(hours=6)  # so long a number that is late is asked for at the person's own interval
OVERDUE = timedelta(hours=6)  # the longest wait while a working day's number is missing
LONGEST = timedelta(days=7)
_LOOK_AHEAD = 14


def next_poll(rule: SourceRule, now: datetime, newest: date | None, interval: timedelta) -> datetime:
    """When to ask next, where `newest` is the last date that the source has a number for.

    Right after the next hour of publication; after one that brought nothing every `interval`, for six hours; and
    while something is missing at least four times a day. Never sooner than `interval`.
    """
    soonest = now + interval
    if newest is None or not rule.works:
        return soonest
    if rule.cadence_days > 1:
        renewed = newest + timedelta(days=rule.cadence_days)
        return max(soonest, min(_published(rule, renewed), now + LONGEST))
    last, following = _around(rule, now)
    if _dated(rule, last) > newest and now - last < PATIENCE:
        return soonest
    if rule.missed(newest, rule.local(now).date() + timedelta(days=int(rule.next_day)), now):
        following = min(following, now + OVERDUE)
    return max(soonest, following)


def _around(rule: SourceRule, now: datetime) -> tuple[datetime, datetime]:
    """The last hour of publication up to `now`, and the next after it."""
    today = rule.local(now).date()
    days = [today + timedelta(days=n) for n in range(-_LOOK_AHEAD, _LOOK_AHEAD)]
    hours = [_at(rule, day) for day in days if day.weekday() in rule.works]
    return max(hour for hour in hours if hour <= now), min(hour for hour in hours if hour > now)


def _dated(rule: SourceRule, published: datetime) -> date:
    """The earliest date that what is published at an hour may bear."""
    return rule.local(published).date() + timedelta(days=int(rule.next_day))


def _published(rule: SourceRule, dated: date) -> datetime:
    return _at(rule, dated - timedelta(days=int(rule.next_day)))


def _at(rule: SourceRule, day: date) -> datetime:
    zone = timezone(timedelta(hours=rule.utc_hours))
    return datetime.combine(day, rule.publishes_at, zone).astimezone(UTC)
