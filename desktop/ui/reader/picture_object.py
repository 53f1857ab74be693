"""Lays out and paints the pictures in the text, or a labelled frame for one that is not there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QFontMetricsF,
    QImage,
    QPainter,
    QPalette,
    QPen,
    QPyTextObject,
    QTextDocument,
    QTextFormat,
)

from desktop.core.models import StoredImage
from desktop.core.text import plain
from desktop.ui.reader.pictures import Pictures, beside, in_gallery
from desktop.ui.theme import SPACE_M, Theme, scaled

GALLERY_GAP = 6  # between pictures that stand side by side
FRAME_TEXT = 0.85  # of the running text
NOT_ASKED = "not fetched yet"


class PictureObject(QPyTextObject):
    """Lays out and paints the pictures in the text; asks Qt for nothing, so that Qt opens nothing."""

    def __init__(self, pictures: Pictures, palette: Callable[[], QPalette], *, at_once: bool = False) -> None:
        super().__init__()
        self._at_once = at_once  # on paper: what is not painted now never will be
        self._pictures = pictures
        self._palette = palette

    def intrinsicSize(self, document: QTextDocument, position: int, given: QTextFormat) -> QSizeF:
        shown = given.toImageFormat()
        image = self._pictures.get(QUrl(shown.name()))
        if image is None:
            return QSizeF(1, 1)
        if image.sha256:
            if not self._at_once:
                self._pictures.ask_ahead(image, self._pictures.decoded_width(image, shown))
            return self._pictures.size(image, shown)
        if beside(shown):
            return self._pictures.size(image, shown)
        lines = frame_text(image, _words_below(document, position))
        return QSizeF(self._pictures.width, frame_height(document, lines, self._pictures.width))

    def drawObject(
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        document: QTextDocument,
        position: int,
        given: QTextFormat,
    ) -> None:
        area, shown = QRectF(rect), given.toImageFormat()
        image = self._pictures.get(QUrl(shown.name()))
        if image is None:
            return
        if beside(shown):
            area = in_gallery(area, shown, GALLERY_GAP * self._pictures.scale)
        if image.sha256:
            picture = self._picture(image, self._pictures.decoded_width(image, shown))
            if picture is None:
                painter.fillRect(area, Theme.of(self._palette()).panel)
                return
            if not picture.isNull():
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                if beside(shown):
                    painter.drawImage(area, picture, middle(QSizeF(picture.size()), area.size()))
                else:
                    painter.drawImage(fitted(QSizeF(picture.size()), area), picture)
                return
        below = "" if beside(shown) else _words_below(document, position)
        self._draw_frame(painter, area, document, frame_text(image, below))

    def _picture(self, image: StoredImage, width: float) -> QImage | None:
        return self._pictures.decoded(image, width) if self._at_once else self._pictures.at_hand(image, width)

    def _draw_frame(self, painter: QPainter, rect: QRectF, document: QTextDocument, words: str) -> None:
        theme = Theme.of(self._palette())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.separator, 1))
        painter.setBrush(theme.panel)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setClipRect(rect)
        painter.setFont(scaled(document.defaultFont(), FRAME_TEXT))
        painter.setPen(theme.muted)
        area = rect.adjusted(SPACE_M, SPACE_M, -SPACE_M, -SPACE_M)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(area, flags, words)
        painter.restore()


def fitted(size: QSizeF, area: QRectF) -> QRectF:
    """Where a picture of `size` is drawn in the room that it was given: all of it, but for one that was turned."""
    is_turned = (size.width() > size.height()) != (area.width() > area.height())
    if not is_turned:
        return area
    rect = QRectF(area.topLeft(), size.scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio))
    rect.moveCenter(area.center())
    return rect


def middle(size: QSizeF, room: QSizeF) -> QRectF:
    """The part of a picture of `size` that fills `room`: its middle."""
    part = QRectF(QPointF(), room.scaled(size, Qt.AspectRatioMode.KeepAspectRatio))
    part.moveCenter(QRectF(QPointF(), size).center())
    return part


def missing_reason(image: StoredImage) -> str:
    """Why a picture is not shown."""
    if image.sha256:
        return "Picture cannot be shown: its file is damaged or missing"
    return f"Picture missing: {plain(image.problem, 120) or NOT_ASKED}"


def frame_text(image: StoredImage, below: str = "") -> str:
    """What the frame of a missing picture says: that it is missing, why, and what it shows, unless its caption, the
    words `below`, says so."""
    alt = plain(image.alt, 160)
    return f"{missing_reason(image)}\n{alt}" if alt and alt != below else missing_reason(image)


def _words_below(document: QTextDocument, position: int) -> str:
    return plain(document.findBlock(position).next().text(), 160)


def frame_height(document: QTextDocument, text: str, width: float) -> float:
    """The height of a frame that holds `text`."""
    font = scaled(document.defaultFont(), FRAME_TEXT)
    paper = document.documentLayout().paintDevice()
    metrics = QFontMetricsF(font, paper) if paper is not None else QFontMetricsF(font)
    area = QRectF(0, 0, width - 2 * SPACE_M, 1_000)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    return metrics.boundingRect(area, flags, text).height() + 6 * SPACE_M
