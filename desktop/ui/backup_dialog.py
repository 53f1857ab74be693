"""What is in a backup, beside what it would take the place of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from desktop.ui import theme
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
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACE_L, theme.SPACE_L, theme.SPACE_L, theme.SPACE_L)
        layout.setSpacing(theme.SPACE_L)
        layout.addWidget(head)
        layout.addLayout(self._table(found, present))
        layout.addWidget(about)
        layout.addStretch(1)
        layout.addWidget(buttons)
        self.setMinimumWidth(460)

    def _table(self, found: Contents, present: Contents | None) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.SPACE_XL)
        grid.setVerticalSpacing(theme.SPACE_S)
        grid.setColumnStretch(3, 1)
        for column, title in ((1, "In the backup"), (2, "Here now")):
            grid.addWidget(self._cell(title), 0, column, Qt.AlignmentFlag.AlignRight)
        for line, (title, name) in enumerate(_NUMBERS, 1):
            grid.addWidget(self._cell(title), line, 0)
            for column, contents in ((1, found), (2, present)):
                known = contents is not None and (contents.whole or name not in ("articles", "pictures"))
                number = count(getattr(contents, name)) if known else "—"
                cell = self._cell(number)
                cell.setAccessibleName(f"{title}, {'in the backup' if column == 1 else 'here now'}: {number}")
                grid.addWidget(cell, line, column, Qt.AlignmentFlag.AlignRight)
        return grid

    def _cell(self, text: str) -> QLabel:
        label = plain_label(text, self)
        label.setFont(theme.tabular(label.font()))
        return label


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
