"""What the person put on the open article, above its text: tags, and the beginning of the note."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from desktop.core.text import plain
from desktop.ui import theme
from desktop.ui.icons import icon
from desktop.ui.text import plain_label, set_text, tooltip

NOTE_SHOWN = 240  # characters; the whole note is one key away
_TOLD = 90  # in the tooltip


class OwnStrip(QWidget):
    """Not there where there is nothing to show."""

    note_pressed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._mark = QToolButton(self)
        self._mark.setAutoRaise(True)
        self._mark.setIconSize(QSize(16, 16))
        self._mark.setAccessibleName("Note")
        self._mark.clicked.connect(self.note_pressed)
        self.words = plain_label("", self)
        self.words.setWordWrap(True)
        self.words.setAccessibleName("Your tags and note")
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.SPACE_L, 0, theme.SPACE_M, theme.SPACE_S)
        line.setSpacing(theme.SPACE_S)
        line.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.words, 1)
        self.hide()

    def show_own(self, tags: Sequence[str], note: str) -> None:
        """Show tags and note; "" for none."""
        lines = ["  ".join(f"#{tag}" for tag in tags), plain(note, NOTE_SHOWN)]
        set_text(self.words, "\n".join(filter(None, lines)))
        self._mark.setVisible(bool(note))
        tooltip(self._mark, f"Your note: {plain(note, _TOLD)}")
        self._tint()
        self.setVisible(any(lines))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()

    def _tint(self) -> None:
        self._mark.setIcon(icon("note", self.palette()))
        theme.tint(self.words, theme.Theme.of(self.palette()).muted)
