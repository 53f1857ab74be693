"""Notices within seconds when the pack may not be what it was: a picture file went or changed, or the store was
written to, by whomever."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.errors import AppError
from desktop.jobs.delivery import Delivery
from desktop.store import Store
from desktop.store.proof import Seen

GLANCE_MS = 2_500
LEISURE = 30  # a look or a glance is followed by so many times its length of rest


class PackWatch(QObject):
    """The GUI thread asks for the version of the store, which takes microseconds; the files are looked at in a thread,
    by their lengths and times alone. A watch on folders would not tell of a file that was cut."""

    stale = Signal()

    def __init__(
        self,
        reader: Store,
        pool: Executor,
        delivery: Delivery,
        is_busy: Callable[[], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._reader = reader
        self._pool = pool
        self._delivery = delivery
        self._is_busy = is_busy
        self.seen = Seen()
        self._version = -1
        self._glancing = False
        self.least_ms = GLANCE_MS
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.glance)

    def start(self) -> None:
        self._timer.start(self.least_ms)

    def stop(self) -> None:
        self._timer.stop()

    def begin_look(self) -> None:
        """What is written from now on calls for another look."""
        self._version = self._reader.version()

    def rest(self, seconds: float) -> None:
        """Something took so long: leave the machine to others for a while."""
        self._timer.setInterval(max(self.least_ms, round(seconds * 1000 * LEISURE)))

    def glance(self) -> None:
        """Tell by `stale` if anything has changed since the last look."""
        if self._is_busy() or self._glancing:
            return
        if self._reader.version() != self._version:
            self.stale.emit()
            return
        self._glancing = True
        self._delivery.run(self._pool, self._files, self._on_glanced, self._on_failed, self)

    def _files(self) -> tuple[bool, float]:
        begun = time.monotonic()
        return self.seen.changed(), time.monotonic() - begun

    def _on_glanced(self, result: tuple[bool, float]) -> None:
        self._glancing = False
        has_changed, seconds = result
        self.rest(seconds)
        if has_changed:
            self.stale.emit()

    def _on_failed(self, error: AppError) -> None:
        self._glancing = False
