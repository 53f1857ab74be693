"""Tables as a reader wants them: numbers to the right under their headings, no columns that hold nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor, QTextDocument, QTextFrame, QTextTable, QTextTableCell

MOST_CELLS = 1_000  # of a document that are looked at; the tables beyond stay as they come
_NUMBER = re.compile(r"[+\-−–—]?[$€£₸₽]?\s?\d[\d\s.,’'\u00a0\u202f]*\s?(?:%|‰|[$€£₸₽]|[A-Z]{3})?|[-–—]")


def arrange_tables(document: QTextDocument) -> None:
    """Arranges the tables of a document, the inner ones too, in one step: Qt lays out anew after every other one."""
    cells = 0
    step = QTextCursor(document)
    step.beginEditBlock()
    for table in list(_tables(document.rootFrame())):
        cells += table.rows() * table.columns()
        if cells > MOST_CELLS:
            break
        _drop_empty_columns(table)
        _align(table)
    step.endEditBlock()


def column_lengths(table: QTextTable) -> list[int]:
    """The longest cell of each column, in characters; cells over several columns do not count."""
    lengths = [0] * table.columns()
    for row in range(table.rows()):
        for cell in _cells(table, row):
            if cell.columnSpan() == 1:
                lengths[cell.column()] = max(lengths[cell.column()], len(_text(cell)))
    return lengths


def _tables(frame: QTextFrame) -> Iterator[QTextTable]:
    for child in frame.childFrames():
        if isinstance(child, QTextTable):
            yield child
        yield from _tables(child)


def _drop_empty_columns(table: QTextTable) -> None:
    """A caption is a cell that spans more columns than there are; the rest of them goes."""
    used = 1
    for row in range(table.rows()):
        for cell in _cells(table, row):
            if cell.columnSpan() < table.columns() and _text(cell):
                used = max(used, cell.column() + cell.columnSpan())
    if used < table.columns():
        table.removeColumns(used, table.columns() - used)


def _align(table: QTextTable) -> None:
    """A column of numbers stands to the right, with its heading; every other to the left."""
    columns: dict[int, list[QTextTableCell]] = {}
    for row in range(table.rows()):
        for cell in _cells(table, row):
            if cell.columnSpan() == 1 and _text(cell):
                columns.setdefault(cell.column(), []).append(cell)
    for cells in columns.values():
        body = [cell for cell in cells if cell.row() > cells[0].row()]
        numbers = bool(body) and all(_NUMBER.fullmatch(_text(cell)) for cell in body)
        for cell in cells:
            _set_alignment(cell, numbers)


def _set_alignment(cell: QTextTableCell, numbers: bool) -> None:
    cursor = QTextCursor(cell.firstCursorPosition())
    cursor.setPosition(cell.lastCursorPosition().position(), QTextCursor.MoveMode.KeepAnchor)
    layout = cursor.blockFormat()
    layout.setAlignment(Qt.AlignmentFlag.AlignRight if numbers else Qt.AlignmentFlag.AlignLeft)
    cursor.mergeBlockFormat(layout)


def _cells(table: QTextTable, row: int) -> Iterator[QTextTableCell]:
    """The cells that begin in a row."""
    column = 0
    while column < table.columns():
        cell = table.cellAt(row, column)
        if cell.row() == row and cell.column() == column:
            yield cell
        column += max(1, cell.columnSpan())


def _text(cell: QTextTableCell) -> str:
    cursor = QTextCursor(cell.firstCursorPosition())
    cursor.setPosition(cell.lastCursorPosition().position(), QTextCursor.MoveMode.KeepAnchor)
    return cursor.selectedText().strip()
