"""Where a person can type: every such widget of a window, and the ways to put a text in: by keys and by paste."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QAbstractListModel, QEvent, QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QKeySequenceEdit,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

BY_KEYS_AT_MOST = 300  # letters: a longer text is pasted, as a person would
ROWS = 40  # of a list that are looked at
HOWS = ("keys", "paste", "rich")


class Field(NamedTuple):
    """A widget that takes text: the class of its window, and what it is called there."""

    window: str
    name: str
    widget: QWidget

    @property
    def key(self) -> tuple[str, str]:
        return self.window, self.name


def fields(root: QWidget) -> Iterator[Field]:
    """All under a widget that take text, seen or not; a list whose lines can be written over is one."""
    for widget in (root, *root.findChildren(QWidget)):
        if takes_text(widget):
            yield Field(type(widget.window()).__name__, name_of(widget), widget)


def takes_text(widget: QWidget) -> bool:
    if isinstance(widget, (QLineEdit, QPlainTextEdit, QTextEdit)):
        return not widget.isReadOnly()
    if isinstance(widget, QAbstractItemView):
        return widget.editTriggers() != QAbstractItemView.EditTrigger.NoEditTriggers and _is_editable(widget)
    if isinstance(widget, (QAbstractSpinBox, QComboBox)):
        return False  # the line in it does
    return isinstance(widget, QKeySequenceEdit) or widget.testAttribute(
        Qt.WidgetAttribute.WA_InputMethodEnabled
    )


def _is_editable(view: QAbstractItemView) -> bool:
    model = view.model()
    if model is None:
        return False
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
    cells = [
        model.index(row, column) for row in range(min(ROWS, model.rowCount())) for column in range(columns)
    ]
    cells += [model.index(0, 0, cell) for cell in cells]
    return any(cell.isValid() and cell.flags() & Qt.ItemFlag.ItemIsEditable for cell in cells)


def name_of(widget: QWidget) -> str:
    """What a field is called; the editor of a list as the list, the line of a box as the box."""
    found: QWidget | None = widget
    while found is not None and not found.isWindow():
        if name := found.accessibleName():
            return name
        found = found.parentWidget()
    return widget.objectName() or type(widget).__name__


def type_into(widget: QWidget, text: str, how: str) -> None:
    """Put `text` in place of what a field holds: letter by letter, or from the clipboard, where it may have a form that
    is HTML beside it."""
    widget.setFocus()
    QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    if how == "keys" and len(text) <= BY_KEYS_AT_MOST and not any(letter < " " for letter in text):
        for letter in text:
            QApplication.sendEvent(
                widget, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter)
            )
        return
    copied = QMimeData()
    copied.setText(text)
    if how == "rich":
        copied.setHtml(f"<h1>{text}</h1><b>bold</b>")
    QGuiApplication.clipboard().setMimeData(copied)
    QTest.keyClick(widget, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    QGuiApplication.clipboard().clear()  # Qt would let go of it when Python has gone, and crash
