"""What can be done with articles: go, open, mark, copy; every mark that was asked for can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QGuiApplication, QUndoStack
from PySide6.QtWidgets import QWidget

from desktop.core.models import ArticleRow
from desktop.ui.articles.delete_commands import DeleteCommands
from desktop.ui.articles.list import ArticleList
from desktop.ui.articles.mark_commands import MarkCommands, marked_words
from desktop.ui.articles.note_commands import NoteCommands
from desktop.ui.articles.tag_commands import TagCommands
from desktop.ui.links import open_external
from desktop.ui.undo import Step

if TYPE_CHECKING:
    from desktop.core.difference import Difference
    from desktop.jobs.session import Session
    from desktop.ui.actions import Actions
    from desktop.ui.reader.pane import ReaderPane
    from desktop.ui.sources.sidebar import Sidebar

MARK_OPENED = "list.mark_opened_read"
MOST_OPENED = 20
_FOR_ONE = ("note", "show_changes", "toggle_full_text", "pictures", "print", "print_preview")


class ArticleCommands(QObject):
    """Joins list and reader: what is chosen in one is shown in the other."""

    said = Signal(str, bool)  # a message, and whether it can be undone
    refresh_requested = Signal()

    def __init__(
        self,
        session: Session,
        articles: ArticleList,
        reader: ReaderPane,
        sidebar: Sidebar,
        actions: Actions,
        stack: QUndoStack,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._articles = articles
        self._reader = reader
        self._sidebar = sidebar
        self._stack = stack
        self._actions = actions
        self._shown: int | None = None
        self._marks = MarkCommands(session, articles, stack, self)
        self._notes = NoteCommands(session, articles, self.chosen, stack, window)
        self._tags = TagCommands(session, articles, self.chosen, sidebar, actions, stack, window)
        self._deletions = DeleteCommands(session, articles, reader, self.chosen, stack, self)
        for commands in (self._marks, self._notes, self._tags, self._deletions):
            commands.said.connect(self.said)
        articles.article_chosen.connect(self._on_chosen)
        reader.toggle_star_requested.connect(self._on_star)
        reader.toggle_read_requested.connect(self._on_read)
        reader.toggle_later_requested.connect(self._tags.toggle_later)
        reader.note_requested.connect(self._on_note)
        reader.open_requested.connect(self._on_open)
        reader.changes_requested.connect(self._show_changes)

    @property
    def current(self) -> ArticleRow | None:
        """The article that is chosen in the list, else the one in the reader; None when there is neither."""
        article_id = self._articles.view.current_id or self._shown
        return None if article_id is None else self._row(article_id)

    def slots(self) -> dict[str, Callable[[], object]]:
        """The actions that are done here."""
        return {
            "next": self.go_next,
            "previous": self.go_previous,
            "next_unread": self.go_next_unread,
            "previous_unread": self.go_previous_unread,
            "read_on": self.read_on,
            "show_new": self.show_new,
            "open": self.open,
            "toggle_read": self.toggle_read,
            "toggle_star": self.toggle_star,
            "copy_link": self.copy_link,
            "show_changes": self.show_changes,
            **self._marks.slots(),
            **self._notes.slots(),
            **self._tags.slots(),
            **self._deletions.slots(),
            "find": self._reader.find,
        }

    def one_at_a_time(self, slots: Mapping[str, Callable[[], object]]) -> dict[str, Callable[[], object]]:
        """Of these, what takes one article, so that it says so where several are chosen; a file takes them all."""
        save = partial(self._save, slots["save_article"], slots["export_articles"])
        return {
            "save_article": save,
            **{name: partial(self._do_to_one, name, slots[name]) for name in _FOR_ONE},
        }

    def show(self, article_id: int) -> None:
        """Open an article in the reader; opening is reading, unless the person chose otherwise."""
        self._shown = article_id
        self._reader.show_article(article_id)
        row = self._row(article_id)
        can_mark = not self._session.read_only and self._session.setting(MARK_OPENED, True)
        if row is not None and not row.read and can_mark:
            self._articles.mark([article_id], read=True)

    def go_next(self) -> None:
        if not self._articles.view.step(1):
            self.said.emit("This is the last article.", False)

    def go_previous(self) -> None:
        if not self._articles.view.step(-1):
            self.said.emit("This is the first article.", False)

    def go_next_unread(self) -> None:
        if self._articles.view.step_unread(1):
            return
        title = self._sidebar.step_unread()
        if title and self._articles.view.step_unread(1):
            self.said.emit(f"On to “{title}”, the next source with unread articles.", False)
        else:
            self.said.emit("No unread article further down.", False)

    def go_previous_unread(self) -> None:
        if not self._articles.view.step_unread(-1):
            self.said.emit("No unread article further up.", False)

    def read_on(self) -> None:
        """Scroll the article; at its end go to the next unread one."""
        if self._shown is None or not self._reader.scroll_page():
            self.go_next_unread()

    def show_new(self) -> None:
        if not self._articles.show_new():
            self.refresh_requested.emit()

    def open(self) -> None:
        """Open what is chosen in the system's browser."""
        rows = self.chosen()
        if len(rows) > MOST_OPENED:
            self.said.emit(f"At most {MOST_OPENED} articles are opened in the browser at once.", False)
            return
        for row in rows:
            self._open(row)

    def toggle_read(self) -> None:
        rows = self.chosen()
        if rows:
            read = not all(row.read for row in rows)
            self._mark([row.id for row in rows if row.read != read], "read", read)

    def toggle_star(self) -> None:
        rows = self.chosen()
        if rows:
            starred = not all(row.starred for row in rows)
            self._mark([row.id for row in rows if row.starred != starred], "starred", starred)

    def copy_link(self) -> None:
        """Put the addresses of what is chosen on the clipboard, one a line."""
        addresses = [row.url for row in self.chosen() if row.url]
        if addresses:
            QGuiApplication.clipboard().setText("\n".join(addresses))
            several = f"{len(addresses):,} addresses are" if len(addresses) > 1 else "The address is"
            self.said.emit(f"{several} on the clipboard.", False)

    def show_changes(self) -> None:
        """Show what the publisher changed in what is chosen."""
        row = self.current
        if row is not None:
            self._show_changes(row.id)

    def chosen(self) -> list[ArticleRow]:
        """The selected rows; without a selection the article in the reader."""
        current = self.current
        return self._articles.chosen_rows() or ([current] if current else [])

    def _do_to_one(self, name: str, act: Callable[[], object]) -> None:
        """A key that did nothing, or something to any one of them, would leave the person guessing."""
        number = len(self._articles.view.selected_ids)
        if number > 1:
            what = self._actions[name].text().partition("\t")[0].replace("&", "").rstrip("…")
            self.said.emit(f"“{what}” takes one article, and {number:,} are chosen. Choose one.", False)
        else:
            act()

    def _save(self, one: Callable[[], object], several: Callable[[], object]) -> None:
        """Several articles go into one file, in the forms that hold several."""
        (several if len(self._articles.view.selected_ids) > 1 else one)()

    def _mark(self, ids: list[int], what: str, on: bool) -> None:
        words = marked_words(what, on, len(ids))
        step = Step(words, partial(self._set, ids, what, on), partial(self._set, ids, what, not on))
        self._stack.push(step)
        self.said.emit(words, len(ids) > 1)

    def _set(self, ids: list[int], what: str, on: bool) -> None:
        if what == "read":
            self._articles.mark(ids, read=on)
        else:
            self._articles.mark(ids, starred=on)

    def _row(self, article_id: int) -> ArticleRow | None:
        """As the list shows it, else as it is stored."""
        listed = self._articles.article(article_id)
        return listed or next(iter(self._session.reader.articles.rows([article_id])), None)

    def _on_chosen(self, article_id: int) -> None:
        """Where the reader is hidden, going through the list opens nothing."""
        if not self._reader.isHidden():
            self.show(article_id)

    def _on_star(self, article_id: int) -> None:
        row = self._row(article_id)
        if row is not None:
            self._mark([row.id], "starred", not row.starred)

    def _on_read(self, article_id: int) -> None:
        row = self._row(article_id)
        if row is not None:
            self._mark([row.id], "read", not row.read)

    def _on_note(self) -> None:
        """The note of the article in the reader, whatever is chosen in the list."""
        row = None if self._shown is None else self._row(self._shown)
        if row is not None:
            self._notes.write_on(row)

    def _on_open(self, article_id: int) -> None:
        row = self._row(article_id)
        if row is not None:
            self._open(row)

    def _show_changes(self, article_id: int) -> None:
        from desktop.ui.reader.difference_view import DifferenceView  # no dialog is needed to start

        articles = self._session.reader.articles
        article = articles.get(article_id)
        if article is None:
            return
        versions = articles.versions(article)
        if len(versions) == 1 and not article.row.withdrawn:
            self.said.emit("This article has not changed since it was stored.", False)
            return
        row, window = article.row, self._reader.window()
        DifferenceView(row.title, versions, self._compare, withdrawn=row.withdrawn, parent=window).show()

    def _compare(
        self, compare: Callable[[], Difference], done: Callable[[Difference], None], owner: QObject
    ) -> None:
        make, tell = self._session.reading.make, self._session.tell
        make(lambda step: compare(), lambda done, total: None, done, tell, owner, stopped="")

    def _open(self, row: ArticleRow) -> None:
        if not open_external(QUrl(row.url)):
            self.said.emit("The address of this article cannot be opened.", False)
