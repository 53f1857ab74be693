"""A table of words and numbers that are only read: right-aligned numbers, plain text, copied with Ctrl+C."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop.core.text import visible
from desktop.ui.text import tooltip_text
from desktop.ui.theme import SPACE_M, SPACE_XL, tabular

Index = QModelIndex | QPersistentModelIndex
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class TextRows(QAbstractTableModel):
    """Rows of text under headers; the columns in `numbers` are aligned to the right."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._headers: tuple[str, ...] = ()
        self._numbers: frozenset[int] = frozenset()
        self.rows: tuple[tuple[str, ...], ...] = ()

    def show(self, headers: Sequence[str], rows: Sequence[Sequence[str]], numbers: Collection[int]) -> None:
        """Put these rows in the place of the former ones."""
        self.beginResetModel()
        self._headers = tuple(headers)
        self._numbers = frozenset(numbers)
        self.rows = tuple(tuple(visible(cell) for cell in row) for row in rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._headers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._spaced(self.rows[index.row()][index.column()], index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if index.column() in self._numbers else _LEFT
        if role == Qt.ItemDataRole.ToolTipRole:  # the column may be too narrow for it
            return tooltip_text(self.rows[index.row()][index.column()])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._headers[index.column()]}: {self.rows[index.row()][index.column()]}"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._headers):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._spaced(self._headers[section], section)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in self._numbers else _LEFT
        return None

    def _spaced(self, text: str, column: int) -> str:
        """A number keeps off the words that begin right beside it."""
        return f"{text}\u2002" if column in self._numbers else text


class TextTable(QTableView):
    """Shows text rows; whole rows are chosen, and copied as text that a spreadsheet takes."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text_rows = TextRows(self)
        self.setModel(self.text_rows)
        self.setAccessibleName(name)
        self.setFont(tabular(self.font()))
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + SPACE_M)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setResizeContentsPrecision(60)
        header.setMinimumSectionSize(SPACE_XL * 3)

    def show_rows(
        self, headers: Sequence[str], rows: Sequence[Sequence[str]], numbers: Collection[int]
    ) -> None:
        """Put these rows in the place of the former ones; the place stays where it can."""
        current = self.currentIndex().row()
        self.text_rows.show(headers, rows, numbers)
        fitting, filling = QHeaderView.ResizeMode.ResizeToContents, QHeaderView.ResizeMode.Stretch
        for at in range(len(headers)):
            last_words = at == len(headers) - 1 and at not in numbers
            self.horizontalHeader().setSectionResizeMode(at, filling if last_words else fitting)
        if 0 <= current < len(rows):
            self.setCurrentIndex(self.text_rows.index(current, 0))

    def copy(self) -> None:
        """The chosen rows, or all where none is chosen, on the clipboard."""
        chosen = sorted(index.row() for index in self.selectionModel().selectedRows())
        rows = [self.text_rows.rows[at] for at in chosen] or list(self.text_rows.rows)
        QGuiApplication.clipboard().setText("\n".join("\t".join(row) for row in rows))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)
