"""Sources through the sidebar and the menus."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QInputDialog, QMenu
from pytestqt.qtbot import QtBot

from desktop.core.fulltext_values import FullTextRule
from desktop.core.models import ArticleQuery, View
from desktop.jobs.session import Session
from desktop.store import Store
from desktop.ui.main_window import MainWindow
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
