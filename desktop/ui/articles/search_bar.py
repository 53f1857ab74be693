"""Above the list while something is searched for: that it is looked for everywhere, and how much can be found yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from desktop.ui import times
from desktop.ui.articles.gap_bar import GapBar

if TYPE_CHECKING:
    from PySide6.QtWidgets import QVBoxLayout

    from desktop.jobs.session import Session
    from desktop.ui.articles.list import ArticleList

BACK = "Back"


class SearchBar(GapBar):
    """Follows the search of a list, and the index behind it; goes away by itself."""

    def __init__(self, session: Session, articles: ArticleList) -> None:
        super().__init__(articles)
        self._session = session
        self._articles = articles
        cast("QVBoxLayout", articles.layout()).insertWidget(1, self)
        articles.searched.connect(self.follow)
        articles.arranged.connect(self.follow)
        session.searches.indexed.connect(self._on_indexed)
        self.pressed.connect(self._on_pressed)
        self.follow()

    def follow(self) -> None:
        """Say what there is to be said of the search that is shown."""
        everywhere = self._articles.is_everywhere
        lacks = self._lacks() if self._articles.model.query.words else ""
        said = [*(["All articles are searched."] if everywhere else []), *([lacks] if lacks else [])]
        self.say(" ".join(said), *([BACK] if everywhere else []), warning=bool(lacks), sign="search")

    def _lacks(self) -> str:
        """What cannot be found yet; "" where all can."""
        index = self._session.searches.index
        if index.running:
            done, total = times.count(index.done), times.count(index.total)
            return f"Search is being made ready: {done} of {total} articles. Older ones may be missing here."
        if self._session.read_only and self._session.reader.indexing.pending:
            return (
                "Older articles may be missing here: search is not made ready where nothing can be written."
            )
        return ""

    def _on_indexed(self) -> None:
        self.follow()
        if not self._session.searches.index.running and self._articles.model.query.words:
            self._session.searches.finder.forget()
            self._articles.reload()  # what could not be found before

    def _on_pressed(self, _: str) -> None:
        self._articles.search_everywhere(False)
