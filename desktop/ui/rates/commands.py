"""The page of the rates, and what can be done with a pair: on the page where it is shown, else on the ticker."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from desktop.core.models import View
from desktop.core.rates import Pair
from desktop.ui.actions import Actions
from desktop.ui.panes import Panes
from desktop.ui.rates.ticker import Ticker
from desktop.ui.sources.sidebar import Sidebar
from desktop.ui.sources.sidebar_nodes import RATES_KEY, watchlist_key
from desktop.ui.text import action_text

if TYPE_CHECKING:
    from desktop.jobs.session import Session
    from desktop.ui.rates.page import RatesPage

PAIR_MENU = (
    "pair_details",
    "flip_pair",
    "copy_rate",
    "chart",
    "alert_me",
    "",
    "move_pair_up",
    "move_pair_down",
    "unpin_pair",
)
_ON_PAGE = ("unpin_pair", "move_pair_up", "move_pair_down")


class RatesCommands(QObject):
    """Shows a watchlist in place of the articles, and acts on the pair at hand."""

    said = Signal(str, bool)  # a message, and whether it can be undone
    page_shown = Signal(str)  # the name of the list
    page_left = Signal()
    list_menu_requested = Signal(QPoint)
    article_wanted = Signal(int)  # of the chart, to be read in the window

    def __init__(
        self,
        session: Session,
        sidebar: Sidebar,
        panes: Panes,
        ticker: Ticker,
        actions: Actions,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._sidebar = sidebar
        self._panes = panes
        self._ticker = ticker
        self._actions = actions
        self._window = window
        self._page: RatesPage | None = None
        sidebar.watchlist_chosen.connect(self.show_list)
        sidebar.query_chosen.connect(self._on_articles)
        node = sidebar.current
        if node is not None and node.query is None:
            self.show_list(node.watchlist)
        self.enable()

    @property
    def page(self) -> RatesPage | None:
        """The page, where it is shown."""
        return self._page if self._page is not None and self._panes.page is self._page else None

    @property
    def list_name(self) -> str:
        """The list that is shown, else that of the ticker."""
        page = self.page
        return page.list_name if page else self._session.reader.watchlists.in_ticker()

    @property
    def pair(self) -> Pair | None:
        """The pair at hand: of the page where it is shown, else of the ticker."""
        page = self.page
        return page.pair if page else self._ticker.current_pair

    @property
    def source(self) -> str:
        """The source that the person chose for the pair at hand; "" for the best."""
        return self.source_of(self.pair) if self.pair else ""

    def slots(self) -> dict[str, Callable[[], object]]:
        """The actions that are done here."""
        return {
            "go_rates": self.go,
            "add_pair": self.add_pair,
            "pair_details": self.show_details,
            "flip_pair": self.flip,
            "copy_rate": self.copy,
            "pair_source": self.choose_source,
            "unpin_pair": self.unpin,
            "move_pair_up": self.move_up,
            "move_pair_down": self.move_down,
        }

    def show_list(self, name: str) -> None:
        """Show a watchlist in place of the articles; "" is the one in the ticker."""
        page = self._page or self._make_page()
        page.show_list(name)
        self._panes.show_page(page)
        self.enable()
        self.page_shown.emit(page.list_name)

    def go(self) -> None:
        """Show the list of the ticker, or stay where a list is shown, and give it the focus."""
        if self.page is None:
            name = watchlist_key(self._session.reader.watchlists.in_ticker())
            if not self._sidebar.choose(name):
                self._sidebar.choose(RATES_KEY)
        if self.page is not None:
            self.page.setFocus()

    def leave(self) -> None:
        """Bring the articles back where a list stands in their place."""
        if self.page is not None:
            self._sidebar.choose(View.ALL.value)

    def add_pair(self) -> None:
        """Let the person type a pair."""
        self.go()
        if self.page is not None:
            self.page.field.setFocus()

    def show_details(self) -> None:
        self.act("details")

    def flip(self) -> None:
        self.act("flip")

    def copy(self) -> None:
        self.act("copy")

    def unpin(self) -> None:
        self.act("unpin")

    def move_up(self) -> None:
        self._move(-1)

    def move_down(self) -> None:
        self._move(1)

    def act(self, verb: str) -> None:
        """Do one of flip, unpin, copy, details, chart to the pair at hand."""
        pair = self.pair
        if pair is None:
            self.said.emit("No pair is pinned.", False)
        elif verb == "flip":
            self._session.watchlists.flip(pair, self.list_name)
        elif verb == "unpin":
            self._session.watchlists.unpin(pair, self.list_name)
        elif verb == "copy":
            from desktop.ui.rates.pair_details import copy_pair

            copy_pair(self._session, pair, self.source_of(pair))
        elif verb == "details":
            self._ticker.show_details(pair, self.source_of(pair))
        elif verb == "chart":
            self._actions["chart"].trigger()

    def enable(self) -> None:
        """Let the actions be used that fit what is shown."""
        page = self.page
        place = -1 if page is None or page.pair is None else page.model.place(page.pair)
        self._actions["unpin_pair"].setEnabled(place >= 0)
        ordered = page is not None and not self._session.lens  # what is hidden has its place too
        self._actions["move_pair_up"].setEnabled(ordered and place > 0)
        self._actions["move_pair_down"].setEnabled(
            page is not None and ordered and 0 <= place < page.model.rowCount() - 1
        )

    def menu(self) -> QMenu:
        """What can be done with the chosen pair; the menu deletes itself when it closes."""
        menu = self._actions.menu(PAIR_MENU, self._window)
        if self.pair is not None:
            menu.insertMenu(self._actions["move_pair_up"], self.source_menu(self.pair, menu))
        return menu

    def choose_source(self) -> None:
        """Let the person choose the source of the pair at hand, at its place."""
        if self.pair is None:
            self.said.emit("No pair is pinned.", False)
            return
        menu = self.source_menu(self.pair, self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        page = self.page
        menu.popup(page.view.foot if page else self._ticker.mapToGlobal(self._ticker.rect().bottomLeft()))

    def source_of(self, pair: Pair) -> str:
        """The source that a pair is asked of on the list at hand."""
        pinned = self._session.reader.watchlists.pairs(self.list_name)
        return next((one.source for one in pinned if one.pair == pair), "")

    def _move(self, by: int) -> None:
        page = self.page
        if page is not None and page.pair is not None:
            self._session.watchlists.shift(page.pair, by, page.list_name)

    def source_menu(self, pair: Pair, parent: QWidget) -> QMenu:
        """The sources that can answer a pair, with the one that is asked checked."""
        from desktop.ui.rates.source_box import offered  # a start chooses no source

        menu = QMenu("&Source", parent)
        group = QActionGroup(menu)
        chosen = self.source_of(pair)
        for source, name in offered(self._session, pair, chosen).items():
            action = menu.addAction(action_text(name))
            action.setCheckable(True)
            action.setChecked(source == chosen)
            action.setData(source)
            group.addAction(action)
        group.triggered.connect(self._on_source)
        return menu

    def _make_page(self) -> RatesPage:
        from desktop.ui.rates.page import RatesPage  # the start needs it only where it ended there

        page = self._page = RatesPage(self._session, self._panes)
        page.pair_added.connect(self._on_added)
        page.pair_chosen.connect(self._on_chosen)
        self._actions.give_single_keys((page.view,), ("chart", "converter"))
        page.view.verb_requested.connect(self.act)
        page.view.menu_requested.connect(self._on_menu)
        page.model.move_requested.connect(self._on_moved)
        page.list_menu_requested.connect(self.list_menu_requested)
        page.chart.article_wanted.connect(self.article_wanted)
        return page

    def _on_articles(self, _: object) -> None:
        self._panes.show_articles()
        self.enable()
        self.page_left.emit()

    def _on_added(self, pair: Pair) -> None:
        self._session.watchlists.pin(pair, self.list_name)

    def _on_chosen(self, _: object) -> None:
        self.enable()

    def _on_menu(self, where: QPoint) -> None:
        self.menu().popup(where)

    def _on_source(self, action: QAction) -> None:
        if self.pair is not None:
            self._session.watchlists.set_source(self.pair, action.data(), self.list_name)

    def _on_moved(self, pair: Pair, place: int) -> None:
        if self._session.lens:
            self.said.emit(
                "Show all countries first: the pairs that are hidden have their places too.", False
            )
            return
        self._session.watchlists.move(pair, place, self.list_name)
