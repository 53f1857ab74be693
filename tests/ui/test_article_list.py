"""The middle pane: keys, search, filter, the pill, the place in the list, and what is said when it is empty."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.models import ArticleQuery, View
from desktop.jobs.session import Session
from desktop.ui.articles.arrangement import Look
from desktop.ui.articles.list import ArticleList
from desktop.ui.articles.model import ROW_ROLE
from desktop.ui.articles.words import spoken
from tests.ui.person import ids

Show = Callable[[QWidget], QWidget]
Arrive = Callable[..., object]
Key = Qt.Key


def test_choosing_a_row_opens_its_article(articles: ArticleList, qtbot: QtBot) -> None:
    with qtbot.waitSignal(articles.article_chosen) as opened:
        articles.view.choose(articles.model.index(3, 0))

    assert opened.args == ids(articles, 3)
    assert articles.view.current_id == opened.args[0]


def test_the_row_under_the_mouse_and_a_chosen_one_have_grounds_of_their_own(
    articles: ArticleList, qtbot: QtBot
) -> None:
    view = articles.view
    row = articles.model.index(1, 0)
    place = view.visualRect(row)

    def ground() -> QColor:
        return view.viewport().grab().toImage().pixelColor(place.topLeft() + QPoint(4, 3))

    plain = ground()
    qtbot.mouseMove(view.viewport(), place.center())
    qtbot.waitUntil(lambda: ground() != plain)
    hovered = ground()
    qtbot.mouseMove(articles.header, QPoint(2, 2))
    qtbot.waitUntil(lambda: ground() == plain)
    view.choose(row)

    assert ground() not in (plain, hovered)


def test_focus_alone_opens_nothing(articles: ArticleList, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(articles.article_chosen):
        articles.header.focus_search()
        articles.view.setFocus(Qt.FocusReason.TabFocusReason)
        articles.view.selectionModel().setCurrentIndex(
            articles.model.index(0, 0), QItemSelectionModel.SelectionFlag.NoUpdate
        )

    assert articles.view.current_id is None


def test_the_first_row_opens_though_the_focus_made_it_current(articles: ArticleList, qtbot: QtBot) -> None:
    assert articles.view.currentIndex().row() == 0

    with qtbot.waitSignal(articles.article_chosen) as opened:
        articles.view.choose(articles.model.index(0, 0))

    assert opened.args == ids(articles, 0)


def test_the_right_button_selects_and_opens_nothing(articles: ArticleList, qtbot: QtBot) -> None:
    place = articles.view.visualRect(articles.model.index(2, 0)).center()

    with qtbot.assertNotEmitted(articles.article_chosen):
        qtbot.mouseClick(articles.view.viewport(), Qt.MouseButton.RightButton, pos=place)
    assert articles.view.selected_ids == ids(articles, 2)

    with qtbot.waitSignal(articles.article_chosen) as opened:
        qtbot.mouseClick(articles.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened.args == ids(articles, 2)


def test_the_accessibility_tree_speaks_rows(articles: ArticleList) -> None:
    table = QAccessible.queryAccessibleInterface(articles.view)
    said = [table.child(at).text(QAccessible.Text.Name) for at in range(6)]

    assert spoken(articles.model.index(1, 0).data(ROW_ROLE)) in said
    assert "Article" in said  # the column


def test_arrows_open_the_next_article(articles: ArticleList, qtbot: QtBot) -> None:
    articles.view.choose(articles.model.index(0, 0))

    with qtbot.waitSignal(articles.article_chosen) as opened:
        qtbot.keyClick(articles.view, Key.Key_Down)

    assert opened.args == ids(articles, 1)


def test_enter_activates(articles: ArticleList, qtbot: QtBot) -> None:
    articles.view.choose(articles.model.index(2, 0))

    with qtbot.waitSignal(articles.article_activated) as activated:
        qtbot.keyClick(articles.view, Key.Key_Return)

    assert activated.args == ids(articles, 2)


def test_steps_begin_at_the_top_and_end_at_the_bottom(articles: ArticleList) -> None:
    assert articles.view.step(1)
    assert articles.view.current_id == ids(articles, 0)[0]
    assert not articles.view.step(-1)
    articles.view.choose(articles.model.index(59, 0))
    assert not articles.view.step(1)


def test_unread_steps_pass_over_what_is_read(articles: ArticleList) -> None:
    articles.model.mark(ids(articles, 1, 2), read=True)
    articles.view.choose(articles.model.index(0, 0))

    assert articles.view.step_unread(1)
    assert articles.view.current_id == ids(articles, 3)[0]


def test_the_position_line_counts_what_is_in_view(articles: ArticleList) -> None:
    height = articles.view.verticalHeader().defaultSectionSize()
    shown = round(articles.view.viewport().height() / height)
    assert articles.position.text() == f"1–{shown} of 60"

    articles.view.verticalScrollBar().setValue(18 * height)
    assert articles.position.text() == f"19–{18 + shown} of 60"

    articles.view.scrollToBottom()
    assert articles.position.text().endswith("–60 of 60")


def test_search_narrows_and_says_when_nothing_is_found(articles: ArticleList) -> None:
    articles.header.search("herald 7")
    assert articles.model.rowCount() == 1

    articles.header.search("zebra")
    assert articles.empty.isVisible()
    assert articles.empty.words == ("Nothing found", "No article here has “zebra”.", "Clear search")

    articles.empty.press()
    assert articles.model.rowCount() == 60
    assert articles.view.isVisible()


def test_typing_searches_after_a_pause(articles: ArticleList, qtbot: QtBot) -> None:
    articles.header.focus_search()

    with qtbot.waitSignal(articles.header.changed):
        qtbot.keyClicks(articles.header._field, "herald")

    assert articles.model.rowCount() == 30


def test_enter_in_the_search_goes_to_the_list_and_escape_clears(articles: ArticleList, qtbot: QtBot) -> None:
    field = articles.header._field
    articles.header.focus_search()
    qtbot.keyClicks(field, "herald")
    qtbot.keyClick(field, Key.Key_Return)
    assert articles.view.hasFocus()
    assert articles.model.rowCount() == 30

    articles.header.focus_search()
    qtbot.keyClick(field, Key.Key_Escape)
    assert articles.model.rowCount() == 60


def test_the_chip_shows_unread_only(articles: ArticleList, session: Session) -> None:
    articles.mark(ids(articles, 0, 1, 2), read=True)

    qt_toggled = articles.header._chip
    qt_toggled.click()

    assert articles.model.query == ArticleQuery(unread_only=True, once=True)


def test_the_chip_is_not_offered_in_the_unread_view(articles: ArticleList) -> None:
    articles.header.set_unread_only(True)
    articles.show_query(ArticleQuery(view=View.UNREAD))

    assert not articles.header._chip.isVisible()
    assert not articles.header.unread_only


def test_marks_are_shown_at_once_and_stored(articles: ArticleList, session: Session, qtbot: QtBot) -> None:
    marked = ids(articles, 0)

    articles.mark(marked, read=True, starred=True)

    assert articles.model.index(0, 0).data(ROW_ROLE).starred
    qtbot.waitUntil(lambda: session.reader.articles.rows(marked)[0].starred)
    qtbot.waitUntil(lambda: session.reader.articles.rows(marked)[0].read)


def test_a_mark_that_could_not_be_stored_is_taken_back(articles: ArticleList, session: Session) -> None:
    marked = ids(articles, 0)
    articles.model.mark(marked, read=True)

    session.problem.emit(None)

    assert not articles.model.index(0, 0).data(ROW_ROLE).read


def test_a_removed_source_takes_its_articles_along(
    articles: ArticleList, session: Session, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(session.articles_changed):
        session.acts.remove_source(session.reader.sources.all()[0].id)

    assert articles.model.rowCount() == 30


def test_reloading_keeps_the_choice_and_does_not_open_it_again(articles: ArticleList, qtbot: QtBot) -> None:
    articles.view.choose(articles.model.index(4, 0))
    chosen = articles.view.current_id

    with qtbot.assertNotEmitted(articles.article_chosen):
        articles.reload()

    assert articles.view.current_id == chosen


def test_today_begins_at_local_midnight(articles: ArticleList) -> None:
    articles.show_query(ArticleQuery(view=View.TODAY))

    assert articles.model.query.since is not None
    assert articles.model.query.since.hour == 0
    assert 0 < articles.model.total < 60


def test_compact_rows_are_lower(articles: ArticleList) -> None:
    height = articles.view.verticalHeader().defaultSectionSize()
    articles.view.set_look(Look.COMPACT)

    assert articles.view.verticalHeader().defaultSectionSize() < height
    assert articles.view.rowHeight(0) < height


def test_a_broad_list_has_lower_rows_and_keeps_its_place(articles: ArticleList) -> None:
    height = articles.view.verticalHeader().defaultSectionSize()
    articles.view.verticalScrollBar().setValue(20 * height)

    articles.resize(900, 600)
    QApplication.processEvents()

    assert articles.view.verticalHeader().defaultSectionSize() < height
    assert articles.view.visible_range()[0] == 21


def test_several_articles_can_be_chosen(articles: ArticleList, qtbot: QtBot) -> None:
    articles.view.choose(articles.model.index(0, 0))
    qtbot.keyClick(articles.view, Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)

    assert sorted(articles.view.selected_ids) == sorted(ids(articles, 0, 1))


def test_every_control_has_a_name(articles: ArticleList) -> None:
    assert articles.view.accessibleName() == "Articles"
    assert articles.header._field.accessibleName() == "Search articles"
    assert articles.header._chip.accessibleName() == "Unread only"
    assert articles.position.accessibleName() == "Place in the list"
