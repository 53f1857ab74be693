"""Even movement at little cost: one timer, a position taken from elapsed time, nothing while stopped."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal

FRAME_MS = 33
SPEED_PX_PER_S = 30.0


class TickerMotion(QObject):
    """A position in device-independent pixels that grows by 30 a second while it runs."""

    moved = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.moved)
        self._elapsed = QElapsedTimer()
        self._start = 0.0

    @property
    def running(self) -> bool:
        return self._timer.isActive()

    @property
    def position(self) -> float:
        """Grows without end; the strip takes it modulo its length."""
        if not self.running:
            return self._start
        return self._start + self._elapsed.nsecsElapsed() * SPEED_PX_PER_S / 1e9

    def set_position(self, position: float) -> None:
        """Goes on from `position`."""
        self._start = position
        self._elapsed.start()

    def set_running(self, running: bool) -> None:
        """Starts or stops; stopping keeps the position."""
        if running == self.running:
            return
        if running:
            self._elapsed.start()
            self._timer.start()
        else:
            self._start = self.position
            self._timer.stop()
