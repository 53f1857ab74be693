"""Order in the library in the real window: marks, tags, notes with their views and counts; the lens; what moved."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from desktop.core.models import ArticleQuery, NewSource
from desktop.store import Store
from desktop.ui.articles.note_dialog import NoteDialog
from desktop.ui.articles.tag_editor import TagEditor
from desktop.ui.import_dialog import ImportDialog
from desktop.ui.main_window import MainWindow
from tests.e2e.test_window import FEED, MS, NOW, Program, filled, program, site
from tests.server import LoopbackServer, Reply
from tests.ui.person import Key, press, row

__all__ = ["filled", "program", "site"]

RSS = {"Content-Type": "application/rss+xml"}


def counts(window: MainWindow) -> dict[str, int]:
    """The numbers of the smart views and the tags, as the sidebar shows them."""
    model = window.sidebar.model
    keys = ("unread", "starred", "later", "notes", "updated", "all", "tag:Banks")
    nodes = {key: model.node(model.index_of(key)) for key in keys}
    return {key: node.count for key, node in nodes.items() if node is not None}


def test_what_is_put_on_articles_has_its_views_and_counts_also_after_a_restart(filled: Program) -> None:
    window, qtbot = filled.window, filled.qtbot
    window.sidebar.choose("all")
    view, total = window.articles.view, window.articles.model.total
    view.choose(view.model().index(0, 0))
    view.setFocus()
    with qtbot.waitSignal(window.session.acts.tagged, timeout=MS):
        press(qtbot, view, Key.Key_L)
    window.commands["tags_shown"].trigger()
    editor = window.findChild(TagEditor)
    qtbot.keyClicks(editor.field, "Banks")
    with qtbot.waitSignal(window.session.acts.tagged, timeout=MS):
        editor.accept()
    window.commands["note"].trigger()
    dialog = window.findChild(NoteDialog)
    dialog.text.setPlainText("Кімге?")
    with qtbot.waitSignal(window.session.acts.noted, timeout=MS):
        dialog.accept()
    window.commands["toggle_star"].trigger()
    expected = {
        "unread": total - 1, "starred": 1, "later": 1, "notes": 1, "updated": 0, "all": total, "tag:Banks": total - 1,
    }  # fmt: skip
    qtbot.waitUntil(lambda: counts(window) == expected, timeout=MS)
    title = row(window, 0).title
    filled.close()

    window = filled.open()
    assert counts(window) == expected
    for key in ("later", "notes", "starred"):
        window.sidebar.choose(key)
        assert filled.titles() == [title]
    window.sidebar.choose("tag:Banks")
    assert window.articles.model.total == total
    assert window.session.reader.check() == []


def test_the_lens_outlives_a_restart_and_says_what_it_hides(filled: Program) -> None:
    window, qtbot = filled.window, filled.qtbot
    (source,) = window.session.reader.sources.all()
    subscription = window.session.reader.sources.subscription(source.id)
    window.session.subscriptions.edit(source.id, subscription._replace(country="KZ"))
    total = window.session.reader.articles.count(ArticleQuery())
    qtbot.waitUntil(lambda: window.session.reader.sources.get(source.id).country == "KZ", timeout=MS)
    window.commands["lens_kg"].trigger()
    window.sidebar.choose("all")
    assert window.articles.lens_bar.words[0] == f"KG only. {total} of {total} articles hidden."
    filled.close()

    window = filled.open()
    window.sidebar.choose("all")
    assert filled.titles() == []
    window.commands["lens_kz"].trigger()
    assert window.articles.model.total == total
    window.articles.view.setFocus()
    press(qtbot, window.articles.view, Key.Key_0)
    assert window.articles.lens_bar.words == ()


def test_a_list_of_feeds_that_is_dropped_is_shown_before_anything_is_stored(
    program: Program, tmp_path: Path
) -> None:
    program.prepare(lambda store: None)
    window = program.open()
    file, data = tmp_path / "feeds.opml", QMimeData()
    file.write_text(
        '<opml version="2.0"><body><outline text="Су" xmlUrl="https://reed.example/feed"/></body></opml>',
        "utf-8",
    )
    data.setUrls([QUrl.fromLocalFile(str(file))])
    button, none, copy = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(300, 300), copy, data, button, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(300, 300), copy, data, button, none))
    program.qtbot.waitUntil(lambda: window.findChild(ImportDialog) is not None, timeout=MS)
    assert window.session.reader.sources.all() == []


def test_a_feed_that_moved_for_good_is_followed_and_the_move_is_undone_and_done_again(
    program: Program,
) -> None:
    body = FEED.encode()
    with LoopbackServer({}) as server:
        here, there = server.address("/feed.xml"), server.address("/new.xml")
        server.routes |= {"/feed.xml": Reply(301, {"Location": there}), "/new.xml": Reply(200, RSS, body)}

        def prepare(store: Store) -> None:
            store.settings.set("news.pictures", False)
            source = store.sources.add(NewSource(here, title="Reed"), NOW)
            said = source.state._replace(moved_to=there, moved_times=5, moved_since=NOW - timedelta(days=2))
            store.sources.save_state(source.id, said)

        program.prepare(prepare)
        window, qtbot = program.open(), program.qtbot

        def url() -> str:
            return window.session.reader.sources.all()[0].url

        program.refresh()
        assert url() == there
        assert window.undo_stack.undoText() == f"“Reed” has moved to {there}"
        window.commands["undo"].trigger()
        qtbot.waitUntil(lambda: url() == here, timeout=MS)
        window.commands["redo"].trigger()
        qtbot.waitUntil(lambda: url() == there, timeout=MS)
