"""Full text or the feed's, what is missing, and the rule of a source."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from desktop.core.fulltext_values import FullTextRule

if TYPE_CHECKING:
    from desktop.jobs.session import Session
    from desktop.ui.actions import Actions
    from desktop.ui.articles.commands import ArticleCommands
    from desktop.ui.reader.pane import ReaderPane
    from desktop.ui.sources.sidebar import Sidebar

MOST_FETCHED = 20
RULES = {f"full_text_{rule}": rule for rule in FullTextRule}


class FullTextCommands(QObject):
    """Acts on the article in the reader and on the source that is chosen in the sidebar."""

    said = Signal(str, bool)  # a message, and whether it can be undone

    def __init__(
        self,
        session: Session,
        actions: Actions,
        sidebar: Sidebar,
        reader: ReaderPane,
        articles: ArticleCommands,
    ) -> None:
        super().__init__(articles)
        self._articles = articles
        self._session = session
        self._actions = actions
        self._sidebar = sidebar
        self._reader = reader
        reader.full_text_requested.connect(self.toggle)
        session.article_fetch.said.connect(self._on_said)
        session.progress_changed.connect(session.article_fetch.show_after, Qt.ConnectionType.QueuedConnection)
        sidebar.query_chosen.connect(self.show_rule)
        session.sources_changed.connect(self.show_rule)
        self.show_rule()

    def slots(self) -> dict[str, Callable[[], object]]:
        """The actions that are done here."""
        rules = {name: partial(self._set_rule, rule) for name, rule in RULES.items()}
        return {"toggle_full_text": self.toggle, "fetch_again": self.fetch_again, **rules}

    def toggle(self) -> None:
        """Switch between the feed's text and that of the page; fetch that one where it is not there yet."""
        article = self._reader.article
        if article is None or self._reader.toggle_full_text():
            return
        if self._may_ask():
            self._session.article_fetch.fetch({article.row.id: True})

    def fetch_again(self) -> None:
        """Fetch the missing pictures of what is chosen, and its full text where the feed cuts it or it failed."""
        rows = self._articles.chosen()
        if len(rows) > MOST_FETCHED:
            most = f"At most {MOST_FETCHED} articles are fetched again at once: File > Take offline… fetches more."
            self.said.emit(most, False)
            return
        shown = self._reader.article
        ids = [row.id for row in rows] if len(rows) > 1 else [shown.row.id] if shown is not None else []
        if ids and self._may_ask():
            self._session.article_fetch.fetch({one: self._lacks_text(one) for one in ids})

    def _lacks_text(self, article_id: int) -> bool:
        article = self._session.reader.articles.get(article_id)
        return article is not None and article.full.is_lacking

    def show_rule(self) -> None:
        """Tick the rule of the chosen source; without one, or for one that was removed, there is nothing to choose."""
        chosen = self._sidebar.source
        source = None if chosen is None else self._session.reader.sources.by_url(chosen.url)
        for name, rule in RULES.items():
            self._actions[name].setEnabled(source is not None and not source.archived)
            self._actions[name].setChecked(source is not None and source.full_text is rule)

    def _set_rule(self, rule: FullTextRule) -> None:
        source = self._sidebar.source
        if source is not None:
            self._session.article_fetch.set_rule(source.id, rule)
            self.said.emit(_WORDS[rule].format(source.title or source.url), False)

    def _may_ask(self) -> bool:
        connection = self._session.connection
        if not connection.online:
            self.said.emit(f"Offline ({connection.reason}): nothing was fetched.", False)
        return connection.online

    def _on_said(self, words: str) -> None:
        self.said.emit(words, False)


_WORDS = {
    FullTextRule.NEVER: "“{}”: the feed's text is shown as it is.",
    FullTextRule.CUT: "“{}”: the full text is fetched when the feed cuts an article.",
    FullTextRule.ALWAYS: "“{}”: the full text is always fetched.",
}
