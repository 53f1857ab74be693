"""Asks for a file to read or to write."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QChildEvent, QEvent, Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from desktop.ui.text import make_plain, notice


class FileDialog(QFileDialog):
    """Deletes itself when it is closed. Where the system has no dialog for files, Qt's own tells in boxes of its own
    that a file is there already, or is not there; they hold the name that was typed, and are made plain."""

    def __init__(self, parent: QWidget, title: str, kinds: str = "", folder: str = "") -> None:
        super().__init__(parent, title, folder, kinds)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def accept(self) -> None:
        if any("\0" in path for path in self.selectedFiles()):
            notice(self, self.windowTitle(), "No file has such a name: it holds a NUL. Type another one.")
            return
        super().accept()

    def childEvent(self, event: QChildEvent) -> None:
        child = event.child()
        if event.type() == QEvent.Type.ChildPolished and isinstance(child, QMessageBox):
            make_plain(child)
        super().childEvent(event)


def ask_file(
    window: QWidget, title: str, then: Callable[[str], None], kinds: str, proposed: str = ""
) -> FileDialog:
    """Have `then` called with the path that is chosen: of a file that is there, or with `proposed` as its name of one
    that is to be written."""
    dialog = FileDialog(window, title, kinds)
    if proposed:
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(proposed.rpartition(".")[2])
        dialog.selectFile(proposed)
    else:
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(then)
    dialog.open()
    return dialog
