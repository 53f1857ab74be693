"""Pages of paper one below the other. Only those in view are painted, their pictures when a thread has decoded them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from desktop.ui.reader.picture_object import Placed, paint_frame, paint_picture
from desktop.ui.reader.pictures import Pictures
from desktop.ui.reader.print import Recorded, RecordedPage, paper_palette
from desktop.ui.theme import SPACE_L, Theme

POINTS_PER_INCH = 72.0
LEAST_ZOOM, MOST_ZOOM, STEP = 0.1, 4.0, 1.25


class PaperView(QAbstractScrollArea):
    """Shows recorded pages as wide as the window, at most in their true size, or at a zoom.

    Page Up and Down, Home and End go through them; the wheel zooms with Ctrl.
    """

    changed = Signal()  # another page in view, or another zoom

    def __init__(self, file: Callable[[str], Path], parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = Pictures(file, self)
        self._pictures.ready.connect(self.viewport().update)
        self._recorded: Recorded | None = None
        self._sheet = QRectF()  # the paper, in dots, from where the device begins to print
        self._fits = True
        self.zoom = 1.0  # true size is 1.0
        self.setAccessibleName("Pages")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.viewport().setAutoFillBackground(True)
        self.verticalScrollBar().valueChanged.connect(self.changed)

    def show_pages(self, recorded: Recorded, sheet: QRectF) -> None:
        """Shows an article from its first page; `sheet` is the paper in dots, from where the device begins to print."""
        self._recorded, self._sheet = recorded, sheet
        self._pictures.show({each.image.key: each.image for page in recorded.pages for each in page.pictures})
        self._fit()
        self.verticalScrollBar().setValue(0)

    @property
    def count(self) -> int:
        """How many pages there are."""
        return len(self._recorded.pages) if self._recorded is not None else 0

    @property
    def page(self) -> int:
        """The number of the page in the middle of the view, from 1."""
        middle = self.verticalScrollBar().value() + self.viewport().height() / 2
        return max(1, min(self.count, int((middle - SPACE_L / 2) // self._pitch) + 1))

    def fit(self) -> None:
        """As wide as the window, at most in true size."""
        self._fits = True
        self._fit()

    def zoom_by(self, steps: int) -> None:
        """So many steps larger, or smaller; what is in the middle stays there."""
        self._fits = False
        self._set_zoom(self.zoom * STEP**steps)

    def _fit(self) -> None:
        if self._recorded is not None and self._fits:
            width = self._sheet.width() * self._true_scale
            self._set_zoom(min(1.0, (self.viewport().width() - 2 * SPACE_L) / width))

    def _set_zoom(self, zoom: float) -> None:
        bar, half = self.verticalScrollBar(), self.viewport().height() / 2
        middle = (bar.value() + half) / self._pitch
        self.zoom = max(LEAST_ZOOM, min(MOST_ZOOM, zoom))
        self._set_bars()
        bar.setValue(round(middle * self._pitch - half))
        self.viewport().update()
        self.changed.emit()

    def _set_bars(self) -> None:
        room, pitch = self.viewport().size(), round(self._pitch)
        width = round(self._sheet.width() * self._scale) + 2 * SPACE_L
        self.verticalScrollBar().setRange(
            0, max(0, round(self._pitch * self.count) + SPACE_L - room.height())
        )
        self.verticalScrollBar().setPageStep(min(room.height(), pitch))
        self.verticalScrollBar().setSingleStep(3 * SPACE_L)
        self.horizontalScrollBar().setRange(0, max(0, width - room.width()))
        self.horizontalScrollBar().setPageStep(room.width())

    @property
    def _true_scale(self) -> float:
        """Pixels a dot in true size."""
        return self.logicalDpiX() / (self._recorded.dots if self._recorded is not None else POINTS_PER_INCH)

    @property
    def _scale(self) -> float:
        return self.zoom * self._true_scale

    @property
    def _pitch(self) -> float:
        """Pixels from the top of a page to that of the next."""
        return max(1.0, self._sheet.height() * self._scale + SPACE_L)

    def paper(self, number: int) -> QRectF:
        """Where a page, counted from 0, stands in the viewport."""
        size = self._sheet.size() * self._scale
        left = max(float(SPACE_L), (self.viewport().width() - size.width()) / 2)
        top = SPACE_L + number * self._pitch - self.verticalScrollBar().value()
        return QRectF(QPointF(round(left) - self.horizontalScrollBar().value(), round(top)), size)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self._set_bars()

    def scrollContentsBy(self, across: int, down: int) -> None:
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_Home:
            bar.setValue(bar.minimum())
        elif event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        recorded = self._recorded
        if recorded is None:
            return
        painter = QPainter(self.viewport())
        for number in self._in_view(event.rect()):
            self._paint_page(painter, recorded, recorded.pages[number], self.paper(number))
        painter.end()

    def _in_view(self, rect: QRect) -> range:
        top = self.verticalScrollBar().value() - SPACE_L
        first = max(0, int((rect.top() + top) // self._pitch))
        return range(first, min(self.count, int((rect.bottom() + top) // self._pitch) + 1))

    def _paint_page(self, painter: QPainter, recorded: Recorded, page: RecordedPage, paper: QRectF) -> None:
        look = Theme.of(self.palette())
        painter.save()
        painter.fillRect(paper.adjusted(-1, -1, 1, 1), look.separator)
        painter.fillRect(paper, Qt.GlobalColor.white)
        painter.setClipRect(paper)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        painter.translate(paper.topLeft())
        painter.scale(self._scale, self._scale)
        painter.translate(-self._sheet.topLeft())
        for placed in page.pictures:
            self._paint_picture(painter, recorded, placed)
        page.paint_words(painter)
        painter.restore()

    def _paint_picture(self, painter: QPainter, recorded: Recorded, placed: Placed) -> None:
        palette = paper_palette()
        self._pictures.ratio = self.devicePixelRatioF()
        picture = self._pictures.at_hand(placed.image, placed.width * self._scale)
        painter.save()
        painter.setClipRect(recorded.room, Qt.ClipOperation.IntersectClip)
        if picture is None:
            painter.fillRect(placed.area, Theme.of(palette).panel)
        elif picture.isNull():
            paint_frame(painter, placed.area, recorded.frame_font, palette, placed.words)
        else:
            paint_picture(painter, placed.area, picture, is_beside=placed.is_beside)
        painter.restore()
