"""The list's model: one column of articles, read page by page as it is scrolled, changed in place."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from desktop.core.models import ArticleQuery, ArticleRow, Changes, Cursor, Order
from desktop.ui.articles.arrangement import PAGE, Articles, Pages, order_of, place_of
from desktop.ui.articles.words import WORDS

if TYPE_CHECKING:
    from desktop.core.shown import Shown

LOOK_UP = 500
READ_ON_PAGES = 20  # how far the next unread article is looked for
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex
Key = tuple[str, float, float, int]


class ArticleModel(QAbstractTableModel):
    """The articles of one query, in its order.

    A change of an article is shown at once. New articles wait, counted, until `reveal` is called, so that
    nothing moves under the reader's eyes; one that is no longer of the query stays until `show`.
    """

    waiting_changed = Signal(int)  # how many new articles `reveal` would show
    total_changed = Signal(int)

    def __init__(self, articles: Articles, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._articles = articles
        self.head: Callable[[Index], str] = lambda index: ""  # the line over an article, spoken before it
        self._query = ArticleQuery()
        self.pages = Pages(articles, self._query, ())
        self._rows: list[ArticleRow] = []
        self._places: dict[int, int] = {}
        self._complete, self._total = True, 0
        self._stored_id = 0  # the highest id that was stored when the list was read
        self._newest_id = 0  # the highest that is known of
        self._arrived: set[int] = set()  # ids that came, or were indexed, since `show`, and are not shown
        self._waiting: set[int] = set()  # those of them that belong here
        self._stale: list[int] = []  # changed in the store, and not read again yet
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._look_up)
        self._marks: dict[int, tuple[bool, bool]] = {}  # (read, starred) shown before the store has them

    @property
    def query(self) -> ArticleQuery:
        return self._query

    @property
    def total(self) -> int:
        """How many articles the query has, read so far or not."""
        return max(self._total, len(self._rows))

    @property
    def is_total_known(self) -> bool:
        """Whether `total` is all; a search knows how many it found only when it has read them."""
        return self._complete or not self._query.words

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def read_from(self, articles: Articles) -> None:
        """Read what is shown from now on from another place."""
        self._articles = articles

    def show(self, query: ArticleQuery, ids: Sequence[int] | None = None) -> None:
        """Start again with another query, or as it is now; `ids` are its articles where their order was worked out."""
        self.beginResetModel()
        self._marks.clear()
        self._stale.clear()
        self._query = query
        self._stored_id = self._newest_id = self._articles.newest_id()
        self._arrived = self._articles.unindexed() if query.words else set()
        self.pages = Pages(self._articles, query, ids)
        self._rows = self.pages.next(None)
        self._complete = self.pages.complete
        self._total = len(self._rows) if self._complete or query.words else self.pages.total
        self._number()
        self.endResetModel()
        self._arrived.difference_update(self._places)
        self._wait_for(set())
        self.total_changed.emit(self.total)

    def reveal(self) -> None:
        """Show the articles that wait, each in its place."""
        top = self._articles.page(self._query._replace(order=Order.NEWEST), None, PAGE)
        new = [row for row in top if row.id not in self._places]
        if not self._rows or len(new) == PAGE or order_of(self._query) is Order.BEST:
            self.show(self._query)
            return
        self._place(new)
        self._arrived.difference_update(self._places)
        self._wait_for(set())
        self._set_total(self._total + len(new))

    def article(self, index: Index) -> ArticleRow | None:
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def index_of(self, article_id: int) -> QModelIndex:
        """Where the article stands; invalid when it is not among those read so far."""
        return self.index(self._places.get(article_id, -1), 0)

    def next_unread(self, start: int, step: int = 1) -> QModelIndex:
        """The first unread article from row `start` on, going by `step`; invalid when there is none."""
        row = start
        while 0 <= row < len(self._rows):
            if not self._rows[row].read:
                return self.index(row, 0)
            row += step
            if row == len(self._rows):
                self._read_on_to_unread()
        return QModelIndex()

    @property
    def shown(self) -> Shown:
        """What the list shows, scrolled to or not; what came in since and waits is left out."""
        from desktop.core.shown import Shown  # not needed to start

        return Shown(self._query, self._newest_id, frozenset(self._arrived))

    def mark(self, ids: Iterable[int], *, read: bool | None = None, starred: bool | None = None) -> None:
        """Show marks at once, before the store has them."""
        for place in sorted(self._places[one] for one in ids if one in self._places):
            row = self._rows[place]
            marks = row.read if read is None else read, row.starred if starred is None else starred
            if marks == (row.read, row.starred):
                continue  # the store would not say that it has written it, and the mark would stand for good
            self._marks[row.id] = marks
            self._put(place, row._replace(read=marks[0], starred=marks[1]))

    def forget_marks(self) -> None:
        """Show what the store has: a mark may not have reached it."""
        marked = tuple(self._marks)
        self._marks.clear()
        self.apply(Changes(updated=marked))

    def apply(self, changes: Changes) -> None:
        """Show what a write did."""
        self._remove(changes.removed)
        known = self._places.keys() & {*changes.updated, *changes.regrouped}
        self._stale += sorted(known, key=self._places.__getitem__)  # from the top down
        self._look_up()
        if changes.removed and changes.regrouped:  # a copy takes the place of one that has gone
            self.fill(changes.regrouped)
        if changes.new:
            self.expect(changes.new)

    def expect(self, ids: Sequence[int] = ()) -> bool:
        """Count the new articles that belong here. False where one of its newest is neither new nor shown."""
        self._arrived.update(one for one in ids if one > self._stored_id)
        self._newest_id = max(self._newest_id, *ids, 0)
        top = {row.id for row in self._articles.page(self._query._replace(order=Order.NEWEST), None, PAGE)}
        lacking = top - self._places.keys()
        self._wait_for(lacking & self._arrived)
        return lacking <= self._arrived

    def fill(self, ids: Sequence[int]) -> None:
        """Show older articles, each in its place, without announcing them. A search stays what it found."""
        if self._query.words or self.pages.is_fixed:
            return
        if not self._rows:
            self.show(self._query)
            return
        self._newest_id = max(self._newest_id, *ids, 0)
        was_complete = self._complete
        for start in range(0, len(ids), LOOK_UP):
            rows = self._articles.rows(ids[start : start + LOOK_UP])
            self._place(row for row in rows if row.id not in self._places and self._belongs(row))
        if was_complete and not self._complete:
            self.fetchMore(QModelIndex())
        self._set_total(self.pages.total)

    # Qt's own names from here on

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        return "Article" if (orientation, role) == (Qt.Orientation.Horizontal, 0) else None

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and not self._complete

    def fetchMore(self, parent: Index) -> None:
        if parent.isValid() or self._complete:
            return
        found = self.pages.next(self._rows[-1])
        self._complete = self.pages.complete
        first, page = len(self._rows), [row for row in found if row.id not in self._places]
        if not page:
            return
        self.beginInsertRows(QModelIndex(), first, first + len(page) - 1)
        self._rows.extend(page)
        self._number(first)
        self._arrived.difference_update(row.id for row in page)
        self.endInsertRows()
        if self._complete:
            self._set_total(len(self._rows))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.article(index)
        if row is None or role == ROW_ROLE:
            return row
        words = WORDS.get(role)
        head = self.head(index) if role == Qt.ItemDataRole.AccessibleTextRole else ""
        return (f"{head}. " if head else "") + words(row) if words else None

    def _look_up(self) -> None:
        """Show some of what has changed as it is stored, and the others between the events that follow."""
        some, self._stale = self._stale[:LOOK_UP], self._stale[LOOK_UP:]
        for row in self._articles.rows(some):
            if row.id in self._places:
                self._put(self._places[row.id], self._with_marks(row))
        if self._stale:
            self._soon.start()

    def _read_on_to_unread(self) -> None:
        for _ in range(READ_ON_PAGES if self.pages.may_be_unread(self._rows[-1]) else 0):
            first = len(self._rows)
            self.fetchMore(QModelIndex())
            if self._complete or not all(row.read for row in self._rows[first:]):
                return

    def _key(self, row: ArticleRow) -> Key:
        return place_of(row, order_of(self._query))

    def _number(self, first: int = 0) -> None:
        if first == 0:
            self._places.clear()
        for place in range(first, len(self._rows)):
            self._places[self._rows[place].id] = place

    def _put(self, place: int, row: ArticleRow) -> None:
        if self._rows[place] != row:
            self._rows[place] = row
            index = self.index(place, 0)
            self.dataChanged.emit(index, index)

    def _with_marks(self, row: ArticleRow) -> ArticleRow:
        """The row as it will be: of two marks the store may have written only the first yet."""
        read, starred = self._marks.get(row.id, (row.read, row.starred))
        if (read, starred) == (row.read, row.starred):
            self._marks.pop(row.id, None)
            return row
        return row._replace(read=read, starred=starred)

    def _place(self, rows: Iterable[ArticleRow]) -> None:
        """Put rows where they belong, runs in one step; further down they are read when they are scrolled to."""
        for place, run in _by_place(rows, self._rows, self._key):
            if place == len(self._rows):
                room = max(0, PAGE - place) if self._complete else 0
                self._complete = len(run) <= room
                del run[room:]
            if run:
                self.beginInsertRows(QModelIndex(), place, place + len(run) - 1)
                self._rows[place:place] = run
                self._number(place)
                self.endInsertRows()

    def _remove(self, ids: Sequence[int]) -> None:
        gone = sorted(self._places[one] for one in ids if one in self._places)
        for first, last in _runs(gone):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._rows[first : last + 1]
            self._number()
            self.endRemoveRows()
        self._wait_for(self._waiting.difference(ids))
        if gone:
            self._set_total(self._total - len(gone))

    def _belongs(self, row: ArticleRow) -> bool:
        at = self._articles.page(self._query._replace(order=Order.NEWEST), Cursor(row.sort_at, row.id + 1), 1)
        return bool(at) and at[0].id == row.id

    def _wait_for(self, ids: set[int]) -> None:
        before, self._waiting = self._waiting, ids
        if ids != before:
            self.waiting_changed.emit(len(ids))

    def _set_total(self, total: int) -> None:
        self._total = len(self._rows) if self._complete else total
        self.total_changed.emit(self.total)


def _by_place(
    rows: Iterable[ArticleRow], among: Sequence[ArticleRow], key: Callable[[ArticleRow], Key]
) -> list[tuple[int, list[ArticleRow]]]:
    """Rows by the place among others that they belong in front of, the last place first."""
    runs = groupby(sorted(rows, key=key), lambda row: bisect_left(among, key(row), key=key))
    return [(place, list(run)) for place, run in runs][::-1]


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """The first and last of those that follow one another without a gap, the last run first; of sorted places."""
    runs: list[tuple[int, int]] = []
    for place in places:
        begins = runs.pop()[0] if runs and runs[-1][1] == place - 1 else place
        runs.append((begins, place))
    return runs[::-1]
