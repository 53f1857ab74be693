"""The words that were searched for, marked in the article that is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextEdit

from desktop.ui.text import utf16
from desktop.ui.theme import Theme, mark_format

if TYPE_CHECKING:
    from desktop.ui.articles.list import ArticleList
    from desktop.ui.reader.pane import ReaderPane

MOST = 1_000


class HitMarks(QObject):
    """Follows what is searched for in the list and what is shown in the reader."""

    def __init__(self, articles: ArticleList, reader: ReaderPane, parent: QObject) -> None:
        super().__init__(parent)
        self._articles = articles
        self._reader = reader
        articles.searched.connect(self._mark)
        reader.article_opened.connect(self._mark)
        reader.view.completed.connect(self._mark)

    def _mark(self) -> None:
        view = self._reader.view
        look = Theme.of(view.palette())
        marks = []
        for cursor in self._hits(view.document()):
            mark = QTextEdit.ExtraSelection()
            mark.cursor = cursor
            mark.format = mark_format(look)
            marks.append(mark)
        self._reader.sheet.find_bar.mark_beneath(marks)

    def _hits(self, document: QTextDocument) -> list[QTextCursor]:
        found: list[QTextCursor] = []
        spans = self._articles.hits
        block = document.begin()
        while spans is not None and block.isValid() and len(found) < MOST:
            text = block.text()
            for start, end in spans(text):
                cursor = QTextCursor(block)
                cursor.setPosition(block.position() + utf16(text, start))
                cursor.setPosition(block.position() + utf16(text, end), QTextCursor.MoveMode.KeepAnchor)
                found.append(cursor)
            block = block.next()
        return found
