"""What stands where there is nothing to show: why, and what to do about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.ui import theme
from desktop.ui.text import action_text, plain_label, set_text


class EmptyState(QWidget):
    """A title, a sentence, a button and a second way out; each is hidden when it has no words."""

    asked = Signal()  # the button was pressed
    asked_other = Signal()  # the second one was

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = plain_label("", self)
        self._title.setFont(theme.scaled(self.font(), 1.15, bold=True))
        self._text = plain_label("", self)
        self._button = QPushButton(self)
        self._button.clicked.connect(self.asked)
        self._other = QPushButton(self)
        self._other.setFlat(True)
        self._other.clicked.connect(self.asked_other)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        layout = theme.window_column(self)
        layout.addStretch(2)
        layout.addWidget(self._title)
        layout.addWidget(self._text)
        layout.addSpacing(theme.SPACE_S)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._other, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def say(self, title: str, text: str = "", button: str = "", other: str = "") -> None:
        """Show these words."""
        set_text(self._title, title)
        set_text(self._text, text)
        self._button.setText(action_text(button))
        self._other.setText(action_text(other))
        parts = ((self._title, title), (self._text, text), (self._button, button), (self._other, other))
        for part, words in parts:
            part.setVisible(bool(words))
        self.setAccessibleName(f"{title}. {text}".strip())

    @property
    def words(self) -> tuple[str, str, str]:
        """Title, sentence and button as shown."""
        return self._title.text(), self._text.text(), self._button.text()

    def press(self) -> None:
        """What a click on the button does."""
        self._button.click()

    def press_other(self) -> None:
        """What a click on the second button does."""
        self._other.click()
