"""For Pythons that shall believe another time: CLOCK_SHIFT seconds from the true one. The monotonic clock goes on.

libfaketime 0.9.10 would do it for the whole process, but spoils every timed wait and sleep of Python 3.11.
"""

from __future__ import annotations

import datetime as module
import os
import time

SHIFT = float(os.environ.get("CLOCK_SHIFT", "0"))
_true = time.time


def _now() -> float:
    return _true() + SHIFT


class _Turned(module.datetime):
    @classmethod
    def now(cls, tz: module.tzinfo | None = None) -> module.datetime:
        return cls.fromtimestamp(_now(), tz)


time.time = _now
module.datetime = _Turned  # type: ignore[misc]
