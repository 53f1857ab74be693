"""Packs in files for the window: written, looked at and read in off the GUI thread, one file at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.models import Changes
from desktop.jobs.backups import Backups
from desktop.jobs.delivery import Delivery
from desktop.sync.lane import StoreLane

if TYPE_CHECKING:
    from desktop.core.pack_file import Preview, Taken
    from desktop.sync.pack_file.writing import Written

__all__ = ["PackFiles", "Preview", "Taken", "Written"]

LABEL = "pack"

Failed = Callable[[AppError], None]


class PackFiles(QObject):
    """Its work is shown, and stopped, as that of backups is."""

    brought = Signal(object)  # Changes, piece by piece: what came before a stop is there
    read_in = Signal(object)  # Taken

    def __init__(
        self,
        folder: Path,
        lane: StoreLane,
        delivery: Delivery,
        backups: Backups,
        now: Callable[[], datetime],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._folder = folder
        self._lane = lane
        self._delivery = delivery
        self._backups = backups
        self._now = now

    def write(self, path: Path, done: Callable[[Written], None], failed: Failed, owner: QObject) -> None:
        """Write the present pack into a file, whole or not at all."""

        def job() -> Written:
            from desktop.sync.pack_file.writing import write_pack  # no zip is needed to start

            return write_pack(self._folder, path, self._now(), self._backups.report)

        self._backups.run(LABEL, job, done, failed, owner)

    def look(self, path: Path, done: Callable[[Preview], None], failed: Failed, owner: QObject) -> None:
        """Check all of a file, and look what of it is new here; nothing is stored."""

        def job() -> Preview:
            from desktop.sync.pack_file.taking import TakingIn

            return TakingIn(path, self._lane, self._now, self._backups.report).look()

        self._backups.run(LABEL, job, done, failed, owner)

    def read(self, path: Path, follow: Collection[str], failed: Failed, owner: QObject) -> None:
        """Read a file in; `read_in` says what came of it. Of its sources that are not here those in `follow` are
        followed from now on."""

        def job() -> Taken:
            from desktop.sync.pack_file.taking import TakingIn

            return TakingIn(path, self._lane, self._now, self._backups.report, self._tell_in_thread).take(
                follow
            )

        self._backups.run(LABEL, job, self.read_in.emit, failed, owner)

    def _tell_in_thread(self, changes: Changes) -> None:
        self._delivery.post(lambda: self.brought.emit(changes))
