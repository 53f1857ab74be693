"""Line icons drawn by the program in the colours of the palette, so that they fit light and dark."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPainterPath, QPalette, QPen, QPixmap

# On a grid of 24. M x y: move; L x y: line; C x1 y1 x2 y2 x y: curve; Z: close;
# O x y r: circle; A x y r start span: arc in degrees; R x y w h r: rounded rectangle.
_GLYPHS = {
    "unread": "O 12 12 5.5",
    "today": "R 4 5.5 16 14.5 2 M 4 10.5 L 20 10.5 M 8.5 3 L 8.5 7 M 15.5 3 L 15.5 7",
    "star": "M 12 3.6 L 14.6 9.1 L 20.6 9.9 L 16.2 14.1 L 17.3 20"
    " L 12 17.1 L 6.7 20 L 7.8 14.1 L 3.4 9.9 L 9.4 9.1 Z",
    "note": "M 5 4 L 19 4 L 19 14.5 L 13.5 20 L 5 20 Z M 13.5 20 L 13.5 14.5 L 19 14.5 M 8.5 9 L 15.5 9",
    "tag": "M 12.5 4 L 20 4 L 20 11.5 L 11.8 19.7 L 4.3 12.2 Z O 16.2 7.8 1.1",
    "later": "O 12 12 8.5 M 12 7.5 L 12 12.3 L 15.5 14.3",
    "paused": "M 9 6 L 9 18 M 15 6 L 15 18",
    "archived": "R 3.5 4.5 17 4.5 1 M 5.2 9 L 5.2 19.5 L 18.8 19.5 L 18.8 9 M 10 13 L 14 13",
    "all": "M 4.5 6.5 L 19.5 6.5 M 4.5 12 L 19.5 12 M 4.5 17.5 L 14 17.5",
    "folder": "M 3.5 18.5 L 3.5 6 L 9.5 6 L 11.5 8.5 L 20.5 8.5 L 20.5 18.5 Z",
    "source": "O 6.2 17.8 1.2 M 5 11.5 C 9.2 11.5 12.5 14.8 12.5 19 M 5 5.5 C 12.5 5.5 18.5 11.5 18.5 19",
    "refresh": "A 12 12 7.5 -35 -250 M 18.6 3.8 L 18.6 8.4 L 14 8.4",
    "stop": "R 6.5 6.5 11 11 1.5",
    "add": "M 12 5 L 12 19 M 5 12 L 19 12",
    "search": "O 10.5 10.5 6 M 15 15 L 20 20",
    "online": "O 12 12 8.5 M 3.5 12 L 20.5 12 M 12 3.5 C 7 8.5 7 15.5 12 20.5 C 17 15.5 17 8.5 12 3.5",
    "offline": "O 12 12 8.5 M 5.9 5.9 L 18.1 18.1",
    "warning": "M 12 4 L 21 19.5 L 3 19.5 Z M 12 10 L 12 14.5 M 12 16.8 L 12 17.2",
    "open": "M 10 5 L 5 5 L 5 19 L 19 19 L 19 14 M 14 4.5 L 19.5 4.5 L 19.5 10 M 19.5 4.5 L 11.5 12.5",
    "kept": "M 12 4 L 12 14 M 8 10.5 L 12 14.5 L 16 10.5 M 5 19 L 19 19",
    "gap": "M 4 6 L 20 6 M 4 18 L 20 18 M 4 12 L 7 12 M 10.5 12 L 13.5 12 M 17 12 L 20 12",
    "filter": "M 4 6 L 20 6 M 7 12 L 17 12 M 10.5 18 L 13.5 18",
    "bell": "M 5 17 L 19 17 M 6.5 17 L 6.5 11 C 6.5 3.5 17.5 3.5 17.5 11 L 17.5 17 M 10.5 20 L 13.5 20",
    "up": "M 12 19 L 12 5 M 6 11 L 12 5 L 18 11",
    "close": "M 6.5 6.5 L 17.5 17.5 M 17.5 6.5 L 6.5 17.5",
    "rates": "M 3.5 17 L 9 11 L 13 14.5 L 20.5 6 M 15.5 6 L 20.5 6 L 20.5 11",
    "pinned": "M 9 4 L 15 4 L 14.5 10 L 17.5 13.5 L 6.5 13.5 L 9.5 10 Z M 12 13.5 L 12 20.5",
    "settings": "M 4 8 L 12 8 M 17 8 L 20 8 O 14.5 8 2.2 M 4 16 L 7 16 M 12 16 L 20 16 O 9.5 16 2.2",
}


def icon(name: str, palette: QPalette) -> QIcon:
    """The icon in the palette's text colours: plain, disabled and on a selection."""
    return QIcon(_Engine(name, palette))


class _Engine(QIconEngine):
    """Paints an icon in the size that is asked for, when it is."""

    def __init__(self, name: str, palette: QPalette) -> None:
        super().__init__()
        self._name = name
        self._palette = QPalette(palette)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        group, role = QPalette.ColorGroup.Active, QPalette.ColorRole.WindowText
        if mode == QIcon.Mode.Disabled:
            group = QPalette.ColorGroup.Disabled
        elif mode == QIcon.Mode.Selected:
            role = QPalette.ColorRole.HighlightedText
        draw(painter, self._name, QRectF(rect), self._palette.color(group, role))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        made = QPixmap(size)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(QPoint(), size), mode, state)
        painter.end()
        return made

    def clone(self) -> _Engine:
        return _Engine(self._name, self._palette)


def pixmap(name: str, colour: QColor, size: int, *, ratio: float = 1.0, filled: bool = False) -> QPixmap:
    """The icon as a square picture of `size` logical pixels."""
    made = QPixmap(QSize(size, size) * ratio)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    draw(painter, name, QRectF(0, 0, size, size), colour, filled=filled)
    painter.end()
    return made


def draw(painter: QPainter, name: str, box: QRectF, colour: QColor, *, filled: bool = False) -> None:
    """Paint the icon into `box`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / 24, box.height() / 24)
    width = max(1.7, 24 / box.width() * 1.15)
    pen = QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(colour if filled else Qt.BrushStyle.NoBrush)
    painter.drawPath(_path(name))
    painter.restore()


def names() -> list[str]:
    """Every icon that can be asked for."""
    return sorted(_GLYPHS)


@cache
def _path(name: str) -> QPainterPath:
    path = QPainterPath()
    words = _GLYPHS[name].split()
    at = 0
    while at < len(words):
        command = words[at]
        count = {"M": 2, "L": 2, "C": 6, "Z": 0, "O": 3, "A": 5, "R": 5}[command]
        _add(path, command, [float(word) for word in words[at + 1 : at + 1 + count]])
        at += 1 + count
    return path


def _add(path: QPainterPath, command: str, n: list[float]) -> None:
    match command:
        case "M":
            path.moveTo(n[0], n[1])
        case "L":
            path.lineTo(n[0], n[1])
        case "C":
            path.cubicTo(n[0], n[1], n[2], n[3], n[4], n[5])
        case "O":
            path.addEllipse(QPointF(n[0], n[1]), n[2], n[2])
        case "R":
            path.addRoundedRect(n[0], n[1], n[2], n[3], n[4], n[4])
        case "A":
            box = QRectF(n[0] - n[2], n[1] - n[2], 2 * n[2], 2 * n[2])
            path.arcMoveTo(box, n[3])
            path.arcTo(box, n[3], n[4])
        case _:
            path.closeSubpath()
