"""What a key does to the pair at hand, on the ticker as on the page of the rates."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

_VERBS = {
    Qt.Key.Key_Return: "details",
    Qt.Key.Key_Enter: "details",
    Qt.Key.Key_F: "flip",
    Qt.Key.Key_G: "chart",
    Qt.Key.Key_Delete: "unpin",
}


def verb_of(event: QKeyEvent) -> str:
    """details, flip, chart, unpin or copy; "" for a key that does nothing to a pair."""
    if event.matches(QKeySequence.StandardKey.Copy):
        return "copy"
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return ""
    return _VERBS.get(Qt.Key(event.key()), "")
