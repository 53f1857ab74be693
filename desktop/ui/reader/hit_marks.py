"""The words that were searched for, marked in the article that is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QTextBlock, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextEdit

from desktop.ui.text import utf16
from desktop.ui.theme import Theme, mark_format

if TYPE_CHECKING:
    from desktop.ui.articles.list import ArticleList
    from desktop.ui.reader.pane import ReaderPane

MOST = 1_000
STEP = 10_000  # characters that are looked through at once: some 5 ms


class HitMarks(QObject):
    """Follows what is searched for in the list and what is shown in the reader. A long text is looked through in steps:
    the first is marked at once, the others together."""

    def __init__(self, articles: ArticleList, reader: ReaderPane, parent: QObject) -> None:
        super().__init__(parent)
        self._articles = articles
        self._reader = reader
        self._document: QTextDocument | None = None  # that is looked through
        self._next = 0  # the number of the block to go on with
        self._found: list[QTextCursor] = []
        self._going_on = QTimer(self, singleShot=True, interval=0)
        self._going_on.timeout.connect(self._go_on)
        articles.searched.connect(self._begin)
        reader.article_opened.connect(self._begin)
        reader.view.completed.connect(self._begin)

    @property
    def is_looking(self) -> bool:
        """Whether a part of the text has still to be looked through."""
        return self._going_on.isActive()

    def _begin(self) -> None:
        self._document, self._next, self._found = self._reader.view.document(), 0, []
        if not self._look_on():
            self._going_on.start()
        self._show()

    def _go_on(self) -> None:
        if self._document is not self._reader.view.document():
            self._begin()
        elif self._look_on():
            self._show()
        else:
            self._going_on.start()

    def _look_on(self) -> bool:
        """Looks through the next part of the text; whether that was the last."""
        spans, document = self._articles.hits, self._document
        if spans is None or document is None:
            return True
        left, block = STEP, document.findBlockByNumber(self._next)
        while block.isValid() and left > 0 and len(self._found) < MOST:
            text = block.text()
            left -= len(text) + 1
            self._found += (_cursor(block, text, start, end) for start, end in spans(text))
            block = block.next()
        self._next = block.blockNumber()
        return not block.isValid() or len(self._found) >= MOST

    def _show(self) -> None:
        look = mark_format(Theme.of(self._reader.view.palette()))
        marks = []
        for cursor in self._found:
            mark = QTextEdit.ExtraSelection()
            mark.cursor = cursor
            mark.format = look
            marks.append(mark)
        self._reader.sheet.find_bar.mark_beneath(marks)


def _cursor(block: QTextBlock, text: str, start: int, end: int) -> QTextCursor:
    cursor = QTextCursor(block)
    cursor.setPosition(block.position() + utf16(text, start))
    cursor.setPosition(block.position() + utf16(text, end), QTextCursor.MoveMode.KeepAnchor)
    return cursor
