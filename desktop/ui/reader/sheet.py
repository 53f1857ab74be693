"""What an open article stands on: its bar, its text, and the search and the question below it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.ui.reader.bar import ReaderBar
from desktop.ui.reader.document import ReaderView
from desktop.ui.reader.find_bar import FindBar
from desktop.ui.reader.link_question import LinkQuestion
from desktop.ui.reader.own_strip import OwnStrip


class Sheet(QWidget):
    """Made when the first article is opened: it is most of what the reader loads."""

    def __init__(self, file: Callable[[str], Path], parent: QWidget | None) -> None:
        super().__init__(parent)
        self.bar = ReaderBar(self)
        self.own = OwnStrip(self)
        self.view = ReaderView(file, self)
        self.link_question = LinkQuestion(self)
        self.find_bar = FindBar(self.view, self)
        self.view.completed.connect(self.find_bar.search_again)
        self.view.link_doubted.connect(self.link_question.ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.own)
        column.addWidget(self.view, 1)
        column.addWidget(self.link_question)
        column.addWidget(self.find_bar)
