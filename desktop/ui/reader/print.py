"""An article on paper: black on white, pictures inside, on a printer, in a preview or in a PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

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
    QTextDocument,
)
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrintPreviewDialog
from PySide6.QtWidgets import QWidget
from shiboken6 import delete

from desktop.core.html.display import slices_for_display
from desktop.core.models import Article, StoredImage
from desktop.jobs.reading import Step
from desktop.ui.reader.html import page
from desktop.ui.reader.page import IMAGE_OBJECT, ArticleDocument
from desktop.ui.reader.picture_object import PictureObject
from desktop.ui.reader.pictures import Pictures, blank
from desktop.ui.reader.style import ReadingStyle
from desktop.ui.text import window_title

TEXT_POINTS = 11.0
PDF_DPI = 300
_PX_PER_INCH = 96.0  # what the sizes of pictures in HTML are given in
_MARGIN_CM = 2.0  # on each side


class Paper(QObject):
    """One article, ready for any paged device."""

    def __init__(
        self,
        article: Article,
        images: Mapping[str, StoredImage],
        file: Callable[[str], Path],
        style: ReadingStyle,
        window_font: QFont,
        parent: QObject | None,
    ) -> None:
        super().__init__(parent)
        palette = _paper_palette()
        self._pictures = Pictures(file, self)
        self._pictures.show(images)
        self._object = PictureObject(self._pictures, lambda: palette, at_once=True)
        font = replace(style, step=0).reading_font(window_font)
        font.setPointSizeF(TEXT_POINTS)
        self._document = ArticleDocument(_nothing, replace(style, step=0), font, palette, self)
        slices = slices_for_display(article.html, images, keep_wide=True)
        self._document.begin_with("".join(page(article, slices, on_paper=True)))
        self._document.documentLayout().registerHandler(IMAGE_OBJECT, self._object)

    def print_on(self, device: QPagedPaintDevice, step: Step = lambda done, total: None) -> None:
        """Lays the article out for a device and prints it there, with page numbers; `step` is told of each page."""
        inch = float(device.logicalDpiX())
        margin = _MARGIN_CM / 2.54 * inch
        self._pictures.scale = inch / _PX_PER_INCH
        self._pictures.width = max(1.0, device.width() - 2 * margin - 1)
        document = self._document
        document.documentLayout().setPaintDevice(device)
        # The margins are around the document: those within it Qt takes for points of the screen, and makes larger.
        document.setDocumentMargin(0)
        sheet = QRectF(0, 0, device.width(), device.height())
        room = sheet.adjusted(margin, margin, -margin, -margin)
        document.setPageSize(room.size())
        painter = QPainter(device)
        try:
            for number in range(document.pageCount()):
                step(number, document.pageCount())
                if number:
                    device.newPage()
                _paint_page(painter, document, room, number)
                _paint_number(painter, document, sheet.adjusted(margin, 0, -margin, -margin / 2), number + 1)
        finally:
            painter.end()

    def let_go(self) -> None:
        """To be called before it is deleted outside the GUI thread.

        The destruction of what is connected to an object of Python's asks Python while Qt holds a lock: a window that
        has Python and wants that lock would wait for ever. A layout and its picture object are the one such pair.
        Connections that are made, or ended by a call as here, are told of after Qt has let its lock go.
        """
        self._document.documentLayout().unregisterHandler(IMAGE_OBJECT, self._object)

    def pdf(self, title: str, step: Step = lambda done, total: None) -> bytes:
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


def article_pdf(
    article: Article,
    images: Mapping[str, StoredImage],
    file: Callable[[str], Path],
    style: ReadingStyle,
    window_font: QFont,
    step: Step,
) -> bytes:
    """An article as a PDF, made and taken apart in the thread that calls: 0.1 s for most, 2 s for 500 KB with 40
    pictures. A text document and a painter on a file may be used in any thread, if in one alone."""
    step(0, 0)
    loop = QEventLoop()  # gives a thread of Python's what the layout's timers ask for
    paper = Paper(article, images, file, style, window_font, None)
    try:
        return paper.pdf(article.row.title, step)
    finally:
        paper.let_go()
        delete(paper)  # here, not wherever the garbage is collected
        delete(loop)


def _paint_page(painter: QPainter, document: QTextDocument, room: QRectF, number: int) -> None:
    """Paints the part of the document that stands on a page, into its room there."""
    page = QRectF(0, number * room.height(), room.width(), room.height())
    painter.save()
    painter.translate(room.left() - page.left(), room.top() - page.top())
    painter.setClipRect(page)
    context = QAbstractTextDocumentLayout.PaintContext()
    context.clip = page
    context.palette = _paper_palette()
    document.documentLayout().draw(painter, context)
    painter.restore()


def _paint_number(painter: QPainter, document: QTextDocument, room: QRectF, number: int) -> None:
    painter.setFont(document.defaultFont())
    painter.setPen(QColor("black"))
    painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, str(number))


def _paper_palette() -> QPalette:
    palette = QPalette(QColor("white"))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText):
        palette.setColor(role, QColor("black"))
    palette.setColor(QPalette.ColorRole.Base, QColor("white"))
    palette.setColor(QPalette.ColorRole.Link, QColor("#1a4f8a"))
    return palette


class Preview(QPrintPreviewDialog):
    """The article as it would be printed. Not modal; deletes itself when it is closed."""

    def __init__(self, paper: Paper, title: str, parent: QWidget) -> None:
        self._printer = _printer(title)  # Qt does not own it
        super().__init__(self._printer, parent)
        paper.setParent(self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.setWindowTitle(window_title(f"Print preview – {title}"))
        self.paintRequested.connect(paper.print_on)


class PrintDialog(QPrintDialog):
    """Asks for a printer and prints on it. Deletes itself when it is closed."""

    def __init__(self, paper: Paper, title: str, parent: QWidget) -> None:
        self._printer = _printer(title)
        super().__init__(self._printer, parent)
        self._paper = paper
        paper.setParent(self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.accepted.connect(self._print)

    def _print(self) -> None:
        self._paper.print_on(self._printer)


def _printer(title: str) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    return printer


def _nothing(kind: int, name: QUrl) -> QImage:
    return blank()
