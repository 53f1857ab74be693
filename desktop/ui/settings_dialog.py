"""Settings on one page, stored as soon as they are changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGroupBox,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop.ui import theme
from desktop.ui.text import plain_label

if TYPE_CHECKING:
    from desktop.jobs.session import Session


class Choice(NamedTuple):
    """One setting: yes or no, or a number up to `most`."""

    group: str
    key: str
    text: str
    default: bool | int
    most: int = 0


CHOICES = (
    Choice("Refresh", "refresh.automatic", "&Refresh by itself while the window is open", True),
    Choice("Refresh", "network.automatic", "&Go offline by itself when the system sees no network", True),
    Choice("Offline", "news.pictures", "Fetch the &pictures of new articles", True),
    Choice(
        "Offline", "news.first_articles", "&Articles that a new WordPress source brings at first", 100, 2000
    ),
    Choice("Reading", "list.mark_opened_read", "&Mark an article as read when it is opened", True),
    Choice("Reading", "ticker.motion", "Let the &ticker move when the pairs do not fit", True),
)


class SettingsDialog(QDialog):
    """There is nothing to confirm: each change is stored at once and can be changed back."""

    changed = Signal(str, object)  # key and value

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Settings")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACE_L, theme.SPACE_L, theme.SPACE_L, theme.SPACE_L)
        layout.setSpacing(theme.SPACE_M)
        for group in dict.fromkeys(choice.group for choice in CHOICES):
            layout.addWidget(self._group(group))
        layout.addStretch(1)
        place = plain_label(f"Everything is kept in {session.reader.path}", self)
        place.setWordWrap(True)
        place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(place)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.close)
        layout.addWidget(buttons)
        self.setMinimumWidth(460)

    def _group(self, name: str) -> QGroupBox:
        box = QGroupBox(name, self)
        form = QFormLayout(box)
        for choice in CHOICES:
            if choice.group == name and isinstance(choice.default, bool):
                form.addRow(self._check(choice))
            elif choice.group == name:
                number = self._number(choice)
                form.addRow(choice.text, number)
        return box

    def _check(self, choice: Choice) -> QCheckBox:
        box = QCheckBox(choice.text, self)
        box.setObjectName(choice.key)
        box.setChecked(bool(self._session.setting(choice.key, choice.default)))
        box.toggled.connect(self._on_changed)
        return box

    def _number(self, choice: Choice) -> QSpinBox:
        box = QSpinBox(self)
        box.setObjectName(choice.key)
        box.setAccessibleName(choice.text.replace("&", ""))
        box.setRange(10, choice.most)
        box.setSingleStep(10)
        box.setValue(int(self._session.setting(choice.key, choice.default)))
        box.valueChanged.connect(self._on_changed)
        return box

    def _on_changed(self, value: bool | int) -> None:
        key = self.sender().objectName()
        self._session.set_setting(key, value)
        self.changed.emit(key, value)
