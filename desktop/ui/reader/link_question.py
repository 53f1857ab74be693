"""Asks, without blocking, before a link is followed that does not lead where it says."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop.ui.links import open_external
from desktop.ui.text import plain_label, set_text
from desktop.ui.theme import SPACE_M, SPACE_S


class LinkQuestion(QWidget):
    """A bar with the reason, a button that opens the link all the same and one that does not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._url = QUrl()
        self._reason = plain_label("", self)
        self._reason.setWordWrap(True)
        self._open = QPushButton("Open it", self)
        self._open.clicked.connect(self._on_open)
        self._stay = QPushButton("Stay here", self)
        self._stay.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        layout.addWidget(self._reason, 1)
        layout.addWidget(self._stay)
        layout.addWidget(self._open)
        self.hide()

    def ask(self, url: QUrl, reason: str) -> None:
        """Shows the question; staying is the answer at hand."""
        self._url = url
        set_text(self._reason, reason)
        self.setAccessibleName(reason)
        self.show()
        self._stay.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _on_open(self) -> None:
        self.hide()
        open_external(self._url)
