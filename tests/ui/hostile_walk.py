"""Opens every window, dialog and menu of the program, and looks at all that they show."""

from __future__ import annotations

import html
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, QPoint, QSize, QUrl
from PySide6.QtGui import QContextMenuEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QInputDialog,
    QMenu,
    QMessageBox,
    QSystemTrayIcon,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.core import pack_file
from desktop.core.errors import FetchError, StoreError
from desktop.core.models import NewSource, SourceKind
from desktop.core.rates import Pair
from desktop.jobs.progress import Problem
from desktop.net import accounts
from desktop.store.backup import Contents
from desktop.sync.subscriptions import preview
from desktop.ui.articles.note_dialog import NoteDialog
from desktop.ui.articles.tag_editor import TagEditor
from desktop.ui.backup_dialog import RestoreDialog
from desktop.ui.import_dialog import ImportDialog
from desktop.ui.links import doubt, link_label
from desktop.ui.main_window import MainWindow
from desktop.ui.packs.dialog import PackDialog
from desktop.ui.packs.read_dialog import ReadPackDialog
from desktop.ui.rates.alert_editor import AlertEditor
from desktop.ui.rates.chart_window import ChartWindow
from desktop.ui.rates.converter import Converter
from desktop.ui.rates.history_dialog import HistoryDialog
from desktop.ui.rates.pair_details import PairDetails
from desktop.ui.reader.difference_view import DifferenceView
from desktop.ui.reader.picture_viewer import PictureViewer
from desktop.ui.reader.preview import Preview
from desktop.ui.reader.print import PrintDialog
from desktop.ui.reader.save_dialog import SaveDialog
from desktop.ui.reader.table_window import TableWindow
from desktop.ui.settings_dialog import SettingsDialog
from desktop.ui.shortcuts_dialog import ShortcutsDialog
from desktop.ui.sources.add_dialog import AddSourceDialog
from desktop.ui.sources.health_window import HealthWindow
from desktop.ui.sources.keeping_dialog import KeepingDialog
from desktop.ui.sources.properties_dialog import PropertiesDialog
from desktop.ui.sources.remove_dialog import RemoveDialog
from desktop.ui.sources.rule_commands import news_words
from desktop.ui.sources.rules_window import RulesWindow
from desktop.ui.sources.sidebar_nodes import Kind
from desktop.ui.sources.welcome_dialog import WelcomeDialog
from tests.ui.conftest import deliver_deletes
from tests.ui.edition import LATER, make_article
from tests.ui.fields import fields
from tests.ui.hostile_store import Planted
from tests.ui.hostile_strings import MARKED, STRINGS, marks
from tests.ui.sinks import Shown, fault_of, texts
from tests.ui.typed_walk import Typist

SMALL = QSize(900, 600)
IN_TURN = 6  # a window about one thing is opened for each sixth string, every kind for others, unless all are wanted


class Walk:
    """What was seen on the way: kinds of widgets, fields and their strings, and what was wrong."""

    def __init__(
        self, window: MainWindow, put: Planted, qtbot: QtBot, folder: Path, *, thorough: bool
    ) -> None:
        """`thorough`: every window is opened for every string."""
        self.window = window
        self.session = window.session
        self.put = put
        self.qtbot = qtbot
        self.folder = folder
        self.thorough = thorough
        self.kinds: set[type] = set()
        self.seen: set[tuple[str, int]] = set()
        self.callers: set[tuple[str, str]] = set()  # module and function of who showed a menu or a message
        self.faults: dict[str, None] = {}
        self.fields: set[tuple[str, str]] = set()  # where text can be typed
        self.typist = Typist(self)
        self._known: set[Shown] = set()
        self._painted: set[tuple[str, type]] = set()

    # Looking

    def look(self, where: str, *roots: QWidget, rewritten: bool = False) -> None:
        """Read all that these show, or every window that there is. The first time they are painted as well.

        `rewritten`: texts are shown in another form on purpose, as the language of search writes them.
        """
        for root in roots or QApplication.topLevelWidgets():
            if root.isVisible() and (where, type(root)) not in self._painted:
                self._painted.add((where, type(root)))
                root.grab()
            self.fields.update(field.key for field in fields(root))
            self._measure(where, root)
            for widget in (root, *root.findChildren(QWidget)):
                if roots and isinstance(widget, QMenu) and widget is not root:
                    continue  # closed; it is looked at when it comes up, and with everything
                self.kinds.update(type(widget).__mro__)
                for shown in texts(widget):
                    self.note(f"{where}: {type(widget).__name__}", shown, rewritten=rewritten)

    def _measure(self, where: str, root: QWidget) -> None:
        """A window fits on a small screen, whatever is in it."""
        least = root.minimumSizeHint().expandedTo(root.minimumSize())
        if root.isWindow() and not isinstance(root, QMenu):
            if least.width() > SMALL.width() or least.height() > SMALL.height():
                self.faults[f"{where}: {type(root).__name__} needs {least.width()} by {least.height()}"] = (
                    None
                )
            if isinstance(root, (QMessageBox, QInputDialog)) and SMALL.expandedTo(root.size()) != SMALL:
                self.faults[f"{where}: {type(root).__name__} is {root.width()} by {root.height()}"] = None

    def note(self, where: str, shown: Shown, *, rewritten: bool = False) -> None:
        if shown in self._known:
            return
        self._known.add(shown)
        self.seen |= {(field, number) for field, number, _ in marks(shown.text)}
        if fault := fault_of(shown, self.put.values, rewritten=rewritten):
            self.faults[f"{where}: {fault}"] = None

    def painted(self, words: str) -> None:
        """A text that some code of ours paints: often a line of one that was broken."""
        self.note("painted", Shown("paint", words, is_part=True))

    def turn(self, windows: Mapping[str, type[QWidget]], number: int) -> Iterator[tuple[str, type[QWidget]]]:
        """Those of some windows whose turn it is for a string."""
        for place, (command, kind) in enumerate(windows.items()):
            if self.thorough or (number + place) % IN_TURN == 0:
                yield command, kind

    def called(self, frame: Any) -> None:
        self.callers.add((Path(frame.f_code.co_filename).name, frame.f_code.co_name))

    # Acting

    def act(self, name: str) -> None:
        self.window.commands[name].trigger()

    def opened(self, kind: type[QWidget]) -> QWidget:
        """The newest window of a kind, once it is there."""
        self.qtbot.waitUntil(lambda: any(one.isVisible() for one in self.window.findChildren(kind)))
        found = [one for one in self.window.findChildren(kind) if one.isVisible()]
        return found[-1]

    def visit(self, kind: type[QWidget], *more: Callable[[Any], object]) -> None:
        """Look at the newest window of a kind, before and after it was used so, and close it."""
        found = self.opened(kind)
        self.look(kind.__name__, found)
        for use in more:
            use(found)
            self.look(kind.__name__, found)
        self.typist.fill(found)
        found.close()
        deliver_deletes()

    def keys(self, kind: Kind) -> list[str]:
        """The lines of the sidebar that are of a kind."""
        model, waiting, found = self.window.sidebar.model, [QModelIndex()], []
        while waiting:
            parent = waiting.pop()
            waiting += [model.index(row, 0, parent) for row in range(model.rowCount(parent))]
            node = model.node(parent)
            if node is not None and node.kind is kind:
                found.append(node.key)
        return found

    def menu_of(self, key: str) -> None:
        """Choose a line of the sidebar, and ask for its menu."""
        sidebar = self.window.sidebar
        assert sidebar.choose(key), key
        sidebar.tree.customContextMenuRequested.emit(QPoint(20, 20))

    # The way

    def go(self) -> None:
        """All of it."""
        for stage in (
            self.main_window, self.articles, self.lines, self.news_windows, self.files, self.rates,
            self.alerts, self.messages, self.own_windows, self.menus, self.typist.go,
        ):  # fmt: skip
            stage()

    def main_window(self) -> None:
        window = self.window
        window.sidebar.choose("all")
        for look in ("cards", "compact", "columns"):
            self.act(f"look_{look}")
            self.look(f"list as {look}")
        self.act("look_cards")
        self.act("group_list")
        for order in ("source", "title", "newest"):
            self.act(f"sort_{order}")
            self.qtbot.waitUntil(lambda: window.articles.model.rowCount() > 0)
            self.look(f"list by {order}")
        for layout in ("classic", "list", "wide"):
            self.act(f"layout_{layout}")
            self.look(f"layout {layout}")

    def articles(self) -> None:
        """Each article in the reader, and all windows that are about one article."""
        window = self.window
        view, reader = window.articles.view, window.reader
        for row in range(view.model().rowCount()):
            view.choose(view.model().index(row, 0))
            self.qtbot.waitUntil(lambda: reader.view.is_complete)
            article = reader.article
            assert article is not None
            reader.view.verticalScrollBar().setValue(10_000)
            self.look("reader", reader)
            for url in (QUrl(article.row.url), QUrl(f"https://elsewhere.test/{self.put('shownlink', row)}")):
                reader.view.link_doubted.emit(
                    url, doubt(f"https://here.test/ {article.row.title}", url) or "Why?"
                )
                reader.link_hovered.emit(link_label(url.toString()))
                self.look("link", reader, window.status)
            reader.view.table_requested.emit(0)
            self.visit_child(reader, TableWindow)
            for command, kind in self.turn(_OF_ARTICLE, row):
                self.act(command)
                self.visit(kind)
            self.act("find")
            self.look("find", reader)
            self.typist.fill(reader)

    def _popups(self) -> list[QWidget]:
        return [one for one in QApplication.topLevelWidgets() if one is not self.window]

    def visit_child(self, parent: QWidget, kind: type[QWidget]) -> None:
        (found,) = [one for one in parent.findChildren(kind) if one.isVisible()]
        self.look(kind.__name__, found)
        found.close()
        deliver_deletes()

    def lines(self) -> None:
        """Each line of the sidebar: what is shown for it, its menu, its name in the editor, its windows."""
        for kind in Kind:
            for number, key in enumerate(self.keys(kind)):
                self.menu_of(key)
                self.look(f"{kind.value} chosen", self.window.articles)
                for command, dialog in self.turn(_OF_LINE.get(kind, {}), number):
                    self.act(command)
                    self.visit(dialog)
            self.window.sidebar.edit_title()
            self.look("editor", self.window.sidebar)
        self.window.sidebar.choose("all")

    def news_windows(self) -> None:
        self.act("health")
        health = self.opened(HealthWindow)
        for row in range(health.table.text_rows.rowCount()):
            health.table.setCurrentIndex(health.table.text_rows.index(row, 0))
            self.look("health", health)
        self.visit(HealthWindow)
        for command, kind in (
            ("keeping", KeepingDialog),
            ("rules", RulesWindow),
            ("starters", WelcomeDialog),
        ):
            self.act(command)
            self.visit(kind)
        self.session.pack.look(thorough=True)
        self.qtbot.waitUntil(lambda: self.session.pack.proof is not None)
        self.act("pack")
        self.visit(PackDialog)
        self._add_source()

    def _add_source(self) -> None:
        """What a site answers, and what it fails with; the address is what the person typed."""
        found = [
            NewSource(
                f"https://n{number}.test/{self.put('foundurl', number)}",
                SourceKind.FEED,
                self.put("found", number),
            )
            for number in range(len(STRINGS))
        ]
        self.window.source_commands.add()
        dialog = self.opened(AddSourceDialog)
        dialog._on_found(found)
        self.look("add source", dialog)
        for number in range(len(STRINGS)):
            dialog._show_newest(
                "",
                self.put("newest", number),
                [make_article(1, title=self.put("newtitle", number), excerpt=self.put("newexcerpt", number))],
            )
            dialog._on_failed(FetchError(self.put("servererror", number), self.put("remedy", number)))
            self.look("add source", dialog)
        self.visit(AddSourceDialog)

    def files(self) -> None:
        """Lists, packs and backups whose names and contents are hostile."""
        put, folder = self.put, self.folder
        outlines = "".join(
            f'<outline text="{_xml(put("opmlfolder", n, "/"))}"><outline text="{_xml(put("opml", n))}" '
            f'xmlUrl="https://o{n}.test/feed"/></outline>'
            f'<outline text="{_xml(put("leftout", n))}" filtercmd="sh" xmlUrl="https://x{n}.test/"/>'
            for n in MARKED
        )
        library = self.window.library_commands
        for number in MARKED:
            file = folder / _file_name(put("file", number, "/\0"))
            put.values["file", number] = file.name
            self.window.status.say(f"Saved as {file.name}.")
            file.write_text(
                f'<opml version="2.0"><body>{outlines if number == MARKED[0] else ""}</body></opml>', "utf-8"
            )
            library._on_read(file, preview(file.read_bytes(), []))
            self.visit(ImportDialog)
            library._on_looked(file, (Contents(), Contents()))
            self.visit(RestoreDialog)
            self.window.pack_commands.files._on_looked(file, _pack(put, number))
            self.visit(ReadPackDialog)
            error = StoreError(put("fileerror", number), put("fileremedy", number))
            for commands, title in ((library, "Restore"), (self.window.pack_commands.files, "Read")):
                commands._tell(title, error)
                self.visit(QMessageBox)
        for command in (
            "import",
            "export",
            "back_up",
            "restore",
            "write_pack",
            "read_pack",
            "export_articles",
        ):
            self.act(command)
            self.visit(QFileDialog)

    def rates(self) -> None:
        """Each list on the page of the rates, each pair in its windows, by publishers with hostile names."""
        window = self.window
        for number, key in enumerate(self.keys(Kind.WATCHLIST)):
            window.sidebar.choose(key)
            page = window.rates_commands.page
            if page is None or not page.model.pairs:
                continue
            page.view.selectRow(0)
            self.look("rates page", page)
            self.typist.fill(page)
            window.rates_commands.menu()
            window.rates_commands._on_menu(QPoint())
            self.act("pair_source")
            pair = page.pair
            assert pair is not None
            for command, kind in self.turn(_OF_PAIR, number):
                self.act(command)
                self.visit(kind)
        window.rate_windows.show_chart(Pair("USD", "KZT"))
        self.visit(ChartWindow, self._news)
        self.act("load_history")
        self.visit(HistoryDialog)
        window.sidebar.choose("all")
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
        QApplication.sendEvent(window.ticker, event)
        for number in MARKED:
            self.window.watchlist_commands._tell(self.put("csv", number))
            self.visit(QMessageBox)

    def _news(self, window: ChartWindow) -> None:
        """The menu of the articles of a day."""
        news = window.panel.news
        self.qtbot.waitUntil(lambda: any(len(found) > 1 for found in news.by_day.values()))
        news._offer(max(news.by_day, key=lambda day: len(news.by_day[day])))

    def alerts(self) -> None:
        shown = self.window.alert_commands.show_list()
        self.look("alerts", shown)
        for row in range(shown.alerts.topLevelItemCount()):
            shown.alerts.setCurrentItem(shown.alerts.topLevelItem(row))
            shown.alerts.customContextMenuRequested.emit(QPoint(5, 5))
            shown.edit()
            self.look("alert editor", *[one for one in shown.findChildren(AlertEditor) if one.isVisible()])
            for editor in shown.findChildren(AlertEditor):
                editor.close()
            deliver_deletes()
        shown.close()
        deliver_deletes()

    def messages(self) -> None:
        """What the status bar, its list and the desktop's notifications say."""
        window, put = self.window, self.put
        for number in range(len(STRINGS)):
            window.status.say(put("said", number), undoable=True)
            self.look("status", window.status)
            window.status.show_link(link_label(f"https://s.test/{put('hovered', number)}"))
            self.look("status", window.status)
            window.status.show_link("")
            self.session.problem.emit(Problem(put("problemtold", number), put("problemremedy", number)))
            self.look("status", window.status)
            title, text = news_words(((put("title", number), put("source", number)),))
            self.session.alerts.notify(title, text)
        window.status.show_problems()
        self.visit(QMessageBox)

    def own_windows(self) -> None:
        """Windows that show nothing from outside, but are windows."""
        for command, kind in (
            ("settings", SettingsDialog),
            ("shortcuts", ShortcutsDialog),
            ("about", QMessageBox),
        ):
            self.act(command)
            self.visit(kind)

    def menus(self) -> None:
        window = self.window
        where = QPoint()
        window.articles.view.menu_requested.emit(where)
        window.articles.header.lens_requested.emit(where)
        for number in MARKED:
            link = QUrl(f"https://s.test/{self.put('menulink', number)}")
            window.reader.view.menu_requested.emit(where, link)
        self.act("search")
        for words in ("source:", "folder:", "tag:", "lang:", "country:", "author:", "is:"):
            window.articles.header.field.setText(words)
            window.articles.header.field.textEdited.emit(words)
            self.look("search help", *self._popups(), rewritten=True)
        for number in range(len(STRINGS)):
            window.articles.header.field.setText(self.put("typedsearch", number))
            window.articles.header.field.textEdited.emit(window.articles.header.words)
            QApplication.processEvents()
            self.look("searched", window.articles)
        self.typist.fill(window.articles.header)
        window.articles.header.field.clear()


_OF_ARTICLE: dict[str, type[QWidget]] = {
    "note": NoteDialog,
    "tags": TagEditor,
    "show_changes": DifferenceView,
    "pictures": PictureViewer,
    "save_article": SaveDialog,
    "print_preview": Preview,
    "print": PrintDialog,
}
_OF_PAIR: dict[str, type[QWidget]] = {
    "pair_details": PairDetails,
    "chart": ChartWindow,
    "converter": Converter,
    "alert_me": AlertEditor,
    "import_list": QFileDialog,
    "export_list": QFileDialog,
}
_OF_LINE: dict[Kind, dict[str, type[QWidget]]] = {
    Kind.SOURCE: {
        "properties": PropertiesDialog,
        "move": QInputDialog,
        "remove_keeping": RemoveDialog,
    },
    Kind.FOLDER: {"move": QInputDialog},
}


def _xml(text: str) -> str:
    """For an attribute; what XML cannot hold is left out."""
    return html.escape(
        "".join(letter for letter in text if letter.isprintable() or letter in "\r\n"), quote=True
    )


def _file_name(text: str) -> str:
    """As much of it as a file system takes."""
    return text.encode()[:200].decode("utf-8", "ignore")


def _pack(put: Planted, number: int) -> pack_file.Preview:
    """What a pack in a file says of itself."""
    source = pack_file.PackedSource(
        NewSource(f"https://p{number}.test/{put('packurl', number)}", title=put("packed", number)),
        1,
        "",
        chosen=True,
    )
    manifest = pack_file.Manifest(
        LATER,
        put("program", number),
        7,
        True,
        0,
        LATER,
        put("packwords", number),
        (source,),
        (),
        0,
        0,
        1_000,
        "",
    )
    return pack_file.Preview(manifest, (pack_file.Offer(source, None, "", 1),), 0)


@contextmanager
def watched(walk: Walk) -> Iterator[None]:
    """While the walk goes, hear what is painted, and look at menus, messages and notifications as they come up."""
    with pytest.MonkeyPatch.context() as patch:
        draw = QPainter.drawText

        def drawn(painter: QPainter, *args: Any) -> Any:
            for words in (one for one in args if isinstance(one, str)):
                walk.painted(words)
            return draw(painter, *args)

        def popped(menu: QMenu, *_: Any) -> None:
            walk.called(sys._getframe(1))
            walk.look("menu", menu)

        def boxed(box: QMessageBox) -> None:
            walk.called(sys._getframe(2))  # of who asked for a notice
            box.setVisible(True)

        def told(_: QSystemTrayIcon, title: str, text: str, *more: Any) -> None:
            for words in (title, text):
                walk.note("tray", Shown("notification", words))

        patch.setattr(accounts, "_keyring", lambda: None)
        patch.setattr(QPainter, "drawText", drawn)
        patch.setattr(QMenu, "popup", popped)
        patch.setattr(QMessageBox, "show", boxed)
        patch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
        patch.setattr(QSystemTrayIcon, "supportsMessages", lambda: True)
        patch.setattr(QSystemTrayIcon, "show", lambda _: None)
        patch.setattr(QSystemTrayIcon, "showMessage", told)
        yield
