"""Backups for the window: written and looked at in a thread, restored by starting anew; and the daily copy."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.errors import AppError, StoppedError
from desktop.jobs.delivery import Delivery
from desktop.jobs.progress import Progress
from desktop.sync.lane import StoreLane

if TYPE_CHECKING:
    from desktop.store.backup import Contents

__all__ = ["Backups", "Contents"]

FIRST_COPY_MS = 2 * 60_000  # after the start, when nothing else is to be done
NEXT_COPY_MS = 60 * 60_000
LABEL = "backup"

R = TypeVar("R")
Failed = Callable[[AppError], None]


class Backups(QObject):
    """One backup at a time. `restart_wanted` says that a restored store is laid ready for the next opening."""

    progress_changed = Signal(object)  # Progress
    staged = Signal()

    def __init__(
        self,
        folder: Path,
        lane: StoreLane,
        delivery: Delivery,
        threads: Executor,
        now: Callable[[], datetime],
        tell: Failed,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._folder = folder
        self._lane = lane
        self._delivery = delivery
        self._threads = threads
        self._now = now
        self._tell = tell
        self._stopping = threading.Event()
        self._running = False
        self._label = ""
        self._clock = QTimer(self, interval=FIRST_COPY_MS)
        self._clock.timeout.connect(self._on_clock)
        self.restart_wanted = False

    @property
    def copies(self) -> Path:
        """Where the daily copies are."""
        from desktop.store.copies import FOLDER

        return self._folder / FOLDER

    def start(self) -> None:
        """Keep a copy of the person's state each day, from soon on."""
        self._clock.start()

    def stop(self) -> None:
        """End the backup that is being written; nothing of it stays."""
        self._stopping.set()

    def back_up(
        self, path: Path, *, pictures: bool, done: Callable[[Contents], None], failed: Failed, owner: QObject
    ) -> None:
        """Write everything, or everything but pictures, into a file."""

        def job() -> Contents:
            from desktop.store.backup import back_up  # no zip is needed to start

            return back_up(self._folder, path, self._now(), pictures=pictures, progress=self.report)

        self.run(LABEL, job, done, failed, owner)

    def look(
        self,
        path: Path,
        done: Callable[[tuple[Contents, Contents | None]], None],
        failed: Failed,
        owner: QObject,
    ) -> None:
        """Look what a backup holds, and what the store of now does."""

        def job() -> tuple[Contents, Contents | None]:
            from desktop.store.restore import look, present

            return look(path), present(self._folder)

        self._delivery.run(self._threads, job, done, failed, owner)

    def stage(self, path: Path, failed: Failed, owner: QObject) -> None:
        """Check a backup and lay it ready; then `staged` asks for a new start."""

        def job() -> None:
            from desktop.store.restore import stage

            stage(path, self._folder, self.report)

        self.run(LABEL, job, self._on_staged, failed, owner)

    def run(
        self, label: str, job: Callable[[], R], done: Callable[[R], None], failed: Failed, owner: QObject
    ) -> None:
        """Do something long that tells `report` how far it is; one such work at a time, which `stop` ends."""
        if self._running:
            failed(AppError("Another file is being written or read.", "Wait until that is done, or stop it."))
            return
        self._running = True
        self._stopping.clear()
        self._label = label
        self.progress_changed.emit(Progress(True, label=label))

        def ended(result: R) -> None:
            self._end()
            done(result)

        def broken(error: AppError) -> None:
            self._end()
            failed(error)

        self._delivery.run(self._threads, job, ended, broken, owner)

    def _end(self) -> None:
        self._running = False
        self.progress_changed.emit(Progress())

    def report(self, done: int, total: int) -> None:
        """In the thread of the job: about a hundred steps reach the window. Raises StoppedError after a stop."""
        if self._stopping.is_set():
            raise StoppedError("Stopped; nothing was changed.")
        if done * 100 // max(total, 1) != (done - 1) * 100 // max(total, 1):
            self._delivery.post(lambda: self._show(done, total))

    def _show(self, done: int, total: int) -> None:
        if self._running:
            self.progress_changed.emit(Progress(True, done, total, self._label))

    def _on_staged(self, _: None) -> None:
        self.restart_wanted = True
        self.staged.emit()

    def _on_clock(self) -> None:
        from desktop.store.copies import keep_if_due

        self._clock.setInterval(NEXT_COPY_MS)
        copy = self._lane.submit(lambda store: keep_if_due(store.folder, self._now()))
        self._delivery.follow(copy, lambda _: None, self._tell, self)
