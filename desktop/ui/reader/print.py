"""An article on paper: black on white, pictures inside, on a printer, in a preview or in a PDF.

It is laid out and painted in a thread, by functions that make a document of their own and take it apart again. Qt
allows that for printers too, but the binding holds Python's lock during each call: so the text comes in slices, and
no picture is decoded larger than paper needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QBuffer, QEventLoop, QIODevice, QMarginsF, QObject, QRectF, Qt, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QPicture,
    QTextDocument,
)
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget
from shiboken6 import delete

from desktop.core.errors import AppError
from desktop.core.html.display import slices_for_display
from desktop.core.models import Article, StoredImage
from desktop.jobs.reading import Step
from desktop.ui.reader.html import page
from desktop.ui.reader.page import IMAGE_OBJECT, ArticleDocument
from desktop.ui.reader.picture_object import FRAME_TEXT, PictureObject, Placed, as_laid_out
from desktop.ui.reader.pictures import Pictures, blank
from desktop.ui.reader.style import ReadingStyle

TEXT_POINTS = 11.0
PDF_DPI = 300
_PX_PER_INCH = 96.0  # what the sizes of pictures in HTML are given in
_MARGIN_CM = 2.0  # on each side


class Manuscript(NamedTuple):
    """An article as it is set: its pictures by key, where their files are, the style and the font of the window."""

    article: Article
    images: Mapping[str, StoredImage]
    file: Callable[[str], Path]
    style: ReadingStyle
    window_font: QFont


class RecordedPage(NamedTuple):
    """A page without its stored pictures, which stand at their places in front of the words."""

    words: QPicture
    pictures: tuple[Placed, ...]

    def paint_words(self, painter: QPainter) -> None:
        """Paints all but the stored pictures, a dot of the page as one of the painter."""
        painter.save()
        # What a painter of a picture begins with is not recorded, and a widget's begins with its own colours.
        painter.setPen(QColor("black"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        # Qt thinks of a picture in inches: it is larger where a device has more dots than the screen.
        painter.scale(*(self.words.logicalDpiX() / painter.device().logicalDpiX(),) * 2)
        self.words.play(painter)
        painter.restore()


class Recorded(NamedTuple):
    """Pages that can be painted in the GUI thread; all sizes in dots."""

    dots: float  # an inch
    sheet: QRectF  # what a device prints on
    room: QRectF  # of it, within the margins
    frame_font: QFont
    pages: tuple[RecordedPage, ...]


def _no_step(done: int, total: int) -> None:
    """Nobody is told."""


class Paper(QObject):
    """One article, to be set for one paged device."""

    def __init__(self, manuscript: Manuscript, parent: QObject | None = None) -> None:
        super().__init__(parent)
        article, images, file, style, window_font = manuscript
        palette = paper_palette()
        self._pictures = Pictures(file, self)
        self._pictures.show(images)
        self._object = PictureObject(self._pictures, lambda: palette, at_once=True)
        font = replace(style, step=0).reading_font(window_font)
        font.setPointSizeF(TEXT_POINTS)
        self._document = ArticleDocument(_nothing, replace(style, step=0), font, palette, self)
        slices = slices_for_display(article.html, images, keep_wide=True)
        self._slices = page(article, slices, on_paper=True)

    def _lay_out(self, device: QPagedPaintDevice, step: Step) -> tuple[QRectF, QRectF]:
        """Lays the article out for a device, and gives the sheet and the room within its margins, in dots. Takes no
        longer than for a slice between two calls of `step`."""
        inch = float(device.logicalDpiX())
        margin = float(
            round(_MARGIN_CM / 2.54 * inch)
        )  # else Qt's pages and ours drift apart by parts of a dot
        self._pictures.scale = inch / _PX_PER_INCH
        self._pictures.width = max(1.0, device.width() - 2 * margin - 1)
        sheet = QRectF(0, 0, device.width(), device.height())
        room = sheet.adjusted(margin, margin, -margin, -margin)
        document = self._document
        document.begin_with(next(self._slices))
        document.documentLayout().registerHandler(IMAGE_OBJECT, self._object)
        document.documentLayout().setPaintDevice(device)
        # The margins are around the document: those within it Qt takes for points of the screen, and makes larger.
        document.setDocumentMargin(0)
        document.setPageSize(room.size())
        for html in self._slices:
            step(0, 0)
            if html:
                document.append(html)
        return sheet, room

    def print_on(self, device: QPagedPaintDevice, step: Step = _no_step) -> int:
        """Lays the article out for a device and prints it there, with page numbers; gives how many pages there are.
        `step` is told of each page. Raises AppError when the device takes nothing."""
        sheet, room = self._lay_out(device, step)
        painter = QPainter()
        if not painter.begin(device):
            raise _refused()
        try:
            count = self._document.pageCount()
            for number in range(count):
                step(number, count)
                if number and not device.newPage():
                    raise _refused()
                self._paint(painter, sheet, room, number)
        finally:
            painter.end()
        return count

    def record(self, device: QPagedPaintDevice, step: Step = _no_step) -> Recorded:
        """Lays the article out for a device, and gives its pages for painting elsewhere; `step` is told of each."""
        sheet, room = self._lay_out(device, step)
        pages, count = [], self._document.pageCount()
        for number in range(count):
            step(number, count)
            words, self._object.placed = QPicture(), []
            painter = QPainter(words)
            self._paint(painter, sheet, room, number)
            painter.end()
            # Of a block that begins on a page Qt paints all, also what stands on the next.
            placed = tuple(each for each in self._object.placed if each.area.intersects(room))
            pages.append(RecordedPage(words, placed))
        frame_font = QFont(self._document.defaultFont())
        frame_font.setPixelSize(round(TEXT_POINTS * FRAME_TEXT / 72 * device.logicalDpiY()))
        return Recorded(float(device.logicalDpiX()), sheet, room, frame_font, tuple(pages))

    def _paint(self, painter: QPainter, sheet: QRectF, room: QRectF, number: int) -> None:
        margin = room.left()
        _paint_page(painter, self._document, room, number)
        _paint_number(painter, self._document, sheet.adjusted(margin, 0, -margin, -margin / 2), number + 1)

    def let_go(self) -> None:
        """To be called before it is deleted outside the GUI thread.

        The destruction of what is connected to an object of Python's asks Python while Qt holds a lock: a window that
        has Python and wants that lock would wait for ever. A layout and its picture object are the one such pair.
        Connections that are made, or ended by a call as here, are told of after Qt has let its lock go.
        """
        self._document.documentLayout().unregisterHandler(IMAGE_OBJECT, self._object)

    def pdf(self, title: str, step: Step = _no_step) -> bytes:
        """A PDF of A4 pages."""
        body = QBuffer()
        body.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(body)
        writer.setResolution(PDF_DPI)
        writer.setTitle(title)
        writer.setCreator("Chorsu")
        writer.setPageLayout(
            QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF())
        )
        self.print_on(writer, step)
        return bytes(body.data().data())


@contextmanager
def _set(manuscript: Manuscript, step: Step) -> Iterator[Paper]:
    """An article on paper in the thread that calls, where it is taken apart, too."""
    step(0, 0)
    loop = QEventLoop()  # gives a thread of Python's what the layout's timers ask for
    paper = Paper(manuscript)
    try:
        yield paper
    finally:
        paper.let_go()
        delete(paper)  # here, not wherever the garbage is collected
        delete(loop)


def article_pdf(manuscript: Manuscript, step: Step) -> bytes:
    """An article as a PDF: takes 0.1 s for most, 2 s for 500 KB with 40 pictures. For any thread, as the others."""
    with _set(manuscript, step) as paper:
        return paper.pdf(manuscript.article.row.title, step)


def article_pages(manuscript: Manuscript, layout: QPageLayout, dots: int, step: Step) -> Recorded:
    """An article as a printer with that page and so many dots an inch prints it, to be painted in the GUI thread."""
    body = QBuffer()
    body.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(body)  # nothing is written: it lends its measures
    writer.setResolution(dots)
    writer.setPageLayout(layout)
    with _set(manuscript, step) as paper:
        return paper.record(writer, step)


def print_article(manuscript: Manuscript, printer: QPrinter, step: Step) -> int:
    """Prints an article; gives how many pages there are."""
    with _set(manuscript, step) as paper:
        return paper.print_on(printer, step)


def _paint_page(painter: QPainter, document: QTextDocument, room: QRectF, number: int) -> None:
    """Paints the part of the document that stands on a page, into its room there."""
    page = QRectF(0, number * room.height(), room.width(), room.height())
    painter.save()
    painter.translate(room.left() - page.left(), room.top() - page.top())
    painter.setClipRect(page)
    context = QAbstractTextDocumentLayout.PaintContext()
    context.clip = page
    context.palette = paper_palette()
    document.documentLayout().draw(painter, context)
    painter.restore()


def _paint_number(painter: QPainter, document: QTextDocument, room: QRectF, number: int) -> None:
    painter.setFont(as_laid_out(document.defaultFont(), document, painter))
    painter.setPen(QColor("black"))
    painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, str(number))


def paper_palette() -> QPalette:
    """Black on white, whatever the colours of the window are."""
    palette = QPalette(QColor("white"))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText):
        palette.setColor(role, QColor("black"))
    palette.setColor(QPalette.ColorRole.Base, QColor("white"))
    palette.setColor(QPalette.ColorRole.Link, QColor("#1a4f8a"))
    return palette


class PrintDialog(QPrintDialog):
    """Asks for a printer. Deletes itself when it is closed."""

    def __init__(self, printer: QPrinter, parent: QWidget) -> None:
        super().__init__(printer, parent)
        self._printer = printer  # Qt does not own it
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)


def new_printer(title: str) -> QPrinter:
    """The person's own printer, or a file where there is none."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    return printer


def _refused() -> AppError:
    return AppError(
        "The printer took nothing.", "See whether it is on and can be reached, or save the article as PDF."
    )


def _nothing(kind: int, name: QUrl) -> QImage:
    return blank()
