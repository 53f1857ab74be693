"""A QTextBrowser that loads nothing, opens nothing and copies plain text only."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QUrl
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from desktop.ui.reader.parts import clean_text
from desktop.ui.reader.pictures import blank
from desktop.ui.text import show_tooltip


class SafeBrowser(QTextBrowser):
    """For HTML of our own making; who uses it follows the links."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setSearchPaths([])
        self.setUndoRedoEnabled(False)
        self.setAcceptDrops(False)
        self.setFrameShape(QFrame.Shape.NoFrame)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """One transparent point, whatever is asked: pictures are painted by our own object."""
        return self._resource(kind, QUrl(name))

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copies plain text: pictures and styles stay behind."""
        data = QMimeData()
        data.setText(clean_text(self.textCursor().selection().toPlainText()))
        return data

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            # Qt would take a publisher's title attribute for HTML.
            show_tooltip(event.globalPos(), self.cursorForPosition(event.pos()).charFormat().toolTip(), self)
            return True
        return super().viewportEvent(event)

    def _resource(self, kind: int, name: QUrl) -> QImage:
        return blank()
