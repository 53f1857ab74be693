"""The document of an article, built in slices: Qt needs a tenth of a second for half a megabyte at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QFont, QPalette, QTextCursor, QTextDocument, QTextDocumentFragment, QTextFormat

from desktop.ui.reader.layout import arrange, prepare
from desktop.ui.reader.style import ReadingStyle
from desktop.ui.reader.tables import arrange_tables

IMAGE_OBJECT = QTextFormat.ObjectTypes.ImageObject.value
Answer = Callable[[int, QUrl], Any]


class ArticleDocument(QTextDocument):
    """A document whose every resource comes from `answer`; Qt's own way, which opens files, is shut."""

    def __init__(
        self, answer: Answer, style: ReadingStyle, font: QFont, palette: QPalette, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._answer = answer
        self._style = style
        self._palette = palette
        self.setUndoRedoEnabled(False)
        self.setDefaultFont(font)
        prepare(self, justified=style.justified)
        self.setDefaultStyleSheet(style.css(font, palette))

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        return self._answer(kind, QUrl(name))

    def begin_with(self, html: str) -> None:
        """Takes the first slice. To be called before there is a layout: later every change lays out anew."""
        self.setHtml(html)
        arrange(self, justified=self._style.justified)
        arrange_tables(self)

    def append(self, html: str) -> None:
        """Puts another slice behind the text: whole blocks, the first a paragraph or a heading."""
        part = ArticleDocument(self._answer, self._style, self.defaultFont(), self._palette, self)
        part.begin_with(html)
        first = part.begin()
        cursor = QTextCursor(self)
        cursor.beginEditBlock()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertBlock(first.blockFormat(), first.charFormat())
        cursor.insertFragment(QTextDocumentFragment(part))
        cursor.endEditBlock()
        part.deleteLater()
