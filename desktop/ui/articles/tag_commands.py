"""Tags on articles, and what is put by to be read later: for what is chosen or for all that the list shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QWidget

from desktop.core.models import ArticleQuery, ArticleRow
from desktop.core.tags import READ_LATER, Tag, tag_key, tag_name
from desktop.ui import times
from desktop.ui.articles.words import title
from desktop.ui.sources.sidebar_nodes import Kind, tag_line_key
from desktop.ui.undo import Done

if TYPE_CHECKING:
    from desktop.core.shown import Shown
    from desktop.jobs.session import Session
    from desktop.ui.actions import Actions
    from desktop.ui.articles.list import ArticleList
    from desktop.ui.sources.sidebar import Sidebar

TAG_MENU = ("rename", "", "delete_tag")


class TagCommands(QObject):
    """Every act is one write behind the window, tells how many articles it changed, and can be undone."""

    said = Signal(str, bool)  # a message, and whether it can be undone

    def __init__(
        self,
        session: Session,
        articles: ArticleList,
        chosen: Callable[[], list[ArticleRow]],
        sidebar: Sidebar,
        actions: Actions,
        stack: QUndoStack,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._articles = articles
        self._chosen = chosen
        self._sidebar = sidebar
        self._actions = actions
        self._stack = stack
        self._window = window
        session.acts.tagged.connect(self._on_tagged)
        sidebar.model.tag_rename_requested.connect(self._rename)
        sidebar.tag_menu_requested.connect(self._on_menu)
        sidebar.tree.selectionModel().currentChanged.connect(self._enable)
        sidebar.model.rebuilt.connect(self._enable)
        self._enable()

    def slots(self) -> dict[str, Callable[[], object]]:
        """The actions that are done here."""
        return {
            "read_later": self.read_later,
            "tags": self.edit,
            "tags_shown": self.edit_shown,
            "delete_tag": self.delete,
        }

    def read_later(self) -> None:
        """Put what is chosen by, or take it off again when all of it is."""
        self._put_by(self._chosen())

    def toggle_later(self, article_id: int) -> None:
        """The same for the article in the reader."""
        self._put_by(self._session.reader.articles.rows([article_id]))

    def edit(self) -> None:
        """Show the tags of what is chosen, to be changed."""
        rows = self._chosen()
        if rows:
            heading = title(rows[0]) if len(rows) == 1 else times.articles(len(rows))
            self._show([row.id for row in rows], heading, lambda tag: _state(tag, rows))

    def edit_shown(self) -> None:
        """Change the tags of all that the list shows now, not of what arrives meanwhile."""
        model = self._articles.model
        if model.total:
            more = "" if model.is_total_known else "+"
            heading = f"{times.count(model.total)}{more} articles, all in the list"
            self._show(model.shown, heading, lambda tag: _SOME if tag.total else _NONE)

    def delete(self) -> None:
        """Take the chosen tag off everything that has it."""
        node = self._sidebar.current
        if node is not None and node.kind is Kind.TAG:
            name = node.title
            told = partial(self._on_deleted, name)
            self._session.acts.delete_tag(name, told)

    def _put_by(self, rows: Sequence[ArticleRow]) -> None:
        if not rows:
            return
        on = not all(READ_LATER in row.tags for row in rows)
        words = "put by to read later" if on else "no longer to read later"
        self._change([row.id for row in rows], *(([READ_LATER], []) if on else ([], [READ_LATER])), words)

    def _show(
        self, which: Shown | Sequence[int], heading: str, state: Callable[[Tag], Qt.CheckState]
    ) -> None:
        from desktop.ui.articles.tag_editor import TagEditor  # no dialog is needed to start

        tags = {tag.name: state(tag) for tag in self._session.reader.tags.all() if not tag.is_built_in}
        editor = TagEditor(heading, tags, self._window)
        editor.changed.connect(lambda add, remove: self._change(which, add, remove, _words(add, remove)))
        editor.show()

    def _change(
        self, which: Shown | Sequence[int], add: Sequence[str], remove: Sequence[str], words: str
    ) -> None:
        self._session.acts.tag(which, add, remove, partial(self._on_changed, words))

    def _on_changed(self, words: str, change_id: int, count: int) -> None:
        if count:
            self._push(f"{times.articles(count)} {words}", change_id)
        else:
            self.said.emit("Nothing had to be changed.", False)

    def _on_deleted(self, name: str, change_id: int, count: int) -> None:
        self._push(f"Tag “{name}” taken off {times.articles(count)}", change_id)

    def _rename(self, name: str, new: str) -> None:
        if not tag_key(new):
            return
        new = tag_name(new)
        others = {tag_key(tag.name): tag.name for tag in self._session.reader.tags.all() if tag.name != name}
        known = others.get(tag_key(new))
        words = f"Tag “{name}” joined to “{known}”" if known else f"Tag renamed to “{new}”"
        told = partial(self._on_renamed, name, known or new, words)
        self._session.acts.rename_tag(name, new, told)

    def _on_renamed(self, name: str, new: str, words: str, change_id: int, count: int) -> None:
        if self._sidebar.current_key == tag_line_key(name):
            self._sidebar.follow(tag_line_key(new))
            self._articles.show_query(ArticleQuery(tag=new))
        self._push(words, change_id)

    def _push(self, words: str, change_id: int) -> None:
        put = self._session.acts.put_tags
        self._stack.push(Done(words, partial(put, change_id, False), partial(put, change_id, True)))
        self.said.emit(words, True)

    def _on_tagged(self) -> None:
        """The list of a tag gains and loses articles with it."""
        if self._articles.base.tag:
            self._articles.reload()

    def _enable(self) -> None:
        node = self._sidebar.current
        self._actions["delete_tag"].setEnabled(node is not None and node.kind is Kind.TAG)

    def _on_menu(self, where: QPoint) -> None:
        self._actions.menu(TAG_MENU, self._window).popup(where)


_ALL, _SOME, _NONE = Qt.CheckState.Checked, Qt.CheckState.PartiallyChecked, Qt.CheckState.Unchecked


def _state(tag: Tag, rows: Sequence[ArticleRow]) -> Qt.CheckState:
    """Whether all, some or none of the articles have a tag."""
    having = sum(tag.name in row.tags for row in rows)
    return _NONE if not having else _ALL if having == len(rows) else _SOME


def _words(add: Sequence[str], remove: Sequence[str]) -> str:
    """What was done, after how many articles it was done to."""
    on, off = (", ".join(f"“{name}”" for name in names) for names in (add, remove))
    return " and ".join(filter(None, [f"tagged {on}" if on else "", f"without {off}" if off else ""]))
