"""Lays out and paints the pictures in the text, or a labelled frame for one that is not there."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QFont,
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
MOST_ON_PAPER = 1_800_000  # pixels, 240 to an inch of A4: to encode a million of them takes 20 ms
NOT_ASKED = "not fetched yet"


class Placed(NamedTuple):
    """Where a stored picture stands on a page, in dots."""

    image: StoredImage
    area: QRectF
    width: float  # that it is decoded for
    is_beside: bool  # others stand beside it, and each shows its middle
    words: str  # of the frame, should its file be damaged


class PictureObject(QPyTextObject):
    """Lays out and paints the pictures in the text; asks Qt for nothing, so that Qt opens nothing."""

    def __init__(self, pictures: Pictures, palette: Callable[[], QPalette], *, at_once: bool = False) -> None:
        super().__init__()
        self._at_once = at_once  # on paper: what is not painted now never will be
        self._pictures = pictures
        self._palette = palette
        self.placed: list[Placed] | None = (
            None  # stored pictures are noted here, where there is a list, not painted
        )

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
        width = self._pictures.decoded_width(image, shown)
        words = frame_text(image, "" if beside(shown) else _words_below(document, position))
        if image.sha256 and self.placed is not None:
            placed = painter.transform().mapRect(area)
            self.placed.append(Placed(image, placed, width, beside(shown) > 0, words))
            return
        if image.sha256:
            picture = self._picture(image, width)
            if picture is None:
                painter.fillRect(area, Theme.of(self._palette()).panel)
                return
            if not picture.isNull():
                paint_picture(painter, area, picture, is_beside=beside(shown) > 0)
                return
        font = scaled(document.defaultFont(), FRAME_TEXT)
        paint_frame(painter, area, as_laid_out(font, document, painter), self._palette(), words)

    def _picture(self, image: StoredImage, width: float) -> QImage | None:
        if not self._at_once:
            return self._pictures.at_hand(image, width)
        most = math.sqrt(MOST_ON_PAPER * max(1, image.width) / max(1, image.height))
        return self._pictures.decoded(image, min(width, most))


def paint_picture(painter: QPainter, area: QRectF, picture: QImage, *, is_beside: bool) -> None:
    """Paints a picture into its room: all of it, or its middle where others stand beside it."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    if is_beside:
        painter.drawImage(area, picture, middle(QSizeF(picture.size()), area.size()))
    else:
        painter.drawImage(fitted(QSizeF(picture.size()), area), picture)


def paint_frame(painter: QPainter, rect: QRectF, font: QFont, palette: QPalette, words: str) -> None:
    """Paints the frame of a picture that is not there."""
    theme = Theme.of(palette)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.separator, 1))
    painter.setBrush(theme.panel)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    painter.setFont(font)
    painter.setPen(theme.muted)
    area = rect.adjusted(SPACE_M, SPACE_M, -SPACE_M, -SPACE_M)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)
    painter.restore()


def as_laid_out(font: QFont, document: QTextDocument, painter: QPainter) -> QFont:
    """A font for what is painted beside the text itself: as large as on the device that the text is laid out for,
    also where the painter records it for another."""
    device = document.documentLayout().paintDevice()
    return font if device is None else scaled(font, device.logicalDpiY() / painter.device().logicalDpiY())


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
