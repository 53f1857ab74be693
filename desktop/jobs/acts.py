"""Acts on many articles, marks and the removal of a source, each with its way back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.models import Changes
from desktop.core.shown import Shown
from desktop.jobs.delivery import Delivery
from desktop.store import Store
from desktop.sync.lane import StoreLane

R = TypeVar("R")


class Acts(QObject):
    """One write each; the store remembers which articles an act changed, and what went."""

    noted = Signal()
    returned = Signal(object)  # Changes: articles of a source that came back, known to the person

    def __init__(
        self,
        lane: StoreLane,
        delivery: Delivery,
        changed: Callable[[Changes], None],
        tell: Callable[[AppError], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._lane = lane
        self._delivery = delivery
        self._changed = changed
        self._tell = tell

    def mark_read(self, shown: Shown, done: Callable[[int, int], None]) -> None:
        """Mark what a list showed as read; `done` is given the number of the set, and how many articles it has."""

        def on_done(result: tuple[int, Changes]) -> None:
            set_id, changes = result
            self._changed(changes)
            done(set_id, len(changes.updated))

        self._follow(lambda store: store.marks.read(shown), on_done)

    def put_marks(self, set_id: int, read: bool) -> None:
        """Mark the articles of a set read or unread: the way back, and there again."""
        self._follow(lambda store: store.marks.put(set_id, read=read), self._changed)

    def note(self, article_id: int, text: str, now: datetime) -> None:
        """Write a note on an article, "" for none."""

        def on_done(changes: Changes) -> None:
            self._changed(changes)
            self.noted.emit()

        self._follow(lambda store: store.notes.put(article_id, text, now), on_done)

    def remove_source(self, source_id: int) -> None:
        """Unsubscribe; its articles go, until `put_back_source`."""
        self._follow(lambda store: store.sources.remove(source_id), self._changed)

    def put_back_source(self, source_id: int) -> None:
        """Bring a removed source back with its articles, texts and pictures."""

        def on_done(changes: Changes) -> None:
            self._changed(Changes())
            self.returned.emit(changes)

        self._follow(lambda store: store.sources.put_back(source_id), on_done)

    def _follow(self, job: Callable[[Store], R], done: Callable[[R], None]) -> None:
        self._delivery.follow(self._lane.submit(job), done, self._tell, self)
