"""The whole window on a real session: what a person does with keys and mouse, and what is there the next time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QInputDialog,
    QLineEdit,
    QMenu,
    QMessageBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.core.models import ArticleQuery, ArticleRow, View
from desktop.jobs.session import Connection, Problem, Progress, Session
from desktop.ui.add_source_dialog import AddSourceDialog
from desktop.ui.main_window import MainWindow
from desktop.ui.settings_dialog import SettingsDialog
from desktop.ui.shortcuts_dialog import ShortcutsDialog
from desktop.ui.welcome_dialog import WelcomeDialog
from tests.ui.conftest import deliver_deletes
from tests.ui.edition import NOW, make_article

Show = Callable[[QWidget], QWidget]
Key = Qt.Key
Modifier = Qt.KeyboardModifier


def row(window: MainWindow, at: int) -> ArticleRow:
    found = window.articles.model.article(window.articles.model.index(at, 0))
    assert found is not None
    return found


def press(
    qtbot: QtBot, window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Modifier.NoModifier
) -> None:
    """A key, where the focus is."""
    qtbot.keyClick(QApplication.focusWidget() or window, key, modifier)


def dialogs(window: MainWindow, kind: type[QWidget]) -> list[QWidget]:
    return [dialog for dialog in window.findChildren(kind) if dialog.isVisible()]


def close_all(window: MainWindow, kind: type[QWidget]) -> None:
    for dialog in dialogs(window, kind):
        dialog.close()
    deliver_deletes()


class TestReading:
    """Going through the list with the single keys."""

    def test_j_and_k_open_articles_and_mark_them_read(
        self, window: MainWindow, session: Session, qtbot: QtBot
    ) -> None:
        press(qtbot, window, Key.Key_J)
        press(qtbot, window, Key.Key_J)
        assert window.reader.article_id == row(window, 1).id
        press(qtbot, window, Key.Key_K)
        assert window.reader.article_id == row(window, 0).id

        assert row(window, 0).read
        assert row(window, 1).read
        qtbot.waitUntil(lambda: session.reader.articles.unread_count(ArticleQuery()) == 58)

    def test_n_passes_over_read_articles_and_p_goes_back(self, window: MainWindow, qtbot: QtBot) -> None:
        window.articles.model.mark([row(window, 1).id], read=True)
        press(qtbot, window, Key.Key_N)
        press(qtbot, window, Key.Key_N)
        assert window.reader.article_id == row(window, 2).id

        window.articles.model.mark([row(window, 0).id], read=False)
        press(qtbot, window, Key.Key_P)
        assert window.reader.article_id == row(window, 0).id

    def test_space_goes_to_the_next_unread_at_the_end_of_an_article(
        self, window: MainWindow, qtbot: QtBot
    ) -> None:
        press(qtbot, window, Key.Key_Space)
        assert window.reader.article_id == row(window, 0).id

        press(qtbot, window, Key.Key_Space)  # one short paragraph: its end is in view
        assert window.reader.article_id == row(window, 1).id

    def test_the_single_keys_work_from_the_reader_too(self, window: MainWindow, qtbot: QtBot) -> None:
        press(qtbot, window, Key.Key_J)
        window.reader.setFocus()

        press(qtbot, window, Key.Key_J)

        assert window.reader.article_id == row(window, 1).id

    def test_single_keys_are_letters_in_the_search_field(self, window: MainWindow, qtbot: QtBot) -> None:
        press(qtbot, window, Key.Key_Slash)
        field = QApplication.focusWidget()
        assert isinstance(field, QLineEdit)

        qtbot.keyClicks(field, "jkms")

        assert field.text() == "jkms"
        assert window.reader.article_id is None

    def test_m_and_s_mark_and_can_be_undone(self, window: MainWindow, session: Session, qtbot: QtBot) -> None:
        press(qtbot, window, Key.Key_J)
        press(qtbot, window, Key.Key_S)
        press(qtbot, window, Key.Key_M)
        assert (row(window, 0).starred, row(window, 0).read) == (True, False)

        press(qtbot, window, Key.Key_Z, Modifier.ControlModifier)
        press(qtbot, window, Key.Key_Z, Modifier.ControlModifier)
        assert (row(window, 0).starred, row(window, 0).read) == (False, True)
        qtbot.waitUntil(lambda: session.reader.articles.rows([row(window, 0).id])[0].read)

    def test_marking_all_read_can_be_undone_from_the_status_bar(
        self, window: MainWindow, session: Session, qtbot: QtBot
    ) -> None:
        press(qtbot, window, Key.Key_A, Modifier.ShiftModifier)
        qtbot.waitUntil(lambda: session.reader.articles.unread_count(ArticleQuery()) == 0)
        assert window.status.words == "60 articles marked read"

        window.status._undo.click()

        qtbot.waitUntil(lambda: session.reader.articles.unread_count(ArticleQuery()) == 60)
        assert not row(window, 0).read

    def test_opening_need_not_mark_read(self, window: MainWindow, session: Session, qtbot: QtBot) -> None:
        session.set_setting("list.mark_opened_read", False)
        qtbot.waitUntil(lambda: not session.setting("list.mark_opened_read", True))

        press(qtbot, window, Key.Key_J)

        assert not row(window, 0).read

    def test_v_hands_the_checked_address_to_the_system(
        self, window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        opened: list[str] = []
        monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()) or True)
        press(qtbot, window, Key.Key_J)

        press(qtbot, window, Key.Key_V)

        assert opened == ["https://courier.test/1"]

    def test_an_address_that_may_not_be_opened_is_refused(
        self, window: MainWindow, arrive: Callable[..., object], qtbot: QtBot
    ) -> None:
        arrive([make_article(-1, url="file:///etc/passwd")])
        press(qtbot, window, Key.Key_J)

        press(qtbot, window, Key.Key_V)

        assert window.status.words == "The address of this article cannot be opened."

    def test_the_address_can_be_copied(self, window: MainWindow, qtbot: QtBot) -> None:
        press(qtbot, window, Key.Key_J)

        window.commands["copy_link"].trigger()

        assert QGuiApplication.clipboard().text() == "https://courier.test/1"

    def test_the_end_of_the_list_is_told(self, window: MainWindow, qtbot: QtBot) -> None:
        window.articles.view.choose(window.articles.model.index(59, 0))

        press(qtbot, window, Key.Key_J)

        assert window.status.words == "This is the last article."

    def test_r_shows_what_waits(
        self, window: MainWindow, arrive: Callable[..., object], qtbot: QtBot
    ) -> None:
        press(qtbot, window, Key.Key_J)
        arrive([make_article(-1)])
        assert window.articles.pill.isVisible()

        press(qtbot, window, Key.Key_R)

        assert row(window, 0).title == "Courier story -1"
        assert window.reader.article_id == row(window, 1).id

    def test_the_readers_star_button_marks_the_list(self, window: MainWindow, qtbot: QtBot) -> None:
        press(qtbot, window, Key.Key_J)

        window.reader.toggle_star_requested.emit(row(window, 0).id)

        assert row(window, 0).starred


class TestLooks:
    """Layouts, focus, sizes."""

    @pytest.mark.parametrize("layout", ["wide", "classic", "list"])
    @pytest.mark.parametrize("size", [(1280, 800), (900, 600)])
    def test_every_layout_fits(self, window: MainWindow, layout: str, size: tuple[int, int]) -> None:
        window.commands[f"layout_{layout}"].trigger()
        window.resize(*size)
        QApplication.processEvents()

        assert window.size() == QSize(*size)
        assert window.articles.isVisible()
        assert window.articles.width() >= 240
        assert window.reader.isVisible() is (layout != "list")
        assert window.reader.width() >= 280 or layout == "list"

    def test_list_only_opens_the_article_in_the_place_of_the_list(
        self, window: MainWindow, qtbot: QtBot
    ) -> None:
        window.commands["layout_list"].trigger()
        press(qtbot, window, Key.Key_J)
        assert window.reader.article_id is None
        assert not row(window, 0).read

        press(qtbot, window, Key.Key_Return)
        assert window.reader.isVisible()
        assert not window.articles.isVisible()
        assert window.reader.article_id == row(window, 0).id

        press(qtbot, window, Key.Key_U)
        assert window.articles.isVisible()
        assert window.articles.view.hasFocus()

    def test_f6_goes_round_the_panes(self, window: MainWindow, qtbot: QtBot) -> None:
        press(qtbot, window, Key.Key_J)
        seen = []
        for _ in range(4):
            press(qtbot, window, Key.Key_F6)
            focus = QApplication.focusWidget()
            panes = (window.sidebar, window.articles, window.reader, window.ticker)
            seen.append(next(pane for pane in panes if pane is focus or pane.isAncestorOf(focus)))

        assert seen == [window.reader, window.ticker, window.sidebar, window.articles]

    def test_parts_can_be_hidden(self, window: MainWindow) -> None:
        window.commands["show_sidebar"].trigger()
        window.commands["show_ticker"].trigger()

        assert not window.sidebar.isVisible()
        assert not window.ticker.isVisible()

    def test_the_title_counts_unread_articles(self, window: MainWindow, qtbot: QtBot) -> None:
        assert window.windowTitle() == "(60) Chorsu"

        press(qtbot, window, Key.Key_J)

        qtbot.waitUntil(lambda: window.windowTitle() == "(59) Chorsu")

    def test_it_stands_as_it_was_left(
        self, window: MainWindow, session: Session, show: Show, qtbot: QtBot
    ) -> None:
        window.resize(760, 600)
        window.commands["layout_classic"].trigger()
        window.commands["compact"].trigger()
        window.sidebar.choose("folder:Kyrgyzstan")
        window.close()
        qtbot.waitUntil(lambda: session.setting("window.inner_classic", "") != "")

        again = MainWindow(session)
        show(again)

        assert again.size() == QSize(760, 600)
        assert again.commands["layout_classic"].isChecked()
        assert again.commands["compact"].isChecked()
        assert again.articles.base == ArticleQuery(folder="Kyrgyzstan")

    def test_zoom_goes_to_the_reader(self, window: MainWindow, session: Session, qtbot: QtBot) -> None:
        press(qtbot, window, Key.Key_Plus, Modifier.ControlModifier)
        qtbot.waitUntil(lambda: session.setting("reader.size", 0) == 1)

        press(qtbot, window, Key.Key_0, Modifier.ControlModifier)
        qtbot.waitUntil(lambda: session.setting("reader.size", 0) == 0)

    def test_every_button_and_field_has_a_name(self, window: MainWindow) -> None:
        named = [*window.findChildren(QAbstractButton), *window.findChildren(QLineEdit)]
        ours = [widget for widget in named if type(widget).__module__.startswith(("desktop", "PySide6"))]
        nameless = [
            f"{type(widget).__name__} in {type(widget.parent()).__name__}"
            for widget in ours
            if widget.isVisible()
            and not (widget.accessibleName() or getattr(widget, "text", str)())
            and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        ]

        assert nameless == []


class TestSources:
    """Sources through the sidebar and the menus."""

    def test_choosing_a_source_shows_its_articles(self, window: MainWindow, session: Session) -> None:
        source = next(one for one in session.reader.sources.all() if one.title == "Osh Herald")

        window.sidebar.choose(f"source:{source.id}")

        assert window.articles.model.total == 30
        assert row(window, 0).source_title == "Osh Herald"

    def test_removing_a_source_can_be_undone(
        self, window: MainWindow, session: Session, qtbot: QtBot
    ) -> None:
        session.set_offline(True)
        source = session.reader.sources.all()[0]
        window.sidebar.choose(f"source:{source.id}")
        window.commands["remove"].trigger()
        qtbot.waitUntil(lambda: len(session.reader.sources.all()) == 1)
        assert window.status.words == f"“{source.title}” removed"

        window.status._undo.click()

        qtbot.waitUntil(lambda: len(session.reader.sources.all()) == 2)
        assert source.url in [one.url for one in session.reader.sources.all()]

    def test_a_source_is_renamed_in_place(self, window: MainWindow, session: Session, qtbot: QtBot) -> None:
        source = session.reader.sources.all()[0]
        index = window.sidebar.model.index_of(f"source:{source.id}")

        window.sidebar.model.setData(index, "New name")
        qtbot.waitUntil(lambda: session.reader.sources.get(source.id).title == "New name")

        window.commands["undo"].trigger()
        qtbot.waitUntil(lambda: session.reader.sources.get(source.id).title == source.title)

    def test_a_source_is_moved_to_a_new_folder(
        self, window: MainWindow, session: Session, qtbot: QtBot
    ) -> None:
        source = session.reader.sources.all()[0]
        window.sidebar.choose(f"source:{source.id}")
        window.commands["move"].trigger()
        (dialog,) = dialogs(window, QInputDialog)
        assert isinstance(dialog, QInputDialog)

        dialog.setTextValue("Neighbours")
        dialog.accept()

        qtbot.waitUntil(lambda: session.reader.sources.get(source.id).folder == "Neighbours")
        deliver_deletes()

    def test_actions_for_a_source_are_off_without_one(self, window: MainWindow, session: Session) -> None:
        window.sidebar.choose("all")
        assert not window.commands["remove"].isEnabled()

        window.sidebar.choose(f"source:{session.reader.sources.all()[0].id}")
        assert window.commands["remove"].isEnabled()

    def test_the_context_menu_is_that_of_the_line(self, window: MainWindow) -> None:
        window.sidebar.choose("folder:Kyrgyzstan")
        window.sidebar.menu_requested.emit(window.sidebar.mapToGlobal(window.sidebar.rect().center()))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)

        enabled = [action.objectName() for action in menu.actions() if action.isEnabled()]
        menu.close()
        deliver_deletes()

        assert [name for name in enabled if name] == ["refresh_current", "mark_all_read"]

    def test_offline_a_refresh_says_why_not(self, window: MainWindow, session: Session, qtbot: QtBot) -> None:
        window.commands["offline"].trigger()
        qtbot.waitUntil(lambda: not session.connection.online)

        window.commands["refresh"].trigger()

        assert window.status.words == "Offline (switched off): nothing was fetched."
        assert window.status.state.startswith("Offline (switched off)")

    def test_go_menu_changes_the_view(self, window: MainWindow, qtbot: QtBot) -> None:
        press(qtbot, window, Key.Key_3, Modifier.ControlModifier)

        assert window.articles.base == ArticleQuery(view=View.STARRED)


class TestDialogs:
    """Dialogs open without blocking and go when closed."""

    @pytest.mark.parametrize(
        ("action", "kind"),
        [
            ("add_source", AddSourceDialog),
            ("starters", WelcomeDialog),
            ("settings", SettingsDialog),
            ("shortcuts", ShortcutsDialog),
            ("about", QMessageBox),
        ],
    )
    def test_a_dialog_opens_and_is_deleted_when_closed(
        self, window: MainWindow, action: str, kind: type[QWidget]
    ) -> None:
        window.commands[action].trigger()
        assert len(dialogs(window, kind)) == 1

        close_all(window, kind)
        assert window.findChildren(kind) == []

    def test_the_first_start_offers_the_starters(
        self, open_session: Callable[[int], Session], show: Show
    ) -> None:
        window = MainWindow(open_session(0))
        show(window)

        assert len(dialogs(window, WelcomeDialog)) == 1
        close_all(window, WelcomeDialog)

    def test_later_starts_do_not(self, window: MainWindow) -> None:
        assert dialogs(window, WelcomeDialog) == []

    def test_an_address_from_outside_is_offered(
        self, window: MainWindow, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[str] = []
        monkeypatch.setattr(session, "discover", lambda url, *_: asked.append(url))

        window.offer_source("https://steppe.test")

        assert asked == ["https://steppe.test"]
        close_all(window, AddSourceDialog)


class TestStatusBar:
    """What the line at the bottom says."""

    def test_progress_can_be_stopped(self, window: MainWindow, session: Session, qtbot: QtBot) -> None:
        session.progress_changed.emit(Progress(True, 3, 10, "Steppe Courier"))
        assert window.status._progress.text() == "Steppe Courier 3/10"
        assert window.commands["stop"].isEnabled()

        with qtbot.waitSignal(window.status.stop_requested):
            window.status._stop.click()

        session.progress_changed.emit(Progress(False))
        assert not window.status._stop.isVisible()
        assert not window.commands["stop"].isEnabled()

    def test_problems_are_told_in_short_and_listed_in_full(
        self, window: MainWindow, session: Session
    ) -> None:
        session.problem.emit(Problem("Steppe Courier did not answer.", "It is asked again later.", 1))
        session.problem.emit(Problem("Osh Herald sent a <b>page</b>.", "", 2))
        assert window.status.words == "Osh Herald sent a <b>page</b>. (2 problems)"

        window.status._details.click()
        (box,) = dialogs(window, QMessageBox)
        assert isinstance(box, QMessageBox)
        assert box.text().index("Osh Herald") < box.text().index("asked again later")
        close_all(window, QMessageBox)

    def test_the_next_refresh_forgets_old_problems(self, window: MainWindow, session: Session) -> None:
        session.problem.emit(Problem("Steppe Courier did not answer."))
        session.progress_changed.emit(Progress(True, 0, 1, ""))

        assert window.status.words == ""
        assert not window.status._details.isVisible()

    def test_a_link_is_shown_while_the_pointer_is_on_it(self, window: MainWindow) -> None:
        window.status.say("Something")
        window.reader.link_hovered.emit("https://courier.test/2")
        assert window.status.words == "https://courier.test/2"

        window.reader.link_hovered.emit("")
        assert window.status.words == "Something"

    @pytest.mark.parametrize(
        ("ago", "words"),
        [
            (timedelta(seconds=5), "Online · refreshed just now"),
            (timedelta(minutes=12), "Online · refreshed 12 min ago"),
            (timedelta(days=60), "Online · refreshed 25 Sep"),
            (None, "Online · not refreshed yet"),
        ],
    )
    def test_it_says_when_it_was_refreshed(
        self, window: MainWindow, session: Session, ago: timedelta | None, words: str
    ) -> None:
        last = NOW - ago if ago else None
        session.connection_changed.emit(Connection(True, "", last))

        assert window.status.state == words
