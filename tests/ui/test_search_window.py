"""Searching in the window: hits are marked, and what cannot be read is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTextEdit
from pytestqt.qtbot import QtBot

from desktop.jobs.session import Session
from desktop.ui.main_window import MainWindow
from desktop.ui.sources.sidebar_nodes import Kind, Node
from desktop.ui.theme import Theme, contrast, mark_format
from tests.ui.conftest import Arrivals
from tests.ui.edition import NOW, make_article

TITLES = ("Тоқаев в Бишкеке", "Tokayev’s 🐎 bridge", "Copper is dear")


@pytest.fixture
def searched(window: MainWindow, arrive: Arrivals) -> MainWindow:
    """A window that looks for Toqaev in all articles."""
    arrive(
        [
            make_article(
                100 + n,
                title=title,
                text=f"{title} 🐎 said Toqaev.",
                html=f"<p>{title} 🐎 said Toqaev.</p>" if n < 2 else "<p>Dear.</p>",
                excerpt=title,
                published=NOW + timedelta(hours=n),
            )
            for n, title in enumerate(TITLES)
        ]
    )
    window.sidebar.choose("all")
    window.articles.header.search("toqaev")
    return window


def marked(window: MainWindow) -> list[str]:
    """What is marked in the reader."""
    selections: list[QTextEdit.ExtraSelection] = window.reader.view.extraSelections()
    return [one.cursor.selectedText() for one in selections]


def test_a_name_is_found_in_all_spellings_and_marked_in_list_and_reader(
    searched: MainWindow, qtbot: QtBot
) -> None:

    plain_rows = searched.articles.view.grab().toImage()
    searched.articles.view.mark_hits(None)
    assert searched.articles.view.grab().toImage() != plain_rows
    number = next(
        row
        for row in range(searched.articles.model.rowCount())
        if searched.articles.model.article(searched.articles.model.index(row, 0)).title == TITLES[1]  # type: ignore[union-attr]
    )
    searched.articles.view.choose(searched.articles.model.index(number, 0))
    qtbot.waitUntil(lambda: "Toqaev" in marked(searched))
    assert marked(searched) == ["Tokayev’s", "Tokayev’s", "Toqaev"]
    searched.reader.find()
    searched.reader.sheet.find_bar.field.setText("said")
    assert marked(searched)[-1] == "said"
    searched.reader.sheet.find_bar.close_bar()
    searched.articles.header.clear()
    assert marked(searched) == []


def test_a_mark_can_be_read_and_is_more_than_a_colour(window: MainWindow) -> None:
    mark = mark_format(Theme.of(window.palette()))
    assert contrast(mark.foreground().color(), mark.background().color()) >= 4.5
    assert mark.fontUnderline() or mark.underlineStyle() != mark.UnderlineStyle.NoUnderline


def test_what_cannot_be_read_is_told_under_the_field_and_the_words_are_found(searched: MainWindow) -> None:
    found = searched.articles.model.rowCount()
    searched.articles.header.search("is:good toqaev")
    assert searched.articles.doubt.text() == "“is:” knows unread, read and starred."
    assert searched.articles.doubt.isVisible()
    assert searched.articles.model.rowCount() == found
    searched.articles.header.search("toqaev")
    assert not searched.articles.doubt.isVisible()


def test_what_is_deleted_from_what_was_found_comes_back_there(searched: MainWindow, qtbot: QtBot) -> None:
    found = listed(searched)
    view = searched.articles.view
    view.choose_quietly(searched.articles.model.article(searched.articles.model.index(0, 0)).id)  # type: ignore[union-attr]
    searched.commands["delete_article"].trigger()
    qtbot.waitUntil(lambda: searched.status.words == "1 article deleted")
    assert len(listed(searched)) == len(found) - 1
    searched.commands["undo"].trigger()
    qtbot.waitUntil(lambda: listed(searched) == found)


def forget_the_index(session: Session) -> None:
    """As after a migration that changed it."""
    session._lane(
        lambda store: store._database.connection.executescript(
            "DROP TABLE search; DELETE FROM search_entries;"
            "CREATE VIRTUAL TABLE search USING fts5 (text, title, author, source, note, content = '',"
            " tokenize = 'unicode61 remove_diacritics 2');"
            "INSERT INTO search_rebuild SELECT max(sort_at) FROM articles"
        )
    )


def test_an_index_of_before_is_made_anew_behind_the_window(session: Session, qtbot: QtBot) -> None:
    forget_the_index(session)
    assert session.reader.indexing.pending
    session.searches.start()
    qtbot.waitUntil(lambda: not session.reader.indexing.pending)
    assert session._lane(lambda store: store.check()) == []


def saved_line(window: MainWindow, name: str) -> Node:
    """The line of a saved search."""
    model = window.sidebar.model
    lines = [model.node(model.index(row, 0)) for row in range(model.rowCount())]
    (found,) = [line for line in lines if line is not None and line.title == name]
    return found


def names(window: MainWindow) -> list[str]:
    model = window.sidebar.model
    return [
        line.title
        for row in range(model.rowCount())
        if (line := model.node(model.index(row, 0))) is not None and line.kind is Kind.SEARCH
    ]


def listed(window: MainWindow) -> set[str]:
    model = window.articles.model
    rows = [model.article(model.index(row, 0)) for row in range(model.rowCount())]
    return {row.title for row in rows if row is not None}


def test_a_search_is_saved_as_a_view_whose_count_follows_what_comes_and_is_read(
    searched: MainWindow, qtbot: QtBot, arrive: Arrivals
) -> None:
    searched.commands["save_search"].trigger()
    qtbot.waitUntil(lambda: searched.sidebar.current_key == "search:1")
    assert searched.articles.header.words == ""
    assert listed(searched) == set(TITLES)  # the word stands in the text of each
    qtbot.waitUntil(lambda: saved_line(searched, "toqaev").count == 3)
    arrive([make_article(200, title="Токаев again"), make_article(201, title="Another")])
    qtbot.waitUntil(lambda: saved_line(searched, "toqaev").count == 4)
    searched.articles.header.search("again")
    assert listed(searched) == {"Токаев again"}  # words narrow a saved search further
    searched.articles.mark([row_id(searched, 0)], read=True)
    qtbot.waitUntil(lambda: saved_line(searched, "toqaev").count == 3)


def row_id(window: MainWindow, place: int) -> int:
    row = window.articles.model.article(window.articles.model.index(place, 0))
    assert row is not None
    return row.id


def test_saving_naming_and_removing_a_search_can_be_undone(searched: MainWindow, qtbot: QtBot) -> None:
    searched.articles.header.set_unread_only(True)
    searched.articles.header.save_requested.emit()
    qtbot.waitUntil(lambda: searched.sidebar.current_key == "search:1")
    (saved,) = searched.session.reader.saved_searches.all()
    assert saved.words == "is:unread toqaev"
    index = searched.sidebar.model.index_of("search:1")
    assert searched.sidebar.model.setData(index, "The president")
    qtbot.waitUntil(lambda: names(searched) == ["The president"])
    searched.commands["remove_search"].trigger()
    qtbot.waitUntil(lambda: names(searched) == [])
    assert searched.sidebar.current_key == "unread"
    assert not searched.commands["remove_search"].isEnabled()
    for name in (["The president"], ["toqaev"], []):
        searched.commands["undo"].trigger()
        qtbot.waitUntil(lambda name=name: names(searched) == name)
    searched.commands["redo"].trigger()
    qtbot.waitUntil(lambda: names(searched) == ["toqaev"])


def test_the_same_search_is_not_saved_twice(searched: MainWindow, qtbot: QtBot) -> None:
    searched.commands["save_search"].trigger()
    qtbot.waitUntil(lambda: searched.sidebar.current_key == "search:1")
    searched.sidebar.choose("all")
    searched.articles.header.search("toqaev")
    searched.commands["save_search"].trigger()
    assert searched.sidebar.current_key == "search:1"
    assert names(searched) == ["toqaev"]


def test_a_search_that_finds_nothing_in_a_source_goes_on_in_all_articles_and_comes_back(
    window: MainWindow, session: Session, qtbot: QtBot
) -> None:
    articles, bar = window.articles, window.search_commands.bar
    herald = next(one for one in session.reader.sources.all() if one.title == "Osh Herald")
    window.sidebar.choose(f"source:{herald.id}")
    nothing = ("Nothing found", "No article in “Osh Herald” has “courier 7”.", "Search everywhere")
    articles.header.search("courier 7")
    assert articles.empty.words == nothing

    articles.empty.press()

    assert listed(window) == {"Courier story 7"}
    assert bar.words == ("All articles are searched.", "Back")
    assert articles.view.hasFocus()
    assert window.sidebar.current_key == f"source:{herald.id}"
    window.commands["save_search"].trigger()
    qtbot.waitUntil(lambda: window.sidebar.current_key == "search:1")
    assert session.reader.saved_searches.all()[0].words == "courier 7"
    window.sidebar.choose(f"source:{herald.id}")

    articles.header.search("courier 7")
    articles.empty.press()
    window.commands["back"].trigger()
    assert articles.empty.words == nothing
    assert bar.words == ()

    articles.empty.press()
    bar.press("Back")
    assert articles.empty.words == nothing

    articles.empty.press()
    articles.header.focus_search()
    qtbot.keyClick(articles.header.field, Qt.Key.Key_Escape)
    assert len(listed(window)) == 30
    assert bar.words == ()
    articles.header.search("courier 7")
    articles.empty.press_other()
    assert len(listed(window)) == 30


def test_a_search_says_while_its_index_is_made_anew_how_far_that_is(
    searched: MainWindow, session: Session, qtbot: QtBot
) -> None:
    articles, bar = searched.articles, searched.search_commands.bar
    found = listed(searched)
    forget_the_index(session)
    session.searches.start()
    articles.header.search("is:unread toqaev")
    assert listed(searched) == set()
    assert bar.words[0].startswith("Search is being made ready: 0 of 63 articles.")
    articles.header.clear()
    assert bar.words == ()
    articles.header.search("toqaev")
    assert bar.words != ()
    qtbot.waitUntil(lambda: bar.words == ())
    assert listed(searched) == found
    assert not session.reader.indexing.pending
