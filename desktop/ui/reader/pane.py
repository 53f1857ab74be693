"""The reader: shows one stored article. It reads the store only and never opens a socket."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from desktop.core.fulltext_values import with_full_text
from desktop.core.models import Article, Changes, StoredImage
from desktop.core.tags import own_tags
from desktop.ui.empty_state import EmptyState
from desktop.ui.theme import Theme

if TYPE_CHECKING:
    from desktop.jobs.session import Session
    from desktop.ui.reader.document import ReaderView
    from desktop.ui.reader.sheet import Sheet
    from desktop.ui.reader.style import ReadingStyle

PLACE_KEPT_MS = 3_000  # after the last scrolling
FULL_TEXT = "reader.full_text"  # whether the text of the page is shown where there is one


class ReaderPane(QWidget):
    """One article with its actions, or a word on why there is none."""

    link_hovered = Signal(str)
    toggle_star_requested = Signal(int)
    toggle_read_requested = Signal(int)
    toggle_later_requested = Signal(int)
    open_requested = Signal(int)
    note_requested = Signal()
    article_opened = Signal()  # another one than before, or none
    picture_chosen = Signal(str)  # the key of a picture that was clicked, stored or missing
    changes_requested = Signal(int)
    full_text_requested = Signal()  # the switch was pressed

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._article: Article | None = None
        self._prefers_full = session.setting(FULL_TEXT, True)
        self._images: dict[str, StoredImage] = {}
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(PLACE_KEPT_MS)
        self._idle.timeout.connect(self.keep_place)
        self._empty = EmptyState(self)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        session.articles_changed.connect(self._on_articles_changed)
        self.show_article(None)

    @cached_property
    def sheet(self) -> Sheet:
        """The parts that an open article needs."""
        from desktop.ui.reader.sheet import Sheet  # the first paint shows no article

        made = Sheet(self._session.reader.images.file, self)
        made.view.link_hovered.connect(self.link_hovered)
        made.view.zoom_requested.connect(self.zoom)
        made.view.picture_chosen.connect(self.picture_chosen)
        made.view.table_requested.connect(self._show_table)
        made.view.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        made.bar.fate_pressed.connect(self._on_fate)
        made.bar.full_pressed.connect(self.full_text_requested)
        made.bar.read_pressed.connect(self._on_read)
        made.bar.star_pressed.connect(self._on_star)
        made.bar.later_pressed.connect(self._on_later)
        made.bar.open_pressed.connect(self._on_open)
        made.own.note_pressed.connect(self.note_requested)
        self._stack.addWidget(made)
        return made

    @cached_property
    def _style(self) -> ReadingStyle:
        from desktop.ui.reader.style import ReadingStyle

        return ReadingStyle.stored(self._session)

    @property
    def view(self) -> ReaderView:
        """The text of the article."""
        return self.sheet.view

    @property
    def article_id(self) -> int | None:
        """The article that is shown; None when there is none."""
        return self._article.row.id if self._article is not None else None

    @property
    def article(self) -> Article | None:
        """The article as it was opened, with the text that is shown: the feed's, or that of its page."""
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
        self._article = article = with_full_text(article) if self._prefers_full else article
        self._images = self._stored_images(article.row.id)
        self.sheet.find_bar.close_quietly()
        self.sheet.link_question.hide()
        self.link_hovered.emit("")
        start = self._session.reading.place(article.row.id)
        self.view.show_page(self._page(article), self._images, self._style, start)
        self._show_marks()
        self._stack.setCurrentWidget(self.sheet)
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

    def toggle_full_text(self) -> bool:
        """Shows the other text from its top, and takes to it; False where there is only one."""
        article = self._article
        if article is None or not article.full.html:
            return False
        self._prefers_full = not self._prefers_full
        self._session.set_setting(FULL_TEXT, self._prefers_full)
        self._article = None
        self.show_article(article.row.id)
        return True

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
            self.sheet.find_bar.open()

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
        from desktop.ui.reader.style import SIZE

        before = self._style.step
        self.apply_setting(SIZE, step)
        if self._style.step != before:
            self._session.set_setting(SIZE, self._style.step)

    def _page(self, article: Article) -> Iterator[str]:
        from desktop.core.html.display import slices_for_display
        from desktop.core.html.style import Inks
        from desktop.ui.reader.html import page

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
        at_top = self.view.verticalScrollBar().value() == 0
        if at_top and self._session.reader.full_texts.of(article.row.id) != article.full:
            self._article = None  # the full text came before the reading began, or a word on why it did not
            self.show_article(article.row.id)
            return
        rows = self._session.reader.articles.rows([article.row.id])
        if rows:
            self._article = article._replace(row=rows[0])
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
        if self._article is not None:
            row = self._article.row
            self.sheet.bar.show_article(self._article, prefers_full=self._prefers_full)
            note = self._session.reader.notes.of(row.id) if row.noted else ""
            self.sheet.own.show_own(own_tags(row.tags), note)
            self._show_heading()

    def _on_scrolled(self) -> None:
        self._show_heading()
        if self._article is not None:
            self._idle.start()

    def _show_table(self, number: int) -> None:
        if self._article is not None:
            from desktop.core.html.display import wide_table
            from desktop.ui.reader.table_window import TableWindow  # seldom needed

            html = wide_table(self._article.html, self._images, number)
            TableWindow(self._article.row.title, html, self._style, self).show()

    def _show_heading(self) -> None:
        """The source, and the title too once it has scrolled away."""
        if self._article is None:
            return
        title_gone = self.view.verticalScrollBar().value() > self.view.title_height()
        self.sheet.bar.show_heading(self._article.row, title_gone=title_gone)

    def _on_fate(self) -> None:
        if self._article is not None:
            self.changes_requested.emit(self._article.row.id)

    def _on_star(self) -> None:
        if self._article is not None:
            self.toggle_star_requested.emit(self._article.row.id)

    def _on_later(self) -> None:
        if self._article is not None:
            self.toggle_later_requested.emit(self._article.row.id)

    def _on_read(self) -> None:
        if self._article is not None:
            self.toggle_read_requested.emit(self._article.row.id)

    def _on_open(self) -> None:
        if self._article is not None:
            self.open_requested.emit(self._article.row.id)
