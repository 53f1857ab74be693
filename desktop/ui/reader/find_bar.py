"""Find in page: a field under the article that marks every match and walks through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QTextEdit, QToolButton, QWidget

from desktop.ui.icons import icon
from desktop.ui.text import plain_label, set_text, tooltip
from desktop.ui.theme import SPACE_M, SPACE_S, Theme, legible, mix
from desktop.ui.times import count

if TYPE_CHECKING:
    from desktop.ui.reader.document import ReaderView

MATCH_LIMIT = 1_000
STEP = 200  # matches that are looked for at once: some 5 ms


class FindBar(QWidget):
    """Searches the text of `view`. Enter goes on, Shift+Enter back, Escape closes.

    Many matches are looked for in steps: the first are marked at once, the others together.
    """

    def __init__(self, view: ReaderView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._matches: list[QTextCursor] = []
        self._beneath: list[QTextEdit.ExtraSelection] = []
        self._current = -1
        self._document: QTextDocument | None = None  # that is looked through
        self._top: int | None = None  # from which on the first match is to be gone to
        self._going_on = QTimer(self, singleShot=True, interval=0)
        self._going_on.timeout.connect(self._go_on)
        self.field = QLineEdit(self)
        self.field.setPlaceholderText("Find in article")
        self.field.setAccessibleName("Find in article")
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self.search)
        self._count = plain_label("", self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        layout.addWidget(self.field, 1)
        layout.addWidget(self._count)
        for name, text, slot in (
            ("previous", "Previous match", self.previous),
            ("next", "Next match", self.next),
            ("close", "Close", self.close_bar),
        ):
            button = QToolButton(self)
            button.setAutoRaise(True)
            button.setObjectName(name)
            button.setAccessibleName(text)
            tooltip(button, text)
            button.clicked.connect(slot)
            layout.addWidget(button)
        self._set_icons()
        self.hide()

    @property
    def matches(self) -> int:
        """How many matches are marked, at most 1,000."""
        return len(self._matches)

    def mark_beneath(self, marks: list[QTextEdit.ExtraSelection]) -> None:
        """Marks other places too, under the matches."""
        if marks or self._beneath:
            self._beneath = marks
            self._mark()

    def open(self) -> None:
        """Shows the bar with what is selected, ready to type."""
        selected = self._view.textCursor().selectedText()
        if selected and "\u2029" not in selected:
            self.field.setText(selected)
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self.search()

    def close_bar(self) -> None:
        """Closes and gives the focus back to the text."""
        self.close_quietly()
        self._view.setFocus()

    def close_quietly(self) -> None:
        """Closes and leaves the focus where it is."""
        self.hide()
        self._matches = []
        self._mark()

    @property
    def is_looking(self) -> bool:
        """Whether there may be more matches than are counted yet: the text may have still to come."""
        return self._going_on.isActive() or not self._view.is_complete

    def search(self) -> None:
        """Marks the matches anew and goes to the first at or below the view's top."""
        self._top = self._view.cursorForPosition(self._view.viewport().rect().topLeft()).position()
        self._begin(-1)

    def search_again(self) -> None:
        """Marks the matches in a text that was set anew, or has come whole; the view stays where it is, unless there
        was none to go to."""
        if self.isVisible() and self._current < 0:
            self.search()
        elif self.isVisible():
            self._begin(self._current)

    def next(self) -> None:
        self._step(1)

    def previous(self) -> None:
        self._step(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        if self._matches:
            self._current = (self._current + by) % len(self._matches)
            self._mark()
            self._go()

    def _begin(self, current: int) -> None:
        self._document, self._matches, self._current = self._view.document(), [], current
        if not self._look_on():
            self._going_on.start()
        else:
            self._going_on.stop()
        self._mark()

    def _go_on(self) -> None:
        if self._document is not self._view.document():
            self._begin(self._current)
        elif self._look_on():
            self._mark()
        else:
            self._going_on.start()

    def _look_on(self) -> bool:
        """Looks for the next matches; whether those were the last."""
        words, found = self.field.text() if self.isVisible() else "", self._matches
        document, wanted = self._view.document(), min(MATCH_LIMIT, len(found) + STEP)
        while words.strip() and len(found) < wanted:
            cursor = document.find(words, found[-1]) if found else document.find(words, 0)
            if cursor.isNull():
                break
            found.append(cursor)
            if self._top is not None and cursor.selectionStart() >= self._top:
                self._go_to(len(found) - 1)
        is_over = len(found) < wanted or len(found) == MATCH_LIMIT
        if is_over and self._top is not None:
            self._go_to(min(0, len(found) - 1))
        elif is_over:
            self._current = min(self._current, len(found) - 1)
        return is_over

    def _go_to(self, number: int) -> None:
        self._top, self._current = None, number
        self._go()

    def _go(self) -> None:
        if 0 <= self._current < len(self._matches):
            cursor = QTextCursor(self._matches[self._current])
            cursor.setPosition(cursor.selectionStart())
            self._view.setTextCursor(cursor)
            self._view.ensureCursorVisible()

    def _mark(self) -> None:
        theme = Theme.of(self.palette())
        marks, here, elsewhere = list(self._beneath), _format(theme, 0.8), _format(theme, 0.25)
        for at, cursor in enumerate(self._matches):
            mark = QTextEdit.ExtraSelection()
            mark.cursor = cursor
            mark.format = here if at == self._current else elsewhere
            marks.append(mark)
        self._view.setExtraSelections(marks)
        set_text(self._count, self._says())

    def _says(self) -> str:
        if not self.field.text().strip():
            return ""
        if not self._matches:
            return "searching…" if self.is_looking else "not found"
        more = "+" if len(self._matches) == MATCH_LIMIT or self.is_looking else ""
        return f"{count(self._current + 1)} of {count(len(self._matches))}{more}"

    def _set_icons(self) -> None:
        for button in self.findChildren(QToolButton):
            if button.objectName() in ("previous", "next"):
                up = button.objectName() == "previous"
                button.setArrowType(Qt.ArrowType.UpArrow if up else Qt.ArrowType.DownArrow)
            elif button.objectName() == "close":
                button.setIcon(icon("close", self.palette()))


def _format(theme: Theme, strength: float) -> QTextCharFormat:
    ground = mix(theme.star, theme.base, strength)
    look = QTextCharFormat()
    look.setBackground(ground)
    look.setForeground(legible(theme.text, ground))
    return look
