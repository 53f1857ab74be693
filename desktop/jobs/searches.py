"""Search behind the window: saved searches and how much is unread in them; an old index is made anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.errors import AppError
from desktop.core.models import ArticleQuery, Changes
from desktop.core.saved_searches import COUNTED_AT_MOST, SavedSearch
from desktop.jobs.delivery import Delivery
from desktop.jobs.finder import Finder
from desktop.jobs.progress import Progress
from desktop.jobs.rules import Rules
from desktop.store import Store
from desktop.store.indexing import STEP
from desktop.sync.lane import StoreLane

R = TypeVar("R")
GATHER_MS = 1_000


class Searches(QObject):
    """What the person looks for. Counting happens in the store's lane, one search at a time, between writes."""

    changed = Signal()  # which searches are saved
    indexed = Signal()  # `index` has changed
    counted = Signal(int, int)  # the id of a saved search, and its unread articles up to a limit

    def __init__(
        self,
        lane: StoreLane,
        delivery: Delivery,
        reader: Store,
        changed: Callable[[Changes], None],
        tell: Callable[[AppError], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._lane = lane
        self._delivery = delivery
        self._reader = reader
        self._tell = tell
        self.rules = Rules(lane, delivery, changed, tell, self)
        self.finder = Finder(reader, delivery, tell, self)
        self.index = Progress()  # of the articles that search finds, while an index is made anew
        self._soon = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._soon.timeout.connect(self.count)

    def start(self) -> None:
        """Index what is not indexed yet; other writes go in between, and `index` says how far it is."""
        if self._reader.indexing.pending:
            self._show_index(Progress(True, 0, self._reader.articles.count(ArticleQuery())))
            self._follow(lambda store: store.indexing.left, self._on_left)

    def close(self) -> None:
        """Count and look for nothing more."""
        self._soon.stop()
        self.finder.close()

    def put(self, searches: Sequence[SavedSearch]) -> None:
        """Have exactly these searches saved."""
        kept = tuple(searches)
        self._follow(lambda store: store.saved_searches.put(kept), self._on_put)

    def count_soon(self) -> None:
        """Count anew, once for all that changes within a second."""
        if not self._soon.isActive():
            self._soon.start()

    def count(self) -> None:
        """Count the unread articles of every saved search."""
        for saved in self._reader.saved_searches.all():
            query = ArticleQuery(words=saved.words, unread_only=True, once=True)
            self._follow(partial(_count, query=query), partial(self.counted.emit, saved.id))

    def _on_put(self, _: None) -> None:
        self.changed.emit()
        self.count()

    def _on_left(self, left: int) -> None:
        self._go_on(self.index.total - left)

    def _go_on(self, done: int) -> None:
        self._show_index(replace(self.index, done=done))
        self._follow(lambda store: store.indexing.step(), partial(self._on_indexed, done + STEP))

    def _on_indexed(self, done: int, others: bool) -> None:
        if others:
            self._go_on(min(done, self.index.total))
        else:
            self._show_index(Progress())
            self.count()

    def _show_index(self, index: Progress) -> None:
        self.index = index
        self.indexed.emit()

    def _follow(self, job: Callable[[Store], R], done: Callable[[R], None]) -> None:
        self._delivery.follow(self._lane.submit(job), done, self._tell, self)


def _count(store: Store, query: ArticleQuery) -> int:
    return len(store.articles.ids(query, limit=COUNTED_AT_MOST))
