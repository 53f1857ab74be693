"""The line over an article: where it comes from, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QUrl, Signal, SignalInstance
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from desktop.core.models import Article, ArticleRow
from desktop.core.tags import READ_LATER
from desktop.core.text import plain
from desktop.ui.fate import show_fate
from desktop.ui.icons import icon, pixmap
from desktop.ui.links import checked_url
from desktop.ui.text import plain_label, set_text, tooltip
from desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, Theme


class ReaderBar(QWidget):
    """The heading and the buttons; it shows what it is told and says what was pressed."""

    fate_pressed = Signal()
    full_pressed = Signal()
    read_pressed = Signal()
    star_pressed = Signal()
    later_pressed = Signal()
    open_pressed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = ""
        self.heading = plain_label("", self)
        self.heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._fate = self._button("Show changes", self.fate_pressed)
        self.full = self._button("Show the feed's text", self.full_pressed)
        self.full.setText("Full text")
        self.full.setCheckable(True)
        self._read = self._button("Mark as unread", self.read_pressed)
        self._star = self._button("Star", self.star_pressed)
        self._later = self._button("Read later", self.later_pressed)
        self._open = self._button("Open in browser", self.open_pressed)
        self._buttons = (self._fate, self.full, self._read, self._star, self._later, self._open)
        line = QHBoxLayout(self)
        line.setContentsMargins(SPACE_L, SPACE_S, SPACE_M, SPACE_S)
        line.setSpacing(SPACE_S)
        line.addWidget(self.heading, 1)
        for button in self._buttons:
            line.addWidget(button)

    def show_article(self, article: Article, *, prefers_full: bool) -> None:
        """Shows the marks of an article, and which of its texts is shown."""
        row = article.row
        theme = Theme.of(self.palette())
        show_fate(self._fate, row)
        color = theme.star if row.starred else theme.muted
        self._star.setIcon(QIcon(pixmap("star", color, 20, ratio=2.0, filled=row.starred)))
        _name(self._star, "Remove the star" if row.starred else "Star")
        later = READ_LATER in row.tags
        color = theme.unread if later else theme.muted
        self._later.setIcon(QIcon(pixmap("later", color, 20, ratio=2.0)))
        _name(self._later, "No longer to read later" if later else "Read later")
        color = theme.muted if row.read else theme.unread
        self._read.setIcon(QIcon(pixmap("unread", color, 20, ratio=2.0, filled=not row.read)))
        _name(self._read, "Mark as unread" if row.read else "Mark as read")
        self.full.setVisible(bool(article.full.html))
        self.full.setChecked(prefers_full)
        _name(self.full, "Show the feed's text" if prefers_full else "Show the full text")
        self._open.setIcon(icon("open", self.palette()))
        self._open.setEnabled(checked_url(QUrl(row.url)) is not None)

    def show_heading(self, row: ArticleRow, *, title_gone: bool) -> None:
        """The source, and the title too once it has scrolled away."""
        self._text = (
            f"{plain(row.source_title, 60)}  ·  {plain(row.title, 200)}" if title_gone else row.source_title
        )
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        shown = [button for button in self._buttons if not button.isHidden()]
        taken = sum(button.sizeHint().width() + SPACE_S for button in shown)
        room = max(0, self.width() - taken - 2 * SPACE_L)
        words = self.heading.fontMetrics().elidedText(plain(self._text), Qt.TextElideMode.ElideRight, room)
        if words != self.heading.text():
            set_text(self.heading, words)

    def _button(self, text: str, pressed: SignalInstance) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setIconSize(QSize(20, 20))
        button.clicked.connect(lambda: pressed.emit())
        _name(button, text)
        return button


def _name(button: QToolButton, text: str) -> None:
    button.setAccessibleName(text)
    tooltip(button, text)
