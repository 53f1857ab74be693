"""Makes chorsu.png and chorsu.ico from chorsu.svg: `python resources/icons/make.py`. Needs PySide6 with QtSvg."""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QIODevice, QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

HERE = Path(__file__).resolve().parent
ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)


def draw(renderer: QSvgRenderer, size: int) -> bytes:
    """The icon as a PNG of `size` pixels."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def ico(pictures: dict[int, bytes]) -> bytes:
    """A Windows icon file that holds PNG pictures."""
    offset = 6 + 16 * len(pictures)
    head, body = struct.pack("<HHH", 0, 1, len(pictures)), b""
    for size, data in pictures.items():
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(data), offset + len(body))
        body += data
    return head + body


def main() -> int:
    """Write both files beside the drawings."""
    application = QGuiApplication.instance() or QGuiApplication([])
    big, small = (QSvgRenderer(str(HERE / name)) for name in ("chorsu.svg", "chorsu-small.svg"))
    (HERE / "chorsu.png").write_bytes(draw(big, 256))
    pictures = {size: draw(small if size <= 24 else big, size) for size in ICO_SIZES}
    (HERE / "chorsu.ico").write_bytes(ico(pictures))
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main())
