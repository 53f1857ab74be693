"""A wide table in a window of its own, where it scrolls both ways and no word is broken."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QKeySequence, QShortcut, QTextTable
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.ui.links import open_external
from desktop.ui.reader.page import ArticleDocument
from desktop.ui.reader.safe_browser import SafeBrowser
from desktop.ui.reader.style import ReadingStyle
from desktop.ui.reader.tables import column_lengths
from desktop.ui.text import window_title

LONGEST_CELL = 40  # characters that a column may be wide; longer cells have several lines
SIZE = (960, 560)


class TableWindow(QWidget):
    """Shows `html`, one table for display. Escape closes it."""

    def __init__(self, title: str, html: str, style: ReadingStyle, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(window_title(f"Table – {title}"))
        self.view = SafeBrowser(self)
        self.view.setAccessibleName("Table")
        self.view.anchorClicked.connect(open_external)
        font = style.reading_font(self.font())
        document = ArticleDocument(self.view.loadResource, style, font, self.palette(), self.view)
        document.begin_with(html)
        document.setDocumentMargin(16)
        # Before the document comes, or Qt would set it for each of these.
        self.view.setLineWrapMode(SafeBrowser.LineWrapMode.FixedPixelWidth)
        self.view.setLineWrapColumnOrWidth(_natural_width(document))
        self.view.setDocument(document)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)
        bars = 2 * self.view.horizontalScrollBar().sizeHint().height()
        self.resize(SIZE[0], min(SIZE[1], round(document.size().height()) + bars))


def _natural_width(document: ArticleDocument) -> int:
    """Pixels that the widest table needs for cells on one line, long cells on several."""
    letter = QFontMetricsF(document.defaultFont()).averageCharWidth() * 1.1
    needed = 0.0
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            columns = [min(length, LONGEST_CELL) for length in column_lengths(frame)]
            needed = max(needed, sum(length * letter + 24 for length in columns))
    return round(max(needed, 320))
