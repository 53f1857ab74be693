"""Searches that take long are made behind the window; what fits best comes after what is newest."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.models import ArticleQuery, Order
from desktop.ui.main_window import MainWindow
from tests.ui.conftest import Arrivals
from tests.ui.edition import NOW, make_article

TITLES = ("Copper", "A word of copper", "Rain", "Copper and copper")


@pytest.fixture
def copper(window: MainWindow, arrive: Arrivals) -> MainWindow:
    """A window on all articles, of which three have copper in their titles; the newest has it in its text alone."""
    arrive(
        [
            make_article(
                100 + n,
                title=title,
                text="Copper, among very many other words that stand here." if title == "Rain" else "",
                published=NOW + timedelta(hours=n if title != "Rain" else 9),
            )
            for n, title in enumerate(TITLES)
        ]
    )
    window.complete()
    window.sidebar.choose("all")
    return window


def shown(window: MainWindow) -> list[str]:
    model = window.articles.model
    rows = [model.article(model.index(place, 0)) for place in range(model.rowCount())]
    return [row.title for row in rows if row is not None]


def test_what_is_newest_is_there_at_once_and_what_fits_best_comes_after(
    copper: MainWindow, qtbot: QtBot
) -> None:
    assert not copper.commands["sort_best"].isEnabled()
    copper.articles.header.search("copper")
    newest = ["Rain", "Copper and copper", "A word of copper", "Copper"]
    assert shown(copper) == newest
    copper.commands["sort_best"].trigger()
    assert shown(copper) == newest
    qtbot.waitUntil(lambda: shown(copper) != newest)
    assert set(shown(copper)[:2]) == {"Copper", "Copper and copper"}
    assert shown(copper)[-1] == "Rain"
    copper.articles.header.clear()
    assert shown(copper)[0] == "Rain"
    assert copper.commands["sort_newest"].isChecked()
    copper.articles.header.search("copper")
    qtbot.waitUntil(lambda: shown(copper)[-1] == "Rain")
    assert copper.commands["sort_best"].isChecked()
    copper.articles.view.choose(copper.articles.model.index(1, 0))
    said: list[str] = []
    copper.article_commands.said.connect(lambda words, _: said.append(words))
    copper.commands["mark_above_read"].trigger()
    assert said == ["Sort by date first: what fits best has no “above” and “below”."]
    copper.commands["sort_newest"].trigger()
    assert shown(copper) == newest


def test_an_article_that_comes_waits_above_what_fits_best(
    copper: MainWindow, qtbot: QtBot, arrive: Arrivals
) -> None:
    copper.articles.header.search("copper")
    copper.commands["sort_best"].trigger()
    qtbot.waitUntil(lambda: shown(copper)[-1] == "Rain")
    copper.articles.view.choose(copper.articles.model.index(1, 0))
    arrive([make_article(300, title="Copper once more", text="", published=NOW + timedelta(hours=20))])
    assert copper.articles.model.waiting == 1
    copper.articles.show_new()
    qtbot.waitUntil(lambda: "Copper once more" in shown(copper) and shown(copper)[-1] == "Rain")


def test_a_search_that_takes_long_says_so_and_shows_all_when_it_is_made(
    copper: MainWindow, qtbot: QtBot
) -> None:
    copper.session.searches.finder.at_once_s = 0
    copper.articles.header.search("story")
    assert shown(copper) == []
    assert copper.articles.empty.words[0] == "Searching…"
    qtbot.waitUntil(lambda: bool(shown(copper)))
    while copper.articles.model.canFetchMore(copper.articles.model.index(-1, -1)):
        copper.articles.model.fetchMore(copper.articles.model.index(-1, -1))
    stored = copper.session.reader.articles.page(ArticleQuery(words="story"), limit=500)
    assert shown(copper) == [row.title for row in stored]


def test_of_what_is_typed_in_a_row_the_last_is_shown(copper: MainWindow, qtbot: QtBot) -> None:
    copper.session.searches.finder.at_once_s = 0
    for words in ("story", "rain", "copper", "word copper"):
        copper.articles.header.search(words)
    qtbot.waitUntil(lambda: bool(shown(copper)))
    assert shown(copper) == ["A word of copper"]
    copper.articles.header.search("nowhere")
    qtbot.waitUntil(lambda: copper.articles.empty.words[0] == "Nothing found")
    copper.articles.header.search("story")
    copper.articles.header.clear()
    assert len(shown(copper)) > 60


def test_the_best_of_a_query_without_words_are_its_newest(copper: MainWindow) -> None:
    articles = copper.session.reader.articles
    query = ArticleQuery(words="is:unread", order=Order.BEST)
    assert articles.best(query, 5) == articles.ids(query, limit=5)


def test_what_has_just_come_in_is_found_though_its_words_follow_later(
    copper: MainWindow, qtbot: QtBot, arrive: Arrivals
) -> None:
    late = make_article(300, title="Copper comes late", text="", published=NOW + timedelta(hours=20))
    arrive([late], indexed=False)
    copper.articles.header.search("copper late")
    qtbot.waitUntil(lambda: shown(copper) == ["Copper comes late"])
    copper.articles.view.choose(copper.articles.model.index(0, 0))
    more = make_article(301, title="Copper comes later", text="Late.", published=NOW + timedelta(hours=21))
    arrive([more], indexed=False)
    qtbot.waitUntil(lambda: copper.articles.model.waiting == 1)  # not moved under the reader's eyes
    assert shown(copper) == ["Copper comes late"]
    copper.articles.show_new()
    assert shown(copper) == ["Copper comes later", "Copper comes late"]


def test_words_are_indexed_though_nobody_searches(copper: MainWindow, qtbot: QtBot, arrive: Arrivals) -> None:
    arrive([make_article(300, title="Copper comes late", text="")], indexed=False)
    qtbot.waitUntil(lambda: copper.session.reader.words_waiting == 0)
    assert copper.session._lane(lambda store: store.check()) == []
