"""Taking offline and the rules of keeping, from the menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop.ui.packs.file_commands import PackFileCommands

if TYPE_CHECKING:
    from desktop.jobs.session import Session
    from desktop.ui.packs.dialog import PackDialog


class PackCommands(QObject):
    """Opens the one dialog, which is loaded when it is first asked for."""

    article_wanted = Signal(int)
    said = Signal(str, bool)  # a message, and whether it can be undone

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._window = window
        self._dialog: PackDialog | None = None
        self.files = PackFileCommands(session, window)
        self.files.said.connect(self.said)
        self.files.proof_wanted.connect(self.show)
        session.keeping.said.connect(self._on_said)

    def slots(self) -> dict[str, Callable[[], object]]:
        """The actions that are done here."""
        return {"pack": self.show, "keeping": self.show_keeping, **self.files.slots()}

    def show_keeping(self) -> None:
        """The rules of keeping, with what would go by them."""
        from desktop.ui.sources.keeping_dialog import KeepingDialog

        dialog = KeepingDialog(self._session, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    def show(self) -> None:
        """The dialog, made anew or brought to the front."""
        from desktop.ui.packs.dialog import PackDialog

        if self._dialog is None or not self._dialog.isVisible():
            if self._dialog is not None:
                self._dialog.deleteLater()
            self._dialog = PackDialog(self._session, self._window)
            self._dialog.article_wanted.connect(self.article_wanted)
            self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    def _on_said(self, words: str) -> None:
        self.said.emit(words, False)
