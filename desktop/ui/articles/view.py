"""The view over the articles: one column of equal rows, the keyboard's and the mouse's way to an article."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from desktop.ui.articles.arrangement import Heading, Look
from desktop.ui.articles.delegate import ArticleDelegate
from desktop.ui.articles.look import COLUMNS, COMPACT, FULL, WIDE
from desktop.ui.articles.model import ArticleModel
from desktop.ui.articles.text_lines import Spans
from desktop.ui.articles.thumbnails import Thumbnails

if TYPE_CHECKING:
    from desktop.core.coverage import Gap

_CHOOSE = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows

WIDE_FROM = 640  # pixels; from here on a row needs one line where a narrow one needs two


class ArticleView(QTableView):
    """Rows of one height with pixel-wise scrolling. Focus alone opens nothing; choosing a row does."""

    article_chosen = Signal(int)  # by a click, a key or `choose`
    article_activated = Signal(int)  # by a double click or Enter
    top_requested = Signal()  # Home: the newest, those that wait too
    left = Signal()  # Escape
    menu_requested = Signal(QPoint)  # where, on the screen; for what is selected
    sort_requested = Signal(object)  # an Order, by the line over the columns
    range_changed = Signal()  # other rows are in view

    def __init__(
        self,
        model: ArticleModel,
        thumbnails: Thumbnails,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._chosen: int | None = None  # what was said last
        self._quiet = False
        self._look = Look.CARDS
        self.setViewport(_viewport(self))
        self._delegate = ArticleDelegate(thumbnails, now, self)
        self.setItemDelegate(self._delegate)
        model.head = self._delegate.head
        self.setModel(model)
        self._set_up_look()
        _fill_with_one_column(self.horizontalHeader())
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.fit_rows()
        # Both: Qt makes the first row current when the focus comes, so that choosing it changes the selection only.
        self.selectionModel().currentRowChanged.connect(self._on_choice)
        self.selectionModel().selectionChanged.connect(self._on_choice)
        model.modelReset.connect(self._on_reset)
        self.activated.connect(self._on_activated)
        self.clicked.connect(self._on_choice)
        self.verticalScrollBar().valueChanged.connect(self.range_changed)
        model.modelReset.connect(self.fit_rows)
        model.rowsInserted.connect(self._on_inserted)
        model.rowsRemoved.connect(self._on_removed)
        model.modelReset.connect(self.range_changed)
        model.rowsInserted.connect(self.range_changed)
        model.rowsRemoved.connect(self.range_changed)
        thumbnails.ready.connect(self._on_thumbnail)

    @property
    def current_id(self) -> int | None:
        """The article that is chosen; None when there is none."""
        chosen = self.selectionModel().currentIndex()
        if not self.selectionModel().isSelected(chosen):
            return None
        row = self._model.article(chosen)
        return row.id if row else None

    def mark_hits(self, spans: Spans | None) -> None:
        """Mark in the rows what was searched for."""
        self._delegate.hits = spans
        self.viewport().update()

    @property
    def selected_ids(self) -> list[int]:
        rows = [self._model.article(index) for index in self.selectionModel().selectedRows()]
        return [row.id for row in rows if row]

    @property
    def is_at_top(self) -> bool:
        return self.verticalScrollBar().value() == self.verticalScrollBar().minimum()

    def visible_range(self) -> tuple[int, int]:
        """The first and last row of which at least half is in view, counted from 1; (0, 0) for none."""
        rows = self._model.rowCount()
        if not rows:
            return 0, 0
        half = self.verticalHeader().defaultSectionSize() // 2  # of the article, whatever stands over it
        first = max(0, self.rowAt(0))
        first += first < rows - 1 and self.rowViewportPosition(first) + self.rowHeight(first) < half
        last = self.rowAt(self.viewport().height() - 1)
        last = rows - 1 if last < 0 else last
        last -= self.rowViewportPosition(last) + self.rowHeight(last) - half > self.viewport().height()
        return first + 1, max(first, last) + 1

    def choose(self, index: QModelIndex) -> bool:
        """Go to a row and open it; False when the index is not valid."""
        if not index.isValid():
            return False
        self.selectionModel().setCurrentIndex(index, _CHOOSE)
        self.scrollTo(index)
        return True

    def choose_quietly(self, article_id: int | None) -> None:
        """Show where an article stands without opening it again; nothing for None."""
        if article_id is None:
            return
        index = self._model.index_of(article_id)
        self._quiet = True
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, _CHOOSE)
        else:
            self.selectionModel().clear()
        self._quiet = False

    def step(self, by: int) -> bool:
        """Go `by` rows down (negative: up); False at the end."""
        row = self._current_row() + by if self.current_id is not None else 0
        if row >= self._model.rowCount() and self._model.canFetchMore(QModelIndex()):
            self._model.fetchMore(QModelIndex())
        return self.choose(self._model.index(row, 0))

    def step_unread(self, by: int) -> bool:
        """Go to the next (1) or previous (-1) unread article; False when there is none."""
        start = self._current_row() + by if self.current_id is not None else 0
        return self.choose(self._model.next_unread(start, by))

    def scroll_to_top_of(self, article_id: int) -> None:
        """Have an article stand first in view."""
        self.updateGeometries()  # rows may just have come: Qt would reckon with them a moment later
        self.scrollTo(self._model.index_of(article_id), QAbstractItemView.ScrollHint.PositionAtTop)

    def mark_gaps(self, gaps: tuple[Gap, ...]) -> None:
        """Draw a line between the articles where others may be missing."""
        if gaps != self._delegate.gaps:
            self._delegate.gaps = gaps
            self.viewport().update()

    def group(self, heading: Heading | None) -> None:
        """Put a line over the first article of each group; None for no groups."""
        self._delegate.heading = heading

    def scroll_to_chosen(self) -> None:
        """Bring what is chosen into view, else the top."""
        if self.current_id is None:
            self.scrollToTop()
        else:
            self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.PositionAtCenter)

    def set_look(self, look: Look) -> None:
        """Show cards, compact rows, or one line a row under a line with the names of the columns."""
        self._look = look
        if look is Look.COLUMNS:
            from desktop.ui.articles.columns import ColumnsHeader  # most lists are cards

            if not isinstance(self.horizontalHeader(), ColumnsHeader):
                header = ColumnsHeader(self._model, self)
                header.sort_requested.connect(self.sort_requested)
                self.setHorizontalHeader(header)
                _fill_with_one_column(header)
        self.horizontalHeader().setVisible(look is Look.COLUMNS)
        self._choose_density()

    def fit_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._delegate.row_height(self.font()))
        self.verticalScrollBar().setSingleStep(self.verticalHeader().defaultSectionSize() // 3)
        self._fit_heads(0, self._model.rowCount() - 1)
        self.range_changed.emit()

    def _fit_heads(self, first: int, last: int) -> None:
        """Make room over those rows that begin a group."""
        header, height = self.verticalHeader(), self.verticalHeader().defaultSectionSize()
        head = self._delegate.head_height(self.font())
        for row in range(max(0, first), min(last, self._model.rowCount() - 1) + 1):
            wanted = height + (head if self._delegate.head(self._model.index(row, 0)) else 0)
            if header.sectionSize(row) != wanted:
                header.resizeSection(row, wanted)

    def _on_inserted(self, _: QModelIndex, first: int, last: int) -> None:
        self._fit_heads(first, last + 1)

    def _on_removed(self, _: QModelIndex, first: int, last: int) -> None:
        self._fit_heads(first, first)

    def _is_on_head(self, at: QPoint) -> bool:
        index = self.indexAt(at)
        if not self._delegate.head(index):
            return False
        return at.y() < self.rowViewportPosition(index.row()) + self._delegate.head_height(self.font())

    def _choose_density(self) -> None:
        is_wide = self.viewport().width() >= WIDE_FROM
        plain = {Look.COMPACT: COMPACT, Look.COLUMNS: COLUMNS}
        density = plain.get(self._look, WIDE if is_wide else FULL)
        if density != self._delegate.density:
            top = self.rowAt(0)
            self._delegate.density = density
            self.fit_rows()
            self.viewport().update()
            self.scrollTo(self._model.index(top, 0), QAbstractItemView.ScrollHint.PositionAtTop)

    def _set_up_look(self) -> None:
        self.setAccessibleName("Articles")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _current_row(self) -> int:
        return self.selectionModel().currentIndex().row()

    def _on_choice(self) -> None:
        chosen = self.current_id
        if chosen is None or chosen == self._chosen or self._is_selecting_many():
            return
        self._chosen = chosen
        if not self._quiet:
            self.article_chosen.emit(chosen)

    def _is_selecting_many(self) -> bool:
        """Who picks several articles does not read each on the way."""
        ranges = self.selectionModel().selection()
        return sum(ranges.at(place).height() for place in range(ranges.count())) > 1

    def _on_reset(self) -> None:
        self._chosen = None

    def _on_activated(self, index: QModelIndex) -> None:
        row = self._model.article(index)
        if row:
            self.article_activated.emit(row.id)

    def _on_thumbnail(self) -> None:
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.fit_rows()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose_density()
        self.range_changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The right button selects for the menu and opens nothing; the line over a group is no article."""
        if self._is_on_head(event.position().toPoint()):
            event.accept()
            return
        self._quiet = event.button() == Qt.MouseButton.RightButton
        chosen = self._chosen
        super().mousePressEvent(event)
        if self._quiet:
            self._chosen = chosen if chosen == self.current_id else None
        self._quiet = False

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self.selected_ids:
            return
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        row = self.visualRect(self.currentIndex())
        self.menu_requested.emit(self.viewport().mapToGlobal(row.center()) if by_key else event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Home:
            self.top_requested.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here, not the beginning of a title."""


def _fill_with_one_column(header: QHeaderView) -> None:
    header.hide()
    header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    header.setMinimumSectionSize(1)
    header.setStretchLastSection(True)


def _viewport(view: QAbstractItemView) -> QWidget:
    """Like the one that Qt makes. To name Qt's own, PySide would load every class of widget there is: 20 ms."""
    viewport = QWidget(view)
    viewport.setBackgroundRole(QPalette.ColorRole.Base)
    viewport.setAutoFillBackground(True)
    return viewport
