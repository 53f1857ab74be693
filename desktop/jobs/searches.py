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
from desktop.store.database import WORDS_STEP
from desktop.sync.lane import StoreLane

R = TypeVar("R")
GATHER_MS = 1_000


class Searches(QObject):
    """What the person looks for. Counting happens in the store's lane, one search at a time, between writes."""

    changed = Signal()  # which searches are saved
    indexed = Signal()  # `index` has changed
    caught_up = Signal()  # what had come in is found now
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
        self._index_soon = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._index_soon.timeout.connect(self._catch_up)
        self._is_catching_up = False
        self.finder.lacking.connect(self._catch_up)

    def start(self) -> None:
        """Index what is not indexed yet; other writes go in between, and `index` says how far it is."""
        self.index_soon()
        if self._reader.indexing.remaking:
            self._show_index(Progress(True, 0, self._reader.articles.count(ArticleQuery())))
            self._follow(lambda store: store.indexing.left, self._on_left)

    def close(self) -> None:
        """Count and look for nothing more."""
        self._soon.stop()
        self._index_soon.stop()
        self.finder.close()

    def put(self, searches: Sequence[SavedSearch]) -> None:
        """Have exactly these searches saved."""
        kept = tuple(searches)
        self._follow(lambda store: store.saved_searches.put(kept), self._on_put)

    def index_soon(self) -> None:
        """Index what came in, once for all that comes within a second; a search does not wait so long."""
        if not self._index_soon.isActive():
            self._index_soon.start()

    def count_soon(self) -> None:
        """Count anew, once for all that changes within a second."""
        if not self._soon.isActive():
            self._soon.start()

    def count(self) -> None:
        """Count the unread articles of every saved search."""
        for saved in self._reader.saved_searches.all():
            query = ArticleQuery(words=saved.words, unread_only=True, once=True)
            self._follow(partial(_count, query=query), partial(self.counted.emit, saved.id))

    def _catch_up(self) -> None:
        if not self._is_catching_up and self._reader.words_waiting and not self._lane.read_only:
            self._is_catching_up = True
            self._index_next()

    def _index_next(self) -> None:
        future = self._lane.submit(_index_some)
        self._delivery.follow(future, self._on_some, self._on_stuck, self)

    def _on_some(self, others: bool) -> None:
        if others or self._reader.words_waiting:  # those that came after the lane had looked
            self._index_next()
        else:
            self._is_catching_up = False
            self.finder.outdate()
            self.caught_up.emit()

    def _on_stuck(self, error: AppError) -> None:
        self._is_catching_up = False
        self._tell(error)

    def _on_put(self, _: None) -> None:
        self.changed.emit()
        self.count()

    def _on_left(self, left: int) -> None:
        self._go_on(self.index.total - left)

    def _go_on(self, done: int) -> None:
        self._show_index(replace(self.index, done=done))
        self._follow(lambda store: store.indexing.step(), partial(self._on_indexed, done + WORDS_STEP))

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


def _index_some(store: Store) -> bool:
    """Index some of what came in; whether there is more."""
    if store.words_waiting:
        store.indexing.step()
    return store.words_waiting > 0


def _count(store: Store, query: ArticleQuery) -> int:
    return len(store.articles.ids(query, limit=COUNTED_AT_MOST))
