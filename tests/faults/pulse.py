"""How late this machine is: what a deadline was missed by may be the machine's doing, and then no program keeps it."""

from __future__ import annotations

import threading
import time
from types import TracebackType

BEAT_S = 0.02


class Pulse:
    """A thread that wants to wake every fiftieth of a second; `late_s` is the most by which it did not."""

    def __init__(self) -> None:
        self.late_s = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="pulse")

    def __enter__(self) -> Pulse:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _beat(self) -> None:
        woke = time.monotonic()
        while not self._ended.wait(BEAT_S):
            now = time.monotonic()
            self.late_s = max(self.late_s, now - woke - BEAT_S)
            woke = now
