"""Even movement at little cost: one timer, a position taken from elapsed time, nothing while stopped."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer

FRAME_MS = 33
SPEED_PX_PER_S = 30.0


class TickerMotion(QObject):
    """A position in device-independent pixels that grows by 30 a second while it runs."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self.moved = self._timer.timeout  # itself: a signal that passes it on makes a frame 6 % dearer
        self._elapsed = QElapsedTimer()
        self._start = 0.0
        self._running = False  # what Qt would say of the timer, without asking it twice a frame

    @property
    def running(self) -> bool:
        return self._running

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
        self._running = running
