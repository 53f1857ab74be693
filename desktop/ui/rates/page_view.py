"""The table of a watchlist: keys, dragging, and columns that keep the figures whole in a narrow window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFont, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QFrame, QHeaderView, QStyleOptionViewItem, QTableView, QWidget

from desktop.core.rates import Pair, PinnedPair
from desktop.ui.rates.page_delegate import RatesDelegate, row_height
from desktop.ui.rates.page_model import RIGHT, TITLES, Column, RatesModel
from desktop.ui.rates.ticker import verb_of
from desktop.ui.sources.sidebar_delegate import quiet_palette
from desktop.ui.theme import SPACE_M, Theme, scaled

SPARK_WIDTH = 104
_SPARK_MORE = 60
_NAMES_AT_LEAST = 130
# Columns that go, in this order, before the figures would be cut; the date then stands under the source.
_SPARED = (Column.CHANGE, Column.DATE, Column.SOURCE)


class RatesView(QTableView):
    """One line a pair. It asks; others do."""

    verb_requested = Signal(str)  # flip, unpin, details, chart, copy: for the line that is chosen
    menu_requested = Signal(QPoint)

    def __init__(self, model: RatesModel, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self.rates = model
        self.setModel(model)
        self.setItemDelegate(RatesDelegate(self))
        self.setAccessibleName("Rates")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self._set_up_dragging()
        self._set_up_heads()
        self.doubleClicked.connect(self._on_double_click)
        self._tint()

    @property
    def pair(self) -> Pair | None:
        """The pair that is chosen."""
        return self.pinned.pair if self.pinned else None

    @property
    def pinned(self) -> PinnedPair | None:
        """The same with the source that the person chose for it."""
        row = self.rates.row(self.currentIndex().row())
        return row.pinned if row else None

    @property
    def foot(self) -> QPoint:
        """Under the line that is chosen, on the screen."""
        return self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())

    def select(self, pair: Pair | None) -> None:
        """Choose a pair, whichever way it stands; the first line where it is gone."""
        place = self.rates.place(pair) if pair is not None else 0
        if self.rates.rowCount():
            self.setCurrentIndex(self.rates.index(max(0, place), 0))

    def fit(self) -> None:
        """Give the columns their widths: the figures theirs, names what is left; what can be spared goes first."""
        for column in _SPARED:
            self.setColumnHidden(column, False)
        widest = {column: self._width(column) for column in Column}
        widths = {**widest, Column.SPARK: SPARK_WIDTH}
        for column in (Column.PAIR, Column.SOURCE):
            widths[column] = min(widest[column], _NAMES_AT_LEAST)
        room = self.viewport().width()
        for column in _SPARED:
            if sum(widths.values()) > room:
                self.setColumnHidden(column, True)
                del widths[column]
        left = max(0, room - sum(widths.values()))
        for column in (Column.PAIR, Column.SOURCE, Column.SPARK):
            if column in widths:
                most = SPARK_WIDTH + _SPARK_MORE if column is Column.SPARK else widest[column]
                more = min(left, max(0, most - widths[column]))
                widths[column] += more
                left -= more
        widths[Column.SOURCE if Column.SOURCE in widths else Column.PAIR] += left
        for column, width in widths.items():
            self.horizontalHeader().resizeSection(column, width)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if verb := verb_of(event):
            self.verb_requested.emit(verb)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.currentIndex()
        if event.reason() is not QContextMenuEvent.Reason.Keyboard:
            index = self.indexAt(event.pos())
            self.setCurrentIndex(index)
        if index.isValid():
            by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
            self.menu_requested.emit(self.foot if by_key else event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()
        elif event.type() == QEvent.Type.FontChange:
            self.verticalHeader().setDefaultSectionSize(row_height(self.font()))
            self.fit()

    def _width(self, column: Column) -> int:
        """What the widest text of a column takes, its head included."""
        delegate = self.itemDelegate()
        option = QStyleOptionViewItem()
        option.font = self.font()
        cells = (
            delegate.sizeHint(option, self.rates.index(at, column)).width()
            for at in range(self.rates.rowCount())
        )
        return max([self.horizontalHeader().sectionSizeHint(column), *cells])

    def _set_up_dragging(self) -> None:
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDragDropMode(QTableView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDragDropOverwriteMode(False)
        self.setDropIndicatorShown(True)

    def _set_up_heads(self) -> None:
        lines = self.verticalHeader()
        lines.hide()
        lines.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        lines.setDefaultSectionSize(row_height(QFont(self.font())))
        head = _Head(self)
        self.setHorizontalHeader(head)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setMinimumSectionSize(24)

    def _tint(self) -> None:
        quiet = quiet_palette(self._page.palette())
        if quiet != self.palette():
            self.setPalette(quiet)

    def _on_double_click(self, _: QModelIndex) -> None:
        self.verb_requested.emit("details")


class _Head(QHeaderView):
    """Quiet heads that stand over their columns."""

    def __init__(self, view: RatesView) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.fontMetrics().height() + SPACE_M)

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        theme = Theme.of(self.palette())
        painter.fillRect(rect, theme.base)
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.separator)
        painter.setFont(scaled(self.font(), 0.88))
        painter.setPen(theme.muted)
        side = Qt.AlignmentFlag.AlignRight if Column(logical) in RIGHT else Qt.AlignmentFlag.AlignLeft
        room = rect.adjusted(SPACE_M, 0, -SPACE_M, 0)
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, TITLES[logical])
