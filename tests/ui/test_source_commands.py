"""Sources through the sidebar and the menus."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QInputDialog, QLabel, QListWidget, QMenu
from pytestqt.qtbot import QtBot

from desktop.core.fulltext_values import FullTextRule
from desktop.core.models import ArticleQuery, NewSource, Source, View
from desktop.jobs.session import Session
from desktop.store import Store
from desktop.ui.main_window import MainWindow
from desktop.ui.sources.add_dialog import AddSourceDialog
from desktop.ui.sources.remove_dialog import RemoveDialog
from desktop.ui.sources.sidebar_nodes import spoken
from tests.ui.conftest import deliver_deletes
from tests.ui.person import Key, Modifier, dialogs, press, row


def test_choosing_a_source_shows_its_articles(window: MainWindow, session: Session) -> None:
    source = next(one for one in session.reader.sources.all() if one.title == "Osh Herald")

    window.sidebar.choose(f"source:{source.id}")

    assert window.articles.model.total == 30
    assert row(window, 0).source_title == "Osh Herald"


def test_removing_a_source_can_be_undone_and_its_articles_are_back(
    window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    session.set_offline(True)
    source = session.reader.sources.all()[0]
    before = session.reader.articles.page(ArticleQuery())
    window.sidebar.choose(f"source:{source.id}")
    window.commands["remove"].trigger()
    qtbot.waitUntil(lambda: len(session.reader.sources.all()) == 1)
    assert window.status.words == f"“{source.title}” removed with 30 articles"
    window.sidebar.choose("all")
    assert window.articles.model.total == 30

    window.status._undo.click()

    qtbot.waitUntil(lambda: len(session.reader.sources.all()) == 2)
    assert session.reader.sources.get(source.id) == source
    assert session.reader.articles.page(ArticleQuery()) == before
    qtbot.waitUntil(lambda: window.articles.model.total == 60)
    assert [row(window, at) for at in range(60)] == before
    assert window.articles.model.waiting == 0
    press(qtbot, window, Key.Key_Z, Modifier.ControlModifier | Modifier.ShiftModifier)
    qtbot.waitUntil(lambda: window.articles.model.total == 30)


def test_a_source_that_is_put_back_is_as_it_was(window: MainWindow, session: Session, qtbot: QtBot) -> None:
    session.set_offline(True)
    source = session.reader.sources.all()[0]

    def change(store: Store) -> None:
        store.sources.set_enabled(source.id, False)
        store.sources.set_full_text(source.id, FullTextRule.NEVER)
        store.sources.keep_style(source.id, True)

    session._lane(change)
    before = session.reader.sources.subscriptions()
    window.sidebar.choose(f"source:{source.id}")
    window.commands["remove"].trigger()
    qtbot.waitUntil(lambda: len(session.reader.sources.all()) == 1)

    window.commands["undo"].trigger()

    qtbot.waitUntil(lambda: session.reader.sources.subscriptions() == before)


def keep_marked(window: MainWindow, session: Session, qtbot: QtBot) -> tuple[Source, str]:
    """Star two articles of a source and remove it but for these; gives the source, and what the dialog said."""
    source = next(one for one in session.reader.sources.all() if one.title == "Osh Herald")
    window.sidebar.choose(f"source:{source.id}")
    session.set_starred([row(window, 0).id, row(window, 1).id], True)
    window.commands["remove_keeping"].trigger()
    qtbot.waitUntil(lambda: bool(dialogs(window, RemoveDialog)))
    (dialog,) = dialogs(window, RemoveDialog)
    assert isinstance(dialog, RemoveDialog)
    words = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert not session.reader.sources.get(source.id).archived
    dialog.accept()
    qtbot.waitUntil(lambda: window.status.words.startswith("“Osh Herald” removed"))
    deliver_deletes()
    return source, words


def test_a_source_is_removed_and_what_was_marked_stays_under_its_name(
    window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    session.set_offline(True)
    before = session.reader.articles.page(ArticleQuery())
    source, asked = keep_marked(window, session, qtbot)
    starred = [row.id for row in session.reader.articles.page(ArticleQuery(source_id=source.id))]
    assert len(starred) == 2
    assert "2 articles stay, 28 articles go." in asked
    assert window.status.words == "“Osh Herald” removed with 28 articles; 2 articles kept"
    qtbot.waitUntil(lambda: window.articles.model.total == 2)
    node = window.sidebar.current
    assert node is not None
    qtbot.waitUntil(lambda: (node.is_archived, node.is_paused, node.count) == (True, False, 2))
    assert spoken(node) == "Osh Herald, 2 unread, removed, kept articles only"
    tip = window.sidebar.tree.currentIndex().data(Qt.ItemDataRole.ToolTipRole)
    assert "it is not asked any more" in tip
    assert "2 articles kept." in tip
    off = ("refresh_current", "pause", "properties", "load_older", "full_text_always")
    qtbot.waitUntil(lambda: [name for name in off if window.commands[name].isEnabled()] == [])
    assert all(
        window.commands[name].isEnabled() for name in ("remove", "remove_keeping", "rename", "follow_again")
    )
    assert [one.title for one in session.reader.sources.subscriptions()] == ["Steppe Courier"]

    window.status._undo.click()

    qtbot.waitUntil(lambda: not session.reader.sources.get(source.id).archived)
    assert session.reader.sources.get(source.id) == source
    qtbot.waitUntil(lambda: window.articles.model.total == 30)
    assert session.reader.articles.page(ArticleQuery()) == [
        row._replace(starred=True) if row.id in starred else row for row in before
    ]
    window.commands["redo"].trigger()
    qtbot.waitUntil(lambda: window.articles.model.total == 2)
    qtbot.waitUntil(window.commands["follow_again"].isEnabled)
    window.commands["follow_again"].trigger()
    qtbot.waitUntil(lambda: session.reader.sources.get(source.id).enabled)
    qtbot.waitUntil(lambda: not window.commands["follow_again"].isEnabled())
    assert window.articles.model.total == 2


def test_the_dialogs_know_a_removed_source_as_one_to_follow(
    window: MainWindow, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.set_offline(True)
    source, _ = keep_marked(window, session, qtbot)
    offered = NewSource(source.url, title="Osh Herald")
    monkeypatch.setattr(session.subscriptions, "discover", lambda url, done, failed, owner: done([offered]))
    dialog = AddSourceDialog(session, [], window)
    dialog.look_at(source.url)
    item = dialog.findChild(QListWidget).item(0)
    assert "with the articles that you kept of it" in item.text()
    assert item.checkState() == Qt.CheckState.Checked
    dialog.close()
    health = window.care_commands.show_health()
    qtbot.waitUntil(lambda: len(health._shown) == 2)
    health.table.setCurrentIndex(health.table.text_rows.index(1, 0))
    assert health.chosen is not None
    assert health.chosen.source.id == source.id
    assert health.table.text_rows.index(1, 1).data() == "Removed"
    buttons = (health._retry, health._pause, health._properties, health._remove)
    assert [button.isEnabled() for button in buttons] == [False, False, False, True]
    assert health._sum.text() == "1 source: all are fine; 1 removed, with articles kept"
    health.close()
    deliver_deletes()


def test_a_source_of_which_nothing_is_marked_goes_whole_and_the_dialog_says_so(
    window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    source = session.reader.sources.all()[0]
    window.sidebar.choose(f"source:{source.id}")
    window.commands["remove_keeping"].trigger()
    qtbot.waitUntil(lambda: bool(dialogs(window, RemoveDialog)))
    (dialog,) = dialogs(window, RemoveDialog)
    words = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "No articles stay, 30 articles go." in words
    assert "nothing of it would stay" in words
    dialog.accept()
    qtbot.waitUntil(lambda: window.status.words == f"“{source.title}” removed with 30 articles")
    assert len(session.reader.sources.all()) == 1
    window.commands["undo"].trigger()
    qtbot.waitUntil(lambda: len(session.reader.sources.all()) == 2)
    deliver_deletes()


def test_a_source_is_renamed_in_place(window: MainWindow, session: Session, qtbot: QtBot) -> None:
    source = session.reader.sources.all()[0]
    index = window.sidebar.model.index_of(f"source:{source.id}")

    window.sidebar.model.setData(index, "New name")
    qtbot.waitUntil(lambda: session.reader.sources.get(source.id).title == "New name")

    window.commands["undo"].trigger()
    qtbot.waitUntil(lambda: session.reader.sources.get(source.id).title == source.title)


def test_a_source_is_moved_to_a_new_folder(window: MainWindow, session: Session, qtbot: QtBot) -> None:
    source = session.reader.sources.all()[0]
    window.sidebar.choose(f"source:{source.id}")
    window.commands["move"].trigger()
    (dialog,) = dialogs(window, QInputDialog)
    assert isinstance(dialog, QInputDialog)

    dialog.setTextValue("Neighbours")
    dialog.accept()

    qtbot.waitUntil(lambda: session.reader.sources.get(source.id).folder == "Neighbours")
    deliver_deletes()


def test_actions_for_a_source_are_off_without_one(window: MainWindow, session: Session) -> None:
    window.sidebar.choose("all")
    assert not window.commands["remove"].isEnabled()

    window.sidebar.choose(f"source:{session.reader.sources.all()[0].id}")
    assert window.commands["remove"].isEnabled()


def test_the_context_menu_is_that_of_the_line(window: MainWindow) -> None:
    window.sidebar.choose("folder:Kyrgyzstan")
    window.sidebar.menu_requested.emit(window.sidebar.mapToGlobal(window.sidebar.rect().center()))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)

    enabled = [action.objectName() for action in menu.actions() if action.isEnabled()]
    menu.close()
    deliver_deletes()

    assert [name for name in enabled if name] == ["refresh_current", "mark_all_read", "rename", "move"]


def test_offline_a_refresh_says_why_not(window: MainWindow, session: Session, qtbot: QtBot) -> None:
    window.commands["offline"].trigger()
    qtbot.waitUntil(lambda: not session.connection.online)

    window.commands["refresh"].trigger()

    assert window.status.words == "Offline (switched off): nothing was fetched."
    assert window.status.state.startswith("Offline (switched off)")


def test_go_menu_changes_the_view(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, Key.Key_3, Modifier.ControlModifier)

    assert window.articles.base == ArticleQuery(view=View.STARRED)


def test_the_tick_of_pause_was_that_of_before(window: MainWindow, session: Session, qtbot: QtBot) -> None:
    source = session.reader.sources.all()[0]
    window.sidebar.choose(f"source:{source.id}")
    window.commands["pause"].trigger()
    qtbot.waitUntil(lambda: not session.reader.sources.get(source.id).enabled)
    qtbot.waitUntil(window.commands["pause"].isChecked)
    window.commands["undo"].trigger()
    qtbot.waitUntil(lambda: not window.commands["pause"].isChecked())
