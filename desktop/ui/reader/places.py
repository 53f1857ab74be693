"""Where the person is in a text, kept while that text is set anew in slices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QTextCursor

from desktop.ui.reader.parts import Place

if TYPE_CHECKING:
    from desktop.ui.reader.document import ReaderView

NEAR = 20_000  # characters that are brought in one step, to stand at a place at once
SCREENFUL = 8_000  # characters; no screen shows more
TOP = Place(0, 0, 0, 0)


class Places:
    """The place of a view, or the one that it is about to show: until the text reaches so far, nothing is painted,
    and what was there before stays on the screen."""

    def __init__(self, view: ReaderView) -> None:
        self._view = view
        self._awaited: Place | None = None

    @property
    def is_awaited(self) -> bool:
        """Whether the text has still to come as far as the place."""
        return self._awaited is not None

    def now(self) -> Place:
        """Where the reader is now, or is about to be."""
        if self._awaited is not None:
            return self._awaited
        corner = QPoint(round(self._view.margin), 0)
        self._view.cursorForPosition(
            corner
        )  # lays out; what is not laid out yet, Qt takes for the end of the text
        top = self._view.cursorForPosition(corner)
        selection = self._view.textCursor()
        offset = self._view.cursorRect(top).top()
        return Place(top.position(), offset, selection.anchor(), selection.position())

    def begin(self, place: Place) -> None:
        """Goes to a place, once the text reaches that far."""
        self._awaited = place
        self._view.curtain.await_place(True)
        self.reach()

    def go_to(self, place: Place) -> None:
        """Brings a remembered place back to where it stood: at once where that is a small step."""
        view = self._view
        needed = _needed(place)
        while needed <= NEAR + SCREENFUL and not view.is_complete and view.characters < needed:
            view.bring_next()
        self.begin(place)

    def reach(self) -> None:
        """Goes to the awaited place, if the text reaches that far now."""
        place, view = self._awaited, self._view
        if place is not None and (view.is_complete or view.characters >= _needed(place)):
            self._awaited = None
            if place != TOP:
                self._show(place)
            view.curtain.await_place(False)

    def scroll_to(self, position: int, offset: int) -> None:
        """Scrolls until the character at `position` stands `offset` pixels below the top."""
        top = QTextCursor(self._view.document())
        top.setPosition(position)
        bar = self._view.verticalScrollBar()
        bar.setValue(bar.value() + self._view.cursorRect(top).top() - offset)

    def _show(self, place: Place) -> None:
        last = max(0, self._view.characters - 1)
        cursor = QTextCursor(self._view.document())
        cursor.setPosition(min(place.anchor, last))
        cursor.setPosition(min(place.cursor, last), QTextCursor.MoveMode.KeepAnchor)
        self._view.setTextCursor(cursor)
        self.scroll_to(min(place.position, last), place.offset)


def _needed(place: Place) -> int:
    """How long the text must be for the place to stand at the top, with its selection."""
    screen = place.position + SCREENFUL if place.position else 0
    return max(screen, place.anchor, place.cursor)
