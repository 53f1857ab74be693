"""The note on one article."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QWidget

from desktop.ui import theme
from desktop.ui.text import plain_label, window_title

MOST = 20_000  # characters of a note


class NoteDialog(QDialog):
    """Emits `written` when the note is another one than before."""

    written = Signal(int, str, str)  # the article, its former note, its note

    def __init__(self, article_id: int, title: str, note: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._article_id = article_id
        self._before = note
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(window_title(f"Note on {title}"))
        self.text = QPlainTextEdit(self)
        self.text.setPlainText(note)
        self.text.setAccessibleName("Note")
        self.text.setPlaceholderText("What do you want to remember of it?")
        self.text.setTabChangesFocus(True)
        head = plain_label(title, self)
        head.setWordWrap(True)
        head.setFont(theme.scaled(self.font(), 1.0, bold=True))
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = theme.window_column(self)
        layout.addWidget(head)
        layout.addWidget(self.text, 1)
        layout.addWidget(buttons)
        self.resize(460, 300)
        self.text.setFocus()

    def accept(self) -> None:
        after = self.text.toPlainText().strip()[:MOST]
        if after != self._before:
            self.written.emit(self._article_id, self._before, after)
        super().accept()
