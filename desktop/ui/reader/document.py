"""The article's text: a QTextBrowser that can load nothing but the pictures of its article."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from desktop.core.html.display_tables import SCHEME as TABLE
from desktop.core.models import StoredImage
from desktop.ui.links import checked_url, doubt, open_external
from desktop.ui.reader.curtain import Curtain
from desktop.ui.reader.jumps import Jumps
from desktop.ui.reader.layout import set_column
from desktop.ui.reader.page import IMAGE_OBJECT, ArticleDocument
from desktop.ui.reader.parts import (
    Place,
    blocks_with_pictures,
    link_texts,
    link_words,
)
from desktop.ui.reader.picture_object import PictureObject
from desktop.ui.reader.pictures import Pictures
from desktop.ui.reader.places import Places
from desktop.ui.reader.quotes import paint_quote_bars
from desktop.ui.reader.relaying import Relaying
from desktop.ui.reader.safe_browser import SafeBrowser
from desktop.ui.reader.slices import Slices
from desktop.ui.reader.style import ReadingStyle
from desktop.ui.theme import SPACE_L, Theme

LONG = 40_000  # characters; a longer text is not laid out at every step of a window that is being resized
LONG_SLICES = (
    4  # nor one that came in more: it has many pictures or elements, or a script that takes long to set
)
QUIET_MS = 120  # without another width


class ReaderView(SafeBrowser):
    """Shows one page of HTML in a measured column. Signals a hovered link as plain text, "" when left."""

    link_hovered = Signal(str)
    link_doubted = Signal(QUrl, str)  # to be opened only when the person says so, and why
    zoom_requested = Signal(int)
    menu_requested = Signal(QPoint, QUrl)  # where on the screen, and the link that is there
    picture_chosen = Signal(str)  # the key of a picture that was clicked
    table_requested = Signal(int)  # the number of a table that is too wide for the column
    completed = Signal()  # the whole page is there

    def __init__(self, file: Callable[[str], Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures = Pictures(file, self)
        self.pictures.ready.connect(self._on_pictures)
        self._picture_object = PictureObject(self.pictures, self.palette)
        self._style = ReadingStyle()
        self._slices = Slices(self)
        self._slices.due.connect(self.bring_next)
        self.curtain = Curtain(self)
        self.places = Places(self)
        self.relaying = Relaying(self)
        self._width_quiet = QTimer(self)
        self._width_quiet.setSingleShot(True)
        self._width_quiet.setInterval(QUIET_MS)
        self._width_quiet.timeout.connect(self._on_width_quiet)
        self.jumps = Jumps(self)
        self.setAccessibleName("Article")
        self.highlighted.connect(self._on_highlighted)
        self.anchorClicked.connect(self._on_anchor_clicked)

    @property
    def reading_font(self) -> QFont:
        """The font of the running text."""
        return self._style.reading_font(self.font())

    def show_page(
        self, slices: Iterable[str], images: Mapping[str, StoredImage], style: ReadingStyle, start: int = 0
    ) -> None:
        """Shows another page, the first slice now and the others when there is nothing else to do.

        `slices` is trusted HTML: sanitised and within the render budget, cut as `core.display` cuts. The line of
        character `start` stands at the top; where its slice has still to come, nothing is painted until then.
        """
        self._style = style
        self.pictures.show(images)
        self.jumps.forget()
        self._slices.take(slices)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._render()
        self.verticalScrollBar().setValue(0)
        self.curtain.show_new()
        self.places.begin(Place(start, 0, 0, 0))

    def update_page(self, slices: Iterable[str], images: Mapping[str, StoredImage]) -> None:
        """Shows the same page with another content; the text under the eyes stays where it is."""
        place = self.places.now()
        self.pictures.show(images)
        self._slices.take(slices)
        self._render()
        self.places.go_to(place)

    def update_pictures(self, images: Mapping[str, StoredImage]) -> None:
        """Shows the same page after pictures have arrived; the text under the eyes stays where it is."""
        former = self.pictures.images
        self.pictures.show(images)
        changed = {key for key, image in images.items() if former.get(key) != image}
        self.relaying.begin(blocks_with_pictures(self.document(), changed))
        self.viewport().update()

    def restyle(self, style: ReadingStyle) -> None:
        """Sets the same page in another style or in other colours, keeping place and selection."""
        place = self.places.now()
        self._style = style
        self._render()
        self.places.go_to(place)

    @property
    def is_complete(self) -> bool:
        """Whether the whole page is there."""
        return self._slices.is_over

    def complete(self) -> None:
        """Brings the rest of the page, at once."""
        while not self.is_complete:
            self.bring_next()

    @property
    def characters(self) -> int:
        """How much of the text is there."""
        return self.document().characterCount()

    @property
    def top_character(self) -> int:
        """The position of the line at the top, for `show_page` to begin with; 0 while the title is in view."""
        at_top = not self.places.is_awaited and self.verticalScrollBar().value() <= self.title_height()
        return 0 if at_top else self.places.now().position

    def title_height(self) -> int:
        """How far the text must be scrolled until its first block, the title, is out of view."""
        document = self.document()
        return round(document.documentLayout().blockBoundingRect(document.begin()).bottom())

    def scroll_page(self) -> bool:
        """One page down, two lines kept in view; False when the end was already in view."""
        bar = self.verticalScrollBar()
        while bar.value() >= bar.maximum() and not self.is_complete:
            self.bring_next()
        if bar.value() >= bar.maximum():
            return False
        keep = round(2 * QFontMetricsF(self.reading_font).lineSpacing())
        bar.setValue(bar.value() + max(1, self.viewport().height() - keep))
        return True

    def span(self) -> tuple[QTextBlock, float]:
        """The block at the top of the view, and where its bottom is in the pixels of the document."""
        bottom = self.verticalScrollBar().value() + self.viewport().height()
        return self.cursorForPosition(QPoint(0, 0)).block(), float(bottom)

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copies what is selected: to the end also where that has still to come, since the selection grows with it."""
        if self.textCursor().selectionEnd() >= self.characters - 1:
            self.complete()
        return super().createMimeDataFromSelection()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        first = self.cursorForPosition(QPoint(0, event.rect().top())).block()
        shift = QPointF(-self.horizontalScrollBar().value(), -self.verticalScrollBar().value())
        painter = QPainter(self.viewport())
        paint_quote_bars(painter, first, shift, event.rect().bottom(), Theme.of(self.palette()))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lays the text out in its new width: a long one only once the width has been quiet, and then in slices."""
        before = event.oldSize().width()
        is_unquiet = before != event.size().width() or self._width_quiet.isActive()
        if before > 0 and is_unquiet and self._is_long:
            self.setHorizontalScrollBarPolicy(
                Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            )  # the old width may not fit
            # Were it to come and go with the slices, each time the text would be set anew for another width.
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
            self._width_quiet.start()
            # Qt lays out anew where the widths differ.
            event = QResizeEvent(event.size(), QSize(event.size().width(), event.oldSize().height()))
            super().resizeEvent(event)
            return
        place = self.places.now() if before > 0 else None
        document = self.document()
        if isinstance(document, ArticleDocument):
            self._fit_column(document)
        super().resizeEvent(event)
        if place is not None and before != event.size().width():
            self.places.go_to(place)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and self._slices.any:
            self.restyle(self._style)

    def picture_at(self, position: QPoint) -> str:
        """The key of the picture at a place of the viewport; "" for none, and for one that is a link."""
        shift = QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        name = self.document().documentLayout().imageAt(QPointF(position + shift))
        image = self.pictures.get(QUrl(name)) if name and not self.anchorAt(position) else None
        return image.key if image is not None else ""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        key = self.picture_at(event.position().toPoint())
        if key and event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self.picture_chosen.emit(key)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        position = event.position().toPoint()
        if not event.buttons() and not self.anchorAt(position):
            over = bool(self.picture_at(position))
            self.viewport().setCursor(
                Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.IBeamCursor
            )

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(event.globalPos(), QUrl(self.anchorAt(event.pos())))

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

    def _render(self) -> None:
        """Makes the document anew, from the slices that have come; those to come follow."""
        document = ArticleDocument(self._resource, self._style, self.reading_font, self.palette(), self)
        document.begin_with(self._slices.begin())
        self._fit_column(document)
        # Only now: once a document has a layout, every change lays it out anew.
        document.documentLayout().registerHandler(IMAGE_OBJECT, self._picture_object)
        self._width_quiet.stop()
        former = self.document()
        self.setDocument(document)
        if isinstance(former, ArticleDocument):  # Qt would keep it, and go on laying it out
            former.deleteLater()
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    def bring_next(self) -> None:
        """Appends the next slice."""
        html = self._slices.next()
        document = self.document()
        if html and isinstance(document, ArticleDocument):
            document.append(html)
        self.places.reach()
        if html is None:
            self.completed.emit()

    def _on_width_quiet(self) -> None:
        self.restyle(self._style)

    def _on_pictures(self) -> None:
        self.viewport().update()

    @property
    def _is_long(self) -> bool:
        return self.characters > LONG or self._slices.count > LONG_SLICES

    @property
    def margin(self) -> float:
        """The room on either side that centres the column."""
        column = self._style.column(self.reading_font)
        return max(float(SPACE_L), (self.viewport().width() - column) / 2)

    def _fit_column(self, document: ArticleDocument) -> None:
        margin = self.margin
        # Qt rounds the widths of lines up: a picture as wide as its column would bring a scroll bar.
        self.pictures.fit(max(1.0, self.viewport().width() - 2 * margin - 1), self.devicePixelRatioF())
        set_column(document, margin)

    def _on_highlighted(self, url: QUrl) -> None:
        self.link_hovered.emit(link_words(url))

    def _on_anchor_clicked(self, url: QUrl) -> None:
        if url.scheme() == TABLE:
            self.table_requested.emit(int(url.path()))
            return
        if url.hasFragment() and not url.scheme():
            self.jumps.to(url.fragment())
            return
        reason = next(filter(None, (doubt(text, url) for text in link_texts(self.document(), url))), "")
        if reason and checked_url(url) is not None:
            self.link_doubted.emit(url, reason)
        else:
            open_external(url)
