"""The window: it puts the parts together, remembers how it stood, and leaves the rest to them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QPoint, Qt
from PySide6.QtGui import QCloseEvent, QShowEvent, QUndoStack
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from desktop import __version__
from desktop.ui.actions import Actions
from desktop.ui.articles.arrangement import LOOK, Look
from desktop.ui.articles.list import ArticleList
from desktop.ui.panes import Panes
from desktop.ui.rates.ticker import Ticker
from desktop.ui.reader.pane import ReaderPane
from desktop.ui.sources.sidebar import Sidebar
from desktop.ui.status_bar import StatusBar
from desktop.ui.text import notice
from desktop.ui.view_commands import ViewCommands

if TYPE_CHECKING:
    from desktop.core.models import ArticleQuery
    from desktop.jobs.progress import Progress
    from desktop.jobs.session import Connection, Session

NAME = "Chorsu"
SIZE = (1280, 800)
ARTICLE_MENU = (
    "open",
    "copy_link",
    "",
    "toggle_read",
    "toggle_star",
    "read_later",
    "tags",
    "note",
    "show_changes",
    "",
    "fetch_again",
    "",
    "mark_above_read",
    "mark_below_read",
    "mark_all_read",
    "",
    "delete_article",
)
_GO = {
    f"go_{view}": view for view in ("unread", "today", "starred", "later", "notes", "kept", "updated", "all")
}


class MainWindow(QMainWindow):
    """Ticker, sidebar, list, reader and status bar over one session, which it does not close."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.session = session
        self.undo_stack = QUndoStack(self)
        self.commands = Actions(self, self.complete)
        self.ticker = Ticker(session, self)
        self.sidebar = Sidebar(session, self)
        self.articles = ArticleList(session, self)
        self.reader = ReaderPane(session, self)
        self.panes = Panes(session, self.sidebar, self.articles, self.reader, self)
        self.status = StatusBar(session, self)
        self.view_commands = ViewCommands(
            session, self.commands, self.panes, self.ticker, self.sidebar, self.articles, self.reader, self
        )
        self._welcomed = False
        self._is_complete = False
        self._lay_out()
        self._restore()

    def complete(self) -> None:
        """Make and connect what the first paint did without; once that is done, nothing."""
        if self._is_complete:
            return
        self._is_complete = True
        self._make_commands()
        self._connect_actions()
        self._connect_parts()

    def _make_commands(self) -> None:
        from desktop.ui.articles.arrange_commands import ArrangeCommands
        from desktop.ui.articles.commands import ArticleCommands
        from desktop.ui.lens_commands import LensCommands
        from desktop.ui.library_commands import LibraryCommands
        from desktop.ui.packs.commands import PackCommands
        from desktop.ui.packs.kept import Kept
        from desktop.ui.rates.alert_commands import AlertCommands
        from desktop.ui.rates.commands import RatesCommands
        from desktop.ui.rates.watchlist_commands import WatchlistCommands
        from desktop.ui.rates.windows import RateWindows
        from desktop.ui.reader.commands import ReaderCommands
        from desktop.ui.reader.fulltext_commands import FullTextCommands
        from desktop.ui.reader.hit_marks import HitMarks
        from desktop.ui.sources.archive_commands import ArchiveCommands
        from desktop.ui.sources.care_commands import CareCommands
        from desktop.ui.sources.commands import SourceCommands
        from desktop.ui.sources.search_commands import SearchCommands

        session, reader, sidebar = self.session, self.reader, self.sidebar
        self.kept = Kept(session, self.status)
        self.article_commands = ArticleCommands(
            session, self.articles, reader, sidebar, self.commands, self.undo_stack, self
        )
        self.lens_commands = LensCommands(session, self.articles, self.commands, self.status, self)
        self.arrange_commands = ArrangeCommands(self.articles, self.commands, self)
        self.reader_commands = ReaderCommands(session, self.commands, reader, self.articles, self)
        self.source_commands = SourceCommands(session, sidebar, self.commands, self.undo_stack, self)
        self.care_commands = CareCommands(
            session, sidebar, self.source_commands, self.commands, self.undo_stack, self
        )
        self.rates_commands = RatesCommands(session, sidebar, self.panes, self.ticker, self.commands, self)
        self.watchlist_commands = WatchlistCommands(
            session, sidebar, self.rates_commands, self.commands, self.undo_stack, self
        )
        self.archive_commands = ArchiveCommands(session, self.articles, self.commands, self)
        self.alert_commands = AlertCommands(
            session, self.ticker, self.rates_commands, self.status, self.undo_stack, self
        )
        self.rate_windows = RateWindows(session, self.ticker, self.rates_commands, self.undo_stack, self)
        self.fulltext_commands = FullTextCommands(
            session, self.commands, sidebar, reader, self.article_commands
        )
        self.library_commands = LibraryCommands(session, sidebar, self.articles, self.undo_stack, self)
        self.pack_commands = PackCommands(session, self.undo_stack, self)
        self.search_commands = SearchCommands(
            session, sidebar, self.articles, self.commands, self.undo_stack, self
        )
        self.hit_marks = HitMarks(self.articles, reader, self)

    def offer_source(self, address: str) -> None:
        """Ask whether to follow an address that came from outside."""
        self.complete()
        self.source_commands.offer(address)

    def _lay_out(self) -> None:
        middle = QWidget(self)
        box = QVBoxLayout(middle)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.ticker)
        box.addWidget(self.panes, 1)
        self.setCentralWidget(middle)
        self.setStatusBar(self.status)
        self.setMinimumSize(640, 400)
        self.commands.fill(self.menuBar())
        self.commands.give_single_keys((self.articles.view, self.reader))

    def _connect_actions(self) -> None:
        slots: dict[str, Callable[[], object]] = {
            **self.article_commands.slots(),
            **self.arrange_commands.slots(),
            **self.lens_commands.slots(),
            **self.source_commands.slots(),
            **self.care_commands.slots(),
            **self.alert_commands.slots(),
            **self.reader_commands.slots(),
            **self.archive_commands.slots(),
            **self.rates_commands.slots(),
            **self.watchlist_commands.slots(),
            **self.fulltext_commands.slots(),
            **self.library_commands.slots(),
            **self.pack_commands.slots(),
            **self.search_commands.slots(),
            "undo": self.undo_stack.undo,
            "redo": self.undo_stack.redo,
            "offline": self._on_offline,
            "search": self._search,
            "settings": self._show_settings,
            "quit": self.close,
            **self.view_commands.slots(),
            **self.rate_windows.slots(),
            "shortcuts": self._show_shortcuts,
            "about": self._show_about,
        }
        slots |= {name: partial(self._go, view) for name, view in _GO.items()}
        self.commands.connect_slots(slots | self.article_commands.one_at_a_time(slots))

    def _connect_parts(self) -> None:
        self.sidebar.query_chosen.connect(self._on_query)
        self.sidebar.unread_changed.connect(self._show_unread)
        self.articles.refresh_requested.connect(self.source_commands.refresh)
        self.articles.article_activated.connect(self._on_activated)
        self.articles.view.menu_requested.connect(self._on_article_menu)
        self.articles.view.left.connect(self.view_commands.back)
        self.rate_windows.article_wanted.connect(self._on_wanted)
        self.rates_commands.article_wanted.connect(self._on_wanted)
        self.pack_commands.article_wanted.connect(self._on_wanted)
        self.article_commands.said.connect(self._on_said)
        self.article_commands.refresh_requested.connect(self.source_commands.refresh)
        self.reader_commands.said.connect(self._on_said)
        self.archive_commands.said.connect(self._on_said)
        for commands in (
            self.source_commands, self.care_commands, self.rates_commands, self.watchlist_commands,
            self.fulltext_commands, self.library_commands, self.pack_commands, self.search_commands,
        ):  # fmt: skip
            commands.said.connect(self._on_said)
        self.reader.link_hovered.connect(self.status.show_link)
        self.status.stop_requested.connect(self.session.stop)
        self.status.undo_requested.connect(self.undo_stack.undo)
        self.undo_stack.indexChanged.connect(self._enable)
        self.session.progress_changed.connect(self._on_progress)
        self.session.connection_changed.connect(self._on_connection)

    def _restore(self) -> None:
        session = self.session
        self.resize(*SIZE)
        self.restoreGeometry(
            QByteArray.fromBase64(session.setting("window.geometry", "").encode("ascii", "ignore"))
        )
        self.commands["offline"].setChecked(session.offline)
        self.view_commands.restore()
        self.ticker.set_motion(session.setting("ticker.motion", True))
        node = self.sidebar.current
        if node is not None and node.query is not None:
            self.articles.show_query(node.query)
        elif node is not None:
            self.complete()  # the window was closed on a page of rates
        self.commands["stop"].setEnabled(session.refreshing)
        self._show_unread(self.sidebar.model.unread)
        self._enable()
        (self.articles if self.sidebar.model.has_sources else self.sidebar).setFocus()

    def _keep(self) -> None:
        geometry = bytes(self.saveGeometry().toBase64().data()).decode("ascii")
        self.session.set_setting("window.geometry", geometry)
        self.sidebar.keep()
        self.view_commands.keep()

    def _on_query(self, query: ArticleQuery) -> None:
        self.panes.show_list()
        self.articles.show_query(query)

    def _on_activated(self, article_id: int) -> None:
        self.view_commands.open_reader()
        self.article_commands.show(article_id)

    def _on_wanted(self, article_id: int) -> None:
        """Another window asks for an article: come to the front with it."""
        self.rates_commands.leave()
        self._on_activated(article_id)
        self.activateWindow()

    def _on_article_menu(self, where: QPoint) -> None:
        self.commands.menu(ARTICLE_MENU, self).popup(where)

    def _on_said(self, words: str, undoable: bool) -> None:
        self.status.say(words, undoable=undoable)

    def _on_progress(self, progress: Progress) -> None:
        self.commands["stop"].setEnabled(progress.running)

    def _on_connection(self, connection: Connection) -> None:
        self.commands["offline"].setChecked(self.session.offline)

    def _on_offline(self) -> None:
        self.session.set_offline(self.commands["offline"].isChecked())

    def _go(self, view: str) -> None:
        self.sidebar.choose(view)
        self.articles.view.setFocus()

    def _search(self) -> None:
        self.rates_commands.leave()
        self.articles.header.focus_search()

    def _show_settings(self) -> None:
        from desktop.ui.settings_dialog import SettingsDialog

        dialog = SettingsDialog(self.session, self)
        dialog.changed.connect(self._on_setting)
        dialog.open()

    def _on_setting(self, key: str, value: object) -> None:
        if key == "ticker.motion":
            self.ticker.set_motion(bool(value))
        elif key == LOOK:
            self.arrange_commands.set_standard_look(Look(str(value)))
        self.reader.apply_setting(key, value)

    def _show_shortcuts(self) -> None:
        from desktop.ui.shortcuts_dialog import ShortcutsDialog

        ShortcutsDialog(self).show()

    def _show_about(self) -> None:
        text = f"{NAME} {__version__}\nNews and rates that can be read with the network off.\nMIT licence."
        notice(self, f"About {NAME}", text)

    def _show_unread(self, unread: int) -> None:
        self.setWindowTitle(f"({unread}) {NAME}" if unread else NAME)

    def _enable(self) -> None:
        stack = self.undo_stack
        self.commands["undo"].setEnabled(stack.canUndo())
        self.commands["redo"].setEnabled(stack.canRedo())

    def _welcome(self) -> None:
        """On the first start offer the starter sources, once."""
        self._welcomed = True
        if not self.sidebar.model.has_sources and not self.session.setting("welcome.done", False):
            self.complete()
            self.source_commands.show_starters()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._welcomed:
            self._welcome()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._keep()
        self.articles.close_thumbnails()
        super().closeEvent(event)
