"""The reader: shows one stored article. It reads the store only and never opens a socket."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QHideEvent, QIcon, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from desktop.core.display import slices_for_display, wide_table
from desktop.core.html_style import Inks
from desktop.core.models import Article, Changes, StoredImage
from desktop.core.text import plain
from desktop.ui.empty_state import EmptyState
from desktop.ui.fate import show_fate
from desktop.ui.find_bar import FindBar
from desktop.ui.icons import icon, pixmap
from desktop.ui.link_question import LinkQuestion
from desktop.ui.links import checked_url
from desktop.ui.reader_document import ReaderView
from desktop.ui.reader_html import page
from desktop.ui.reader_style import SIZE, ReadingStyle
from desktop.ui.text import plain_label, set_text, tooltip
from desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, Theme

if TYPE_CHECKING:
    from desktop.jobs.session import Session

PLACE_KEPT_MS = 3_000  # after the last scrolling


class ReaderPane(QWidget):
    """One article with its actions, or a word on why there is none."""

    link_hovered = Signal(str)
    toggle_star_requested = Signal(int)
    toggle_read_requested = Signal(int)
    open_requested = Signal(int)
    article_opened = Signal()  # another one than before, or none
    picture_chosen = Signal(str)  # the key of a picture that was clicked, stored or missing
    changes_requested = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._article: Article | None = None
        self._images: dict[str, StoredImage] = {}
        self._style = ReadingStyle.stored(session)
        self.view = ReaderView(session.reader.images.file, self)
        self.view.link_hovered.connect(self.link_hovered)
        self.view.zoom_requested.connect(self.zoom)
        self.find_bar = FindBar(self.view, self)
        self.view.completed.connect(self.find_bar.search_again)
        self.link_question = LinkQuestion(self)
        self.view.link_doubted.connect(self.link_question.ask)
        self.view.picture_chosen.connect(self.picture_chosen)
        self.view.table_requested.connect(self._show_table)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(PLACE_KEPT_MS)
        self._idle.timeout.connect(self.keep_place)
        self._empty = EmptyState(self)
        self._build()
        session.articles_changed.connect(self._on_articles_changed)
        self.show_article(None)

    @property
    def article_id(self) -> int | None:
        """The article that is shown; None when there is none."""
        return self._article.row.id if self._article is not None else None

    @property
    def article(self) -> Article | None:
        """The article that is shown, as it was opened."""
        return self._article

    @property
    def images(self) -> dict[str, StoredImage]:
        """Its pictures by key, in the order of the text, the missing ones too."""
        return self._images

    @property
    def reading_style(self) -> ReadingStyle:
        """How the text is set."""
        return self._style

    def show_article(self, article_id: int | None) -> None:
        """Shows a stored article from its top; one that is shown already stays as it is."""
        if article_id is not None and article_id == self.article_id:
            return
        self.keep_place()
        article = None if article_id is None else self._session.reader.articles.get(article_id)
        if article is None:
            self.show_empty("No article chosen", "Choose one in the list to read it here.")
            return
        self._article = article
        self._images = self._stored_images(article.row.id)
        self.find_bar.close_quietly()
        self.link_question.hide()
        self.link_hovered.emit("")
        start = self._session.reading.place(article.row.id)
        self.view.show_page(self._page(article), self._images, self._style, start)
        self._show_marks()
        self._stack.setCurrentWidget(self._reading)
        self.setFocusProxy(self.view)
        self.article_opened.emit()

    def keep_place(self) -> None:
        """Remembers where the person is in the open article."""
        self._idle.stop()
        if self._article is not None:
            self._session.reading.keep_place(self._article.row.id, self.view.top_character)

    def show_empty(self, title: str, text: str) -> None:
        """Shows no article, and says why."""
        self.keep_place()
        self._article = None
        self._images = {}
        self._empty.say(title, text)
        self._stack.setCurrentWidget(self._empty)
        self.link_hovered.emit("")
        self.article_opened.emit()

    def zoom(self, step: int) -> None:
        """Makes the text larger (1) or smaller (-1); remembered."""
        self._set_step(self._style.step + step)

    def reset_zoom(self) -> None:
        """Back to the normal size."""
        self._set_step(0)

    def scroll_page(self) -> bool:
        """One page down; False when the end is in view, or no article is shown."""
        return self._article is not None and self.view.scroll_page()

    def find(self) -> None:  # type: ignore[override]  # QWidget.find(id) is of no use here
        """Opens the search in the article."""
        if self._article is not None:
            self.view.complete()
            self.find_bar.open()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_heading()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.keep_place()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show_marks()
            if self._article is not None and self._session.reading.keeps_style(self._article.row.source_id):
                self.view.update_page(self._page(self._article), self._images)

    def apply_setting(self, key: str, value: object) -> None:
        """Takes over a setting that was changed; those that are no concern of the reader's change nothing."""
        style = self._style.with_setting(key, value)
        if style != self._style:
            self._style = style
            if self._article is not None:
                self.view.restyle(style)

    def _set_step(self, step: int) -> None:
        before = self._style.step
        self.apply_setting(SIZE, step)
        if self._style.step != before:
            self._session.set_setting(SIZE, self._style.step)

    def _page(self, article: Article) -> Iterator[str]:
        theme = Theme.of(self.palette())
        keeps = self._session.reading.keeps_style(article.row.source_id)
        inks = Inks(theme.text.name(), theme.base.name()) if keeps else None
        return page(article, slices_for_display(article.html, self._images, inks=inks))

    def show_publisher_style(self, keep: bool) -> None:
        """Shows the open article, and from now on all of its source, in its publisher's colours, or in ours."""
        if self._article is not None:
            self._session.reading.keep_style(self._article.row.source_id, keep)
            self.view.update_page(self._page(self._article), self._images)

    def _stored_images(self, article_id: int) -> dict[str, StoredImage]:
        return {image.key: image for image in self._session.reader.images.of_article(article_id)}

    def _on_articles_changed(self, changes: Changes) -> None:
        """Takes over marks and pictures of the open article; its text stays as it was opened."""
        article = self._article
        if article is None or article.row.id not in changes.updated + changes.new:
            return
        rows = self._session.reader.articles.rows([article.row.id])
        if rows:
            self._article = replace(article, row=rows[0])
            self._show_marks()
        images = self._stored_images(article.row.id)
        if images == self._images:
            return
        known = images.keys() == self._images.keys()
        self._images = images
        if known:
            self.view.update_pictures(images)
        else:
            self.view.update_page(self._page(article), images)

    def _show_marks(self) -> None:
        self._open.setIcon(icon("open", self.palette()))
        if self._article is None:
            return
        row = self._article.row
        theme = Theme.of(self.palette())
        show_fate(self._fate, row)
        self._show_heading()
        color = theme.star if row.starred else theme.muted
        self._star.setIcon(QIcon(pixmap("star", color, 20, ratio=2.0, filled=row.starred)))
        _name(self._star, "Remove the star" if row.starred else "Star")
        color = theme.muted if row.read else theme.unread
        self._read.setIcon(QIcon(pixmap("unread", color, 20, ratio=2.0, filled=not row.read)))
        _name(self._read, "Mark as unread" if row.read else "Mark as read")
        self._open.setEnabled(checked_url(QUrl(row.url)) is not None)

    def _on_scrolled(self) -> None:
        self._show_heading()
        if self._article is not None:
            self._idle.start()

    def _show_table(self, number: int) -> None:
        if self._article is not None:
            from desktop.ui.table_window import TableWindow  # seldom needed

            html = wide_table(self._article.html, self._images, number)
            TableWindow(self._article.row.title, html, self._style, self).show()

    def _show_heading(self) -> None:
        """The source, and the title too once it has scrolled away."""
        if self._article is None:
            return
        row = self._article.row
        title_gone = self.view.verticalScrollBar().value() > self.view.title_height()
        text = (
            f"{plain(row.source_title, 60)}  ·  {plain(row.title, 200)}" if title_gone else row.source_title
        )
        shown_buttons = [button for button in self._buttons() if not button.isHidden()]
        buttons = sum(button.sizeHint().width() + SPACE_S for button in shown_buttons)
        room = max(0, self.width() - buttons - 2 * SPACE_L)
        shown = self._heading.fontMetrics().elidedText(plain(text), Qt.TextElideMode.ElideRight, room)
        if shown != self._heading.text():
            set_text(self._heading, shown)

    def _build(self) -> None:
        self._heading = plain_label("", self)
        self._heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.view.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self._read = self._button("Mark as unread", self._on_read)
        self._star = self._button("Star", self._on_star)
        self._open = self._button("Open in browser", self._on_open)
        self._fate = self._button("Show changes", self._on_fate)
        bar = QHBoxLayout()
        bar.setContentsMargins(SPACE_L, SPACE_S, SPACE_M, SPACE_S)
        bar.setSpacing(SPACE_S)
        bar.addWidget(self._heading, 1)
        for button in self._buttons():
            bar.addWidget(button)
        self._reading = QWidget(self)
        column = QVBoxLayout(self._reading)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self.view, 1)
        column.addWidget(self.link_question)
        column.addWidget(self.find_bar)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._reading)
        self._stack.addWidget(self._empty)

    def _buttons(self) -> tuple[QToolButton, ...]:
        return self._fate, self._read, self._star, self._open

    def _button(self, text: str, slot: Callable[[], None]) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setIconSize(QSize(20, 20))
        button.clicked.connect(slot)
        _name(button, text)
        return button

    def _on_fate(self) -> None:
        if self._article is not None:
            self.changes_requested.emit(self._article.row.id)

    def _on_star(self) -> None:
        if self._article is not None:
            self.toggle_star_requested.emit(self._article.row.id)

    def _on_read(self) -> None:
        if self._article is not None:
            self.toggle_read_requested.emit(self._article.row.id)

    def _on_open(self) -> None:
        if self._article is not None:
            self.open_requested.emit(self._article.row.id)


def _name(button: QToolButton, text: str) -> None:
    button.setAccessibleName(text)
    tooltip(button, text)
