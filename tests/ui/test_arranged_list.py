"""The list in another order and in groups, each list as it was left."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from desktop.core.models import Changes
from desktop.jobs.session import Session
from desktop.ui.articles.arrangement import Look
from desktop.ui.articles.columns import ColumnsHeader
from desktop.ui.main_window import MainWindow
from tests.ui.edition import make_article
from tests.ui.person import Key, Modifier, press, row


def titles(window: MainWindow) -> list[str]:
    model = window.articles.model
    while model.canFetchMore(model.index(-1, 0)):
        model.fetchMore(model.index(-1, 0))
    return [row(window, at).title for at in range(model.rowCount())]


def heads(window: MainWindow) -> dict[int, str]:
    """The lines over groups, by the row that they stand over."""
    view, model = window.articles.view, window.articles.model
    found = {at: view._delegate.head(model.index(at, 0)) for at in range(model.rowCount())}
    base = view.verticalHeader().defaultSectionSize()
    tall = {at for at in found if view.rowHeight(at) > base}
    assert tall == {at for at, words in found.items() if words}
    return {at: words for at, words in found.items() if words}


def do(window: MainWindow, *names: str) -> None:
    for name in names:
        window.commands[name].trigger()


def test_the_oldest_can_stand_first_and_what_arrives_comes_in_its_place(
    window: MainWindow, arrive: Callable[..., Changes], qtbot: QtBot
) -> None:
    newest = titles(window)
    do(window, "sort_oldest")
    assert titles(window) == newest[::-1]
    press(qtbot, window, Key.Key_J)

    arrive([make_article(-1)])
    assert window.articles.model.waiting == 1
    press(qtbot, window, Key.Key_R)

    assert titles(window) == [*newest[::-1], "Courier story -1"]


def test_by_source_each_source_stands_under_its_name(
    window: MainWindow, arrive: Callable[..., Changes]
) -> None:
    do(window, "sort_source", "group_list")
    assert [title.split()[0] for title in titles(window)] == ["Herald"] * 30 + ["Courier"] * 30
    assert heads(window) == {0: "Osh Herald", 30: "Steppe Courier"}
    said = [window.articles.model.index(at, 0).data(Qt.ItemDataRole.AccessibleTextRole) for at in (0, 1, 30)]
    assert [words.partition(", ")[0] for words in said] == [
        "Osh Herald. Unread",
        "Unread",
        "Steppe Courier. Unread",
    ]

    window.articles.view.choose_quietly(row(window, 3).id)
    arrive([make_article(-1)])
    window.articles.show_new()

    assert row(window, 30).title == "Courier story -1"
    assert heads(window) == {0: "Osh Herald", 30: "Steppe Courier"}


def test_days_stand_over_their_articles_and_are_no_articles(window: MainWindow, qtbot: QtBot) -> None:
    do(window, "group_list")
    found = heads(window)
    assert list(found.values())[:2] == ["Today", "Yesterday"]
    view = window.articles.view
    second = list(found)[1]
    view.choose_quietly(row(window, second - 1).id)
    view.scrollTo(window.articles.model.index(second, 0))
    head = QPoint(40, view.rowViewportPosition(second) + 4)

    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=head)
    assert view.current_id == row(window, second - 1).id
    press(qtbot, window, Key.Key_J)
    assert window.reader.article_id == row(window, second).id
    view.scrollToTop()
    assert window.articles.position.text().startswith("1–")

    do(window, "group_list")
    assert heads(window) == {}


def test_each_list_keeps_its_order_its_groups_and_its_filter(
    window: MainWindow, session: Session, show: Callable[..., object], qtbot: QtBot
) -> None:
    window.sidebar.choose("all")
    do(window, "sort_oldest", "group_list")
    window.articles.header.set_unread_only(True)
    window.sidebar.choose("folder:Kyrgyzstan")
    assert not window.commands["group_list"].isChecked()
    assert not window.articles.header.unread_only
    do(window, "sort_source")

    qtbot.waitUntil(lambda: session.setting("list.arranged.folder:Kyrgyzstan", "") == "source")
    again = MainWindow(session)
    show(again)
    again.complete()
    again.sidebar.choose("all")
    assert again.commands["sort_oldest"].isChecked()
    assert again.commands["group_list"].isChecked()
    assert again.articles.header.unread_only
    again.sidebar.choose("folder:Kyrgyzstan")
    assert again.commands["sort_source"].isChecked()


def test_each_list_keeps_its_look_and_others_have_the_standard_one(
    window: MainWindow, session: Session, show: Callable[..., object], qtbot: QtBot
) -> None:
    window.sidebar.choose("all")
    do(window, "look_columns")
    window.sidebar.choose("folder:Kyrgyzstan")
    assert window.commands["look_cards"].isChecked()
    do(window, "look_compact", "sort_oldest")
    qtbot.waitUntil(lambda: session.setting("list.arranged.folder:Kyrgyzstan", "") == "oldest compact")
    session.set_setting("list.look", "compact")
    qtbot.waitUntil(lambda: session.setting("list.look", "") == "compact")

    again = MainWindow(session)
    show(again)
    again.complete()
    again.sidebar.choose("all")
    assert again.commands["look_columns"].isChecked()
    assert again.articles.view.horizontalHeader().isVisible()
    again.sidebar.choose("starred")
    assert again.commands["look_compact"].isChecked()
    assert not again.articles.view.horizontalHeader().isVisible()


def test_the_switch_that_all_lists_once_shared_is_their_standard(
    window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    session.set_setting("window.compact", True)
    qtbot.waitUntil(lambda: session.setting("window.compact", False))

    window.sidebar.choose("starred")

    assert window.commands["look_compact"].isChecked()


def test_the_line_over_the_columns_sorts_by_them(window: MainWindow, qtbot: QtBot) -> None:
    do(window, "look_columns")
    header = window.articles.view.horizontalHeader()
    assert isinstance(header, ColumnsHeader)
    newest = titles(window)

    def click(name: str) -> list[str]:
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=header.place_of(name).center())
        return header.words()

    assert header.words() == ["Title", "Source", "Date ↓"]
    assert click("Date") == ["Title", "Source", "Date ↑"]
    assert titles(window) == newest[::-1]
    assert window.commands["sort_oldest"].isChecked()
    assert click("Source") == ["Title", "Source ↑", "Date"]
    assert titles(window)[0].startswith("Herald")
    assert click("Title") == ["Title ↑", "Source", "Date"]
    qtbot.waitUntil(lambda: len(titles(window)) == 60 and titles(window) == sorted(titles(window)))
    assert click("Date") == ["Title", "Source", "Date ↓"]
    assert titles(window) == newest
    assert header.place_of("Date").right() <= header.viewport().width()


def test_n_goes_on_to_the_next_source_with_unread_articles(
    window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    courier, herald = (
        f"source:{one.id}" for one in sorted(session.reader.sources.all(), key=lambda one: one.id)
    )
    window.sidebar.choose(courier)
    window.articles.view.setFocus()
    do(window, "mark_all_read")
    qtbot.waitUntil(lambda: window.status.words == "30 articles marked read")

    press(qtbot, window, Key.Key_N)

    assert window.sidebar.current_key == herald
    assert window.reader.article_id == row(window, 0).id
    assert window.status.words == "On to “Osh Herald”, the next source with unread articles."
    do(window, "mark_all_read")
    qtbot.waitUntil(lambda: window.status.words == "29 articles marked read")
    press(qtbot, window, Key.Key_N)
    assert window.status.words == "No unread article further down."
    assert window.sidebar.current_key == herald


@pytest.mark.parametrize("name", ["sort_oldest", "sort_source"])
def test_above_is_what_stands_above_in_any_order(window: MainWindow, qtbot: QtBot, name: str) -> None:
    do(window, name)
    window.articles.view.choose_quietly(row(window, 35).id)

    do(window, "mark_above_read")

    qtbot.waitUntil(lambda: window.status.words == "35 articles marked read")
    assert [at for at in range(60) if row(window, at).read] == list(range(35))
    press(qtbot, window, Key.Key_Z, Modifier.ControlModifier)
    qtbot.waitUntil(lambda: not any(row(window, at).read for at in range(60)))


def test_a_new_standard_that_was_stored_before_the_lists_heard_of_it_reached_none_of_them(
    window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    window.sidebar.choose("all")
    assert window.articles.arrangement.look is Look.CARDS
    session.set_setting("list.look", "columns")
    qtbot.waitUntil(lambda: session.setting("list.look", "") == "columns")
    window.arrange_commands.set_standard_look(Look.COLUMNS)
    assert window.articles.arrangement.look is Look.COLUMNS
