"""The slices of a page: those that have come, those still to come, and the timer that brings them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from PySide6.QtCore import QObject, QTimer, Signal


class Slices(QObject):
    """Hands out the HTML of a page, the next slice whenever there is nothing else to do."""

    due = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._come: list[str] = []
        self._count = 0
        self._rest: Iterator[str] = iter(())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.due)

    @property
    def any(self) -> bool:
        """Whether there is a page."""
        return bool(self._come)

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to come."""
        return not self._timer.isActive()

    @property
    def count(self) -> int:
        """How many have come, without the pauses."""
        return self._count

    def take(self, slices: Iterable[str]) -> None:
        """Another page."""
        self._rest = iter(slices)
        self._come = [next(self._rest, "")]

    def begin(self) -> str:
        """The first slice; from here on the others follow, those again that had come before."""
        self._rest = chain(self._come[1:], self._rest)
        self._come = self._come[:1]
        self._count = 1
        self._timer.start(0)
        return self._come[0]

    def next(self) -> str | None:
        """The next slice, "" for a pause; None when that was the last."""
        html = next(self._rest, None)
        if html is None:
            self._timer.stop()
            return None
        self._come.append(html)
        self._count += bool(html)
        self._timer.start(0)
        return html
