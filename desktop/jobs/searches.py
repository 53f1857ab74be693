"""Search behind the window: an index that has to be made anew is, a little at a time."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from desktop.core.errors import AppError
from desktop.jobs.delivery import Delivery
from desktop.store import Store
from desktop.sync.lane import StoreLane


class Searches(QObject):
    """What the person looks for."""

    def __init__(
        self,
        lane: StoreLane,
        delivery: Delivery,
        reader: Store,
        tell: Callable[[AppError], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._lane = lane
        self._delivery = delivery
        self._reader = reader
        self._tell = tell

    def start(self) -> None:
        """Index what is not indexed yet; other writes go in between."""
        if self._reader.indexing.pending:
            self._delivery.follow(
                self._lane.submit(lambda store: store.indexing.step()), self._on_indexed, self._tell, self
            )

    def _on_indexed(self, others: bool) -> None:
        if others:
            self.start()
