"""Searching in the window: hits are marked, and what cannot be read is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QTextEdit
from pytestqt.qtbot import QtBot

from desktop.jobs.session import Session
from desktop.ui.main_window import MainWindow
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


def test_an_index_of_before_is_made_anew_behind_the_window(session: Session, qtbot: QtBot) -> None:
    session._lane(
        lambda store: store._database.connection.executescript(
            "DROP TABLE search; DELETE FROM search_entries;"
            "CREATE VIRTUAL TABLE search USING fts5 (title, text, author, content = '',"
            " tokenize = 'unicode61 remove_diacritics 2');"
            "INSERT INTO search_rebuild SELECT max(sort_at) FROM articles"
        )
    )
    assert session.reader.indexing.pending
    session.searches.start()
    qtbot.waitUntil(lambda: not session.reader.indexing.pending)
    assert session._lane(lambda store: store.check()) == []
