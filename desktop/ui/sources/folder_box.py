"""A field for a folder: one of those that there are, or a new one that is typed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QCompleter, QWidget

from desktop.core.folders import tidy

_LETTERS = 24  # that are seen at least


class FolderBox(QComboBox):
    """As wide as its place, however long the names are. What is typed stays as it is: others are offered below it."""

    def __init__(self, name: str, folders: Sequence[str], parent: QWidget | None = None) -> None:
        """`name` is what a screen reader calls it."""
        super().__init__(parent)
        self.setEditable(True)
        self.setAccessibleName(name)
        self.addItems(["", *map(tidy, folders)])
        settle(self)

    @property
    def folder(self) -> str:
        """The path, as it is stored; "" for the top level."""
        return tidy(self.currentText())


def settle(box: QComboBox) -> None:
    """Have a box that can be typed into keep its width, and finish no word by itself: "Bank" is not "Banks"."""
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(_LETTERS)
    completer = box.completer()
    if completer is not None:
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
