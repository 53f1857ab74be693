"""The middle pane: search, filter, the list of articles, a word where it is empty, the place in it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop.core.models import ArticleQuery, ArticleRow, Changes, Order, View
from desktop.ui import times
from desktop.ui.articles.arrangement import PAGE, Arrangement, Arrangements, headings, order_of
from desktop.ui.articles.emptiness import SEARCHING, SORTING, EmptyList
from desktop.ui.articles.gap_bar import GapBar, LensBar
from desktop.ui.articles.list_header import ListHeader, NewPill, doubt_label, position_label
from desktop.ui.articles.model import ArticleModel
from desktop.ui.articles.text_lines import Spans
from desktop.ui.articles.thumbnails import Thumbnails
from desktop.ui.articles.view import ArticleView
from desktop.ui.articles.words import copies_words
from desktop.ui.text import set_text

if TYPE_CHECKING:
    from desktop.jobs.session import Session

THUMBNAIL = 72
MINUTE_MS = 60_000


class ArticleList(QWidget):
    """Shows one query of the sidebar, narrowed by the words and the filter above the list."""

    article_chosen = Signal(int)
    article_activated = Signal(int)
    refresh_requested = Signal()
    arranged = Signal()  # in another way than before, or another list
    searched = Signal()  # for other words than before, elsewhere, or no longer

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._base = ArticleQuery(view=View.UNREAD)
        self.arrangement = Arrangement()
        self.arrangements = Arrangements(session)
        self._words = ""  # those that are marked
        self._sorting: ArticleQuery | None = None  # the list whose order is being worked out
        self._folded = ""  # what is said of copies that are not shown
        self._is_looking = False
        self._is_everywhere = False
        self.hits: Spans | None = None  # where they stand in a text
        self.header = ListHeader(self)
        self.model = ArticleModel(session.reader.articles, self)
        self._thumbnails = Thumbnails(session.reader.images.file, THUMBNAIL, self)
        self.view = ArticleView(self.model, self._thumbnails, session.now, self)
        self.empty = EmptyList(session, self)
        self.pill = NewPill(self.view)
        self.gap_bar = GapBar(self)
        self.lens_bar = LensBar(session, self.model, self)
        self.position = position_label(self)
        self.doubt = doubt_label(self)
        self._clock = QTimer(self, interval=MINUTE_MS)
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.view)

    @property
    def base(self) -> ArticleQuery:
        """What the sidebar asked for."""
        return self._base

    @property
    def is_everywhere(self) -> bool:
        """Whether the words are looked for in all articles, and not only where the list stands."""
        return self._is_everywhere

    def search_everywhere(self, on: bool) -> None:
        """Look for the words in all articles, read ones and those of all countries too; or where the list stands."""
        self._is_everywhere = on and bool(self.header.words)
        self._reload(keep=True)
        self.searched.emit()
        (self.view if self.view.isVisible() else self.header.field).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_query(self, base: ArticleQuery) -> None:
        """Show another part of what is stored; words that were searched for are dropped."""
        self._base = base
        self._is_everywhere = False
        self.header.show_for(base)
        self.arrangement = self.arrangements.of(base)
        self.header.set_unread_only(self.arrangement.unread_only, quietly=True)
        self._reload(keep=False)
        self.view.scrollToTop()
        self.arranged.emit()

    def arrange(self, arrangement: Arrangement) -> None:
        """Show the list in another order or in groups, now and whenever it is shown again."""
        self._remember(arrangement)
        self._reload(keep=True)
        self.view.scroll_to_chosen()
        self.arranged.emit()

    def reload(self) -> None:
        """Read the same part again, as it is stored now."""
        self._reload(keep=True)

    def show_looking(self, looking: bool) -> None:
        """Say, where nothing is shown, that it is still looked for."""
        self._is_looking = looking
        self._show_emptiness()

    def article(self, article_id: int) -> ArticleRow | None:
        return self.model.article(self.model.index_of(article_id))

    def chosen_rows(self) -> list[ArticleRow]:
        """The selected articles, in the order of the list."""
        places = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        found = (self.model.article(self.model.index(place, 0)) for place in places)
        return [row for row in found if row is not None]

    def mark(self, ids: list[int], *, read: bool | None = None, starred: bool | None = None) -> None:
        """Show marks and have them stored."""
        self.model.mark(ids, read=read, starred=starred)
        if read is not None:
            self._session.set_read(ids, read)
        if starred is not None:
            self._session.set_starred(ids, starred)

    def show_new(self) -> bool:
        """Put the new articles in and go to the top; False when none wait."""
        waited = self.model.waiting > 0
        if waited and self.model.pages.is_fixed:
            self.reload()
        elif waited:
            chosen = self.view.current_id
            self.model.reveal()
            self.view.choose_quietly(chosen)
        self.view.scrollToTop()
        return waited

    def fill(self, changes: Changes) -> None:
        """Put articles from an archive in their places; what is in view stays where it is."""
        if self.model.pages.is_fixed:
            if _lacks(self.model, changes.new):
                self.reload()  # what was just read goes with that, so not where all are there
            return
        top = self.view.rowAt(0)
        shown = self.model.article(self.model.index(top, 0)) if top > 0 else None
        self.model.apply(Changes(updated=changes.updated))
        self.model.fill(changes.new)
        if shown is not None and self.model.index_of(shown.id).row() != top:
            self.view.scroll_to_top_of(shown.id)
        self._show_emptiness()

    def close_thumbnails(self) -> None:
        """Stop decoding pictures; to be called before the window goes."""
        self._thumbnails.close()

    def _lay_out(self) -> None:
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.doubt)
        layout.addWidget(self.lens_bar)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.gap_bar)
        layout.addWidget(self.position)

    def _connect(self) -> None:
        self.header.changed.connect(self._on_narrowed)
        self.header.left.connect(self._on_search_left)
        self.view.article_chosen.connect(self.article_chosen)
        self.view.article_activated.connect(self.article_activated)
        self.view.top_requested.connect(self._on_top)
        self.view.range_changed.connect(self._show_position)
        self.view.range_changed.connect(self.pill.place)  # after a change of the width too
        self.model.total_changed.connect(self._count_copies)
        self._session.lens_changed.connect(self.reload)
        self.model.waiting_changed.connect(self._on_waiting)
        for signal in (self.model.rowsInserted, self.model.rowsRemoved, self._session.sources_changed):
            signal.connect(self._show_emptiness)
        self.empty.refresh_requested.connect(self.refresh_requested)
        self.pill.clicked.connect(self.show_new)
        self._clock.timeout.connect(self._on_minute)
        self._clock.start()
        self._session.articles_changed.connect(self._on_articles)
        self._session.articles_returned.connect(self._on_returned)
        self._session.problem.connect(self.model.forget_marks)  # one may not have been stored

    def _remember(self, arrangement: Arrangement) -> None:
        if arrangement != self.arrangement:
            self.arrangement = arrangement
            self.arrangements.keep(self._base, arrangement)

    def _on_narrowed(self) -> None:
        self._is_everywhere = self._is_everywhere and bool(self.header.words)
        self._remember(self.arrangement._replace(unread_only=self.header.is_checked))
        self.reload()

    def _reload(self, *, keep: bool) -> None:
        chosen = self.view.current_id if keep else None
        self.view.set_look(self.arrangement.look)
        since = self._session.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        query = self.header.narrow(self._base)._replace(country=self._session.lens)
        query = ArticleQuery(words=self.header.words) if self._is_everywhere else query
        query = query._replace(order=self.arrangement.order_of(query), once=not self.arrangement.copies)
        query = query._replace(since=since) if query.view is View.TODAY else query
        self.header.show_lens(query.country)
        heading = headings(order_of(query), self._session.today)
        self.view.group(heading if self.arrangement.grouped and query.order is not Order.BEST else None)
        self._sorting = query if order_of(query) is Order.TITLE else None
        if self._sorting is None:
            self.model.show(query)
        else:
            if not keep or query != self.model.query:
                self.model.show(query, ())
            done = partial(self._on_sorted, query, chosen)
            self._session.reading.sort_by_title(query, done, self._session.tell, self)
        self._mark_hits(query.words)
        self.view.choose_quietly(chosen)
        self._show_emptiness()

    def _on_sorted(self, query: ArticleQuery, chosen: int | None, ids: Sequence[int]) -> None:
        if query is self._sorting:  # else another list is shown by now
            self._sorting = None
            self.model.show(query, ids)
            self.view.choose_quietly(chosen)
            self._show_emptiness()

    def _mark_hits(self, words: str) -> None:
        if words == self._words:
            return
        self._words = words
        self.hits, problem = None, ""
        if words:
            from desktop.core.search import parse  # nobody searches at the start
            from desktop.core.search_marks import marker

            self.hits, problem = lru_cache(maxsize=1000)(marker(words)), parse(words).problem
        set_text(self.doubt, problem)
        self.doubt.setVisible(bool(problem))
        self.view.mark_hits(self.hits)
        self.searched.emit()

    def _on_articles(self, changes: Changes) -> None:
        if len(changes.removed) > PAGE:  # a whole source went
            self.reload()
            return
        self.model.apply(changes)
        if changes.regrouped:
            self._count_copies()

    def _on_returned(self, changes: Changes) -> None:
        """Articles that the person knows, back with their source or by an undo; in a search too."""
        if len(changes.new) > PAGE or (self.model.query.words and _lacks(self.model, changes.new)):
            self.reload()
        else:
            self.fill(changes)

    def _on_waiting(self, waiting: int) -> None:
        if waiting and (self.model.rowCount() == 0 or (self.view.is_at_top and self.view.current_id is None)):
            self.show_new()
            self._show_emptiness()
            return
        self.pill.show_count(waiting, most=PAGE)

    def _on_top(self) -> None:
        self.show_new()
        self.view.choose(self.model.index(0, 0))

    def _on_search_left(self) -> None:
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_minute(self) -> None:
        """Ages grow, and at midnight Today begins anew."""
        since = self.model.query.since
        if since and since.astimezone().date() != self._session.today():
            self.reload()
        self.view.viewport().update()

    def _count_copies(self) -> None:
        self._folded = copies_words(self._session.reader.articles.folded(self.model.query))
        self._show_position()

    def _show_position(self) -> None:
        first, last = self.view.visible_range()
        total = times.count(self.model.total) + ("" if self.model.is_total_known else "+")
        place = f"{times.count(first)}–{times.count(last)} of {total}{self._folded}" if last else ""
        set_text(self.position, place)

    def _show_emptiness(self) -> None:
        if self.model.rowCount(QModelIndex()):
            self._stack.setCurrentWidget(self.view)
            return
        self.empty.explain(SEARCHING if self._is_looking else SORTING if self._sorting else None)
        self._stack.setCurrentWidget(self.empty)
        self._show_position()


def _lacks(model: ArticleModel, ids: Sequence[int]) -> bool:
    """Whether any of these articles is not among the rows."""
    return not all(model.index_of(one).isValid() for one in ids)
