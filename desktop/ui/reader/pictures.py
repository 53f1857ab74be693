"""The pictures of the open article: decoded from the store at the size that is shown, or a labelled frame.

Nothing but a file of our own store is ever opened here.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QBuffer, QIODevice, QObject, QRect, QRectF, QSize, QSizeF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QImage,
    QImageReader,
    QPainter,
    QPalette,
    QPen,
    QPyTextObject,
    QTextDocument,
    QTextFormat,
)
from shiboken6 import isValid

from desktop.core.models import StoredImage
from desktop.core.text import plain
from desktop.ui.theme import SPACE_M, Theme, scaled

SCHEME = "cache"
ALLOCATION_LIMIT_MB = 64
FILE_LIMIT_BYTES = 10 * 1024 * 1024
FORMATS = ("png", "jpeg", "gif", "webp", "ico")  # SVG from outside is never decoded
MAX_PIXELS = 40_000_000
KEPT_BYTES = 96 * 1024 * 1024  # decoded pictures that stay in memory for scrolling back
AT_ONCE_PIXELS = 1_500_000  # some 10 ms of decoding; a picture of 1024 x 682 has 700,000
FRAME_TEXT = 0.85  # of the running text
NOT_ASKED = "not fetched yet"


class _Wanted(NamedTuple):
    """A file at a width in device pixels."""

    sha256: str
    width: int


class Pictures(QObject):
    """The pictures that an article may show, by key; none is shown wider than `width` logical pixels.

    Small ones are decoded while they are painted, so that nothing flickers; those beyond `AT_ONCE_PIXELS` in one
    painting are decoded in a thread, which ends when it has nothing to do, and `ready` follows.
    """

    ready = Signal()
    _done = Signal(object, QImage)  # emitted in the decoding thread, delivered in the GUI thread

    def __init__(self, file: Callable[[str], Path], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = file
        self._images: Mapping[str, StoredImage] = {}
        self._decoded: OrderedDict[_Wanted, QImage] = OrderedDict()
        self._waiting: dict[
            _Wanted, str
        ] = {}  # asked of the thread, and the format; the last asked is done first
        self._lock = threading.Lock()
        self._is_working = False
        self._asked: set[_Wanted] = set()  # of the thread, and not delivered
        self._left = AT_ONCE_PIXELS
        self.width = 640.0
        self.ratio = 1.0
        self.scale = 1.0  # units of the device a pixel of HTML; paper has more than one
        self._done.connect(self._keep, Qt.ConnectionType.QueuedConnection)

    def show(self, images: Mapping[str, StoredImage]) -> None:
        """Replaces the pictures by those of another article, or by the same ones after more have arrived."""
        self._images = images
        self._decoded.clear()
        self._asked.clear()
        with self._lock:
            self._waiting.clear()

    @property
    def images(self) -> Mapping[str, StoredImage]:
        """The pictures of the article by key, in the order of its text."""
        return self._images

    @property
    def is_decoding(self) -> bool:
        """Whether a picture is still to come."""
        return bool(self._asked)

    def get(self, url: QUrl) -> StoredImage | None:
        """The picture that `url` names; None for everything that is not a picture of this article."""
        return self._images.get(url.path()) if url.scheme() == SCHEME else None

    def size(self, image: StoredImage, declared: QSizeF) -> QSizeF:
        """How large a stored picture is shown: as declared, else as it is, never wider than the column."""
        own = QSizeF(image.width or 1, image.height or 1) * self.scale
        wanted = declared.width() * self.scale if declared.width() > 0 else own.width()
        width = max(1.0, min(wanted, own.width(), self.width))
        return QSizeF(width, max(1.0, width * own.height() / own.width()))

    def begin_painting(self) -> None:
        """A painting begins: as many pixels may be decoded in it as in every other."""
        self._left = AT_ONCE_PIXELS

    def coming(self, image: StoredImage, width: float) -> bool:
        """Whether the thread has still to decode the picture; asks for it where it is too large to be done now."""
        wanted = self._wanted(image, width)
        if wanted in self._decoded:
            return False
        pixels = image.width * image.height
        if pixels <= self._left:
            self._left -= pixels
            return False
        self._ask(wanted, image.format)
        return True

    def ask(self, image: StoredImage, width: float) -> bool:
        """Has the thread decode a picture; False when that has been done."""
        wanted = self._wanted(image, width)
        if wanted in self._decoded:
            return False
        if wanted not in self._asked:
            self._ask(wanted, image.format)
        return True

    def decoded(self, image: StoredImage, width: float) -> QImage:
        """The picture, sharp at `width`, now; a null image when its file is missing or damaged."""
        wanted = self._wanted(image, width)
        if wanted not in self._decoded:
            self._decoded[wanted] = decode(self._file(image.sha256), image.format, wanted.width)
            self._forget_oldest()
        self._decoded.move_to_end(wanted)
        return self._decoded[wanted]

    def _wanted(self, image: StoredImage, width: float) -> _Wanted:
        return _Wanted(image.sha256, round(width * self.ratio))

    def _ask(self, wanted: _Wanted, image_format: str) -> None:
        self._asked.add(wanted)
        with self._lock:
            self._waiting.pop(wanted, None)
            self._waiting[wanted] = image_format
            if self._is_working:
                return
            self._is_working = True
        threading.Thread(target=self._work, name="pictures").start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._is_working = False
                    return
                wanted, image_format = self._waiting.popitem()
            image = decode(self._file(wanted.sha256), image_format, wanted.width)
            if not isValid(self):
                return
            self._done.emit(wanted, image)

    def _keep(self, wanted: _Wanted, image: QImage) -> None:
        if wanted in self._asked:  # else it is of an article that was left
            self._asked.discard(wanted)
            self._decoded[wanted] = image
            self._forget_oldest()
            self.ready.emit()

    def _forget_oldest(self) -> None:
        held = sum(kept.sizeInBytes() for kept in self._decoded.values())
        while held > KEPT_BYTES and len(self._decoded) > 1:
            _, oldest = self._decoded.popitem(last=False)
            held -= oldest.sizeInBytes()


def decode(path: Path, image_format: str, width: int) -> QImage:
    """Decodes a raster picture of a known format at most `width` pixels wide; a null image on any fault."""
    body = _read(path)
    if image_format not in FORMATS or not body:
        return QImage()
    QImageReader.setAllocationLimit(ALLOCATION_LIMIT_MB)
    buffer = QBuffer()
    buffer.setData(body)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(False)
    reader.setAutoDetectImageFormat(False)
    reader.setFormat(image_format.encode("ascii"))
    reader.setAutoTransform(True)  # cameras write pictures lying down
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > MAX_PIXELS:
        return QImage()
    if size.width() > width:
        reader.setScaledSize(QSize(width, max(1, round(size.height() * width / size.width()))))
    return reader.read()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.stat().st_size <= FILE_LIMIT_BYTES else b""
    except OSError:
        return b""


def blank() -> QImage:
    """One transparent point, for where nothing may be shown: a null image would make Qt look on the disk."""
    image = QImage(1, 1, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    return image


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
            return self._pictures.size(image, QSizeF(shown.width(), shown.height()))
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
        area = QRectF(rect)
        image = self._pictures.get(QUrl(given.toImageFormat().name()))
        if image is None:
            return
        if image.sha256:
            if not self._at_once and self._pictures.coming(image, area.width()):
                painter.fillRect(area, Theme.of(self._palette()).panel)
                return
            picture = self._pictures.decoded(image, area.width())
            if not picture.isNull():
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawImage(fitted(QSizeF(picture.size()), area), picture)
                return
        self._draw_frame(painter, area, document, frame_text(image, _words_below(document, position)))

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
