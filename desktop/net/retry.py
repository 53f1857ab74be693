"""How long a site wants to be left alone."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(hours=24)
USUAL = timedelta(minutes=10)


def retry_after(value: str, now: datetime) -> timedelta | None:
    """What a Retry-After header (seconds or an HTTP date) asks for, between a minute and a day; None if it
    says nothing."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return clamp(timedelta(seconds=min(int(text[:12]), 10**9)))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:  # "-0000": UTC without a place
        moment = moment.replace(tzinfo=UTC)
    return clamp(moment - now)


def clamp(wait: timedelta) -> timedelta:
    return min(max(wait, SHORTEST), LONGEST)


@dataclass(slots=True)
class _Pause:
    until: datetime
    strikes: int


class Pauses:
    """Which sites asked to be left alone, and until when. For any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pauses: dict[str, _Pause] = {}

    def until(self, site: str, now: datetime) -> datetime | None:
        """When the site may be asked again; None when it may be asked now."""
        with self._lock:
            pause = self._pauses.get(site)
            if (
                pause is None or not now < pause.until <= now + LONGEST
            ):  # a clock set back never pauses for longer
                return None
            return pause.until

    def pause(self, site: str, header: str, now: datetime, chance: float) -> datetime:
        """Leave a site alone as its Retry-After says; without one 10 minutes and some by `chance` (0 to 1),
        doubling."""
        with self._lock:
            old = self._pauses.get(site)
            strikes = old.strikes if old else 0
            wait = retry_after(header, now) or clamp(USUAL * 2 ** min(strikes, 10) * (1 + 0.2 * chance))
            self._pauses[site] = _Pause(now + wait, strikes + 1)
            return now + wait

    def clear(self, site: str) -> None:
        """The site answers again."""
        with self._lock:
            self._pauses.pop(site, None)
