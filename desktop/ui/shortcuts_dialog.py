"""The help on F1: every action that has keys, from the table of actions."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from desktop.ui import theme
from desktop.ui.actions import COMMANDS, Command, menu_title, words
from desktop.ui.text import plain_label


class ShortcutsDialog(QDialog):
    """A list that can be searched and left open beside the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keyboard shortcuts")
        self._filter = QLineEdit(self)
        self._filter.setPlaceholderText("Search")
        self._filter.setAccessibleName("Search shortcuts")
        self._filter.setClearButtonEnabled(True)
        self._tree = QTreeWidget(self)
        self._fill()
        self._lay_out()
        self._filter.textChanged.connect(self._on_words)

    def shown(self) -> list[tuple[str, str]]:
        """Action and keys of the lines in view."""
        lines = [line for group in self._groups for line in group.lines]
        return [(line.text(0), line.text(1)) for line in lines if not line.isHidden()]

    def _fill(self) -> None:
        self._tree.setHeaderLabels(["Action", "Keys"])
        self._tree.setAccessibleName("Shortcuts")
        groups: dict[str, _Group] = {}
        for command in COMMANDS:
            if not (command.keys or command.single):
                continue
            title = menu_title(command)
            if title not in groups:
                groups[title] = _Group(QTreeWidgetItem(self._tree, [title]), [])
                groups[title].head.setFont(0, theme.scaled(self.font(), 1.0, bold=True))
            line = QTreeWidgetItem(groups[title].head, [words(command), keys(command)])
            groups[title].lines.append(line)
        self._groups = list(groups.values())
        self._tree.expandAll()

    def _lay_out(self) -> None:
        self._tree.setRootIsDecorated(False)
        self._tree.setItemsExpandable(False)
        self._tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._tree.header().setStretchLastSection(False)
        note = plain_label("Keys without Ctrl work while the list or the article has the focus.", self)
        note.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.close)
        layout = theme.window_column(self)
        layout.addWidget(self._filter)
        layout.addWidget(self._tree, 1)
        layout.addWidget(note)
        layout.addWidget(buttons)
        self.resize(480, 600)

    def _on_words(self, text: str) -> None:
        wanted = text.casefold().strip()
        for group in self._groups:
            for line in group.lines:
                line.setHidden(wanted not in f"{line.text(0)} {line.text(1)}".casefold())
            group.head.setHidden(all(line.isHidden() for line in group.lines))


class _Group(NamedTuple):
    """The lines of one menu."""

    head: QTreeWidgetItem
    lines: list[QTreeWidgetItem]


def keys(command: Command) -> str:
    """The keys of an action as the system writes them: "Ctrl+F, /"."""
    native = QKeySequence.SequenceFormat.NativeText
    return ", ".join(QKeySequence(key).toString(native) for key in (*command.keys, *command.single))
