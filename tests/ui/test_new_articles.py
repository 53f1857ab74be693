"""New articles while the list is read: the pill, and nothing that moves."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.articles.list import ArticleList
from tests.ui.edition import make_article
from tests.ui.person import ids

Show = Callable[[QWidget], QWidget]
Arrive = Callable[..., object]
Key = Qt.Key


def test_new_articles_do_not_move_the_list(articles: ArticleList, arrive: Arrive) -> None:
    articles.view.choose(articles.model.index(5, 0))
    chosen, scroll = articles.view.current_id, articles.view.verticalScrollBar().value()
    first = ids(articles, 0)

    arrive([make_article(-1), make_article(-2)])

    assert (ids(articles, 0), articles.view.current_id) == (first, chosen)
    assert articles.view.verticalScrollBar().value() == scroll
    assert articles.pill.isVisible()
    assert articles.pill.text() == "2 new"


def test_the_pill_shows_them_and_keeps_the_choice(
    articles: ArticleList, arrive: Arrive, qtbot: QtBot
) -> None:
    articles.view.choose(articles.model.index(5, 0))
    chosen = articles.view.current_id
    arrive([make_article(-1), make_article(-2)])

    with qtbot.assertNotEmitted(articles.article_chosen):
        qtbot.mouseClick(articles.pill, Qt.MouseButton.LeftButton)

    assert not articles.pill.isVisible()
    assert articles.model.index(0, 0).data() == "Courier story -2"
    assert articles.view.current_id == chosen
    assert articles.view.is_at_top


def test_home_shows_them_and_goes_to_the_newest(articles: ArticleList, arrive: Arrive, qtbot: QtBot) -> None:
    articles.view.choose(articles.model.index(5, 0))
    arrive([make_article(-1)])

    qtbot.keyClick(articles.view, Key.Key_Home)

    assert articles.view.current_id == ids(articles, 0)[0]
    assert articles.model.index(0, 0).data() == "Courier story -1"


def test_at_the_top_with_nothing_chosen_they_come_at_once(articles: ArticleList, arrive: Arrive) -> None:
    arrive([make_article(-1)])

    assert articles.model.index(0, 0).data() == "Courier story -1"
    assert not articles.pill.isVisible()
