"""What can be done with sources; removing, renaming and moving can be undone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QWidget

from desktop.core import folders
from desktop.core.models import ArticleQuery, Source
from desktop.ui import times
from desktop.ui.actions import Actions
from desktop.ui.links import open_external
from desktop.ui.sources.link_drop import LinkDrop
from desktop.ui.sources.sidebar import Sidebar
from desktop.ui.sources.sidebar_nodes import NAMED, Kind
from desktop.ui.undo import Done, Step

if TYPE_CHECKING:
    from desktop.jobs.session import Session

SOURCE_MENU = (
    "refresh_current",
    "load_older",
    "mark_all_read",
    "",
    "open_site",
    "rename",
    "move",
    "pause",
    "follow_again",
    "",
    "remove",
    "remove_keeping",
    "",
    "properties",
)
TOP_LEVEL = "(top level)"


class SourceCommands(QObject):
    """Acts on the line that is chosen in the sidebar."""

    said = Signal(str, bool)  # a message, and whether it can be undone

    def __init__(
        self,
        session: Session,
        sidebar: Sidebar,
        actions: Actions,
        stack: QUndoStack,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._sidebar = sidebar
        self._actions = actions
        self._stack = stack
        self._window = window
        LinkDrop(window).dropped.connect(self.offer)
        sidebar.add_requested.connect(self.add)
        sidebar.refresh_requested.connect(self.refresh)
        sidebar.rename_requested.connect(self._on_rename)
        sidebar.folder_rename_requested.connect(self._on_folder_rename)
        sidebar.move_requested.connect(self._on_moved)
        sidebar.menu_requested.connect(self._on_menu)
        sidebar.query_chosen.connect(self.enable)
        sidebar.watchlist_chosen.connect(self.enable)
        sidebar.refilled.connect(self.enable)
        self.enable()

    def slots(self) -> dict[str, Callable[[], object]]:
        """The actions that are done here."""
        return {
            "add_source": self.add,
            "starters": self.show_starters,
            "refresh": self.refresh,
            "refresh_current": self.refresh_current,
            "stop": self._session.stop,
            "open_site": self.open_site,
            "rename": self._sidebar.edit_title,
            "move": self.move,
            "remove": self.remove,
            "remove_keeping": self.remove_keeping,
            "next_source": self.next_source,
            "previous_source": self.previous_source,
            "refresh_rates": self.refresh_rates,
            "load_history": self.load_history,
        }

    def add(self) -> None:
        """Ask for an address."""
        self.offer("")

    def offer(self, address: str) -> None:
        """Ask for an address, with one filled in."""
        from desktop.ui.sources.add_dialog import AddSourceDialog  # no dialog is needed to start

        dialog = AddSourceDialog(self._session, self._sidebar.model.folders, self._window)
        dialog.chosen.connect(self._session.add_sources)
        dialog.open()
        if address:
            dialog.look_at(address)

    def show_starters(self) -> None:
        from desktop.ui.sources.welcome_dialog import WelcomeDialog

        dialog = WelcomeDialog(self._session, self._window)
        dialog.open()

    def refresh(self) -> None:
        """Fetch from all sources and banks, or say why not."""
        if self._may_ask():
            self._session.refresh()

    def refresh_current(self) -> None:
        """Fetch from the source or folder that is chosen."""
        ids = [source.id for source in self._sources() if not source.archived]
        if ids and self._may_ask():
            self._session.refresh(ids, rates=False)

    def refresh_rates(self) -> None:
        if self._may_ask():
            self._session.refresh(news=False)

    def load_history(self) -> None:
        """Offer to load the history of the pinned pairs."""
        from desktop.ui.rates.history_dialog import HistoryDialog  # no dialog is needed to start

        HistoryDialog(self._session, self._window).show()

    def open_site(self) -> None:
        source = self._source()
        if source and not open_external(QUrl(source.site_url or source.url)):
            self.said.emit("The address of this site cannot be opened.", False)

    def move(self) -> None:
        """Ask for the folder of the chosen source or folder."""
        node = self._sidebar.current
        if node is None or node.kind not in (Kind.SOURCE, Kind.FOLDER):
            return
        from PySide6.QtWidgets import QComboBox, QInputDialog  # no dialog is needed to start

        from desktop.ui.sources.folder_box import settle

        dialog = QInputDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("Move to folder")
        dialog.setLabelText("Folder (write a new name to make one):")
        dialog.setComboBoxItems([TOP_LEVEL, *self._sidebar.model.folders])
        dialog.setComboBoxEditable(True)
        around = node.source.folder if node.source else folders.parent(node.place)
        dialog.setTextValue(around or TOP_LEVEL)
        if (box := dialog.findChild(QComboBox)) is not None:
            box.setAccessibleName("Folder")
            settle(box)
        dialog.setObjectName(node.key)
        dialog.textValueSelected.connect(self._on_folder)
        dialog.open()

    def remove(self) -> None:
        """Remove the chosen source at once; the message offers to bring it back."""
        source = self._source()
        if source is not None:
            self.remove_one(source.id)

    def remove_one(self, source_id: int) -> None:
        """Remove a source at once; the message offers to bring it back."""
        source = self._session.reader.sources.get(source_id)
        acts, articles = self._session.acts, self._session.reader.sources.counts()[source.id].total
        words = f"“{source.title}” removed with {times.articles(articles)}"
        self._stack.push(
            Step(words, partial(acts.remove_source, source.id), partial(acts.put_back_source, source.id))
        )
        self.said.emit(words, True)

    def remove_keeping(self) -> None:
        """Say what would stay of the chosen source and what would go, and remove it when that is wanted."""
        source = self._source()
        if source is not None:
            self._session.acts.count_staying(source.id, partial(self._ask_keeping, source))

    def _ask_keeping(self, source: Source, staying: int) -> None:
        from desktop.ui.sources.remove_dialog import RemoveDialog  # no dialog is needed to start

        total = self._session.reader.articles.count(ArticleQuery(source_id=source.id))
        title = source.title or source.url
        dialog = RemoveDialog(title, staying, max(0, total - staying), self._window)
        remove = self._session.acts.remove_source_keeping
        dialog.accepted.connect(partial(remove, source.id, partial(self._on_kept, source)))
        dialog.open()

    def _on_kept(self, source: Source, gone: int) -> None:
        acts = self._session.acts
        kept = self._session.reader.articles.count(ArticleQuery(source_id=source.id))
        stay = f"; {times.articles(kept)} kept" if kept else ""
        words = f"“{source.title or source.url}” removed with {times.articles(gone)}{stay}"
        again = partial(acts.remove_source_keeping, source.id, lambda _: None)
        self._stack.push(Done(words, again, partial(acts.put_back_source, source.id)))
        self.said.emit(words, True)

    def next_source(self) -> None:
        self._sidebar.step(1)

    def previous_source(self) -> None:
        self._sidebar.step(-1)

    def enable(self) -> None:
        """Let the actions be used that fit the chosen line."""
        asked = any(not source.archived for source in self._sources())
        self._actions["refresh_current"].setEnabled(asked)
        for name in ("open_site", "remove", "remove_keeping"):
            self._actions[name].setEnabled(self._source() is not None)
        node = self._sidebar.current
        self._actions["move"].setEnabled(node is not None and node.kind in (Kind.SOURCE, Kind.FOLDER))
        self._actions["rename"].setEnabled(node is not None and node.kind in NAMED)

    def _source(self) -> Source | None:
        return self._sidebar.source

    def _sources(self) -> list[Source]:
        node = self._sidebar.current
        if node is None or node.kind is Kind.VIEW:
            return []
        return [one.source for one in node.walk() if one.source is not None]

    def _may_ask(self) -> bool:
        connection = self._session.connection
        if not connection.online:
            self.said.emit(f"Offline ({connection.reason}): nothing was fetched.", False)
        elif all(node.is_archived for node in self._sidebar.model.sources):
            self.said.emit("There are no sources yet. Add one first.", False)
        return connection.online

    def _on_rename(self, source_id: int, title: str) -> None:
        source = self._session.reader.sources.get(source_id)
        if source is None:
            return
        rename = self._session.rename_source
        words = f"“{source.title}” renamed"
        self._stack.push(
            Step(words, partial(rename, source_id, title), partial(rename, source_id, source.title))
        )
        self.said.emit(words, True)

    def _on_folder(self, folder: str) -> None:
        to = "" if folder.strip() == TOP_LEVEL else folders.tidy(folder)
        self._on_moved([self.sender().objectName()], to)

    def _on_moved(self, keys: list[str], to: str) -> None:
        """Put sources and folders, with all that is in them, into a folder."""
        known = {source.id: source.folder for source in self._session.reader.sources.all()}
        moved: dict[int, str] = {}
        for kind, _, place in (key.partition(":") for key in keys):
            if kind == Kind.SOURCE.value and known.get(int(place), to) != to:
                moved[int(place)] = to
            elif kind == Kind.FOLDER.value and folders.parent(place) != to:
                moved |= folders.moved(known, place, folders.tidy(f"{to}/{folders.name(place)}"))
        self._put(moved, known, f"moved to {to or 'the top level'}")

    def _on_folder_rename(self, path: str, name: str) -> None:
        known = {source.id: source.folder for source in self._session.reader.sources.all()}
        to = folders.tidy(f"{folders.parent(path)}/{name}")
        self._put(folders.moved(known, path, to), known, f"now in {to}")
        self._sidebar.follow(f"folder:{to}")

    def _put(self, moved: dict[int, str], known: dict[int, str], what: str) -> None:
        if not moved:
            return
        move, before = self._session.subscriptions.move, {one: known[one] for one in moved}
        one = self._session.reader.sources.get(next(iter(moved)))
        words = f"{f'“{one.title}”' if len(moved) == 1 else f'{times.count(len(moved))} sources'} {what}"
        self._stack.push(Step(words, partial(move, moved), partial(move, before)))
        self.said.emit(words, True)

    def _on_menu(self, where: QPoint) -> None:
        self.enable()
        self._actions.menu(SOURCE_MENU, self._window).popup(where)
