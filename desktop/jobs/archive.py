"""Older articles for the window: what an archive would bring, and the walk through it, one at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.jobs.delivery import Delivery
from desktop.jobs.progress import Progress
from desktop.sync.lane import StoreLane

if TYPE_CHECKING:
    from desktop.net.http import Http
    from desktop.sync.backfill import Backfill
    from desktop.sync.backfill_report import Backfilled, Estimate, Filled

__all__ = ["Archive", "Backfilled", "Estimate"]

LABEL = "older articles"


class Archive(QObject):
    """Estimates and walks on the threads that answer dialogs; the pace of a walk leaves them idle."""

    filled = Signal(object)  # Changes: put in their places, not announced as new
    progress_changed = Signal(object)  # Progress
    ended = Signal(int, object)  # the source, Backfilled

    def __init__(
        self,
        lane: StoreLane,
        http: Callable[[], Http],
        delivery: Delivery,
        pool: Executor,
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lane = lane
        self._http = http
        self._delivery = delivery
        self._pool = pool
        self._now = now
        self._stopping = threading.Event()
        self.source_id = 0  # whose archive is walked now; 0 for none
        self.progress = Progress()

    def estimate(
        self,
        source_id: int,
        since: datetime | None,
        done: Callable[[Estimate], None],
        failed: Callable[[AppError], None],
        owner: QObject,
    ) -> None:
        """Ask what a walk would bring, down to `since` or to the beginning of the archive."""
        self._stopping.clear()

        def job() -> Estimate:
            return self._backfill().estimate(source_id, since)

        self._delivery.run(self._pool, job, done, failed, owner)

    def fill(
        self,
        source_id: int,
        *,
        since: datetime | None = None,
        most: int | None = None,
        expected: int | None = None,
    ) -> None:
        """Close the gaps of a source and walk on to `most` new articles, to `since` or to the end; nothing while
        another is walked."""
        if self.source_id:
            return
        self.source_id = source_id
        self._stopping.clear()
        self._show(Progress(True, 0, most or expected or 0, LABEL))

        def job() -> Backfilled:
            return self._backfill().run(source_id, most=most, since=since, expected=expected)

        self._delivery.run(self._pool, job, self._on_done, self._on_failed, self)

    def stop(self) -> None:
        """End the walk; what has come is kept, and the next one goes on from there."""
        self._stopping.set()
        if self.source_id:
            self._http().stop()

    def show_after(self, other: Progress) -> None:
        """Show the progress again where that of other work stood in its place and has ended, well or not."""
        if self.source_id and not other.running:
            self._show(self.progress)

    def _backfill(self) -> Backfill:
        from desktop.sync.backfill import Backfill  # parsers are loaded by the first request
        from desktop.sync.pace import Pace

        http = self._http()
        if not self._stopping.is_set():
            http.resume()
        pause = self._lane(lambda store: store.settings.get("archive.pause", 1.0))
        pace = Pace(pause, sleep=self._stopping.wait)
        return Backfill(
            http, self._lane, self._report_in_thread, self._now, pace=pace, stopped=self._stopping.is_set
        )

    def _report_in_thread(self, filled: Filled) -> None:
        self._delivery.post(lambda: self._on_filled(filled))

    def _on_filled(self, filled: Filled) -> None:
        self._show(Progress(True, filled.done, filled.total or 0, LABEL))
        self.filled.emit(filled.changes)

    def _on_done(self, result: Backfilled) -> None:
        source_id, self.source_id = self.source_id, 0
        self._show(Progress())
        self.ended.emit(source_id, result)

    def _on_failed(self, error: AppError) -> None:
        from desktop.sync.backfill_report import Backfilled

        self._on_done(Backfilled(error=error))

    def _show(self, progress: Progress) -> None:
        self.progress = progress
        self.progress_changed.emit(progress)
