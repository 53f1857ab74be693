"""A note on an article: written in a small window, undone like any other act."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QWidget

from desktop.core.models import ArticleRow, View
from desktop.ui.undo import Step

if TYPE_CHECKING:
    from desktop.jobs.session import Session
    from desktop.ui.articles.list import ArticleList


class NoteCommands(QObject):
    """Asks for the note on the chosen article."""

    said = Signal(str, bool)

    def __init__(
        self,
        session: Session,
        articles: ArticleList,
        chosen: Callable[[], list[ArticleRow]],
        stack: QUndoStack,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._chosen = chosen
        self._session = session
        self._articles = articles
        self._stack = stack
        self._window = window
        session.acts.noted.connect(self._on_noted)

    def slots(self) -> dict[str, Callable[[], object]]:
        """The actions that are done here."""
        return {"note": self.write}

    def write(self) -> None:
        """Show the note on the chosen article, to be written."""
        rows = self._chosen()
        if rows:
            self.write_on(rows[0])

    def write_on(self, row: ArticleRow) -> None:
        """Show the note on an article, to be written."""
        from desktop.ui.articles.note_dialog import NoteDialog  # no dialog is needed to start

        dialog = NoteDialog(row.id, row.title, self._session.reader.notes.of(row.id), self._window)
        dialog.written.connect(self._on_written)
        dialog.show()

    def _on_noted(self) -> None:
        """The list of notes gains and loses articles with them."""
        if self._articles.base.view is View.NOTES:
            self._articles.reload()

    def _on_written(self, article_id: int, before: str, after: str) -> None:
        words = "Note removed" if not after else "Note changed" if before else "Note written"
        now, note = self._session.now(), self._session.acts.note
        self._stack.push(
            Step(words, partial(note, article_id, after, now), partial(note, article_id, before, now))
        )
        self.said.emit(words, True)
