"""The pictures of the open article: decoded from the store at the size that is shown, or a labelled frame.

Nothing but a file of our own store is ever opened here.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QRectF, QSize, QSizeF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QImage,
    QTextImageFormat,
)
from shiboken6 import isValid

from desktop.core.models import StoredImage
from desktop.ui.decoding import bytes_of, decoded

SCHEME = "cache"
KEPT_BYTES = 96 * 1024 * 1024  # decoded pictures that stay in memory for scrolling back
GALLERY_RATIO = 3 / 4  # of height to width of the pictures that stand side by side
AHEAD_BYTES = KEPT_BYTES // 2  # that are decoded before they are painted


class _Wanted(NamedTuple):
    """A file at a width in device pixels."""

    sha256: str
    width: int


class Pictures(QObject):
    """The pictures that an article may show, by key; none is shown wider than `width` logical pixels.

    They are decoded in a thread, which ends when it has nothing to do, and `ready` follows: from the layout on in the
    order of the text, and before all others those that are being painted.
    """

    ready = Signal()
    _done = Signal(object, QImage)  # emitted in the decoding thread, delivered in the GUI thread

    def __init__(self, file: Callable[[str], Path], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = file
        self._images: Mapping[str, StoredImage] = {}
        self._decoded: OrderedDict[_Wanted, QImage] = OrderedDict()
        # Asked of the thread, and the formats: those in view, the last asked first, then the others in their order.
        self._waiting: dict[_Wanted, str] = {}
        self._later: dict[_Wanted, str] = {}
        self._ahead = AHEAD_BYTES  # that may still be asked for before they are in view
        self._lock = threading.Lock()
        self._is_working = False
        self._asked: set[_Wanted] = set()  # of the thread, and not delivered
        self.width = 640.0
        self.ratio = 1.0
        self.scale = 1.0  # units of the device a pixel of HTML; paper has more than one
        self._done.connect(self._keep, Qt.ConnectionType.QueuedConnection)

    def show(self, images: Mapping[str, StoredImage]) -> None:
        """Replaces the pictures by those of another article, or by the same ones after more have arrived."""
        self._images = images
        names = {image.sha256 for image in images.values()}
        for wanted, picture in list(self._decoded.items()):
            if wanted.sha256 not in names or picture.isNull():  # its file may have been fetched anew
                del self._decoded[wanted]
        self._forget_asked()

    def fit(self, width: float, ratio: float) -> None:
        """Another width of the column, in logical pixels, or another device: what was asked for is of no use now."""
        if (width, ratio) != (self.width, self.ratio):
            self.width, self.ratio = width, ratio
            self._forget_asked()

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

    def size(self, image: StoredImage, shown: QTextImageFormat) -> QSizeF:
        """How large a stored picture is shown: as `shown` declares, else as it is, never wider than the column."""
        if beside(shown):
            width = max(1.0, self.width // beside(shown))
            return QSizeF(width, round(width * GALLERY_RATIO))
        own = QSizeF(image.width or 1, image.height or 1) * self.scale
        wanted = shown.width() * self.scale if shown.width() > 0 else own.width()
        width = max(1.0, min(wanted, own.width(), self.width))
        return QSizeF(width, max(1.0, width * own.height() / own.width()))

    def decoded_width(self, image: StoredImage, shown: QTextImageFormat) -> float:
        """How wide a picture is decoded for its place; in a gallery so wide that its middle fills the room."""
        size = self.size(image, shown)
        if not beside(shown):
            return size.width()
        return max(size.width(), size.height() * max(1, image.width) / max(1, image.height))

    def at_hand(self, image: StoredImage, width: float) -> QImage | None:
        """The picture for `width`, until that is decoded in another size that is there; None when there is none.

        A null image when its file is missing or damaged. What is lacking is asked for, before all others.
        """
        wanted = self._wanted(image, width)
        if wanted in self._decoded:
            self._decoded.move_to_end(wanted)
            return self._decoded[wanted]
        self._ask(wanted, image.format)
        same = (found for at, found in self._decoded.items() if at.sha256 == image.sha256)
        return next((found for found in same if not found.isNull()), None)

    def ask_ahead(self, image: StoredImage, width: float) -> None:
        """Has a picture decoded that may come into view, as long as there is room for it."""
        wanted = self._wanted(image, width)
        weight = round(width**2 * max(1, image.height) / max(1, image.width) * self.ratio**2 * 4)
        if wanted not in self._decoded and wanted not in self._asked and weight <= self._ahead:
            self._ahead -= weight
            self._ask(wanted, image.format, later=True)

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

    def _forget_asked(self) -> None:
        self._asked.clear()
        self._ahead = AHEAD_BYTES
        with self._lock:
            self._waiting.clear()
            self._later.clear()

    def _ask(self, wanted: _Wanted, image_format: str, *, later: bool = False) -> None:
        with self._lock:
            waits = wanted in self._waiting or wanted in self._later
            if wanted in self._asked and not waits:
                return  # it is being decoded, or on its way
            self._asked.add(wanted)
            self._later.pop(wanted, None)
            self._waiting.pop(wanted, None)
            (self._later if later else self._waiting)[wanted] = image_format
            if self._is_working:
                return
            self._is_working = True
        threading.Thread(target=self._work, name="pictures").start()

    def _next(self) -> tuple[_Wanted, str] | None:
        with self._lock:
            if self._waiting:
                return self._waiting.popitem()
            if self._later:
                first = next(iter(self._later))
                return first, self._later.pop(first)
            self._is_working = False
            return None

    def _work(self) -> None:
        while (found := self._next()) is not None:
            wanted, image_format = found
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


def beside(shown: QTextImageFormat) -> int:
    """How many pictures stand side by side where a picture is shown; 0 where it stands for itself."""
    return int(QUrl(shown.name()).fragment().rpartition("/")[2] or 0)


def in_gallery(area: QRectF, shown: QTextImageFormat, gap: float) -> QRectF:
    """What of its room a picture in a gallery fills: the first and the last of a row reach to the edges of the text."""
    place, _, count = QUrl(shown.name()).fragment().partition("/")
    left = gap * int(place) / int(count)
    return area.adjusted(left, gap / 2, left + gap / int(count) - gap, -gap / 2)


def decode(path: Path, image_format: str, width: int) -> QImage:
    """Decodes a raster picture of a known format at most `width` pixels wide; a null image on any fault."""

    def fit(size: QSize) -> QSize:
        if size.width() <= width:
            return size
        return QSize(width, max(1, round(size.height() * width / size.width())))

    return decoded(bytes_of(path), image_format, fit)


def blank() -> QImage:
    """One transparent point, for where nothing may be shown: a null image would make Qt look on the disk."""
    image = QImage(1, 1, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    return image
