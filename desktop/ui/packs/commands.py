"""Taking offline, from the menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from desktop.jobs.session import Session
    from desktop.ui.packs.dialog import PackDialog


class PackCommands(QObject):
    """Opens the one dialog, which is loaded when it is first asked for."""

    article_wanted = Signal(int)

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._window = window
        self._dialog: PackDialog | None = None

    def slots(self) -> dict[str, Callable[[], object]]:
        """The actions that are done here."""
        return {"pack": self.show}

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
