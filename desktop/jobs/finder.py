"""What the list reads while something is searched for: at once where that is quick, else behind the window.

A search that has used its time on the GUI thread is ended, and asked again in a thread of its own; so is the order of
how well hits fit, which is shown when it is there. Whatever is typed meanwhile ends what is no longer wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError, StoreInterrupted
from desktop.core.models import ArticleQuery, ArticleRow, Changes, Cursor, Order
from desktop.core.search import parse
from desktop.jobs.delivery import Delivery
from desktop.store import Store

AT_ONCE_S = 0.020  # of processor time on the GUI thread
MOST = 20_000  # hits that are found behind the window at once; the older ones follow page by page
MOST_TRIES = 10


class Finder(QObject):
    """Articles of a query as `store.Articles` gives them; `ready` says that a search is there to be read again."""

    ready = Signal()
    looking_changed = Signal(bool)  # whether the first hits are still looked for
    lacking = Signal()  # something was looked for while articles waited for the index

    def __init__(
        self, reader: Store, delivery: Delivery, tell: Callable[[AppError], None], parent: QObject | None
    ) -> None:
        super().__init__(parent)
        self._reader = reader
        self._delivery = delivery
        self._tell = tell
        self.at_once_s = AT_ONCE_S  # 0: every search is made behind the window
        self._thread: ThreadPoolExecutor | None = None
        self._own: Store | None = None  # of the thread
        self._wanted: ArticleQuery | None = None  # what is looked for behind the window
        self._known: ArticleQuery | None = None  # what was found there
        self._ids: list[int] = []
        self._places: dict[int, int] = {}
        self._is_stale = False
        self._is_looking = False

    def page(
        self, query: ArticleQuery, after: Cursor | None = None, limit: int = 100
    ) -> Sequence[ArticleRow]:
        """The first articles after the cursor; none where they have still to be found, and `ready` will follow."""
        if not query.words.strip():
            self.forget()
            return self._reader.articles.page(query, after, limit)
        if (
            self._reader.words_waiting
        ):  # asked first: what is indexed while it is looked is told of twice, not never
            self.lacking.emit()
        if query == self._known and not (after is None and self._is_stale):
            found = self._found(after, limit)
            if found or len(self._ids) < MOST:
                return found
        if query.order is Order.BEST and after is None:
            self._look(query)
        try:
            found = self._at_once(query._replace(order=Order.NEWEST), after, limit)
        except StoreInterrupted:
            if self._known is not None and query == self._known._replace(order=query.order):
                if query == self._known:
                    self._look(query)  # what is shown meanwhile is what was found before
                return self._found(after, limit)
            if after is None:
                self._look(query)
                self._say(looking=True)
            return []
        if after is None and query.order is not Order.BEST and query != self._unordered(self._wanted):
            self._drop_wanted()
        return found

    def rows(self, ids: Sequence[int]) -> Sequence[ArticleRow]:
        """The rows of articles, in the order of `ids`."""
        return self._reader.articles.rows(ids)

    def count(self, query: ArticleQuery) -> int:
        """How many articles a query without words has."""
        return self._reader.articles.count(query)

    def newest_id(self) -> int:
        """The id of the article that came in last."""
        return self._reader.articles.newest_id()

    def unindexed(self) -> set[int]:
        """The ids of articles that no search finds yet as they are."""
        return self._reader.articles.unindexed()

    def note(self, changes: Changes) -> None:
        """Something has come or gone: what was found is not all any more."""
        if changes.new or changes.removed:
            self.outdate()

    def outdate(self) -> None:
        """What was found is not all any more."""
        self._is_stale = True

    def forget(self) -> None:
        """Nothing is searched for any more."""
        self._known, self._ids, self._places = None, [], {}
        self._drop_wanted()

    def close(self) -> None:
        """End what is looked for, and wait for its end."""
        self._drop_wanted()
        if self._thread is not None:
            self._thread.submit(self._close_own)
            self._thread.shutdown()
            self._thread = None

    def _at_once(self, query: ArticleQuery, after: Cursor | None, limit: int) -> Sequence[ArticleRow]:
        if self.at_once_s <= 0:
            raise StoreInterrupted("Nothing is searched for on the GUI thread.")
        parse(query.words)  # the first search loads its language: that is not its own time
        with self._reader.at_most(self.at_once_s):
            return self._reader.articles.page(query, after, limit)

    def _found(self, after: Cursor | None, limit: int) -> Sequence[ArticleRow]:
        """A page of what was found behind the window; what has gone since is left out."""
        start = 0 if after is None else self._places.get(after.id, len(self._ids)) + 1
        rows: list[ArticleRow] = []
        while len(rows) < limit and start < len(self._ids):
            rows += self._reader.articles.rows(self._ids[start : start + limit - len(rows)])
            start += limit
        return rows

    def _look(self, query: ArticleQuery) -> None:
        if query == self._wanted:
            return
        self._drop_wanted()
        self._wanted = query
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "find")
        self._delivery.run(
            self._thread,
            lambda: self._read(query),
            lambda ids: self._on_found(query, ids),
            self._on_failed,
            self,
        )

    def _read(self, query: ArticleQuery) -> list[int]:
        """In the thread: the ids of what is wanted; none where it is no longer."""
        tries = 0
        while query == self._wanted:
            if self._own is None:
                self._own = Store.open_reader(self._reader.folder)
            articles = self._own.articles
            try:
                newest = articles.ids(query, limit=MOST)
                if query.order is not Order.BEST:
                    return newest
                best = dict.fromkeys(articles.best(query))
                return [*best, *(one for one in newest if one not in best)]
            except StoreInterrupted:
                tries += 1  # what was to be ended may have been the search before
                if tries > MOST_TRIES:
                    raise
        return []

    def _on_found(self, query: ArticleQuery, ids: list[int]) -> None:
        if query != self._wanted:
            return
        self._wanted, self._known, self._is_stale = None, query, False
        self._ids = ids
        self._places = {one: place for place, one in enumerate(ids)}
        self._say(looking=False)
        self.ready.emit()

    def _on_failed(self, error: AppError) -> None:
        self._drop_wanted()
        self._tell(error)

    def _drop_wanted(self) -> None:
        was_wanted, self._wanted = self._wanted is not None, None
        if was_wanted and self._own is not None:
            self._own.interrupt()
        self._say(looking=False)

    def _close_own(self) -> None:
        if self._own is not None:
            self._own.close()
            self._own = None

    def _say(self, *, looking: bool) -> None:
        if looking != self._is_looking:
            self._is_looking = looking
            self.looking_changed.emit(looking)

    @staticmethod
    def _unordered(query: ArticleQuery | None) -> ArticleQuery | None:
        return None if query is None else query._replace(order=Order.NEWEST)
