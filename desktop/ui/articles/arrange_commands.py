"""Sorting, grouping and the look of the list that is shown; each view, folder and source keeps its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.models import Order
from desktop.ui.articles.arrangement import Look

if TYPE_CHECKING:
    from desktop.ui.actions import Actions
    from desktop.ui.articles.list import ArticleList

_SORTS = {
    "sort_newest": Order.NEWEST,
    "sort_oldest": Order.OLDEST,
    "sort_source": Order.BY_SOURCE,
    "sort_title": Order.TITLE,
}
_LOOKS = {f"look_{look.value}": look for look in Look}


class ArrangeCommands(QObject):
    """Keeps the menu and the list of one mind."""

    def __init__(self, articles: ArticleList, actions: Actions, parent: QObject) -> None:
        super().__init__(parent)
        self._articles = articles
        self._actions = actions
        articles.arranged.connect(self._show)
        articles.searched.connect(self._show)
        articles.view.sort_requested.connect(self._sort)
        self._show()

    def slots(self) -> dict[str, Callable[[], object]]:
        """The actions that are done here."""
        return dict.fromkeys((*_SORTS, *_LOOKS, "sort_best", "group_list", "show_copies"), self._arrange)

    def set_standard_look(self, look: Look) -> None:
        """Show the lists so that have no look of their own."""
        self._articles.arrangements.set_standard(look)
        self._articles.arrange(self._articles.arrangements.of(self._articles.base))

    def _arrange(self) -> None:
        chosen = self._articles.arrangement
        is_search = bool(self._articles.model.query.words)
        by_match = self._actions["sort_best"].isChecked() if is_search else chosen.by_match
        order = next(
            (order for name, order in _SORTS.items() if self._actions[name].isChecked()), chosen.order
        )
        look = next(look for name, look in _LOOKS.items() if self._actions[name].isChecked())
        grouped, copies = (self._actions[name].isChecked() for name in ("group_list", "show_copies"))
        self._articles.arrange(
            chosen._replace(order=order, grouped=grouped, copies=copies, by_match=by_match, look=look)
        )

    def _sort(self, order: Order) -> None:
        """As if it were chosen in the menu."""
        action = self._actions[next(name for name, one in _SORTS.items() if one is order)]
        if action.isEnabled():
            action.trigger()

    def _show(self) -> None:
        chosen = self._articles.arrangement
        for name, order in _SORTS.items():
            self._actions[name].setChecked(chosen.order is order)
        for name, look in _LOOKS.items():
            self._actions[name].setChecked(chosen.look is look)
        is_search = bool(self._articles.model.query.words)
        self._actions["sort_best"].setEnabled(is_search)
        if is_search and chosen.by_match:
            self._actions["sort_best"].setChecked(True)
        self._actions["group_list"].setChecked(chosen.grouped)
        self._actions["show_copies"].setChecked(chosen.copies)
        self._actions["show_copies"].setEnabled(self._articles.base.source_id is None)
        self._actions["sort_source"].setEnabled(self._articles.base.source_id is None)
