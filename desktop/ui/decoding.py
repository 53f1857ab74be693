"""Decodes pictures of the store: as small as they are shown, one large one at a time, within a bound of memory."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageIOHandler, QImageReader

from desktop.core.picture_weight import MOST_HELD, MOST_PIXELS, held_bytes

KINDS = ("png", "jpeg", "gif", "webp", "ico")  # SVG from outside is never decoded
FILE_LIMIT_BYTES = 10 * 1024 * 1024
LIMIT_MB = 110  # of one picture in Qt, which knows one limit for the whole program; over MOST_HELD
TOGETHER = 144_000_000  # bytes: what is held of a picture, and what is made of it
LARGE = 4_000_000  # pixels; of such pictures one is decoded at a time, whoever wants them

_one_large = threading.Lock()

Fit = Callable[[QSize], QSize]


def bytes_of(path: Path) -> bytes:
    """A file of the store that can be a picture; nothing where it is not there, or too large for one."""
    try:
        return path.read_bytes() if path.stat().st_size <= FILE_LIMIT_BYTES else b""
    except OSError:
        return b""


def decoded(body: bytes, kind: str, fit: Fit) -> QImage:
    """A picture of a known kind at the size that `fit` makes of its own, smaller where that would be too much memory.

    A null image on any fault. For any thread.
    """
    if kind not in KINDS or not body:
        return QImage()
    QImageReader.setAllocationLimit(LIMIT_MB)
    buffer = QBuffer()
    buffer.setData(body)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(False)
    reader.setAutoDetectImageFormat(False)
    reader.setFormat(kind.encode("ascii"))
    reader.setAutoTransform(True)  # cameras write pictures lying down
    size = reader.size()
    if not size.isValid() or size.isEmpty() or size.width() * size.height() > MOST_PIXELS:
        return QImage()
    held = held_bytes(body, kind, size.width(), size.height())
    if held > MOST_HELD:
        return QImage()
    with _one_large if size.width() * size.height() > LARGE else nullcontext():
        return _jpeg(reader, size, fit, held) if kind == "jpeg" else _whole(reader, fit)


def _jpeg(reader: QImageReader, size: QSize, fit: Fit, held: int) -> QImage:
    """Made smaller while it is read."""
    turned = reader.transformation() != QImageIOHandler.Transformation.TransformationNone
    wanted = _bounded(fit(size), (TOGETHER - held) // (8 if turned else 4))
    if wanted != size:
        reader.setScaledSize(wanted)
    return reader.read()


def _whole(reader: QImageReader, fit: Fit) -> QImage:
    """Read, then made smaller. Left to Qt, a picture with transparency would be held twice meanwhile."""
    image = reader.read()
    if image.isNull():
        return image
    if image.depth() <= 32:
        clear = image.hasAlphaChannel()
        image.convertTo(QImage.Format.Format_ARGB32_Premultiplied if clear else QImage.Format.Format_RGB32)
    wanted = _bounded(fit(image.size()), (TOGETHER - image.sizeInBytes()) // (image.depth() // 8))
    if wanted == image.size():
        return image
    ways = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    return image.scaled(wanted, *ways)


def _bounded(size: QSize, pixels: int) -> QSize:
    """`size`, or a smaller one of its shape that has no more than so many pixels."""
    wanted = size.width() * size.height()
    if wanted <= pixels:
        return size
    share = math.sqrt(pixels / wanted)
    width = max(1, min(int(size.width() * share), pixels))
    return QSize(width, max(1, min(int(size.height() * share), pixels // width)))
