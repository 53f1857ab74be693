"""The table of a watchlist: rows that are made elsewhere, replaced in place, and moved by dragging."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from desktop.core.rates import Pair
from desktop.ui.rates.rows import RateRow
from desktop.ui.text import tooltip_text

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
MIME = "application/x-chorsu-pair"
Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    PAIR = 0
    RATE = 1
    CHANGE = 2
    PERCENT = 3
    SPARK = 4
    DATE = 5
    SOURCE = 6
    AGE = 7


TITLES = ("Pair", "Rate", "Change", "%", "90 days", "Date", "Source", "Age")
RIGHT = frozenset({Column.RATE, Column.CHANGE, Column.PERCENT})


class RatesModel(QAbstractTableModel):
    """Shows what `show` was given. A drop only asks: the list itself is changed in the store."""

    move_requested = Signal(object, int)  # Pair, its new place

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[RateRow] = []

    @property
    def pairs(self) -> list[Pair]:
        """The pairs shown, in order."""
        return [row.pair for row in self._rows]

    @property
    def rows(self) -> Sequence[RateRow]:
        return self._rows

    def row(self, at: int) -> RateRow | None:
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def place(self, pair: Pair) -> int:
        """Where a pair stands, in this direction or the other; -1 for nowhere."""
        places = (at for at, row in enumerate(self._rows) if row.pair in (pair, pair.inverse))
        return next(places, -1)

    def show(self, rows: Sequence[RateRow]) -> None:
        """Show these rows. Where only the numbers changed, only their lines are painted anew."""
        if [row.pair for row in rows] != self.pairs:
            self.beginResetModel()
            self._rows = list(rows)
            self.endResetModel()
            return
        for at, row in enumerate(rows):
            self.put(at, row)

    def put(self, at: int, row: RateRow) -> None:
        """Show another row in a place; a row that says the same is not painted again."""
        if row != self._rows[at]:
            self._rows[at] = row
            self.dataChanged.emit(self.index(at, 0), self.index(at, len(Column) - 1))

    # Qt's own names from here on

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index.row())
        if row is None:
            return None
        column = Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return text_of(row, column)
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken if column is Column.PAIR else spoken_cell(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_text(_tooltip(row, column))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_alignment(column))
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return TITLES[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_alignment(Column(section)))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | (Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else Qt.ItemFlag.ItemIsDropEnabled)

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        row = self.row(indexes[0].row()) if indexes else None
        data = QMimeData()
        if row is not None:
            data.setData(MIME, str(row.pair).encode("ascii"))
            data.setText(str(row.pair))
        return data

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """False always: the view must not take away the line that was dragged."""
        base, _, quote = bytes(data.data(MIME).data()).decode("ascii", "replace").partition("/")
        pair = Pair(base, quote)
        before = self.place(pair)
        to = row if row >= 0 else len(self._rows)
        to -= before < to  # the line itself leaves its place first
        if before >= 0 and to != before:
            self.move_requested.emit(pair, to)
        return False


def text_of(row: RateRow, column: Column) -> str:
    """The text of a cell; "" where a picture stands."""
    texts = {
        Column.PAIR: str(row.pair),
        Column.RATE: row.value,
        Column.CHANGE: row.difference,
        Column.PERCENT: row.percent,
        Column.DATE: row.date,
        Column.SOURCE: row.source,
        Column.AGE: row.age,
    }
    return texts.get(column, "")


def spoken_cell(row: RateRow, column: Column) -> str:
    """A cell with the name of its column, for those who hear the table."""
    text = text_of(row, column) or {Column.SPARK: _spoken_line(row)}.get(column, "none")
    note = {Column.RATE: row.note, Column.SOURCE: row.source_note}.get(column, "")
    return f"{TITLES[column]}: {text}" + (f", {note}" if note else "")


def _spoken_line(row: RateRow) -> str:
    if not row.spark:
        return "no history yet"
    moved = row.spark[-1][1] - row.spark[0][1]
    return "higher than 90 days ago" if moved > 0 else "lower than 90 days ago" if moved < 0 else "level"


def _tooltip(row: RateRow, column: Column) -> str:
    if column is Column.PAIR:
        return row.names
    notes = {Column.RATE: row.note, Column.SOURCE: row.source}
    return notes.get(column, "")


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in RIGHT else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
