"""Answers of the last minutes: what was shown before a feed is followed is its first fetch."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta

from desktop.net.http.values import Response

HELD_FOR = timedelta(minutes=5)
MOST = 16
LARGEST = 1_000_000  # bytes
MOST_BYTES = 2 * LARGEST


class Held:
    """The newest of them, by address. For any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: dict[str, tuple[datetime, Response]] = {}

    def keep(self, url: str, response: Response, now: datetime) -> None:
        """Keep the answer to a question for `url`, unless it is large."""
        if len(response.body) > LARGEST:
            return
        with self._lock:
            for address in {url, response.url}:
                self._answers.pop(address, None)
                kept = response if address == url else replace(response, moved_to="")
                self._answers[address] = now, kept
            while len(self._answers) > MOST or self._size() > MOST_BYTES:
                del self._answers[next(iter(self._answers))]

    def _size(self) -> int:
        return sum(len(kept.body) for _, kept in self._answers.values())

    def get(self, url: str, now: datetime) -> Response | None:
        """What came from an address, if that was a moment ago."""
        with self._lock:
            since, response = self._answers.get(url, (None, None))
        return response if since is not None and since <= now < since + HELD_FOR else None
