"""The tags of one article, or of many: known ones with check marks, found and made by typing."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from desktop.core.tags import LONGEST, tag_key, tag_name
from desktop.ui import theme
from desktop.ui.text import action_text, plain_label, window_title

ON, OFF, SOME = Qt.CheckState.Checked, Qt.CheckState.Unchecked, Qt.CheckState.PartiallyChecked
_NAME = Qt.ItemDataRole.UserRole


class TagEditor(QDialog):
    """Emits `changed` when tags are to go on or off. A tag that is on some articles only, and is left so, stays."""

    changed = Signal(list, list)  # the tags to put on, and those to take off

    def __init__(
        self, heading: str, tags: Mapping[str, Qt.CheckState], parent: QWidget | None = None
    ) -> None:
        """`tags`: all that are known, and whether the articles have them."""
        super().__init__(parent)
        self._before = dict(tags)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(window_title("Tags"))
        self.field = QLineEdit(self)
        self.field.setAccessibleName("Tag")
        self.field.setPlaceholderText("Find a tag, or type a new one")
        self.field.setMaxLength(LONGEST)
        self.field.installEventFilter(self)
        self.list = QListWidget(self)
        self.list.setAccessibleName("Tags")
        for name, state in tags.items():
            self._add_line(name, state)
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._make = self._buttons.addButton("", QDialogButtonBox.ButtonRole.ActionRole)
        for button in self._buttons.buttons():
            button.setAutoDefault(False)  # type: ignore[attr-defined]  # Enter belongs to the field
        self._lay_out(heading)
        self.field.textChanged.connect(self._on_text)
        self._make.clicked.connect(self.take)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._on_text()
        self.field.setFocus()

    def take(self) -> None:
        """Put the tag on that is typed; a known one that the beginning leaves alone, else a new one."""
        line = self._best() or self._add_line(tag_name(self.field.text()), OFF)
        line.setCheckState(ON)
        self.list.setCurrentItem(line)
        self.field.clear()
        self.field.setFocus()

    def accept(self) -> None:
        if tag_key(self.field.text()):
            self.take()
        states = {line.data(_NAME): line.checkState() for line in self._lines()}
        moved = {name: state for name, state in states.items() if state != self._before.get(name, OFF)}
        add = [name for name, state in moved.items() if state == ON]
        remove = [name for name, state in moved.items() if state == OFF]
        if add or remove:
            self.changed.emit(add, remove)
        super().accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down leads from the field into the list; Enter takes what is typed, and saves where nothing is."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_enter()
        elif event.key() == Qt.Key.Key_Down:
            self._go_down()
        else:
            return False
        return True

    def _go_down(self) -> None:
        first = next((line for line in self._lines() if not line.isHidden()), None)
        if first is not None:
            self.list.setCurrentItem(first)
            self.list.setFocus()

    def _lay_out(self, heading: str) -> None:
        head = plain_label(heading, self)
        head.setWordWrap(True)
        head.setFont(theme.scaled(self.font(), 1.0, bold=True))
        layout = theme.window_column(self)
        layout.addWidget(head)
        layout.addWidget(self.field)
        layout.addWidget(self.list, 1)
        if SOME in self._before.values():
            layout.addWidget(plain_label("A half-filled box: some have the tag, and it stays so.", self))
        layout.addWidget(self._buttons)
        self.resize(380, 380)

    def _on_text(self) -> None:
        typed = tag_key(self.field.text())
        for line in self._lines():
            line.setHidden(typed not in tag_key(line.data(_NAME)))
        known = any(tag_key(line.data(_NAME)) == typed for line in self._lines())
        self._make.setVisible(bool(typed) and not known)
        self._make.setText(action_text(f"New: {self.field.text()}", 24))

    def _on_enter(self) -> None:
        if tag_key(self.field.text()):
            self.take()
        else:
            self.accept()

    def _best(self) -> QListWidgetItem | None:
        """The tag that is typed, or the only one that begins so."""
        typed = tag_key(self.field.text())
        keys = {tag_key(line.data(_NAME)): line for line in self._lines()}
        begun = [line for key, line in keys.items() if key.startswith(typed)]
        return keys.get(typed) or (begun[0] if len(begun) == 1 else None)

    def _lines(self) -> list[QListWidgetItem]:
        return [self.list.item(place) for place in range(self.list.count())]

    def _add_line(self, name: str, state: Qt.CheckState) -> QListWidgetItem:
        line = QListWidgetItem(name, self.list)
        line.setData(_NAME, name)
        line.setFlags(line.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        if state == SOME:
            line.setFlags(line.flags() | Qt.ItemFlag.ItemIsUserTristate)
        line.setCheckState(state)
        return line
