"""The article's text: a QTextBrowser that can load nothing but the pictures of its article."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QSizeF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QFont,
    QFontInfo,
    QFontMetricsF,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from desktop.core.models import StoredImage
from desktop.ui.links import checked_url, doubt, link_label, open_external
from desktop.ui.reader_layout import arrange, prepare, set_column
from desktop.ui.reader_pictures import PictureObject, Pictures, blank
from desktop.ui.reader_quotes import paint_quote_bars
from desktop.ui.reader_tables import arrange_tables
from desktop.ui.text import show_tooltip
from desktop.ui.theme import (
    LINE_CHARACTERS,
    SPACE_L,
    Theme,
    reader_css,
    scaled,
)

IMAGE_OBJECT = QTextFormat.ObjectTypes.ImageObject.value
_SAMPLE = "the quick brown fox jumps over the lazy dog and goes on to the river "


@dataclass(frozen=True, slots=True)
class Place:
    """Where the reader is: the character at the view's top, its distance from the edge, the selection."""

    position: int
    offset: int
    anchor: int
    cursor: int


class ArticleDocument(QTextDocument):
    """A document whose every resource comes from `answer`; Qt's own way, which opens files, is shut."""

    def __init__(self, answer: Callable[[int, QUrl], Any], parent: QWidget) -> None:
        super().__init__(parent)
        self._answer = answer
        self.setUndoRedoEnabled(False)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        return self._answer(kind, QUrl(name))


class ReaderView(QTextBrowser):
    """Shows one page of HTML in a measured column. Signals a hovered link as plain text, "" when left."""

    link_hovered = Signal(str)
    link_doubted = Signal(QUrl, str)  # to be opened only when the person says so, and why
    zoom_requested = Signal(int)

    def __init__(self, file: Callable[[str], Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures = Pictures(file)
        self._picture_object = PictureObject(self.pictures, self.palette)
        self._html = ""
        self._size_factor = 1.0
        self.setOpenLinks(False)
        self.setSearchPaths([])
        self.setUndoRedoEnabled(False)
        self.setAcceptDrops(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Article")
        self.highlighted.connect(self._on_highlighted)
        self.anchorClicked.connect(self._on_anchor_clicked)

    @property
    def reading_font(self) -> QFont:
        """The font of the running text."""
        return scaled(self.font(), self._size_factor)

    def show_page(self, html: str, images: Mapping[str, StoredImage], factor: float) -> None:
        """Shows another page from its top. `html` is trusted: sanitised and within the render budget."""
        self._html = html
        self._size_factor = factor
        self.pictures.show(images)
        self._render()
        self.verticalScrollBar().setValue(0)

    def update_page(self, html: str, images: Mapping[str, StoredImage]) -> None:
        """Shows the same page after pictures have arrived; the text under the eyes stays where it is."""
        place = self.place()
        self.pictures.show(images)
        if html == self._html:
            document = self.document()
            document.markContentsDirty(0, document.characterCount())
        else:
            self._html = html
            self._render()
        self.go_to(place)
        self.viewport().update()

    def render_again(self, factor: float) -> None:
        """Sets the same page in another size or in other colours, keeping place and selection."""
        place = self.place()
        self._size_factor = factor
        self._render()
        self.go_to(place)

    def place(self) -> Place:
        """Where the reader is now."""
        top = self.cursorForPosition(QPoint(round(self._margin()), 0))
        selection = self.textCursor()
        return Place(top.position(), self.cursorRect(top).top(), selection.anchor(), selection.position())

    def go_to(self, place: Place) -> None:
        """Brings a remembered place back to where it stood."""
        last = max(0, self.document().characterCount() - 1)
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(place.anchor, last))
        cursor.setPosition(min(place.cursor, last), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        top = QTextCursor(self.document())
        top.setPosition(min(place.position, last))
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.cursorRect(top).top() - place.offset)

    def title_height(self) -> int:
        """How far the text must be scrolled until its first block, the title, is out of view."""
        document = self.document()
        return round(document.documentLayout().blockBoundingRect(document.begin()).bottom())

    def scroll_page(self) -> bool:
        """One page down, two lines kept in view; False when the end was already in view."""
        bar = self.verticalScrollBar()
        if bar.value() >= bar.maximum():
            return False
        keep = round(2 * QFontMetricsF(self.reading_font).lineSpacing())
        bar.setValue(bar.value() + max(1, self.viewport().height() - keep))
        return True

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """A picture of this article from the store, or one transparent point; never anything else."""
        return self._resource(kind, QUrl(name))

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copies plain text: pictures and styles stay behind."""
        data = QMimeData()
        data.setText(clean_text(self.textCursor().selection().toPlainText()))
        return data

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        first = self.cursorForPosition(QPoint(0, event.rect().top())).block()
        shift = QPointF(-self.horizontalScrollBar().value(), -self.verticalScrollBar().value())
        painter = QPainter(self.viewport())
        paint_quote_bars(painter, first, shift, event.rect().bottom(), Theme.of(self.palette()))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        place = self.place() if event.oldSize().width() > 0 else None
        self._fit_column(self.document())
        super().resizeEvent(event)
        if place is not None and event.oldSize().width() != event.size().width():
            self.go_to(place)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and self._html:
            self.render_again(self._size_factor)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_requested.emit(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space reads on; at the end, and for every key that Qt leaves, the window decides."""
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            event.setAccepted(self.scroll_page())
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            # Qt would take a publisher's title attribute for HTML.
            show_tooltip(event.globalPos(), self.cursorForPosition(event.pos()).charFormat().toolTip(), self)
            return True
        return super().viewportEvent(event)

    def _render(self) -> None:
        font = self.reading_font
        document = ArticleDocument(self._resource, self)
        document.setDefaultFont(font)
        prepare(document)
        document.setDefaultStyleSheet(
            reader_css(self.palette(), QFontInfo(font).pointSizeF(), _natural(font))
        )
        document.setHtml(self._html)
        arrange(document)
        arrange_tables(document)
        self._fit_column(document)
        # Only now: once a document has a layout, every change lays it out anew.
        document.documentLayout().registerHandler(IMAGE_OBJECT, self._picture_object)
        self.setDocument(document)  # Qt deletes the former one with it

    def _resource(self, kind: int, name: QUrl) -> QImage:
        image = self.pictures.get(name)
        if kind != QTextDocument.ResourceType.ImageResource.value or image is None or not image.sha256:
            return blank()
        picture = self.pictures.decoded(image, self.pictures.size(image, QSizeF()).width())
        return blank() if picture.isNull() else picture

    def _margin(self) -> float:
        """The room on either side that centres the column."""
        sample = QFontMetricsF(self.reading_font).horizontalAdvance(_SAMPLE)
        column = sample / len(_SAMPLE) * LINE_CHARACTERS
        return max(float(SPACE_L), (self.viewport().width() - column) / 2)

    def _fit_column(self, document: QTextDocument) -> None:
        margin = self._margin()
        # Qt rounds the widths of lines up: a picture as wide as its column would bring a scroll bar.
        self.pictures.width = max(1.0, self.viewport().width() - 2 * margin - 1)
        self.pictures.ratio = self.devicePixelRatioF()
        set_column(document, margin)

    def _on_highlighted(self, url: QUrl) -> None:
        self.link_hovered.emit("" if url.isEmpty() else link_label(url.toString()))

    def _on_anchor_clicked(self, url: QUrl) -> None:
        reason = next(filter(None, (doubt(text, url) for text in self._texts_of(url))), "")
        if reason and checked_url(url) is not None:
            self.link_doubted.emit(url, reason)
        else:
            open_external(url)

    def _texts_of(self, url: QUrl) -> list[str]:
        """What the links to `url` read; one empty text where none is found."""
        texts: list[str] = []
        block = self.document().begin()
        while block.isValid():
            texts += ["".join(run) for run in _anchors(block, url)]
            block = block.next()
        return texts or [""]


def _anchors(block: QTextBlock, url: QUrl) -> Iterator[list[str]]:
    """The texts of the links to `url` in a block; a link may change its font on the way."""
    run: list[str] = []
    parts = block.begin()
    while not parts.atEnd():
        part = parts.fragment()
        if part.charFormat().anchorHref() and QUrl(part.charFormat().anchorHref()) == url:
            run.append(part.text())
        elif run:
            yield run
            run = []
        parts += 1
    if run:
        yield run


def clean_text(text: str) -> str:
    """Copied text without the marks of pictures and without runs of empty lines."""
    lines = [line.replace("\ufffc", "").rstrip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _natural(font: QFont) -> float:
    """A font's own distance of lines, in percent of its size: fonts differ from 115 to 140."""
    metrics = QFontMetricsF(font)
    return 100 * metrics.lineSpacing() / max(1.0, float(QFontInfo(font).pixelSize()))
