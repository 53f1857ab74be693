"""The list and the store after marks and their way back: what a random user found."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from desktop.ui.main_window import MainWindow
from tests.ui.person import row


def test_what_was_starred_twice_is_shown_as_read_when_all_is_marked(window: MainWindow, qtbot: QtBot):
    chosen = row(window, 0).id
    for _ in range(2):
        window.articles.mark([chosen], starred=True)
        qtbot.waitUntil(lambda: window.session.reader.articles.rows([chosen])[0].starred)
    window.commands["mark_all_read"].trigger()
    qtbot.waitUntil(lambda: row(window, 1).read)
    assert row(window, 0).read
    assert row(window, 0).starred


def test_undo_brings_the_unread_back_into_their_view_that_was_left_meanwhile(
    window: MainWindow, qtbot: QtBot
):
    window.sidebar.choose("unread")
    unread = window.articles.model.rowCount()
    assert unread > 1
    window.commands["mark_all_read"].trigger()
    qtbot.waitUntil(lambda: window.undo_stack.canUndo())
    window.sidebar.choose("starred")
    window.sidebar.choose("unread")
    assert window.articles.model.rowCount() == 0
    window.undo_stack.undo()
    qtbot.waitUntil(lambda: window.articles.model.rowCount() == unread)


def test_undo_brings_one_article_back_into_a_view_that_has_others(window: MainWindow, qtbot: QtBot):
    window.sidebar.choose("unread")
    unread, chosen = window.articles.model.rowCount(), row(window, 1).id
    window.articles.mark([chosen], read=True)
    qtbot.waitUntil(lambda: window.session.reader.articles.rows([chosen])[0].read)
    window.sidebar.choose("starred")
    window.sidebar.choose("unread")
    assert window.articles.model.rowCount() == unread - 1
    window.articles.mark([chosen], read=False)
    qtbot.waitUntil(lambda: window.articles.model.rowCount() == unread)
    assert row(window, 1).id == chosen
