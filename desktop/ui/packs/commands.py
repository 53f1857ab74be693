"""Taking offline and the rules of keeping, from the menu."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QWidget

from desktop.ui.packs.file_commands import PackFileCommands
from desktop.ui.undo import Done

if TYPE_CHECKING:
    from desktop.jobs.keeping import Rule
    from desktop.jobs.session import Session
    from desktop.ui.packs.dialog import PackDialog


class PackCommands(QObject):
    """Opens the one dialog, which is loaded when it is first asked for."""

    article_wanted = Signal(int)
    said = Signal(str, bool)  # a message, and whether it can be undone

    def __init__(self, session: Session, stack: QUndoStack, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._stack = stack
        self._window = window
        self._dialog: PackDialog | None = None
        self.files = PackFileCommands(session, window)
        self.files.said.connect(self.said)
        self.files.proof_wanted.connect(self.show)
        session.keeping.rules_changed.connect(self._on_rules)
        session.keeping.gone.connect(self._on_gone)
        session.keeping.returned.connect(session.articles_returned)

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

    def _on_rules(self, former: dict[int, Rule], rules: dict[int, Rule]) -> None:
        keep = self._session.keeping.set_rules
        self._stack.push(Done("Keeping rules changed", partial(keep, rules), partial(keep, former)))

    def _on_gone(self, articles: int, set_id: int, words: str) -> None:
        keeping = self._session.keeping
        went = "1 old article went" if articles == 1 else f"{articles:,} old articles went"
        self._stack.push(
            Done(went, partial(keeping.take_again, set_id), partial(self._put_back, set_id, articles))
        )
        self.said.emit(words, True)

    def _put_back(self, set_id: int, articles: int) -> None:
        self._session.keeping.put_back(set_id)
        words = f"{articles:,} articles come back; no rule lets them go again."
        if articles == 1:
            words = "1 article comes back; no rule lets it go again."
        self.said.emit(words, False)
