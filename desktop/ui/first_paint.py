"""Tells when a window has been painted for the first time: whatever is not needed for that can wait until then."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

PAUSE_MS = 50  # what the person does first comes before what we begin
LATEST_MS = 1_000  # a window that nobody sees, minimised or on another desktop, is not painted
# What takes longest to load of all that completes the window. With what they load themselves it is most of it.
NEXT = (
    "desktop.jobs.pack",
    "desktop.jobs.keeping",
    "desktop.jobs.alerts",
    "desktop.jobs.searches",
    "desktop.ui.reader.sheet",
    "desktop.ui.packs.commands",
    "desktop.ui.articles.commands",
    "desktop.ui.sources.search_commands",
)
_DEEDS = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.TouchBegin,
        QEvent.Type.Wheel,
        QEvent.Type.Drop,
        QEvent.Type.ContextMenu,
    }
)


class FirstPaint(QObject):
    """Emits `over` once: shortly after the first paint of `window`, or after a second without one. A key or a button
    that the person presses before that is told by `touched`, before any widget sees it."""

    over = Signal()
    touched = Signal()

    def __init__(self, window: QWidget) -> None:
        """Watch a window that has been shown."""
        super().__init__(window)
        self._window = window
        self._frame = window.windowHandle()  # the person's events come here first
        self._timer = QTimer(self, singleShot=True, interval=LATEST_MS)
        self._timer.timeout.connect(self._on_time)
        self._timer.start()
        window.installEventFilter(self)
        self._frame.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is not self._window:
            if kind in _DEEDS:
                self.touched.emit()
        elif kind == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            self._timer.start(PAUSE_MS)
        return False

    def _on_time(self) -> None:
        self._window.removeEventFilter(self)
        self._frame.removeEventFilter(self)
        self.over.emit()


def load_next(window: QWidget, then: Callable[[], None]) -> None:
    """Load `NEXT`, a module between two events of the window, since all at once would hold it for longer than 50 ms;
    then call `then`. A window that is deleted before that ends it."""
    left = iter(NEXT)
    timer = QTimer(window, interval=0)

    def step() -> None:
        name = next(left, None)
        if name is not None:
            import_module(name)
            return
        timer.stop()
        timer.deleteLater()
        then()

    timer.timeout.connect(step)
    timer.start()
