"""A story that stands in several sources, in the window: one row, one mark, and every copy on request."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.models import ArticleQuery, Changes
from desktop.ui.articles.words import described, spoken
from desktop.ui.main_window import MainWindow
from desktop.ui.reader.html import byline
from tests.ui.edition import COURIER, HERALD, make_article
from tests.ui.person import Key, Modifier, press, row


@pytest.fixture
def shared(window: MainWindow, arrive: Callable[..., Changes], qtbot: QtBot) -> int:
    """The courier's newest story, which the herald has under a guid of its own; gives how many were unread."""
    unread = window.sidebar.model.unread
    (known,) = arrive([make_article(1, "courier", guid="other", title="Courier story 1")], HERALD).new
    assert known
    window.articles.reload()
    window.sidebar.refill()
    return unread


def test_one_row_says_where_else_the_story_is(window: MainWindow, shared: int) -> None:
    shown = [row(window, at) for at in range(window.articles.model.rowCount())]
    (story,) = [one for one in shown if one.title == "Courier story 1"]
    assert story.also_in == ("Osh Herald",)
    assert "also in Osh Herald" in spoken(story)
    assert "Also in Osh Herald." in described(story)
    article = window.session.reader.articles.get(story.id)
    assert article is not None
    assert "also in Osh Herald" in byline(article)[0]
    assert "1 copy folded" in window.articles.position.text()
    assert window.sidebar.model.unread == shared


def test_every_copy_is_shown_on_request_and_in_its_own_source(window: MainWindow, shared: int) -> None:
    before = window.articles.model.total
    window.commands["show_copies"].trigger()
    assert window.articles.model.total == before + 1
    assert "folded" not in window.articles.position.text()
    window.commands["show_copies"].trigger()
    assert window.articles.model.total == before
    herald = window.session.reader.sources.by_url(HERALD)
    assert herald is not None
    window.articles.show_query(ArticleQuery(source_id=herald.id))
    assert "Courier story 1" in [row(window, at).title for at in range(31)]
    assert not window.commands["show_copies"].isEnabled()


def test_reading_one_copy_reads_all_and_undo_brings_them_back(
    window: MainWindow, shared: int, qtbot: QtBot
) -> None:
    articles = window.session.reader.articles
    stored = [one.id for one in articles.page(ArticleQuery(), limit=80) if one.title == "Courier story 1"]
    assert len(stored) == 2
    at = next(at for at in range(40) if row(window, at).id in stored)
    window.articles.view.choose_quietly(row(window, at).id)
    window.commands["toggle_read"].trigger()
    qtbot.waitUntil(lambda: all(one.read for one in articles.rows(stored)))
    qtbot.waitUntil(lambda: window.sidebar.model.unread == shared - 1)
    press(qtbot, window, Key.Key_Z, Modifier.ControlModifier)
    qtbot.waitUntil(lambda: not any(one.read for one in articles.rows(stored)))
    qtbot.waitUntil(lambda: window.sidebar.model.unread == shared)


def test_a_copy_that_arrives_is_not_announced_and_names_itself_at_once(
    window: MainWindow, arrive: Callable[..., Changes]
) -> None:
    (newest,) = arrive([make_article(-1, title="Bridge opens")], COURIER).new
    window.articles.show_new()
    assert row(window, 0).id == newest
    arrive([make_article(-1, guid="copy", title="Bridge opens")], HERALD)
    assert window.articles.model.waiting == 0
    assert row(window, 0).also_in == ("Osh Herald",)


def test_when_its_source_goes_the_story_stays_by_its_copy(
    window: MainWindow, shared: int, qtbot: QtBot
) -> None:
    courier = window.session.reader.sources.by_url(COURIER)
    assert courier is not None
    window.session.acts.remove_source(courier.id)
    qtbot.waitUntil(lambda: window.articles.model.total == 31)
    assert "Courier story 1" in [row(window, at).title for at in range(31)]


def test_a_story_is_deleted_with_its_copies_where_it_is_shown_once_and_alone_in_its_source(
    window: MainWindow, shared: int, qtbot: QtBot
) -> None:
    articles = window.session.reader.articles

    def stored() -> list[str]:
        found = articles.page(ArticleQuery(), limit=80)
        return [one.source_title for one in found if one.title == "Courier story 1"]

    (place,) = [at for at in range(60) if row(window, at).title == "Courier story 1"]
    window.articles.view.choose(window.articles.model.index(place, 0))
    press(qtbot, window, Key.Key_Delete)
    qtbot.waitUntil(lambda: window.status.words == "2 articles deleted")
    assert stored() == []
    press(qtbot, window, Key.Key_Z, Modifier.ControlModifier)
    qtbot.waitUntil(lambda: len(stored()) == 2)

    herald = window.session.reader.sources.by_url(HERALD)
    assert herald is not None
    window.articles.show_query(ArticleQuery(source_id=herald.id))
    (place,) = [at for at in range(31) if row(window, at).title == "Courier story 1"]
    window.articles.view.choose(window.articles.model.index(place, 0))
    press(qtbot, window, Key.Key_Delete)
    qtbot.waitUntil(lambda: window.status.words == "1 article deleted")
    assert stored() == ["Steppe Courier"]
