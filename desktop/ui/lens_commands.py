"""The country lens in the window: chosen from a menu, seen at the bottom while it is on, lifted by one key."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QStatusBar, QToolButton, QWidget

from desktop.core.lens import COUNTRIES, is_of
from desktop.ui import times
from desktop.ui.actions import Actions
from desktop.ui.text import tooltip

if TYPE_CHECKING:
    from desktop.jobs.session import Session
    from desktop.ui.articles.list import ArticleList

_ACTIONS = {"": "lens_all", **{code: f"lens_{code.lower()}" for code in COUNTRIES}}


class LensCommands(QObject):
    """Says at the bottom of the window which country alone is shown, and how many pairs of the ticker are hidden."""

    def __init__(
        self, session: Session, articles: ArticleList, actions: Actions, status: QStatusBar, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session = session
        self._actions = actions
        self._window = window
        self.button = QToolButton(status)
        self.button.setAutoRaise(True)
        self.button.clicked.connect(self.lift)
        status.addPermanentWidget(self.button)
        articles.header.lens_requested.connect(self._on_menu)
        session.lens_changed.connect(self._show)
        session.watchlists_changed.connect(self._show)
        self._show()

    def slots(self) -> dict[str, Callable[[], object]]:
        """The actions that are done here."""
        return {name: partial(self._session.set_lens, code) for code, name in _ACTIONS.items()}

    def lift(self) -> None:
        """Show all countries."""
        self._session.set_lens("")

    def _show(self) -> None:
        code = self._session.lens
        self._actions[_ACTIONS[code]].setChecked(True)
        self.button.setVisible(bool(code))
        if not code:
            return
        country = COUNTRIES[code]
        pairs = self._session.reader.watchlists.pairs()
        hidden = sum(not is_of(one.pair, code) for one in pairs)
        words = f"{code} only"
        self.button.setText(f"{words} · {times.count(hidden)} of {times.count(len(pairs))} pairs hidden")
        about = f"Articles of the sources of {country.name}, and pairs with {country.currency}. Press to show all."
        self.button.setAccessibleName(f"{country.name} only: {about}")
        tooltip(self.button, about)

    def _on_menu(self, where: QPoint) -> None:
        self._actions.menu(_ACTIONS.values(), self._window).popup(where)
