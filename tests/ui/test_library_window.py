"""Lists of feeds through the File menu."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QMessageBox, QTreeWidget, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from desktop.core.models import NewSource
from desktop.jobs.session import Session
from desktop.net import opml
from desktop.ui.import_dialog import ImportDialog
from desktop.ui.main_window import MainWindow
from desktop.ui.reader.save_dialog import SaveDialog
from tests.ui.conftest import deliver_deletes
from tests.ui.person import close_all, dialogs
from tests.unit.store.test_foreign import LABELS, made

LIST = """<opml version="2.0"><body>
<outline text="Central Asia"><outline text="Banks">
  <outline text="Вестник Национального банка" xmlUrl="https://bank.example/rss"/>
  <outline text="Notices" xmlUrl="https://notices.example/rss"/></outline>
<outline text="Herald" xmlUrl="https://herald.test/feed/"/></outline>
<outline text="Home" xmlUrl="http://192.168.1.4/feed"/>
<outline text="Trick" filtercmd="sh" xmlUrl="https://trick.example/"/>
</body></opml>"""


def choose(window: MainWindow, action: str, path: Path) -> None:
    """Use a menu entry that asks for a file, and choose that file."""
    window.commands[action].trigger()
    (dialog,) = dialogs(window, QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()
    deliver_deletes()


def offered(window: MainWindow, qtbot: QtBot) -> ImportDialog:
    qtbot.waitUntil(lambda: bool(dialogs(window, ImportDialog)), timeout=30_000)
    (dialog,) = dialogs(window, ImportDialog)
    assert isinstance(dialog, ImportDialog)
    return dialog


def line(dialog: ImportDialog, title: str) -> QTreeWidgetItem:
    tree = dialog.findChild(QTreeWidget)
    (item,) = tree.findItems(title, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    return item


def test_a_list_is_shown_before_it_is_imported_and_the_import_can_be_undone(
    window: MainWindow, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    session.set_offline(True)
    file = tmp_path / "feeds.opml"
    file.write_text(LIST, "utf-8")
    choose(window, "import", file)
    dialog = offered(window, qtbot)
    assert line(dialog, "Herald").isDisabled()  # it is among the sources already
    assert line(dialog, "Home").checkState(0) == Qt.CheckState.Unchecked
    assert "Trick: it asks for a command to be run" in dialog._left_out.text()
    assert dialog._import.text() == "&Import 2"

    line(dialog, "Notices").setCheckState(0, Qt.CheckState.Unchecked)
    assert dialog._import.text() == "&Import 1"
    dialog._all.click()
    assert dialog._import.text() == "&Import 3"
    line(dialog, "Home").setCheckState(0, Qt.CheckState.Unchecked)
    dialog._folder.setCurrentText("New")
    dialog.accept()

    qtbot.waitUntil(lambda: window.status.words == "2 sources imported")
    found = {one.title: one.folder for one in session.reader.sources.all() if "/" in one.folder}
    assert found == dict.fromkeys(("Вестник Национального банка", "Notices"), "New/Central Asia/Banks")

    session.subscriptions.move({session.reader.sources.by_url("https://notices.example/rss").id: "Mine"})
    window.commands["undo"].trigger()
    qtbot.waitUntil(lambda: session.reader.sources.by_url("https://bank.example/rss") is None)
    assert session.reader.sources.by_url("https://notices.example/rss").folder == "Mine"
    window.commands["redo"].trigger()
    qtbot.waitUntil(lambda: session.reader.sources.by_url("https://bank.example/rss") is not None)
    deliver_deletes()


def test_another_readers_database_is_shown_with_its_marks(
    window: MainWindow, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    session.set_offline(True)
    choose(window, "import", made(tmp_path / "feeds.db", "".join(LABELS["QuiteRSS"])))
    dialog = offered(window, qtbot)
    told = [label.text() for label in dialog.findChildren(QLabel)]
    assert (
        "feeds.db names 2 feeds. 3 read and 2 starred articles keep their marks when they come. "
        "2 articles get their 2 labels as tags."
    ) in told
    dialog.accept()
    qtbot.waitUntil(lambda: window.status.words == "2 sources imported")
    assert session.reader.sources.by_url("https://steppe.example/feed").folder == "Азия/Banks"
    assert [tag.name for tag in session.reader.tags.all()] == ["Banks", "Важное"]
    window.commands["undo"].trigger()
    qtbot.waitUntil(lambda: session.reader.tags.all() == ())
    window.commands["redo"].trigger()
    qtbot.waitUntil(lambda: len(session.reader.tags.all()) == 2)
    deliver_deletes()


def test_a_hostile_file_is_refused_with_a_sentence(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "bomb.opml"
    file.write_text('<!DOCTYPE opml [<!ENTITY a "b">]><opml/>', "utf-8")
    choose(window, "import", file)
    qtbot.waitUntil(lambda: bool(dialogs(window, QMessageBox)))
    (box,) = dialogs(window, QMessageBox)
    assert isinstance(box, QMessageBox)
    assert box.text() == (
        "The file declares entities, for which a list of feeds has no use.\n\nNothing was imported."
    )
    close_all(window, QMessageBox)


def test_all_sources_are_exported(window: MainWindow, session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "mine.opml"
    choose(window, "export", file)
    qtbot.waitUntil(lambda: window.status.words == "2 sources exported to mine.opml.")
    assert list(opml.read(file.read_bytes()).sources) == session.reader.sources.subscriptions()


def test_a_list_with_keys_in_its_addresses_says_so(
    window: MainWindow, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    url = "https://keyed.example/feed?access_token=1"
    session.library.import_list([NewSource(url, feed_url=url)])
    qtbot.waitUntil(lambda: len(session.reader.sources.all()) == 3)
    choose(window, "export", tmp_path / "mine.opml")
    words = (
        "3 sources exported to mine.opml. 1 of the addresses hold a key of yours: give the file to nobody."
    )
    qtbot.waitUntil(lambda: window.status.words == words)


def test_the_selected_articles_or_the_whole_list_are_exported(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "all.json"
    choose(window, "export_articles", file)
    qtbot.waitUntil(lambda: window.status.words == "60 articles exported to all.json.")

    view = window.articles.view
    for at in (1, 3):
        view.selectionModel().select(
            view.model().index(at, 0),
            QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows,
        )
    chosen = view.selected_ids
    window.commands["export_articles"].trigger()
    (dialog,) = dialogs(window, SaveDialog)
    assert isinstance(dialog, SaveDialog)
    assert dialog.windowTitle() == f"Export {len(chosen)} articles"
    dialog.selectNameFilter("Table (*.csv)")
    dialog.filterSelected.emit("Table (*.csv)")
    assert dialog.selectedFiles()[0].endswith("articles-2026-11-24.csv")
    dialog.fileSelected.emit(str(tmp_path / "some.json"))
    dialog.close()
    qtbot.waitUntil(lambda: window.status.words == f"{len(chosen)} articles exported to some.json.")
    assert sorted(one["id"] for one in json.loads((tmp_path / "some.json").read_text("utf-8"))) == sorted(
        chosen
    )
    deliver_deletes()


def test_ten_thousand_feeds_are_shown_and_imported(
    open_session: Callable[[int], Session],
    show: Callable[[MainWindow], MainWindow],
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    session = open_session(1)
    session.set_offline(True)
    window = MainWindow(session)
    window.complete()
    show(window)
    file = tmp_path / "many.opml"
    outlines = "".join(f'<outline text="F{n}" xmlUrl="https://s{n}.example/"/>' for n in range(10_000))
    file.write_text(f"<opml><body>{outlines}</body></opml>", "utf-8")
    choose(window, "import", file)
    offered(window, qtbot).accept()
    qtbot.waitUntil(lambda: window.status.words == "10,000 sources imported", timeout=30_000)
    deliver_deletes()
