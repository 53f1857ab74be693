"""What can be changed of how the window looks: layout, parts, sizes, focus; kept between starts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from desktop.ui.actions import Actions
from desktop.ui.panes import Layout, Panes

if TYPE_CHECKING:
    from desktop.jobs.session import Session
    from desktop.ui.articles.list import ArticleList
    from desktop.ui.rates.ticker import Ticker
    from desktop.ui.reader.pane import ReaderPane
    from desktop.ui.sources.sidebar import Sidebar

_LAYOUTS = {f"layout_{layout.value}": layout for layout in Layout}
_SWITCHES = (
    ("show_sidebar", "window.sidebar", True),
    ("show_ticker", "window.ticker", True),
)


class ViewCommands(QObject):
    """Arranges the parts of one window."""

    def __init__(
        self,
        session: Session,
        actions: Actions,
        panes: Panes,
        ticker: Ticker,
        sidebar: Sidebar,
        articles: ArticleList,
        reader: ReaderPane,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._actions = actions
        self._panes = panes
        self._ticker = ticker
        self._sidebar = sidebar
        self._articles = articles
        self._reader = reader
        self._window = window

    def slots(self) -> dict[str, Callable[[], object]]:
        """The actions that are done here."""
        return {
            **dict.fromkeys(_LAYOUTS, self.arrange),
            "show_sidebar": self.apply,
            "show_ticker": self.apply,
            "full_screen": self.full_screen,
            "zoom_in": self.zoom_in,
            "zoom_out": self.zoom_out,
            "zoom_reset": self.zoom_reset,
            "next_pane": self.next_pane,
            "previous_pane": self.previous_pane,
            "focus_ticker": self.focus_ticker,
            "back": self.back,
        }

    def restore(self) -> None:
        """Stand as the last time."""
        self._actions[f"layout_{self._panes.layout_name.value}"].setChecked(True)
        for name, key, standard in _SWITCHES:
            self._actions[name].setChecked(self._session.setting(key, standard))
        self.apply()

    def keep(self) -> None:
        """Store how the window stands."""
        for name, key, _ in _SWITCHES:
            self._session.set_setting(key, self._actions[name].isChecked())
        self._panes.keep()

    def arrange(self) -> None:
        """Take the layout that is checked."""
        for name, layout in _LAYOUTS.items():
            if self._actions[name].isChecked():
                self._panes.arrange(layout)

    def apply(self) -> None:
        """Show the parts that are checked."""
        self._sidebar.setVisible(self._actions["show_sidebar"].isChecked())
        self._ticker.setVisible(self._actions["show_ticker"].isChecked())

    def full_screen(self) -> None:
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def zoom_in(self) -> None:
        self._reader.zoom(1)

    def zoom_out(self) -> None:
        self._reader.zoom(-1)

    def zoom_reset(self) -> None:
        self._reader.reset_zoom()

    def next_pane(self) -> None:
        self._cycle(1)

    def previous_pane(self) -> None:
        self._cycle(-1)

    def focus_ticker(self) -> None:
        self._actions["show_ticker"].setChecked(True)
        self.apply()
        self._ticker.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_reader(self) -> None:
        """Give the article the room and the focus."""
        self._panes.show_reader()
        self._reader.setFocus(Qt.FocusReason.OtherFocusReason)

    def back(self) -> None:
        """Back to the list; from a search of everything to the place where it began."""
        if self._articles.is_everywhere and self._articles.isAncestorOf(
            self._window.focusWidget() or self._window
        ):
            self._articles.search_everywhere(False)
            return
        self._panes.show_list()
        self._articles.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _cycle(self, step: int) -> None:
        """Give the focus to the next pane that can be seen."""
        panes = (self._sidebar, self._panes.page, self._articles, self._reader, self._ticker)
        shown = [pane for pane in panes if pane is not None and pane.isVisible()]
        focus = self._window.focusWidget()
        at = next((i for i, pane in enumerate(shown) if focus and _holds(pane, focus)), -step)
        shown[(at + step) % len(shown)].setFocus(Qt.FocusReason.ShortcutFocusReason)


def _holds(pane: QWidget, widget: QWidget) -> bool:
    return pane is widget or pane.isAncestorOf(widget)
