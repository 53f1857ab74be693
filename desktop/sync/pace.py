"""How fast one host is asked for many things."""

from __future__ import annotations

import time
from collections.abc import Callable

PACE_S = 1.0


class Pace:
    """Called before each request; lets `seconds` pass between the beginnings of two."""

    def __init__(
        self,
        seconds: float = PACE_S,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._seconds = seconds
        self._clock = clock
        self._sleep = sleep
        self._last: float | None = None
        self.requests = 0

    def __call__(self) -> None:
        if self._last is not None and (left := self._last + self._seconds - self._clock()) > 0:
            self._sleep(left)
        self._last = self._clock()
        self.requests += 1
