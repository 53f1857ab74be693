"""What a window of the reader can do, as buttons with keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QToolButton, QWidget

from desktop.ui.text import tooltip


class Command(NamedTuple):
    """What a button says, what it is called, does and is reached by."""

    text: str
    name: str
    slot: Callable[[], object]
    key: str
    other_key: str = ""
    steps: bool = False  # to another picture


def command_button(window: QWidget, command: Command) -> QToolButton:
    """A button of a window, and its keys."""
    button = QToolButton(window)
    button.setText(command.text)
    button.setAccessibleName(command.name)
    tooltip(button, f"{command.name} ({command.key})")
    button.clicked.connect(command.slot)
    for key in filter(None, (command.key, command.other_key)):
        QShortcut(QKeySequence(key), window, command.slot)
    return button
