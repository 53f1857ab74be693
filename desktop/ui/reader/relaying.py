"""Blocks of a text that are laid out again, a few between two events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QTextDocument

if TYPE_CHECKING:
    from desktop.ui.reader.document import ReaderView

AT_ONCE = 8  # blocks with pictures: some 15 ms


class Relaying(QObject):
    """Keeps the text under the eyes where it is. A text that is set anew meanwhile needs none of it."""

    def __init__(self, view: ReaderView) -> None:
        super().__init__(view)
        self._view = view
        self._document: QTextDocument | None = None
        self._waiting: Iterator[tuple[int, int]] = iter(())
        self._going_on = QTimer(self, singleShot=True, interval=0)
        self._going_on.timeout.connect(self._go_on)

    @property
    def is_over(self) -> bool:
        """Whether no block waits."""
        return not self._going_on.isActive()

    def begin(self, blocks: Iterable[tuple[int, int]]) -> None:
        """Lays out these (position, length) of the text, besides those that wait."""
        waiting = [] if self._document is not self._view.document() else list(self._waiting)
        self._document, self._waiting = self._view.document(), iter([*waiting, *blocks])
        self._go_on()

    def _go_on(self) -> None:
        document = self._view.document()
        if document is not self._document:
            return
        place = self._view.places.now()
        few = list(islice(self._waiting, AT_ONCE))
        for position, length in few:
            document.markContentsDirty(position, length)
        self._view.places.go_to(place)
        if len(few) == AT_ONCE:
            self._going_on.start()
