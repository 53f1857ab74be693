"""The whole window on a real session: layouts, focus, dialogs, and what is there the next time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.models import ArticleQuery
from desktop.jobs.session import Session
from desktop.ui.articles.arrangement import Look
from desktop.ui.first_paint import FirstPaint
from desktop.ui.main_window import MainWindow
from desktop.ui.settings_dialog import SettingsDialog
from desktop.ui.shortcuts_dialog import ShortcutsDialog
from desktop.ui.sources.add_dialog import AddSourceDialog
from desktop.ui.sources.welcome_dialog import WelcomeDialog
from tests.ui.person import Key, Modifier, close_all, dialogs, press, row

Show = Callable[[QWidget], QWidget]


@pytest.mark.parametrize("layout", ["wide", "classic", "list"])
@pytest.mark.parametrize("size", [(1280, 800), (900, 600)])
def test_every_layout_fits(window: MainWindow, layout: str, size: tuple[int, int]) -> None:
    window.commands[f"layout_{layout}"].trigger()
    window.resize(*size)
    QApplication.processEvents()

    assert window.size() == QSize(*size)
    assert window.articles.isVisible()
    assert window.articles.width() >= 240
    assert window.reader.isVisible() is (layout != "list")
    assert window.reader.width() >= 280 or layout == "list"


def test_list_only_opens_the_article_in_the_place_of_the_list(window: MainWindow, qtbot: QtBot) -> None:
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


def test_f6_goes_round_the_panes(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, Key.Key_J)
    seen = []
    for _ in range(4):
        press(qtbot, window, Key.Key_F6)
        focus = QApplication.focusWidget()
        panes = (window.sidebar, window.articles, window.reader, window.ticker)
        seen.append(next(pane for pane in panes if pane is focus or pane.isAncestorOf(focus)))

    assert seen == [window.reader, window.ticker, window.sidebar, window.articles]


def test_parts_can_be_hidden(window: MainWindow) -> None:
    window.commands["show_sidebar"].trigger()
    window.commands["show_ticker"].trigger()

    assert not window.sidebar.isVisible()
    assert not window.ticker.isVisible()


def test_the_title_counts_unread_articles(window: MainWindow, qtbot: QtBot) -> None:
    assert window.windowTitle() == "(60) Chorsu"

    press(qtbot, window, Key.Key_J)

    qtbot.waitUntil(lambda: window.windowTitle() == "(59) Chorsu")


def test_it_stands_as_it_was_left(window: MainWindow, session: Session, show: Show, qtbot: QtBot) -> None:
    window.resize(760, 600)
    window.commands["layout_classic"].trigger()
    window.sidebar.choose("folder:Kyrgyzstan")
    window.commands["look_compact"].trigger()
    window.close()
    qtbot.waitUntil(lambda: session.setting("window.inner_classic", "") != "")

    again = MainWindow(session)
    show(again)

    assert again.size() == QSize(760, 600)
    assert again.commands["layout_classic"].isChecked()
    assert again.articles.arrangement.look is Look.COMPACT
    assert again.articles.base == ArticleQuery(folder="Kyrgyzstan")


def test_zoom_goes_to_the_reader(window: MainWindow, session: Session, qtbot: QtBot) -> None:
    press(qtbot, window, Key.Key_Plus, Modifier.ControlModifier)
    qtbot.waitUntil(lambda: session.setting("reader.size", 0) == 1)

    press(qtbot, window, Key.Key_0, Modifier.ControlModifier)
    qtbot.waitUntil(lambda: session.setting("reader.size", 0) == 0)


def test_every_button_and_field_has_a_name(window: MainWindow) -> None:
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
    window: MainWindow, action: str, kind: type[QWidget]
) -> None:
    window.commands[action].trigger()
    assert len(dialogs(window, kind)) == 1

    close_all(window, kind)
    assert window.findChildren(kind) == []


def test_the_first_start_offers_the_starters(open_session: Callable[[int], Session], show: Show) -> None:
    window = MainWindow(open_session(0))
    show(window)

    assert len(dialogs(window, WelcomeDialog)) == 1
    close_all(window, WelcomeDialog)


def test_what_the_person_does_before_the_window_is_complete_is_not_lost(
    session: Session, show: Show, qtbot: QtBot
) -> None:
    by_key, by_mouse = MainWindow(session), MainWindow(session)
    show(by_key)
    by_key.commands["next"].trigger()
    assert by_key.reader.article_id is not None

    show(by_mouse)
    FirstPaint(by_mouse).touched.connect(by_mouse.complete)
    row = by_mouse.articles.view
    spot = row.mapTo(by_mouse, row.visualRect(row.model().index(0, 0)).center())
    QTest.mouseClick(by_mouse.windowHandle(), Qt.MouseButton.LeftButton, Modifier.NoModifier, spot)
    assert by_mouse.reader.article_id == by_key.reader.article_id


def test_later_starts_do_not(window: MainWindow) -> None:
    assert dialogs(window, WelcomeDialog) == []


def test_an_address_from_outside_is_offered(
    window: MainWindow, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(session.subscriptions, "discover", lambda url, *_: asked.append(url))

    window.offer_source("https://steppe.test")

    assert asked == ["https://steppe.test"]
    close_all(window, AddSourceDialog)
