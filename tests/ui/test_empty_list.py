"""What the list says where it is empty, and what it offers to do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.core.models import ArticleQuery, NewSource, View
from desktop.jobs.session import Session
from desktop.ui.articles.emptiness import place_of_search
from desktop.ui.articles.list import ArticleList
from tests.ui.edition import make_article

Show = Callable[[QWidget], QWidget]
Arrive = Callable[..., object]
Key = Qt.Key


def empty_list(session: Session, show: Show, query: ArticleQuery) -> ArticleList:
    made = ArticleList(session)
    show(made)
    made.show_query(query)
    return made


@pytest.mark.parametrize(
    ("query", "title", "button"),
    [
        (ArticleQuery(view=View.STARRED), "No starred articles", ""),
        (ArticleQuery(view=View.TODAY, source_id=99), "Nothing from today yet", "Refresh"),
        (ArticleQuery(view=View.UNREAD, source_id=99), "All read", "Refresh"),
        (ArticleQuery(source_id=99), "No articles yet", "Refresh"),
    ],
)
def test_says_why_it_is_empty(
    session: Session, show: Show, query: ArticleQuery, title: str, button: str
) -> None:
    articles = empty_list(session, show, query)

    assert (articles.empty.words[0], articles.empty.words[2]) == (title, button)


@pytest.mark.parametrize(
    ("query", "unread_only", "country", "place"),
    [
        (ArticleQuery(), False, "", ""),
        (ArticleQuery(), True, "", "unread article"),
        (ArticleQuery(), False, "KZ", "article of KZ"),
        (ArticleQuery(view=View.STARRED), False, "", "article in “Starred”"),
        (ArticleQuery(folder="Asia/Banks"), True, "UZ", "unread article of UZ in “Asia/Banks”"),
        (ArticleQuery(source_id=7), False, "", "article in “Steppe Courier”"),
        (ArticleQuery(tag="copper"), False, "", "article in “copper”"),
        (ArticleQuery(words="tenge"), False, "", "article in “tenge”"),
    ],
)
def test_a_search_says_where_it_looked(
    query: ArticleQuery, unread_only: bool, country: str, place: str
) -> None:
    titles = {7: "Steppe Courier"}
    assert place_of_search(query, titles, unread_only=unread_only, country=country) == place


def test_an_empty_filter_offers_to_be_taken_off(articles: ArticleList, session: Session) -> None:
    articles.model.show(ArticleQuery())
    articles.show_query(ArticleQuery(view=View.STARRED))
    articles.header.set_unread_only(True)
    assert articles.empty.words[2] == "Show read articles too"

    articles.empty.press()
    assert not articles.header.unread_only


def test_the_refresh_button_of_an_empty_list_asks(session: Session, show: Show, qtbot: QtBot) -> None:
    articles = empty_list(session, show, ArticleQuery(source_id=99))

    with qtbot.waitSignal(articles.refresh_requested):
        articles.empty.press()


def test_without_sources_it_says_where_articles_come_from(
    open_session: Callable[[int], Session], show: Show
) -> None:
    articles = empty_list(open_session(0), show, ArticleQuery())

    assert articles.empty.words[0] == "Nothing to read yet"


def test_the_first_articles_of_a_new_source_are_shown(
    open_session: Callable[[int], Session], show: Show, qtbot: QtBot
) -> None:
    session = open_session(0)
    articles = empty_list(session, show, ArticleQuery())
    session.set_offline(True)
    with qtbot.waitSignal(session.sources_changed):
        session.add_sources([NewSource("https://courier.test/feed", title="Steppe Courier")])

    from tests.ui.conftest import Arrivals

    Arrivals(session)([make_article(1)])

    assert articles.view.isVisible()
    assert articles.model.rowCount() == 1
