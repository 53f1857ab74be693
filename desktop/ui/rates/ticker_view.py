"""The moving picture of the ticker: blits one pixmap; its timer runs only while somebody can see it move."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QFont,
    QHideEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.ui.rates.ticker_motion import TickerMotion
from desktop.ui.rates.ticker_strip import Strip
from desktop.ui.rows import fill
from desktop.ui.theme import SPACE_L, SPACE_S, Theme

WHEEL_PX = 60
LOOK_FRAMES = 15  # from one look whether the window is minimised to the next: half a second


class TickerView(QWidget):
    """Shows a strip: still where it fits or nobody wants motion, else moving; rests under the pointer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.strip = Strip((), QFont(), Theme.of(self.palette()))
        self.current = 0  # the entry that the keyboard stands on
        self.empty_text = ""
        self.motion_wanted = True
        self.frames_painted = 0
        self.pictures_drawn = 0
        self.motion = TickerMotion(self)
        self.motion.moved.connect(self._on_moved)
        self._picture: QPixmap | None = None
        self._hovered = False
        self._painted_left = 0.0
        self._frames_to_look = 0
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def fits(self) -> bool:
        """Whether all entries are in view at once."""
        return self.strip.width <= self.width()

    def show_strip(self, strip: Strip) -> None:
        """Replaces what is shown; the place and the keyboard's entry stay where they can."""
        self.strip = strip
        self.current = max(0, min(self.current, len(strip.entries) - 1))
        self._picture = None
        self.setFixedHeight(strip.height)
        self._settle()
        self.update()

    def bring_into_view(self, index: int) -> None:
        """Moves the strip, if need be, so that a whole entry is seen."""
        if self.fits:
            return
        start, width = self.strip.span(index)
        left = (start - self.motion.position) % self.strip.width
        if left + width > self.width():
            self.motion.set_position(float(start))
        self.update()

    def index_at(self, position: QPoint) -> int:
        """The entry under a point of the widget; -1 for none."""
        if not self.strip.entries or not self.rect().contains(position):
            return -1
        for left in self._copies():
            index = self.strip.index_at(position.x() - left)
            if index >= 0:
                return index
        return -1

    def may_move(self) -> bool:
        """Whether the strip should be moving at this moment."""
        seen = self.isVisible() and not self.window().isMinimized()
        at_rest = self._hovered or self.hasFocus()
        return seen and not at_rest and not self.fits and self.motion_wanted and self._system_moves()

    def sizeHint(self) -> QSize:
        return QSize(400, self.strip.height)

    def paintEvent(self, event: QPaintEvent) -> None:
        self.frames_painted += 1
        painter = QPainter(self)
        if self.motion.running:
            self._paint_moving(painter)
        else:
            self._paint_still(painter)
            self._settle()  # a minimised window that comes back only paints
        painter.end()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._picture = None
            self.update()
        return super().event(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hovered = True
        self._settle()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = False
        self._settle()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._settle()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._settle()
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        self._settle()

    def hideEvent(self, event: QHideEvent) -> None:
        self.motion.set_running(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._settle()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Lets the hand move a strip that does not fit."""
        turned = event.angleDelta()
        notches = (turned.y() or turned.x()) / 120
        if not self.fits and notches:
            self.motion.set_position(self.motion.position - notches * WHEEL_PX)
            self.update()
        event.accept()

    def _settle(self) -> None:
        running = self.may_move()
        if running:
            self._painted_left = self._left()
        self.motion.set_running(running)

    def _on_moved(self) -> None:
        """A frame. Hiding, focus and pointer stop the timer themselves; nothing tells of a minimised window."""
        self._frames_to_look -= 1
        if self._frames_to_look < 0:
            self._frames_to_look = LOOK_FRAMES
            if self.window().isMinimized():
                self.motion.set_running(False)
                return
        left = self._left()
        if left != self._painted_left:
            self._painted_left = left
            self.update()

    def _left(self) -> float:
        """Where the first copy of a strip that does not fit lies, on a whole pixel of the screen."""
        ratio = self.devicePixelRatioF()
        return -round((self.motion.position % self.strip.width) * ratio) / ratio

    def _paint_moving(self, painter: QPainter) -> None:
        picture = self._current_picture()
        painter.drawPixmap(QPointF(self._painted_left, 0), picture)
        if self._painted_left + self.strip.width < self.width():
            painter.drawPixmap(QPointF(self._painted_left + self.strip.width, 0), picture)

    def _paint_still(self, painter: QPainter) -> None:
        picture = self._current_picture()
        end = 0.0
        copies = self._copies()
        for left in copies:
            painter.drawPixmap(QPointF(left, 0), picture)
            end = left + self.strip.width
        if end < self.width():
            fill(painter, QRectF(end, 0, self.width() - end, self.height()), Theme.of(self.palette()).window)
        if not self.strip.entries:
            self._paint_empty(painter)
        elif self.hasFocus():
            self._paint_focus(painter, copies)

    def _copies(self) -> list[float]:
        """Where the strip's picture lies, left to right: once, or as often as fills the width."""
        if self.fits or not self.strip.width:
            return [0.0] if self.strip.entries else []
        left = self._left()
        return [left, left + self.strip.width]

    def _current_picture(self) -> QPixmap:
        if self._picture is None:
            self._picture = self.strip.render(self.height(), self.devicePixelRatioF())
            self.pictures_drawn += 1
        return self._picture

    def _system_moves(self) -> bool:
        """False where the system asks for reduced motion."""
        from PySide6.QtWidgets import QStyle  # its constants are many, and a row that fits asks for none

        style = self.style()
        animates = style.styleHint(QStyle.StyleHint.SH_Widget_Animate, None, self)
        duration = style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self)
        return bool(animates) and duration > 0

    def _paint_empty(self, painter: QPainter) -> None:
        theme = Theme.of(self.palette())
        painter.setPen(theme.muted_on(theme.window, theme.text))
        area = self.rect().adjusted(SPACE_L, 0, -SPACE_L, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self.empty_text)
        if self.hasFocus():
            painter.setPen(QPen(theme.accent, 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _paint_focus(self, painter: QPainter, copies: list[float]) -> None:
        start, width = self.strip.span(self.current)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(Theme.of(self.palette()).accent, 2))
        for left in copies:
            frame = QRectF(left + start + SPACE_S, SPACE_S, width - 2 * SPACE_S, self.height() - 2 * SPACE_S)
            painter.drawRoundedRect(frame, SPACE_S, SPACE_S)
