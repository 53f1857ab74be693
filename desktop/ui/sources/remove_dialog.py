"""What would stay of a source and what would go, before any of it is done."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QWidget

from desktop.core.text import plain
from desktop.ui import theme
from desktop.ui.text import plain_label, window_title
from desktop.ui.times import articles

LONGEST = 120  # characters of a title


class RemoveDialog(QDialog):
    """Accepted when the person wants the source away and its marked articles kept."""

    def __init__(self, title: str, staying: int, going: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(window_title(f"Remove {title}"))
        head = plain_label(f"“{plain(title, LONGEST)}” will not be asked any more.", self)
        font = head.font()
        font.setBold(True)
        head.setFont(font)
        numbers = plain_label(
            f"{_begun(articles(staying))} {'stays' if staying == 1 else 'stay'}, "
            f"{articles(going)} {'goes' if going == 1 else 'go'}.",
            self,
        )
        numbers.setAccessibleName("What stays and what goes")
        about = plain_label(_KEPT if staying else _NOTHING, self)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        agree = f"&Remove, keep {articles(staying)}" if staying else "&Remove"
        buttons.addButton(agree, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = theme.window_column(self)
        for label in (head, numbers, about):
            label.setWordWrap(True)
            layout.addWidget(label)
        layout.addStretch(1)
        layout.addWidget(buttons)
        self.setMinimumWidth(460)


_KEPT = (
    "What you starred, noted, tagged, put by to read later or took offline stays under the name of its source, until "
    "you remove that. No rule of keeping lets it go. Subscribe to the same address again, and it is part of it."
)
_NOTHING = (
    "You have starred, noted, tagged, put by or taken offline none of its articles, so nothing of it would stay. "
    "Marks are remembered in any case."
)


def _begun(words: str) -> str:
    return "No articles" if words.startswith("0 ") else words
