"""The chart of rates as a widget: a picture that is drawn once, and a crosshair that mouse and keys move over it."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.core.rates.chart import Plot, nearest
from desktop.ui.rates.chart_scene import Picture, Scene
from desktop.ui.theme import Theme

_PAGE = 10  # Page Up and Page Down go a tenth of the days shown
_BY_KEYS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
_LOOKS = (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange)


class RateChart(QWidget):
    """Shows a picture. The crosshair stands on a day with a fixing, or nowhere."""

    pointed = Signal(object)  # the day that the crosshair stands on, or None
    entered = Signal(object)  # a day that was clicked, or on which Enter was pressed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = Picture(Plot(date.min, date.min, (), ()), ())
        self._days: tuple[date, ...] = ()
        self._day: date | None = None
        self._scene: Scene | None = None
        self._drawn: QPixmap | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(280, 160)
        self.setAccessibleName("Chart")

    @property
    def picture(self) -> Picture:
        return self._picture

    @property
    def day(self) -> date | None:
        """Where the crosshair stands."""
        return self._day

    def show_picture(self, picture: Picture) -> None:
        """Replace what is shown; the crosshair stays where it can."""
        self._picture = picture
        self._days = picture.plot.days
        self._forget()
        self._stand_on(self._day if self._day in self._days else None)

    def point_at(self, day: date | None) -> None:
        """Put the crosshair on the last fixing up to a day; None takes it away."""
        self._stand_on(None if day is None else nearest(self._days, day))

    def scene(self) -> Scene:
        """The picture as laid out now."""
        if self._scene is None:
            self._scene = Scene(self._picture, QSizeF(self.size()), self.font(), Theme.of(self.palette()))
        return self._scene

    def sizeHint(self) -> QSize:
        return QSize(720, 400)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._still())
        if self._day is not None:
            self.scene().draw_crosshair(painter, self._day)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(Theme.of(self.palette()).accent, 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._forget()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in _LOOKS:
            self._forget()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._forget()
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._follow(event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._follow(event.position())
        if event.button() == Qt.MouseButton.LeftButton and self._day is not None:
            self.entered.emit(self._day)

    def leaveEvent(self, event: QEvent) -> None:
        if not self.hasFocus():
            self._stand_on(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._day is None and event.reason() in _BY_KEYS:
            self._stand_on(self._days[-1] if self._days else None)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if not self.underMouse():
            self._stand_on(None)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, newest = Qt.Key(event.key()), len(self._days) - 1
        page = max(1, len(self._days) // _PAGE)
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
        }
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: newest}
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._day is not None:
            self.entered.emit(self._day)
            return
        if not self._days or key not in (*steps, *ends):
            super().keyPressEvent(event)
            return
        if key in ends or self._day not in self._days:
            self._stand_on(self._days[ends.get(key, newest)])
        else:
            at = self._days.index(self._day) + steps[key]
            self._stand_on(self._days[min(max(at, 0), newest)])

    def _follow(self, place: QPointF) -> None:
        scene = self.scene()
        under = scene.main.day_at(place.x())
        later = next((d for d in self._days if d > under), None)
        found = nearest(self._days, under)
        if found is not None and later is not None and later - under < under - found:
            found = later
        self._stand_on(found)

    def _stand_on(self, day: date | None) -> None:
        if day != self._day:
            self._day = day
            self.update()
            self.pointed.emit(day)

    def _still(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        if self._drawn is None:
            self._drawn = draw(self.scene(), self.size(), ratio)
        return self._drawn

    def _forget(self) -> None:
        self._scene = self._drawn = None
        self.update()


def draw(scene: Scene, size: QSize, ratio: float) -> QPixmap:
    """A scene as a picture of `size` device-independent pixels."""
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    painter = QPainter(pixmap)
    scene.draw(painter)
    painter.end()
    return pixmap
