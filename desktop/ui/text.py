"""The only way for text from outside to reach a widget: as plain text. Qt takes most strings for HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QToolTip, QWidget

from desktop.core.text import plain

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMessageBox

TITLE_LIMIT = 200
NOTICE_LIMIT = 2_000
# The five of `html.escape`, whose module brings a table of all entities along, and a line's end.
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;", "\n": "<br>"})


def plain_label(text: str = "", parent: QWidget | None = None) -> QLabel:
    """A label that shows `text` letter by letter, whatever is in it."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    set_text(label, text)
    return label


def set_text(label: QLabel, text: str) -> None:
    """Shows `text` on a label as plain text; lines are kept, control and direction characters are not."""
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(plain_lines(text))


def tooltip(target: QWidget | QAction, text: str) -> None:
    """Gives a widget or an action a tooltip that shows `text` letter by letter."""
    target.setToolTip(tooltip_text(text))


def tooltip_text(text: str) -> str:
    """`text` for a tooltip or a model's ToolTipRole, escaped, since Qt may take it for HTML; "" for none."""
    lines = plain_lines(text)
    if not lines:
        return ""
    return f"<qt>{lines.translate(_MARKUP)}</qt>"


def show_tooltip(where: QPoint, text: str, widget: QWidget) -> None:
    """Shows `text` at a global position now; "" hides what is shown."""
    QToolTip.showText(where, tooltip_text(text), widget)


def notice(parent: QWidget | None, title: str, text: str) -> QMessageBox:
    """Shows a message that does not block the window, and deletes itself when closed."""
    from PySide6.QtWidgets import QMessageBox  # no dialog is needed to start

    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setModal(False)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(window_title(title))
    box.setText(plain_lines(text, NOTICE_LIMIT))
    box.setStandardButtons(QMessageBox.StandardButton.Close)
    box.show()
    return box


def window_title(text: str) -> str:
    """`text` for a window title: one line, with Qt's "[*]" mark for a changed file defused."""
    return plain(text, TITLE_LIMIT).replace("[*]", "[*][*]")


def action_text(text: str, limit: int = 80) -> str:
    """`text` for a menu entry, a tab or a button: one line, "&" shown instead of making a shortcut."""
    return plain(text, limit).replace("&", "&&")


def utf16(text: str, place: int) -> int:
    """A place in `text` as Qt counts it, in UTF-16 units."""
    return place + sum(letter > "\uffff" for letter in text[:place])


def plain_lines(text: str, limit: int = 500) -> str:
    """`text` without anything that could act, line by line; at most `limit` characters a line."""
    return "\n".join(plain(line, limit) for line in text.split("\n")).strip("\n")
