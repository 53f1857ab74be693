"""Tells when a window has been painted for the first time: whatever is not needed for that can wait until then."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

PAUSE_MS = 50  # what the person does first comes before what we begin
LATEST_MS = 1_000  # a window that nobody sees, minimised or on another desktop, is not painted


class FirstPaint(QObject):
    """Emits `over` once: shortly after the first paint of `window`, or after a second without one."""

    over = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._timer = QTimer(self, singleShot=True, interval=LATEST_MS)
        self._timer.timeout.connect(self._on_time)
        self._timer.start()
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            self._timer.start(PAUSE_MS)
        return False

    def _on_time(self) -> None:
        self._window.removeEventFilter(self)
        self.over.emit()
