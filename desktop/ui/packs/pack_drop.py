"""A pack's file that is dropped on the window is looked at, as if it had been chosen from the menu."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from desktop.core.pack_file import ENDING


class PackDrop(QObject):
    """Watches a window; nothing is stored by the drop itself."""

    dropped = Signal(str)  # the path

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in (QEvent.Type.DragEnter, QEvent.Type.Drop) or not isinstance(event, QDropEvent):
            return False
        path = dropped_pack(event.mimeData())
        if not path:
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self.dropped.emit(path)
        return True


def dropped_pack(data: QMimeData) -> str:
    """The one file that is dragged, if by its ending it may be a pack; "" for anything else."""
    paths = [url.toLocalFile() for url in data.urls()]
    return paths[0] if len(paths) == 1 and paths[0].lower().endswith(ENDING) else ""
