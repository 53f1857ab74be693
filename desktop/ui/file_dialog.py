"""Asks for a file to read or to write."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFileDialog


def ask_file(
    window: QWidget, title: str, then: Callable[[str], None], kinds: str, proposed: str = ""
) -> QFileDialog:
    """Have `then` called with the path that is chosen: of a file that is there, or with `proposed` as its name of one
    that is to be written."""
    from PySide6.QtWidgets import QFileDialog  # no dialog is needed to start

    dialog = QFileDialog(window, title, "", kinds)
    if proposed:
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(proposed.rpartition(".")[2])
        dialog.selectFile(proposed)
    else:
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(then)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
