"""An article on paper: black on white, pictures inside, on a printer, in a preview or in a PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QMarginsF, QObject, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPalette,
    QPdfWriter,
)
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrintPreviewDialog
from PySide6.QtWidgets import QWidget

from desktop.core.html.display import slices_for_display
from desktop.core.models import Article, StoredImage
from desktop.ui.reader.html import page
from desktop.ui.reader.page import IMAGE_OBJECT, ArticleDocument
from desktop.ui.reader.pictures import PictureObject, Pictures, blank
from desktop.ui.reader.style import ReadingStyle
from desktop.ui.text import window_title

TEXT_POINTS = 11.0
PDF_DPI = 300
_PX_PER_INCH = 96.0  # what the sizes of pictures in HTML are given in
_MARGIN_CM = 2.0  # that QTextDocument leaves on each side


class Paper(QObject):
    """One article, ready for any paged device."""

    def __init__(
        self,
        article: Article,
        images: Mapping[str, StoredImage],
        file: Callable[[str], Path],
        style: ReadingStyle,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._palette = QPalette(QColor("white"))
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText):
            self._palette.setColor(role, QColor("black"))
        self._palette.setColor(QPalette.ColorRole.Base, QColor("white"))
        self._palette.setColor(QPalette.ColorRole.Link, QColor("#1a4f8a"))
        self._pictures = Pictures(file, self)
        self._pictures.show(images)
        self._object = PictureObject(self._pictures, self._get_palette, at_once=True)
        window_font = QGuiApplication.font()
        font = replace(style, step=0).reading_font(window_font)
        font.setPointSizeF(TEXT_POINTS)
        self._document = ArticleDocument(_nothing, replace(style, step=0), font, self._palette, self)
        slices = slices_for_display(article.html, images, keep_wide=True)
        self._document.begin_with("".join(page(article, slices, on_paper=True)))
        self._document.documentLayout().registerHandler(IMAGE_OBJECT, self._object)

    def print_on(self, device: QPagedPaintDevice) -> None:
        """Lays the article out for a device and prints it there, with page numbers."""
        inch = float(device.logicalDpiX())
        self._pictures.scale = inch / _PX_PER_INCH
        self._pictures.width = max(1.0, device.width() - 2 * _MARGIN_CM / 2.54 * inch - 1)
        self._document.print_(device)

    def write_pdf(self, path: Path, title: str) -> None:
        """Writes a PDF of A4 pages, whole or not at all. Raises OSError."""
        part = path.with_name(f".{path.name}.part")
        part.touch()
        writer = QPdfWriter(str(part))
        writer.setResolution(PDF_DPI)
        writer.setTitle(title)
        writer.setCreator("Chorsu")
        writer.setPageLayout(
            QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF())
        )
        self.print_on(writer)
        if not part.stat().st_size:
            part.unlink()
            raise OSError("nothing was written")
        part.replace(path)

    def _get_palette(self) -> QPalette:
        return self._palette


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
