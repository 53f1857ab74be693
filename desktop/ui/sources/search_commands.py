"""Saving a search as a view in the sidebar, naming it, taking it away; all of it undoable."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QWidget

from desktop.core.saved_searches import SavedSearch
from desktop.core.search import written
from desktop.core.text import plain
from desktop.ui.actions import Actions
from desktop.ui.articles.list import ArticleList
from desktop.ui.articles.search_bar import SearchBar
from desktop.ui.articles.search_help import SearchHelp
from desktop.ui.sources.rule_commands import RuleCommands
from desktop.ui.sources.sidebar import Sidebar, search_key
from desktop.ui.undo import Step

if TYPE_CHECKING:
    from desktop.jobs.session import Session

NAME_LIMIT = 60
SEARCH_MENU = ("rename", "", "remove_search")


class SearchCommands(QObject):
    """Acts on what is searched for in the list, and on the saved search that is chosen."""

    said = Signal(str, bool)  # a message, and whether it can be undone

    def __init__(
        self,
        session: Session,
        sidebar: Sidebar,
        articles: ArticleList,
        actions: Actions,
        stack: QUndoStack,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._sidebar = sidebar
        self._articles = articles
        self._actions = actions
        self._stack = stack
        self._window = window
        self._to_show = ""  # the key of a search that was just saved
        self.help = SearchHelp(session, articles.header.field, self)
        self.bar = SearchBar(session, articles)
        self.rules = RuleCommands(session, stack, window)
        self.rules.said.connect(self.said)
        searches = session.searches
        searches.changed.connect(sidebar.refill)
        searches.finder.ready.connect(self._on_found)
        searches.caught_up.connect(self._on_caught_up)
        searches.finder.looking_changed.connect(articles.show_looking)
        session.articles_changed.connect(searches.finder.note)
        for signal in (session.articles_changed, session.articles_returned):
            signal.connect(searches.index_soon)
        articles.model.read_from(searches.finder)
        searches.counted.connect(sidebar.show_found)
        session.articles_changed.connect(searches.count_soon)
        session.sources_changed.connect(searches.count_soon)
        articles.searched.connect(self.enable)
        articles.header.save_requested.connect(self.save)
        sidebar.query_chosen.connect(self.enable)
        sidebar.watchlist_chosen.connect(self.enable)
        sidebar.model.rebuilt.connect(self._on_rebuilt)
        sidebar.search_menu_requested.connect(self._on_menu)
        sidebar.model.search_rename_requested.connect(self._rename)
        self.enable()
        searches.count()

    def slots(self) -> dict[str, Callable[[], object]]:
        """The actions that are done here."""
        return {"save_search": self.save, "remove_search": self.remove, "rules": self.show_rules}

    def save(self) -> None:
        """Keep what is searched for, in the place where it is, and go to the line that stands for it."""
        query = self._articles.model.query
        if not query.words:
            return
        source = self._sidebar.source if query.source_id is not None else None
        words = written(query, source.title or source.url if source else "")
        before = self._session.reader.saved_searches.all()
        known = next((one for one in before if one.words == words), None)
        if known is not None:
            self._sidebar.choose(search_key(known.id))
            return
        typed = self._articles.header.words or query.words
        saved = SavedSearch(max((one.id for one in before), default=0) + 1, plain(typed, NAME_LIMIT), words)
        self._to_show = search_key(saved.id)
        self._put(f"Search “{saved.name}” saved", before, (*before, saved))

    def remove(self) -> None:
        """Take the chosen search away at once; the message offers to take that back."""
        before = self._session.reader.saved_searches.all()
        gone = self._chosen(before)
        if gone is not None:
            left = tuple(one for one in before if one != gone)
            self._put(f"Search “{gone.name}” removed", before, left)

    def show_rules(self) -> None:
        """The rules on arrival; what is searched for is offered as the next one."""
        self.rules.show(self._articles.model.query.words)

    def enable(self) -> None:
        """Let the actions be used that fit what is shown."""
        self._actions["save_search"].setEnabled(bool(self._articles.model.query.words))
        node = self._sidebar.current
        self._actions["remove_search"].setEnabled(node is not None and node.key.startswith(search_key("")))

    def _on_found(self) -> None:
        """Show what was looked for behind the window; what is in view stays where it is."""
        view, model = self._articles.view, self._articles.model
        top = None if view.is_at_top else model.article(model.index(view.rowAt(0), 0))
        self._articles.reload()
        if top is not None:
            view.scroll_to_top_of(top.id)

    def _on_caught_up(self) -> None:
        """What had just come in is found now. What came since the search was made waits; the rest belongs to it."""
        if self._articles.model.query.words and not self._articles.model.expect():
            self._on_found()

    def _on_rebuilt(self) -> None:
        if self._to_show and self._sidebar.choose(self._to_show):
            self._to_show = ""
        self.enable()

    def _rename(self, key: str, name: str) -> None:
        before = self._session.reader.saved_searches.all()
        name = plain(name, NAME_LIMIT)
        after = tuple(one._replace(name=name) if search_key(one.id) == key else one for one in before)
        if after != before:
            self._put(f"Search renamed to “{name}”", before, after)

    def _put(self, words: str, before: tuple[SavedSearch, ...], after: tuple[SavedSearch, ...]) -> None:
        put = self._session.searches.put
        self._stack.push(Step(words, partial(put, after), partial(put, before)))
        self.said.emit(words, True)

    def _chosen(self, searches: tuple[SavedSearch, ...]) -> SavedSearch | None:
        key = self._sidebar.current_key
        return next((one for one in searches if search_key(one.id) == key), None)

    def _on_menu(self, where: QPoint) -> None:
        self.enable()
        self._actions.menu(SEARCH_MENU, self._window).popup(where)
