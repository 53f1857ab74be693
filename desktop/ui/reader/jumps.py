"""Links within an article: to a note and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.ui.reader.parts import Place, position_of

if TYPE_CHECKING:
    from desktop.ui.reader.document import ReaderView


class Jumps:
    """Remembers where each jump began, so that one can come back."""

    def __init__(self, view: ReaderView) -> None:
        self._view = view
        self._left: list[Place] = []
        self._awaited = ""  # a place that the text has still to reach
        view.completed.connect(self._on_completed)

    def to(self, name: str) -> bool:
        """Brings the place `name` to the top, once the text has come so far; False when there is none."""
        position = position_of(self._view.document(), name)
        self._awaited = name if position is None and not self._view.is_complete else ""
        if position is None:
            return bool(self._awaited)
        self._left.append(self._view.places.now())
        self._view.places.scroll_to(position, 0)
        return True

    def back(self) -> bool:
        """Goes back to where the last jump began; False when there was none."""
        if not self._left:
            return False
        self._view.places.go_to(self._left.pop())
        return True

    def forget(self) -> None:
        """Another article: there is nowhere to go back to."""
        self._left.clear()
        self._awaited = ""

    def _on_completed(self) -> None:
        if self._awaited:
            self.to(self._awaited)
