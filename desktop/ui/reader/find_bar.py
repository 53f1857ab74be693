"""Find in page: a field under the article that marks every match and walks through them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QTextBrowser, QTextEdit, QToolButton, QWidget

from desktop.ui.icons import icon
from desktop.ui.text import plain_label, set_text, tooltip
from desktop.ui.theme import SPACE_M, SPACE_S, Theme, legible, mix
from desktop.ui.times import count

MATCH_LIMIT = 1_000


class FindBar(QWidget):
    """Searches the text of `view`. Enter goes on, Shift+Enter back, Escape closes."""

    def __init__(self, view: QTextBrowser, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._matches: list[QTextCursor] = []
        self._beneath: list[QTextEdit.ExtraSelection] = []
        self._current = -1
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

    def search(self) -> None:
        """Marks the matches anew and goes to the first at or below the view's top."""
        words = self.field.text() if self.isVisible() else ""
        self._matches = self._find_all(words) if words.strip() else []
        top = self._view.cursorForPosition(self._view.viewport().rect().topLeft()).position()
        below = [at for at, found in enumerate(self._matches) if found.selectionStart() >= top]
        self._current = below[0] if below else min(0, len(self._matches) - 1)
        self._mark()
        self._go()

    def search_again(self) -> None:
        """Marks the matches in a text that was set anew; the view stays where it is."""
        if self.isVisible():
            current = self._current
            words = self.field.text()
            self._matches = self._find_all(words) if words.strip() else []
            self._current = min(max(0, current), len(self._matches) - 1)
            self._mark()

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

    def _find_all(self, words: str) -> list[QTextCursor]:
        document = self._view.document()
        found: list[QTextCursor] = []
        cursor = document.find(words, 0)
        while not cursor.isNull() and len(found) < MATCH_LIMIT:
            found.append(cursor)
            cursor = document.find(words, cursor)
        return found

    def _go(self) -> None:
        if self._matches:
            cursor = QTextCursor(self._matches[self._current])
            cursor.setPosition(cursor.selectionStart())
            self._view.setTextCursor(cursor)
            self._view.ensureCursorVisible()

    def _mark(self) -> None:
        theme = Theme.of(self.palette())
        marks = list(self._beneath)
        for at, cursor in enumerate(self._matches):
            mark = QTextEdit.ExtraSelection()
            mark.cursor = cursor
            ground = mix(theme.star, theme.base, 0.8 if at == self._current else 0.25)
            mark.format.setBackground(ground)
            mark.format.setForeground(legible(theme.text, ground))
            marks.append(mark)
        self._view.setExtraSelections(marks)
        set_text(self._count, self._says())

    def _says(self) -> str:
        if not self.field.text().strip():
            return ""
        if not self._matches:
            return "not found"
        more = "+" if len(self._matches) == MATCH_LIMIT else ""
        return f"{count(self._current + 1)} of {count(len(self._matches))}{more}"

    def _set_icons(self) -> None:
        for button in self.findChildren(QToolButton):
            if button.objectName() in ("previous", "next"):
                up = button.objectName() == "previous"
                button.setArrowType(Qt.ArrowType.UpArrow if up else Qt.ArrowType.DownArrow)
            elif button.objectName() == "close":
                button.setIcon(icon("close", self.palette()))
