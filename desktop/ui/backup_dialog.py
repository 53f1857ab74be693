"""What is in a backup, beside what it would take the place of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QWidget

from desktop.ui import theme
from desktop.ui.number_grid import number_grid
from desktop.ui.text import plain_label
from desktop.ui.times import count

if TYPE_CHECKING:
    from desktop.jobs.backups import Contents

_NUMBERS = (
    ("Sources", "sources"),
    ("Articles", "articles"),
    ("Stars", "starred"),
    ("Pictures", "pictures"),
    ("Pinned pairs", "pairs"),
    ("Alerts", "alerts"),
)


class RestoreDialog(QDialog):
    """Accepted when the person wants the backup in the place of what is there now."""

    def __init__(
        self, path: Path, found: Contents, present: Contents | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Restore")
        made = f"{found.made_at.astimezone():%d %b %Y, %H:%M}" if found.made_at else "at an unknown time"
        head = plain_label(f"{path.name}, made {made}", self)
        font = head.font()
        font.setBold(True)
        head.setFont(font)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        buttons.addButton("&Restore and start anew", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        about = plain_label(_about(found), self)
        for label in (head, about):
            label.setWordWrap(True)
        layout = theme.window_column(self, theme.SPACE_L)
        layout.addWidget(head)
        layout.addLayout(self._table(found, present))
        layout.addWidget(about)
        layout.addStretch(1)
        layout.addWidget(buttons)
        self.setMinimumWidth(460)

    def _table(self, found: Contents, present: Contents | None) -> QGridLayout:
        rows = ((title, _number(found, name), _number(present, name)) for title, name in _NUMBERS)
        return number_grid(self, ("In the backup", "Here now"), rows)


def _number(contents: Contents | None, name: str) -> str:
    known = contents is not None and (contents.whole or name not in ("articles", "pictures"))
    return count(getattr(contents, name)) if known else "—"


def _about(found: Contents) -> str:
    kept = "What is here now is kept in the data folder as “chorsu.db.before-restore-…”, and can be restored likewise."
    if not found.whole:
        return (
            "A daily copy holds no articles: what the sources still have is fetched again, and keeps its marks and "
            f"stars. {kept}"
        )
    if not found.pictures:
        return f"The backup holds no pictures: those that are not on this disk are fetched again. {kept}"
    return kept
