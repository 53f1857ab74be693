"""Going through the list with the single keys, and marking."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from desktop.core.models import ArticleQuery, Changes
from desktop.jobs.session import Session
from desktop.store.retention import AT_ONCE
from desktop.ui.articles.note_dialog import NoteDialog
from desktop.ui.main_window import MainWindow
from desktop.ui.reader.save_dialog import SaveDialog
from tests.ui.conftest import deliver_deletes
from tests.ui.edition import make_article
from tests.ui.person import Key, Modifier, close_all, dialogs, press, row


def test_j_and_k_open_articles_and_mark_them_read(window: MainWindow, session: Session, qtbot: QtBot) -> None:
    press(qtbot, window, Key.Key_J)
    press(qtbot, window, Key.Key_J)
    assert window.reader.article_id == row(window, 1).id
    press(qtbot, window, Key.Key_K)
    assert window.reader.article_id == row(window, 0).id

    assert row(window, 0).read
    assert row(window, 1).read
    qtbot.waitUntil(lambda: session.reader.articles.unread_count(ArticleQuery()) == 58)


def test_n_passes_over_read_articles_and_p_goes_back(window: MainWindow, qtbot: QtBot) -> None:
    window.articles.model.mark([row(window, 1).id], read=True)
    press(qtbot, window, Key.Key_N)
    press(qtbot, window, Key.Key_N)
    assert window.reader.article_id == row(window, 2).id

    window.articles.model.mark([row(window, 0).id], read=False)
    press(qtbot, window, Key.Key_P)
    assert window.reader.article_id == row(window, 0).id


def test_space_goes_to_the_next_unread_at_the_end_of_an_article(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, Key.Key_Space)
    assert window.reader.article_id == row(window, 0).id

    press(qtbot, window, Key.Key_Space)  # one short paragraph: its end is in view
    assert window.reader.article_id == row(window, 1).id


def test_the_single_keys_work_from_the_reader_too(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, Key.Key_J)
    window.reader.setFocus()

    press(qtbot, window, Key.Key_J)

    assert window.reader.article_id == row(window, 1).id


def test_single_keys_are_letters_in_the_search_field(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, Key.Key_Slash)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)

    qtbot.keyClicks(field, "jkms")

    assert field.text() == "jkms"
    assert window.reader.article_id is None


def test_m_and_s_mark_and_can_be_undone(window: MainWindow, session: Session, qtbot: QtBot) -> None:
    press(qtbot, window, Key.Key_J)
    press(qtbot, window, Key.Key_S)
    press(qtbot, window, Key.Key_M)
    assert (row(window, 0).starred, row(window, 0).read) == (True, False)

    press(qtbot, window, Key.Key_Z, Modifier.ControlModifier)
    press(qtbot, window, Key.Key_Z, Modifier.ControlModifier)
    assert (row(window, 0).starred, row(window, 0).read) == (False, True)
    qtbot.waitUntil(lambda: session.reader.articles.rows([row(window, 0).id])[0].read)


def test_marking_all_read_can_be_undone_from_the_status_bar(
    window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    press(qtbot, window, Key.Key_A, Modifier.ShiftModifier)
    qtbot.waitUntil(lambda: window.status.words == "60 articles marked read")
    assert session.reader.articles.unread_count(ArticleQuery()) == 0

    window.status._undo.click()

    qtbot.waitUntil(lambda: session.reader.articles.unread_count(ArticleQuery()) == 60)
    qtbot.waitUntil(lambda: not row(window, 0).read)  # the list is told after the store


def test_marking_all_leaves_what_arrives_meanwhile_unread(
    window: MainWindow, session: Session, arrive: Callable[..., Changes], qtbot: QtBot
) -> None:
    press(qtbot, window, Key.Key_J)
    (late,) = arrive([make_article(-1)]).new

    press(qtbot, window, Key.Key_A, Modifier.ShiftModifier)

    qtbot.waitUntil(lambda: window.status.words == "59 articles marked read")
    assert not session.reader.articles.rows([late])[0].read
    press(qtbot, window, Key.Key_R)
    press(qtbot, window, Key.Key_A, Modifier.ShiftModifier)
    qtbot.waitUntil(lambda: window.status.words == "1 article marked read")
    for _ in range(2):
        press(qtbot, window, Key.Key_Z, Modifier.ControlModifier)
    qtbot.waitUntil(lambda: session.reader.articles.unread_count(ArticleQuery()) == 60)


@pytest.mark.parametrize(
    ("name", "first", "last", "words"),
    [
        ("mark_above_read", 0, 19, "20 articles marked read"),
        ("mark_below_read", 23, 59, "37 articles marked read"),
        ("mark_older_read", 47, 59, "13 articles marked read"),
    ],
)
def test_above_below_and_older_than_a_day_are_marked_and_undone(
    window: MainWindow, session: Session, qtbot: QtBot, name: str, first: int, last: int, words: str
) -> None:
    before = [row(window, at) for at in range(60)]
    view = window.articles.view
    view.choose_quietly(before[22].id)
    for _ in range(2):
        press(qtbot, window, Key.Key_Up, Modifier.ShiftModifier)
    assert [one.id for one in window.articles.chosen_rows()] == [one.id for one in before[20:23]]

    window.commands[name].trigger()

    qtbot.waitUntil(lambda: window.status.words == words)
    assert [at for at in range(60) if row(window, at).read] == list(range(first, last + 1))
    assert window.reader.article_id is None  # who picks several does not read each on the way
    window.status._undo.click()
    qtbot.waitUntil(lambda: not any(row(window, at).read for at in range(60)))
    assert session.reader.articles.unread_count(ArticleQuery()) == 60


def test_opening_need_not_mark_read(window: MainWindow, session: Session, qtbot: QtBot) -> None:
    session.set_setting("list.mark_opened_read", False)
    qtbot.waitUntil(lambda: not session.setting("list.mark_opened_read", True))

    press(qtbot, window, Key.Key_J)

    assert not row(window, 0).read


def test_v_hands_the_checked_address_to_the_system(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()) or True)
    press(qtbot, window, Key.Key_J)

    press(qtbot, window, Key.Key_V)

    assert opened == ["https://courier.test/1"]


def test_an_address_that_may_not_be_opened_is_refused(
    window: MainWindow, arrive: Callable[..., object], qtbot: QtBot
) -> None:
    arrive([make_article(-1, url="file:///etc/passwd")])
    press(qtbot, window, Key.Key_J)

    press(qtbot, window, Key.Key_V)

    assert window.status.words == "The address of this article cannot be opened."


def test_the_address_can_be_copied(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, Key.Key_J)

    window.commands["copy_link"].trigger()

    assert QGuiApplication.clipboard().text() == "https://courier.test/1"


def test_what_is_done_to_several_chosen_articles_is_done_to_each(
    window: MainWindow, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()) or True)
    window.articles.view.choose_quietly(row(window, 0).id)
    for _ in range(2):
        press(qtbot, window, Key.Key_Down, Modifier.ShiftModifier)
    chosen = [row(window, at) for at in range(3)]
    addresses = [one.url for one in chosen]

    for name in ("copy_link", "open", "toggle_star", "toggle_read"):
        window.commands[name].trigger()

    assert QGuiApplication.clipboard().text().split("\n") == addresses == opened
    stored = session.reader.articles
    qtbot.waitUntil(lambda: all(one.read and one.starred for one in stored.rows([one.id for one in chosen])))
    assert [at for at in range(60) if row(window, at).starred] == [0, 1, 2]
    window.status._undo.click()
    assert not any(row(window, at).read for at in range(3))
    press(qtbot, window, Key.Key_A, Modifier.ControlModifier)
    window.commands["open"].trigger()
    assert window.status.words == "At most 20 articles are opened in the browser at once."
    assert len(opened) == 3


def test_what_takes_one_article_says_so_where_several_are_chosen(window: MainWindow, qtbot: QtBot) -> None:
    window.articles.view.choose(window.articles.model.index(0, 0))
    press(qtbot, window, Key.Key_Down, Modifier.ShiftModifier)
    assert len(window.articles.view.selected_ids) == 2

    for name, words in {
        "note": "Note",
        "show_changes": "Show changes",
        "toggle_full_text": "Full text or the feed's",
        "pictures": "Pictures",
        "print": "Print",
        "print_preview": "Print preview",
    }.items():
        window.commands[name].trigger()
        assert window.status.words == f"“{words}” takes one article, and 2 are chosen. Choose one."
    assert dialogs(window, QDialog) == []
    window.commands["save_article"].trigger()
    (dialog,) = dialogs(window, SaveDialog)
    assert dialog.windowTitle() == "Export 2 articles"
    close_all(window, SaveDialog)

    window.articles.view.choose_quietly(row(window, 5).id)
    press(qtbot, window, Key.Key_Down, Modifier.ShiftModifier)
    window.reader.note_requested.emit()
    (note,) = dialogs(window, NoteDialog)
    assert isinstance(note, NoteDialog)
    assert note._article_id == row(window, 0).id == window.reader.article_id
    close_all(window, NoteDialog)


def test_the_end_of_the_list_is_told(window: MainWindow, qtbot: QtBot) -> None:
    window.articles.view.choose(window.articles.model.index(59, 0))

    press(qtbot, window, Key.Key_J)

    assert window.status.words == "This is the last article."


def test_r_shows_what_waits(window: MainWindow, arrive: Callable[..., object], qtbot: QtBot) -> None:
    press(qtbot, window, Key.Key_J)
    arrive([make_article(-1)])
    assert window.articles.pill.isVisible()

    press(qtbot, window, Key.Key_R)

    assert row(window, 0).title == "Courier story -1"
    assert window.reader.article_id == row(window, 1).id


def test_the_menu_of_an_article_marks_it(window: MainWindow, qtbot: QtBot) -> None:
    window.articles.view.choose(window.articles.model.index(1, 0))
    window.articles.view.menu_requested.emit(window.mapToGlobal(window.rect().center()))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)

    window.commands["toggle_star"].trigger()
    menu.close()
    deliver_deletes()

    assert row(window, 1).starred


def test_the_readers_star_button_marks_the_list(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, Key.Key_J)

    window.reader.toggle_star_requested.emit(row(window, 0).id)

    assert row(window, 0).starred


def test_delete_takes_what_is_chosen_away_for_good_names_what_was_starred_and_is_undone(
    window: MainWindow, session: Session, arrive: Callable[..., Changes], qtbot: QtBot
) -> None:
    def counts() -> int:
        return sum(one.total for one in session.reader.sources.counts().values())

    window.sidebar.choose("all")
    window.articles.view.setFocus()
    shown = [row(window, at).id for at in range(60)]
    window.articles.mark(shown[2:3], starred=True)
    press(qtbot, window, Key.Key_J)
    assert window.reader.article_id == shown[0]
    for _ in range(2):
        press(qtbot, window, Key.Key_Down, Modifier.ShiftModifier)

    press(qtbot, window, Key.Key_Delete)

    words = "3 articles deleted, 1 of them starred, tagged, noted or taken offline"
    qtbot.waitUntil(lambda: window.status.words == words)
    assert [row(window, at).id for at in range(57)] == shown[3:]
    assert window.articles.view.current_id == shown[3]
    assert not row(window, 0).read
    assert window.reader.article_id is None
    assert counts() == 57
    arrive([make_article(number) for number in range(1, 31)])  # the feed still has them
    assert counts() == 57

    window.status._undo.click()

    qtbot.waitUntil(lambda: window.articles.model.rowCount() == 60)
    assert [row(window, at).id for at in range(60)] == shown
    assert row(window, 2).starred
    assert window.commands["redo"].isEnabled()
    window.commands["redo"].trigger()
    qtbot.waitUntil(lambda: window.articles.model.rowCount() == 57)
    window.commands["undo"].trigger()
    qtbot.waitUntil(lambda: window.articles.model.rowCount() == 60)


def test_the_last_article_of_a_list_is_deleted_and_the_one_above_is_chosen(
    window: MainWindow, qtbot: QtBot
) -> None:
    shown = [row(window, at).id for at in range(60)]
    window.articles.view.choose_quietly(shown[-1])
    window.commands["delete_article"].trigger()
    qtbot.waitUntil(lambda: window.status.words == "1 article deleted")
    assert window.articles.view.current_id == shown[-2]


def test_more_articles_than_are_deleted_at_once_are_one_act(
    open_session: Callable[[int], Session], qtbot: QtBot
) -> None:
    session = open_session(AT_ONCE // 2 + 50)
    ids = session.reader.articles.ids(ArticleQuery())
    assert len(ids) > AT_ONCE
    done: list[tuple[int, int, int]] = []
    session.keeping.delete(ids, False, lambda *said: done.append(said))
    qtbot.waitUntil(lambda: bool(done))
    assert done == [(1, len(ids), 0)]
    assert session.reader.articles.count(ArticleQuery()) == 0
    with qtbot.waitSignal(session.keeping.returned) as back:
        session.keeping.put_back(1)
    assert sorted(back.args[0].new) == sorted(ids)
