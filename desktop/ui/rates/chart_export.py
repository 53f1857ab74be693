"""A chart as a file: PNG, SVG or CSV. A picture says what it shows, of which days and by whom."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QIODevice, QRect, QSaveFile, QSize, QSizeF
from PySide6.QtGui import QFont, QPainter

from desktop.core.errors import AppError
from desktop.ui.rates.chart import draw
from desktop.ui.rates.chart_scene import Picture, Scene
from desktop.ui.theme import Theme

PNG_SCALE = 2  # pixels to a point: sharp in print and on dense screens


def png(picture: Picture, size: QSize, font: QFont, theme: Theme) -> bytes:
    """The picture as PNG."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    draw(Scene(picture, QSizeF(size), font, theme), size, PNG_SCALE).save(buffer, "PNG")
    return bytes(buffer.data().data())


def svg(picture: Picture, size: QSize, font: QFont, theme: Theme) -> bytes:
    """The picture as SVG, its words as text."""
    from PySide6.QtSvg import QSvgGenerator  # loaded for the first export

    buffer = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setTitle(picture.title)
    generator.setDescription(f"{picture.subtitle}. {picture.credit}")
    painter = QPainter(generator)
    Scene(picture, QSizeF(size), font, theme).draw(painter)
    painter.end()
    return bytes(buffer.data().data())


def save(path: str, data: bytes) -> None:
    """Write a file whole or not at all. AppError where the system does not let us."""
    file = QSaveFile(path)
    written = file.open(QIODevice.OpenModeFlag.WriteOnly) and file.write(data) == len(data)
    if not (written and file.commit()):
        raise AppError(
            f"The file was not written ({file.errorString()}).", "Choose another folder; nothing was changed."
        )
