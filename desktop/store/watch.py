"""Ending what takes too long in a thread that has no time to wait.

SQLite's own handler of progress is not called while FTS5 reads its lists; an interrupt from another thread is heard.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Watch:
    """While it is held, `end` is called once this thread has used its processor time or waited too long."""

    def __init__(self, end: Callable[[], None], cpu_s: float, wall_s: float) -> None:
        self._end = end
        self._cpu_s = cpu_s
        self._wall_s = wall_s
        self._clock = _clock_of_this_thread()
        self._done = threading.Condition()
        self._is_over = False

    def __enter__(self) -> None:
        self._started = time.monotonic()
        self._used = self._clock()
        self._thread = threading.Thread(target=self._follow, name="watch", daemon=True)
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        with self._done:
            self._is_over = True
            self._done.notify()
        self._thread.join()

    def _follow(self) -> None:
        with self._done:  # held while it ends something, so that nothing later is hit
            while not self._is_over:
                self._done.wait(self._cpu_s)
                if not self._is_over and self._is_late():
                    self._end()

    def _is_late(self) -> bool:
        waited = time.monotonic() - self._started
        return waited >= self._wall_s or self._clock() - self._used >= self._cpu_s


def _clock_of_this_thread() -> Callable[[], float]:
    """The processor time of the thread that asks for it now, readable from others; elsewhere the time of day serves."""
    find = getattr(time, "pthread_getcpuclockid", None)
    if find is None:
        return time.monotonic
    clock = find(threading.get_ident())
    return lambda: time.clock_gettime(clock)
