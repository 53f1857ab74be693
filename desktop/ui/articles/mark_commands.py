"""Marking many articles as read: exactly those that the list showed when it was asked, and back again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from desktop.core.models import ArticleRow, Order
from desktop.core.shown import Shown
from desktop.ui import times
from desktop.ui.articles.arrangement import cursor_of, order_of
from desktop.ui.articles.list import ArticleList
from desktop.ui.undo import Done

if TYPE_CHECKING:
    from desktop.jobs.session import Session

DAY = timedelta(days=1)


class MarkCommands(QObject):
    """Marks by what the list shows, not by names: 100,000 articles are one write behind the window."""

    said = Signal(str, bool)  # a message, and whether it can be undone

    def __init__(self, session: Session, articles: ArticleList, stack: QUndoStack, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._articles = articles
        self._stack = stack

    def slots(self) -> dict[str, Callable[[], object]]:
        """The actions that are done here."""
        return {
            "mark_all_read": self.mark_all,
            "mark_above_read": self.mark_above,
            "mark_below_read": self.mark_below,
            "mark_older_read": self.mark_older,
        }

    def mark_all(self) -> None:
        """Mark as read what the list shows now, not what arrives meanwhile."""
        self._mark(self._articles.model.shown, "Nothing here is unread.")

    def mark_above(self) -> None:
        """Mark what stands above the chosen articles."""
        chosen = self._chosen()
        if chosen:
            model = self._articles.model
            above = replace(model.shown, above=cursor_of(chosen[0]))
            self._mark(
                model.pages.ids(chosen[0].id, 0) if model.pages.is_fixed else above,
                "Nothing above is unread.",
            )

    def mark_below(self) -> None:
        """Mark what stands below the chosen articles."""
        chosen = self._chosen()
        if chosen:
            model = self._articles.model
            below = replace(model.shown, below=cursor_of(chosen[-1]))
            self._mark(
                model.pages.ids(0, chosen[-1].id) if model.pages.is_fixed else below,
                "Nothing below is unread.",
            )

    def mark_older(self) -> None:
        """Mark what is older than a day."""
        shown = replace(self._articles.model.shown, before=self._session.now() - DAY)
        self._mark(shown, "Nothing here that is older than a day is unread.")

    def _chosen(self) -> list[ArticleRow]:
        """Between what stands above and below: nothing where the list is in no order of time or source."""
        if order_of(self._articles.model.query) is Order.BEST:
            self.said.emit("Sort by date first: what fits best has no “above” and “below”.", False)
            return []
        return self._articles.chosen_rows()

    def _mark(self, which: Shown | Sequence[int], otherwise: str) -> None:
        self._session.acts.mark_read(which, partial(self._on_marked, otherwise))

    def _on_marked(self, otherwise: str, set_id: int, count: int) -> None:
        if not count:
            self.said.emit(otherwise, False)
            return
        words = marked_words("read", True, count)
        put = self._session.acts.put_marks
        self._stack.push(Done(words, partial(put, set_id, True), partial(put, set_id, False)))
        self.said.emit(words, True)


def marked_words(what: str, on: bool, count: int) -> str:
    """What was done to so many articles; `what` is "read" or "starred"."""
    articles = times.articles(count)
    if what == "read":
        return f"{articles} marked {'read' if on else 'unread'}"
    return f"{articles} {'starred' if on else 'unstarred'}"
