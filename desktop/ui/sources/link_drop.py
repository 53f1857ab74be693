"""A link that is dropped on the window is offered as a source."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

_SCHEMES = ("http:", "https:", "feed:", "feeds:")
_MOST = 2_000  # characters of an address


class LinkDrop(QObject):
    """Watches a window; nothing is opened or fetched by the drop itself."""

    dropped = Signal(str)  # the address

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in (QEvent.Type.DragEnter, QEvent.Type.Drop) or not isinstance(event, QDropEvent):
            return False
        address = dropped_address(event.mimeData())
        if not address:
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self.dropped.emit(address)
        return True


def dropped_address(data: QMimeData) -> str:
    """The address that is dragged, as a link or as its text; "" for anything else, files too."""
    candidates = [url.toString() for url in data.urls()] if data.hasUrls() else data.text().split("\n")[:1]
    text = candidates[0].strip() if candidates else ""
    fit = text.lower().startswith(_SCHEMES) and len(text) <= _MOST and not any(map(str.isspace, text))
    return text if fit else ""
