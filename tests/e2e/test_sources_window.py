"""Sources through the real window: found, looked at and followed; put in order; looked after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QSpinBox,
    QWidget,
)

from desktop.core.models import ArticleQuery, NewSource, View
from desktop.demo.site import DemoSite
from desktop.net import accounts
from desktop.store import Store
from desktop.ui.articles.note_dialog import NoteDialog
from desktop.ui.sources.add_dialog import AddSourceDialog
from desktop.ui.sources.properties_dialog import PropertiesDialog
from desktop.ui.sources.remove_dialog import RemoveDialog
from tests.e2e.test_window import MS, NOW, Program, program, site
from tests.server import LoopbackServer, Reply

__all__ = ["program", "site"]

T = TypeVar("T", bound=QWidget)
RSS = {"Content-Type": "application/rss+xml"}


def feed(title: str, *days: int) -> str:
    """A feed with an article of each day of November 2026, in this order."""
    items = "".join(
        f"<item><title>{title}: {day} ноября</title><guid>{title}-{day}</guid>"
        f"<pubDate>{day:02} Nov 2026 08:00:00 GMT</pubDate><description>Текст {day}</description></item>"
        for day in days
    )
    return f"<rss version='2.0'><channel><title>{title}</title><link>https://reed.example/</link>{items}</channel></rss>"


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer({"/feed.xml": Reply(200, RSS, feed("Камыш", 3, 9, 1, 20, 5, 12, 7))}) as running:
        yield running


def drop(program: Program, address: str) -> AddSourceDialog:
    """Let a link fall on the middle of the window, as from a browser."""
    window, data = program.window, QMimeData()
    data.setUrls([QUrl(address)])
    where, button, none = QPoint(300, 300), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where, Qt.DropAction.CopyAction, data, button, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(where.toPointF(), Qt.DropAction.CopyAction, data, button, none))
    dialog = window.findChild(AddSourceDialog)
    assert dialog is not None
    return dialog


def lines(dialog: AddSourceDialog, name: str) -> list[str]:
    shown = next(each for each in dialog.findChildren(QListWidget) if each.accessibleName() == name)
    return [shown.item(row).text() for row in range(shown.count())]


def test_a_dropped_link_shows_every_feed_of_a_site_and_its_newest_articles_before_anything_is_stored(
    program: Program, site: DemoSite
) -> None:
    program.prepare(lambda store: None)
    program.open()
    dialog = drop(program, f"{site.url}/")
    program.qtbot.waitUntil(lambda: len(lines(dialog, "Newest articles")) == 5, timeout=MS)

    found = lines(dialog, "What was found")
    assert "WordPress site" in found[0]
    assert sum("/category/" in line for line in found) >= 3
    assert [("/comments/" in line) for line in found].index(True) == len(found) - 1
    assert program.session.reader.sources.all() == []


def test_a_link_with_the_scheme_of_feeds_is_followed_when_add_is_pressed(
    program: Program, server: LoopbackServer
) -> None:
    program.prepare(lambda store: store.settings.set("news.pictures", False))
    program.open()
    dialog = drop(program, "feed:" + server.address("/feed.xml"))
    program.qtbot.waitUntil(lambda: len(lines(dialog, "Newest articles")) == 5, timeout=MS)
    assert [line.rpartition(": ")[2] for line in lines(dialog, "Newest articles")] == [
        f"{day} ноября" for day in (20, 12, 9, 7, 5)
    ]
    add = next(b for b in dialog.findChild(QDialogButtonBox).buttons() if b.text() == "&Add")
    with program.qtbot.waitSignal(program.session.refreshed, timeout=MS):
        program.qtbot.mouseClick(add, Qt.MouseButton.LeftButton)
    assert [source.title for source in program.session.reader.sources.all()] == ["Камыш"]


def dialog_of(program: Program) -> PropertiesDialog:
    program.window.commands["properties"].trigger()
    dialog = program.window.findChild(PropertiesDialog)
    assert dialog is not None
    return dialog


def field(dialog: QWidget, kind: type[T], name: str) -> T:
    return next(each for each in dialog.findChildren(kind) if each.accessibleName() == name)


def follow(program: Program, server: LoopbackServer, **choices: Any) -> int:
    """The window on one source that was refreshed once."""
    url = server.address("/feed.xml")
    ids: list[int] = []

    def prepare(store: Store) -> None:
        new = NewSource(url, title="Камыш", feed_url=url, **choices)
        ids.append(store.sources.add(new, NOW - timedelta(days=90)).id)
        store.settings.set("refresh.automatic", False)
        store.settings.set("news.pictures", False)

    program.prepare(prepare)
    program.open()
    program.refresh()
    program.window.sidebar.choose(f"source:{ids[0]}")
    return ids[0]


def test_what_is_set_for_a_source_is_stored_and_undone(program: Program, server: LoopbackServer) -> None:
    source_id = follow(program, server)
    reader = program.session.reader
    before = reader.sources.subscription(source_id)
    dialog = dialog_of(program)
    assert not dialog.isModal()
    field(dialog, QLineEdit, "Title").setText("Камыш и вода")
    field(dialog, QComboBox, "Folder").setCurrentText("Орта Азия/Су")
    field(dialog, QSpinBox, "Minutes between two looks").setValue(240)
    field(dialog, QLineEdit, "Name given to the server").setText("Reed reader")
    next(b for b in dialog.findChildren(QCheckBox) if "picture" in b.text()).setChecked(False)
    dialog.accept()
    program.qtbot.waitUntil(lambda: reader.sources.get(source_id).title == "Камыш и вода", timeout=MS)
    after = reader.sources.subscription(source_id)
    assert (after.folder, after.interval_minutes, after.pictures) == ("Орта Азия/Су", 240, False)
    assert after.user_agent == "Reed reader"

    program.qtbot.waitUntil(program.window.undo_stack.canUndo, timeout=MS)
    program.window.undo_stack.undo()
    program.qtbot.waitUntil(lambda: reader.sources.subscription(source_id) == before, timeout=MS)


def test_without_a_keyring_the_window_says_that_the_password_is_not_stored(
    program: Program, server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "_keyring", lambda: None)
    source_id = follow(program, server)
    dialog = dialog_of(program)
    field(dialog, QLineEdit, "User name").setText("aigul")
    field(dialog, QLineEdit, "Password").setText("hunter2-planted")
    dialog.accept()
    said = next(each for each in dialog.findChildren(QLabel) if each.accessibleName() == "Result")
    program.qtbot.waitUntil(lambda: "was not stored" in said.text(), timeout=MS)
    assert dialog.isVisible()
    assert program.session.reader.sources.get(source_id).account == "aigul"
    dialog.close()
    program.close()
    for path in program.folder.rglob("*"):
        assert path.is_dir() or b"hunter2-planted" not in path.read_bytes()


def test_the_health_page_finds_the_broken_and_the_quiet_and_takes_the_feed_that_was_found(
    program: Program, server: LoopbackServer
) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/new.xml">'
    page = f"<!DOCTYPE html><html><head><title>Камыш</title>{link}</head></html>"
    server.routes |= {
        "/quiet.xml": Reply(200, RSS, feed("Тихо").replace("<item>", "")),
        "/gone.xml": Reply(410),
        "/new.xml": Reply(200, RSS, feed("Камыш", 3, 21)),
    }
    source_id = follow(program, server)
    for name in ("quiet", "gone"):
        url = server.address(f"/{name}.xml")
        old = NOW - timedelta(days=90)
        program.session._lane(lambda s, u=url, n=name, o=old: s.sources.add(NewSource(u, title=n), o))
    server.routes["/feed.xml"] = Reply(200, {"Content-Type": "text/html"}, page)
    program.refresh()

    window = program.window.care_commands.show_health()
    program.qtbot.waitUntil(lambda: len(window.table.text_rows.rows) == 3, timeout=MS)
    states = {line[0]: line[1] for line in window.table.text_rows.rows}
    assert states == {"Камыш": "Broken", "quiet": "Quiet", "gone": "Dead"}
    assert [*states] == ["gone", "Камыш", "quiet"]  # the worst first
    header = window.table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(0) + 8, header.height() // 2)
    program.qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert [line[0] for line in window.table.text_rows.rows] == ["gone", "quiet", "Камыш"]
    order = field(window, QComboBox, "Sorted by")
    assert order.currentText() == "Source"
    order.setCurrentText("Last error")
    assert [line[0] for line in window.table.text_rows.rows][-1] == "quiet"  # it has none
    about = field(window, QLabel, "About the chosen source")
    assert about.text().startswith("gone")
    order.setCurrentText("State")
    field(window, QComboBox, "Which sources").setCurrentText("Broken")
    assert [line[0] for line in window.table.text_rows.rows] == ["Камыш"]
    use = next(b for b in window.findChildren(QPushButton) if "feed found" in b.text())
    assert use.isVisible()
    program.qtbot.mouseClick(use, Qt.MouseButton.LeftButton)
    reader = program.session.reader
    new = server.address("/new.xml")
    program.qtbot.waitUntil(lambda: reader.sources.get(source_id).url == new, timeout=MS)
    field(window, QComboBox, "Which sources").setCurrentText("All")
    program.qtbot.waitUntil(
        lambda: ("Камыш", "Fine") in [line[:2] for line in window.table.text_rows.rows], timeout=MS
    )

    window.pause_wanted.emit(source_id)
    program.qtbot.waitUntil(lambda: not reader.sources.get(source_id).enabled, timeout=MS)
    program.window.undo_stack.undo()
    program.qtbot.waitUntil(lambda: reader.sources.get(source_id).enabled, timeout=MS)
    window.close()


def test_a_source_is_removed_but_for_what_was_marked_and_followed_again_with_it(
    program: Program, server: LoopbackServer
) -> None:
    source_id = follow(program, server)
    window, session, wait = program.window, program.session, program.qtbot.waitUntil
    wait(lambda: window.articles.model.total == 7, timeout=MS)
    starred, noted, read, *_ = session.reader.articles.page(ArticleQuery(source_id=source_id))
    session.set_starred([starred.id], True)
    session.acts.note(noted.id, "Кімге айту керек", NOW)
    session.set_read([starred.id, read.id], True)
    wait(lambda: session.reader.articles.count(ArticleQuery(View.NOTES)) == 1, timeout=MS)
    window.commands["remove_keeping"].trigger()
    wait(lambda: window.findChild(RemoveDialog) is not None, timeout=MS)
    dialog = window.findChild(RemoveDialog)
    assert "2 articles stay, 5 articles go." in [label.text() for label in dialog.findChildren(QLabel)]
    agree = next(b for b in dialog.findChildren(QPushButton) if b.text() == "&Remove, keep 2 articles")
    program.qtbot.mouseClick(agree, Qt.MouseButton.LeftButton)
    wait(lambda: window.status.words == "“Камыш” removed with 5 articles; 2 articles kept", timeout=MS)
    wait(lambda: program.titles() == [starred.title, noted.title], timeout=MS)
    window.status._undo.click()
    wait(lambda: window.articles.model.total == 7, timeout=MS)
    wait(lambda: session.reader.sources.get(source_id).enabled, timeout=MS)
    window.undo_stack.redo()
    wait(lambda: window.articles.model.total == 2, timeout=MS)
    program.close()

    window = program.open()
    session = program.session
    window.sidebar.choose(f"source:{source_id}")
    wait(lambda: program.titles() == [starred.title, noted.title], timeout=MS)
    assert window.sidebar.current.is_archived
    assert session.reader.articles.get(noted.id).text
    asked = len(server.log)
    program.refresh()
    assert len(server.log) == asked
    program.follow(server.address("/feed.xml"))
    wait(lambda: window.articles.model.total == 7, timeout=MS)
    rows = session.reader.articles.page(ArticleQuery(source_id=source_id))
    assert len({row.title for row in rows}) == 7
    assert {row.id for row in rows} >= {starred.id, noted.id}
    assert {row.title for row in rows if row.read} == {starred.title, read.title}
    assert [row.title for row in rows if row.starred] == [starred.title]
    assert [source.archived for source in session.reader.sources.all()] == [False]
    assert session.reader.check() == []


def test_folders_are_moved_and_renamed_with_all_that_is_in_them_and_that_is_undone(program: Program) -> None:
    places = {"Ойл": "Орта Азия/Су", "Көл": "Орта Азия/Су/Тұз", "Тау": "Тау"}

    def prepare(store: Store) -> None:
        for name, folder in places.items():
            store.sources.add(
                NewSource(f"https://{len(name)}{name}.example/feed", title=name, folder=folder), NOW
            )
        store.settings.set("refresh.automatic", False)

    program.prepare(prepare)
    window = program.open()
    window.complete()

    def now() -> dict[str, str]:
        return {source.title: source.folder for source in program.session.reader.sources.all()}

    sidebar = window.sidebar
    sidebar.model.dropMimeData(
        sidebar.model.mimeData([sidebar.model.index_of("folder:Орта Азия/Су")]),
        Qt.DropAction.MoveAction, -1, -1, sidebar.model.index_of("folder:Тау"),
    )  # fmt: skip
    program.qtbot.waitUntil(lambda: now()["Көл"] == "Тау/Су/Тұз", timeout=MS)
    assert now() == {"Ойл": "Тау/Су", "Көл": "Тау/Су/Тұз", "Тау": "Тау"}
    program.qtbot.waitUntil(lambda: sidebar.choose("folder:Тау/Су"), timeout=MS)
    assert sidebar.choose("folder:Тау")
    sidebar.edit_title()
    program.qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit), timeout=MS)
    editor = QApplication.focusWidget()
    editor.setText("Таулар")
    program.qtbot.keyClick(editor, Qt.Key.Key_Return)
    program.qtbot.waitUntil(lambda: now()["Ойл"] == "Таулар/Су", timeout=MS)
    program.qtbot.waitUntil(lambda: sidebar.current_key == "folder:Таулар", timeout=MS)
    window.undo_stack.undo()
    window.undo_stack.undo()
    program.qtbot.waitUntil(lambda: now() == places, timeout=MS)

    program.qtbot.waitUntil(lambda: sidebar.choose("folder:Орта Азия/Су"), timeout=MS)
    sidebar.tree.collapse(sidebar.tree.currentIndex())
    program.qtbot.waitUntil(
        lambda: "Орта Азия/Су" in program.session.setting("window.closed_folders", ""), timeout=MS
    )
    program.close()
    again = program.open().sidebar
    assert not again.tree.isExpanded(again.model.index_of("folder:Орта Азия/Су"))
    assert again.tree.isExpanded(again.model.index_of("folder:Орта Азия"))


def test_a_note_is_written_listed_kept_over_a_restart_and_undone(
    program: Program, server: LoopbackServer
) -> None:
    follow(program, server)
    window = program.window
    program.qtbot.waitUntil(lambda: window.articles.model.rowCount() > 2, timeout=MS)
    view = window.articles.view
    view.setCurrentIndex(view.model().index(1, 0))
    noted = program.titles()[1]
    window.commands["note"].trigger()
    dialog = window.findChild(NoteDialog)
    assert not dialog.isModal()
    dialog.text.insertPlainText("Кімге айту керек")
    dialog.accept()
    window.commands["go_notes"].trigger()
    program.qtbot.waitUntil(lambda: program.titles() == [noted], timeout=MS)
    program.close()

    window = program.open()
    window.complete()
    window.sidebar.choose("notes")
    program.qtbot.waitUntil(lambda: program.titles() == [noted], timeout=MS)
    (row,) = program.session.reader.articles.page(ArticleQuery(view=View.NOTES))
    assert program.session.reader.notes.of(row.id) == "Кімге айту керек"
    view = window.articles.view
    view.setCurrentIndex(view.model().index(0, 0))
    window.commands["note"].trigger()
    dialog = window.findChild(NoteDialog)
    dialog.text.clear()
    dialog.accept()
    program.qtbot.waitUntil(lambda: program.session.reader.notes.of(row.id) == "", timeout=MS)
    window.undo_stack.undo()
    program.qtbot.waitUntil(lambda: program.session.reader.notes.of(row.id) != "", timeout=MS)
