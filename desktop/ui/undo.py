"""What can be undone: marks that the person set, and what became of sources and watchlists."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand


class Step(QUndoCommand):
    """One act with its way back. Pushing it on the stack does it."""

    def __init__(self, text: str, do: Callable[[], None], undo: Callable[[], None]) -> None:
        super().__init__(text)
        self._do = do
        self._undo = undo

    def redo(self) -> None:
        self._do()

    def undo(self) -> None:
        self._undo()


class Done(Step):
    """An act that was done before it is pushed; only doing it again does it."""

    def __init__(self, text: str, do: Callable[[], None], undo: Callable[[], None]) -> None:
        super().__init__(text, do, undo)
        self._is_first = True

    def redo(self) -> None:
        if not self._is_first:
            super().redo()
        self._is_first = False
