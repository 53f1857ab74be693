"""Deleting articles: at once, with the way back; none returns with the next refresh."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from desktop.core.models import ArticleRow
from desktop.ui import times
from desktop.ui.undo import Done

if TYPE_CHECKING:
    from desktop.jobs.session import Session
    from desktop.ui.articles.list import ArticleList
    from desktop.ui.reader.pane import ReaderPane


class DeleteCommands(QObject):
    """Deletes what is chosen; the row below it is chosen then, and not opened."""

    said = Signal(str, bool)  # a message, and whether it can be undone

    def __init__(
        self,
        session: Session,
        articles: ArticleList,
        reader: ReaderPane,
        chosen: Callable[[], list[ArticleRow]],
        stack: QUndoStack,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._articles = articles
        self._reader = reader
        self._chosen = chosen
        self._stack = stack

    def slots(self) -> dict[str, Callable[[], object]]:
        """The actions that are done here."""
        return {"delete_article": self.delete}

    def delete(self) -> None:
        """Delete what is chosen; where the list shows a story once, its copies too."""
        ids = [row.id for row in self._chosen()]
        if not ids:
            return
        copies = self._articles.model.query.folds
        done = partial(self._on_deleted, self._neighbour(ids))
        self._session.keeping.delete(ids, copies, done)

    def _neighbour(self, ids: list[int]) -> int | None:
        """What stands below the chosen articles, or above them at the end of the list."""
        model = self._articles.model
        places = sorted(index.row() for one in ids if (index := model.index_of(one)).isValid())
        beside = (places[-1] + 1, places[0] - 1) if places else ()
        rows = (model.article(model.index(place, 0)) for place in beside if place >= 0)
        return next((row.id for row in rows if row is not None), None)

    def _on_deleted(self, neighbour: int | None, set_id: int, number: int, held: int) -> None:
        if not number:
            return
        shown = self._reader.article_id
        if shown is not None and self._session.reader.articles.get(shown) is None:
            self._reader.show_article(None)
        self._articles.view.choose_quietly(neighbour)
        words = deleted_words(number, held)
        keeping = self._session.keeping
        self._stack.push(Done(words, partial(keeping.take_again, set_id), partial(keeping.put_back, set_id)))
        self.said.emit(words, True)


def deleted_words(number: int, held: int) -> str:
    """What was deleted; `held` of them were starred, tagged, noted or taken offline."""
    words = f"{times.articles(number)} deleted"
    if not held:
        return words
    which = "which was" if number == 1 else f"{times.count(held)} of them"
    return f"{words}, {which} starred, tagged, noted or taken offline"
