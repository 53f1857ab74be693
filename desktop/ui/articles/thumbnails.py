"""Small pictures for the list, decoded off the GUI thread and kept while they are in use."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPixmap
from shiboken6 import isValid

KEPT = 150
CORNER = 5
LONGEST = 40  # sides of the square that a picture may be long before its middle is taken
# The first bytes say what a file is; nothing else is handed to a decoder, above all no SVG.
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", 0, "png"),
    (b"\xff\xd8\xff", 0, "jpeg"),
    (b"GIF8", 0, "gif"),
    (b"WEBP", 8, "webp"),
    (b"\x00\x00\x01\x00", 0, "ico"),
)


class Thumbnails(QObject):
    """Square pictures by the sha256 of their file; the first request gives None, and `ready` follows."""

    ready = Signal(str)
    # Emitted in the decoding thread, delivered in the GUI thread.
    _decoded = Signal(str, QImage)

    def __init__(self, file: Callable[[str], Path], side: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = file
        self._side = side
        self._kept: OrderedDict[str, QPixmap] = OrderedDict()
        self._asked: set[str] = set()
        self._lane: ThreadPoolExecutor | None = None
        self._decoded.connect(self._keep, Qt.ConnectionType.QueuedConnection)

    @property
    def side(self) -> int:
        """Edge length in device-independent pixels."""
        return self._side

    def get(self, sha: str, ratio: float) -> QPixmap | None:
        """The picture, if it is at hand; an empty one for a file that cannot be shown."""
        key = f"{sha}@{ratio:g}"
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        if key not in self._asked:
            self._ask(key, self._file(sha), ratio)
        return None

    def close(self) -> None:
        """Stop decoding; nothing is delivered after this."""
        if self._lane is not None:
            self._lane.shutdown(cancel_futures=True)
            self._lane = None

    def _ask(self, key: str, file: Path, ratio: float) -> None:
        self._asked.add(key)
        if self._lane is None:
            self._lane = ThreadPoolExecutor(1, "thumbnails")
        # After the paint that asks: a thread that runs beside it would take its time.
        QTimer.singleShot(0, self, partial(self._submit, key, file, ratio))

    def _submit(self, key: str, file: Path, ratio: float) -> None:
        if self._lane is not None:
            self._lane.submit(self._decode, key, file, ratio)

    def _decode(self, key: str, file: Path, ratio: float) -> None:
        image = read_square(file, round(self._side * ratio))
        image.setDevicePixelRatio(ratio)
        if isValid(self):
            self._decoded.emit(key, image)

    def _keep(self, key: str, image: QImage) -> None:
        self._asked.discard(key)
        self._kept[key] = QPixmap.fromImage(image)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self.ready.emit(key.partition("@")[0])


def read_square(file: Path, side: int) -> QImage:
    """The middle of a picture, `side` pixels square with round corners; null if it cannot be read."""
    from desktop.ui.decoding import bytes_of, decoded  # the first paint has no picture yet

    def fit(size: QSize) -> QSize:
        around = size.scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
        longest = QSize(LONGEST * side, LONGEST * side)  # a thread of a picture is no square of anything
        return around.boundedTo(longest)

    body = bytes_of(file)
    image = decoded(body, _kind(body), fit)
    if image.isNull():
        return image
    edge = min(image.width(), image.height())
    middle = image.copy((image.width() - edge) // 2, (image.height() - edge) // 2, edge, edge)
    return _rounded(middle, side)


def _kind(body: bytes) -> str:
    return next((name for magic, at, name in _MAGIC if body[at : at + len(magic)] == magic), "")


def _rounded(image: QImage, side: int) -> QImage:
    made = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    path = QPainterPath()
    corner = CORNER * side / 72
    path.addRoundedRect(QRectF(0, 0, side, side), corner, corner)
    painter.setClipPath(path)
    painter.drawImage(QRectF(0, 0, side, side), image)
    painter.end()
    return made
