"""An empty list: what it says, why nothing is shown, and what its buttons do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from desktop.core.models import ArticleQuery, View
from desktop.core.tags import READ_LATER, tag_key
from desktop.ui.empty_state import EmptyState
from desktop.ui.sources.sidebar_nodes import view_lines

if TYPE_CHECKING:
    from desktop.jobs.session import Session
    from desktop.ui.articles.list import ArticleList

Emptiness = tuple[str, ...]  # a title, a sentence, the words on the button and on a second one; "" for none
SEARCHING: Emptiness = ("Searching…", "The first articles come in a moment.", "")
SORTING: Emptiness = ("Sorting by title…", "", "")
_OTHERWISE: Emptiness = ("No articles yet", "Refresh to fetch what the sources have.", "Refresh")
_OF_VIEW: Mapping[View, Emptiness] = {
    View.STARRED: ("No starred articles", "Press S on an article to keep it here.", ""),
    View.NOTES: ("No notes yet", "Press E on an article to write one.", ""),
    View.UPDATED: ("Nothing was changed", "Articles that their publisher edits come here.", ""),
    View.UNREAD: ("All read", "New articles come here when the sources are refreshed.", "Refresh"),
    View.TODAY: ("Nothing from today yet", "", "Refresh"),
    View.KEPT: (
        "Nothing is kept whole yet",
        "Articles come here with their text and all their pictures.",
        "Refresh",
    ),
}


def place_of_search(
    base: ArticleQuery, titles: Mapping[int, str], *, unread_only: bool, country: str = ""
) -> str:
    """Where a list looks for words: "unread article in “Osh Herald”"; "" for everywhere. `titles` are those of the
    sources."""
    name = _place_name(base, titles)
    if not (name or unread_only or country):
        return ""
    what = "unread article" if unread_only else "article"
    return " ".join(filter(None, (what, country and f"of {country}", name and f"in “{name}”")))


def _place_name(base: ArticleQuery, titles: Mapping[int, str]) -> str:
    if base.source_id is not None:
        return titles.get(base.source_id, "this source")
    if base.folder is not None or base.tag or base.words:
        return base.folder or base.tag or base.words
    return "" if base.view is View.ALL else next(one.title for one in view_lines() if one.key == base.view)


def nothing_found(words: str, place: str) -> Emptiness:
    """What a list says where nothing was found: where it looked (`place_of_search`), and how to go on."""
    if place:
        return "Nothing found", f"No {place} has “{words}”.", "Search everywhere", "Clear search"
    return "Nothing found", f"No article here has “{words}”.", "Clear search"


def why_empty(base: ArticleQuery, *, unread_only: bool, follows: bool, country: str = "") -> Emptiness:
    """What a list says that shows nothing: what, why, and a button."""
    if not follows:
        return "Nothing to read yet", "Articles come here once you follow a source.", ""
    if country:
        return f"Nothing of {country} here", "Articles of other countries are hidden.", "Show all countries"
    if unread_only:
        return "Nothing unread here", "", "Show read articles too"
    if base.words:
        return "Nothing found", "No stored article fits this search.", ""
    if base.tag and tag_key(base.tag) == tag_key(READ_LATER):
        return "Nothing to read later", "Press L on an article to put it by.", ""
    if base.tag:
        return f"Nothing is tagged “{base.tag}”", "Press Shift+T on an article to tag it.", ""
    return _OF_VIEW.get(base.view, _OTHERWISE)


class EmptyList(EmptyState):
    """Stands in the place of a list that shows nothing."""

    refresh_requested = Signal()

    def __init__(self, session: Session, articles: ArticleList) -> None:
        super().__init__(articles)
        self._session = session
        self._list = articles
        self.asked.connect(self._on_asked)
        self.asked_other.connect(self._clear)

    def explain(self, meanwhile: Emptiness | None) -> None:
        """Say why nothing is shown; `meanwhile` while that is not known yet."""
        head, follows = self._list.header, bool(self._session.reader.sources.all())
        if meanwhile is not None:
            why = meanwhile
        elif head.words:
            why = nothing_found(head.words, self._place)
        else:
            country = self._session.lens
            why = why_empty(self._list.base, unread_only=head.unread_only, follows=follows, country=country)
        self.say(*why)

    @property
    def _place(self) -> str:
        """Where the words are looked for (`place_of_search`)."""
        if self._list.is_everywhere:
            return ""
        titles = {source.id: source.title or source.url for source in self._session.reader.sources.all()}
        unread_only = self._list.header.unread_only
        return place_of_search(self._list.base, titles, unread_only=unread_only, country=self._session.lens)

    def _on_asked(self) -> None:
        header = self._list.header
        if header.words and self._place:
            self._list.search_everywhere(True)
        elif header.words:
            header.clear()
        elif self._session.lens:
            self._session.set_lens("")
        elif header.unread_only:
            header.set_unread_only(False)
        else:
            self.refresh_requested.emit()

    def _clear(self) -> None:
        self._list.header.clear()
