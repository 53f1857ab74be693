"""The list by title: worked out behind the window, in pages, with marks and arrivals in their places."""

from __future__ import annotations

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from desktop.core.models import ArticleQuery, Changes, View
from desktop.core.text import collated
from desktop.ui.main_window import MainWindow
from tests.ui.edition import make_article
from tests.ui.person import row

TITLES = [
    "2 roads",
    "Émigrés return",
    "“Energy” talks",
    "zinc",
    "Ёлка",
    "ель",
    "Жол",
    "йод",
    "Қазына",
    "карта",
    "Ҷашн",
]


def shown(window: MainWindow) -> list[str]:
    model = window.articles.model
    while model.canFetchMore(model.index(-1, 0)):
        model.fetchMore(model.index(-1, 0))
    return [row(window, at).title for at in range(model.rowCount())]


def by_title(window: MainWindow, qtbot: QtBot) -> list[str]:
    window.commands["sort_title"].trigger()
    qtbot.waitUntil(lambda: window.articles.model.rowCount() > 0)
    return shown(window)


def test_letters_of_all_alphabets_stand_where_they_are_looked_for() -> None:
    wanted = [
        "2 roads", "Émigrés return", "“Energy” talks", "zinc", "абай", "Ая", "Әлем", "балл", "Ёлка", "ель", "Жол",
        "иней", "йод", "карта", "Қазына", "чаша", "Ҷашн",
    ]  # fmt: skip
    assert sorted([*wanted[::2], *wanted[1::2]], key=collated) == wanted


def test_a_list_by_title_is_in_order_on_every_page_and_remembered(
    window: MainWindow, arrive: Callable[..., Changes], qtbot: QtBot
) -> None:
    arrive([make_article(100 + at, title=title) for at, title in enumerate(TITLES * 15)])
    found = by_title(window, qtbot)
    assert len(found) == 60 + 15 * len(TITLES)
    assert found == sorted(found, key=collated)
    assert window.articles.model.total == len(found)
    window.articles.show_query(ArticleQuery())
    assert shown(window)[0] == "Courier story 1"
    window.articles.show_query(ArticleQuery(View.UNREAD))
    qtbot.waitUntil(lambda: window.articles.model.rowCount() > 0)
    assert shown(window) == found


def test_groups_of_a_list_by_title_are_letters(
    window: MainWindow, arrive: Callable[..., Changes], qtbot: QtBot
) -> None:
    arrive([make_article(100 + at, title=title) for at, title in enumerate(["7 days", "«Яблоко»", "…"])])
    by_title(window, qtbot)
    window.commands["group_list"].trigger()
    qtbot.waitUntil(lambda: window.articles.model.rowCount() > 60)
    view, model = window.articles.view, window.articles.model
    heads = [view._delegate.head(model.index(at, 0)) for at in range(model.rowCount())]
    assert [head for head in heads if head] == [
        "—",
        "0–9",
        "C",
        "O" if "Osh" in shown(window)[-2] else "H",
        "Я",
    ]


def test_marking_above_and_below_takes_what_stands_there_by_title_and_undo_only_that(
    window: MainWindow, arrive: Callable[..., Changes], qtbot: QtBot
) -> None:
    found = by_title(window, qtbot)
    window.articles.mark([row(window, 1).id], read=True)
    window.articles.view.choose_quietly(row(window, 3).id)
    window.commands["mark_above_read"].trigger()
    articles = window.session.reader.articles
    qtbot.waitUntil(lambda: articles.unread_count(ArticleQuery()) == len(found) - 3)
    qtbot.waitUntil(window.commands["undo"].isEnabled)  # the window has heard of it
    window.commands["undo"].trigger()
    qtbot.waitUntil(lambda: articles.unread_count(ArticleQuery()) == len(found) - 1)
    window.commands["mark_below_read"].trigger()
    qtbot.waitUntil(lambda: articles.unread_count(ArticleQuery()) == 3)
    qtbot.waitUntil(lambda: [row(window, at).read for at in range(5)] == [False, True, False, False, True])


def test_what_arrives_comes_in_its_place_when_it_is_asked_for(
    window: MainWindow, arrive: Callable[..., Changes], qtbot: QtBot
) -> None:
    before = by_title(window, qtbot)
    arrive([make_article(-1, title="Aardvark"), make_article(-2, title="Zebra")])
    qtbot.waitUntil(lambda: "Aardvark" in shown(window) or window.articles.model.waiting > 0)
    window.commands["show_new"].trigger()
    qtbot.waitUntil(lambda: len(shown(window)) == len(before) + 2)
    assert (shown(window)[0], shown(window)[-1]) == ("Aardvark", "Zebra")
