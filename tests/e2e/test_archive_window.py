"""Gaps, the archive, and what publishers change, in the real window on a real server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from desktop.core.errors import StoreError
from desktop.core.models import NewSource
from desktop.demo.site import DemoSite
from desktop.store import Store
from desktop.ui.articles.words import spoken
from desktop.ui.reader.difference_view import DifferenceView
from tests.e2e.test_window import MS, NOW, Program, program
from tests.server import LoopbackServer, Reply, Request
from tests.ui.person import row

__all__ = ["program"]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

ARTICLES = 250
BROUGHT = 12
RSS = {"Content-Type": "application/rss+xml"}


@pytest.fixture
def site() -> Iterator[DemoSite]:
    with DemoSite(NOW, articles=ARTICLES) as running:
        yield running
        assert running.errors == []


@pytest.fixture
def filled(program: Program, site: DemoSite) -> Program:
    """The program open on its one source, of which the newest articles are known."""

    def settings(store: Store) -> None:
        for key, value in site.config().items():
            store.settings.set(key, value)
        store.settings.set("news.first_articles", BROUGHT)
        store.settings.set("news.pictures", False)
        store.settings.set("archive.pause", 0.0)

    program.prepare(settings)
    program.open()
    program.follow(f"{site.url}/")
    program.window.sidebar.choose("source:1")
    program.qtbot.waitUntil(lambda: program.window.articles.model.rowCount() == BROUGHT)
    return program


def bar(program: Program) -> tuple[str, ...]:
    return program.window.articles.gap_bar.words


def walked(program: Program) -> None:
    """Wait for the end of a walk."""
    program.qtbot.waitUntil(lambda: program.session.archive.source_id == 0, timeout=MS)


def test_the_end_of_the_list_offers_what_is_older(filled: Program) -> None:
    window, qtbot = filled.window, filled.qtbot
    unread = filled.session.reader.sources.counts()[1].unread
    window.articles.view.scrollToBottom()
    missing = ARTICLES - BROUGHT
    assert bar(filled)[0].startswith(f"≈{missing} articles older than")
    window.articles.gap_bar.press("Load older")
    qtbot.waitUntil(lambda: bar(filled)[1:] == ("Load all", "Load 100", "Cancel"), timeout=MS)
    assert bar(filled)[0].startswith(f"About {missing} articles, 3 requests, about ")
    window.articles.gap_bar.press("Load 100")
    walked(filled)
    assert window.articles.model.total == BROUGHT + 100
    window.commands["load_older"].trigger()
    qtbot.waitUntil(lambda: "Load all" in bar(filled), timeout=MS)
    window.articles.gap_bar.press("Load all")
    walked(filled)
    assert window.status.words == f"{missing - 100} articles came. Nothing older is missing."
    assert window.articles.model.total == ARTICLES
    assert window.articles.pill.isHidden()  # nothing of it is news
    assert filled.session.reader.sources.counts()[1].unread == unread
    qtbot.waitUntil(lambda: window.sidebar.current.count == unread)
    model = window.articles.model
    while model.canFetchMore(model.index(-1, -1)):
        model.fetchMore(model.index(-1, -1))
    assert len(filled.titles()) == ARTICLES
    assert [row(window, at).read for at in range(BROUGHT, ARTICLES)] == [True] * (ARTICLES - BROUGHT)
    window.articles.view.scrollToBottom()
    assert bar(filled) == ()
    window.commands["load_older"].trigger()
    assert window.status.words == "All articles of this source are here."


def test_the_stop_button_ends_a_walk_and_keeps_what_came(filled: Program) -> None:
    window, qtbot = filled.window, filled.qtbot
    filled.session.set_setting("archive.pause", 3600.0)
    window.commands["load_older"].trigger()
    qtbot.waitUntil(lambda: "Load all" in bar(filled), timeout=MS)
    window.articles.gap_bar.press("Load all")
    qtbot.waitUntil(lambda: filled.session.archive.progress.done > 0, timeout=MS)
    stop = next(b for b in window.status.findChildren(QToolButton) if b.text() == "Stop")
    assert stop.isVisible()
    refresher = filled.session._refresher
    refresher._on_failed(StoreError("The disk is full."))  # a refresh that ran beside it has failed
    qtbot.waitUntil(stop.isVisible)
    assert "lder articles" in window.status._progress.text()
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    walked(filled)
    assert not stop.isVisible()
    assert window.status.words.startswith("Stopped.")
    assert BROUGHT < window.articles.model.total < ARTICLES


def test_offline_asks_nothing_and_says_so(filled: Program, site: DemoSite) -> None:
    filled.session.set_offline(True)
    asked = len(site.log)
    filled.window.commands["load_older"].trigger()
    assert filled.window.status.words.startswith("Offline")
    assert len(site.log) == asked


def test_a_site_that_fails_is_one_sentence_with_another_try(filled: Program, site: DemoSite) -> None:
    site.stop()
    filled.window.commands["load_older"].trigger()
    filled.qtbot.waitUntil(lambda: "Try again" in bar(filled), timeout=MS)
    filled.window.articles.gap_bar.press("Cancel")
    assert bar(filled) == ()


def test_articles_missed_while_away_are_shown_and_loaded(program: Program) -> None:
    numbers = range(1, 31)  # story 1 is the newest, one an hour

    def story(number: int) -> str:
        when, link = format_datetime(NOW - timedelta(hours=number)), f"http://reed.test/{number}"
        return f"<item><title>Story {number}</title><link>{link}</link><pubDate>{when}</pubDate></item>"

    def page(shown: range) -> Reply:
        items = "".join(map(story, shown))
        return Reply(200, RSS, f"<rss version='2.0'><channel><title>Reed</title>{items}</channel></rss>")

    def paged(request: Request) -> Reply:
        first = 10 * (int(request.query.get("paged", "1")) - 1)
        return page(numbers[first : first + 10])

    with LoopbackServer({"/feed": [page(numbers[20:]), page(numbers[:10])]}) as server:
        program.prepare(
            lambda store: (
                store.sources.add(NewSource(server.address("/feed")), NOW - timedelta(days=9)),
                store.settings.set("archive.pause", 0.0),
            )
        )
        window = program.open()
        window.sidebar.choose("source:1")
        program.refresh()
        program.refresh()
        program.qtbot.waitUntil(lambda: bool(bar(program)))
        assert bar(program)[0].startswith("≈11 articles may be missing ")
        tooltip = window.sidebar.model.data(window.sidebar.tree.currentIndex(), Qt.ItemDataRole.ToolTipRole)
        assert "≈11 articles may be missing" in tooltip
        server.routes["/feed"] = paged
        window.articles.gap_bar.press("Load them")
        program.qtbot.waitUntil(lambda: program.window.articles.model.total == 30, timeout=MS)
        walked(program)
        assert program.titles() == [f"Story {number}" for number in numbers]
        assert not any(row(window, at).read for at in range(1, 30))
        assert not bar(program) or "may be missing" not in bar(program)[0]


def test_a_gap_that_cannot_be_closed_is_said_once(program: Program) -> None:
    def feed(first: int) -> Reply:
        hours = range(first, first + 3)
        items = "".join(
            f"<item><title>Story {n}</title><guid>{n}</guid>"
            f"<pubDate>{format_datetime(NOW - timedelta(hours=n))}</pubDate></item>"
            for n in hours
        )
        return Reply(200, RSS, f"<rss version='2.0'><channel><title>Reed</title>{items}</channel></rss>")

    with LoopbackServer({"/feed?paged=2": Reply(404), "/feed": [feed(20), feed(1)]}) as server:
        program.prepare(
            lambda store: (
                store.sources.add(NewSource(server.address("/feed")), NOW - timedelta(days=9)),
                store.settings.set("archive.pause", 0.0),
            )
        )
        window = program.open()
        window.sidebar.choose("source:1")
        program.refresh()
        program.refresh()
        program.qtbot.waitUntil(lambda: "Load them" in bar(program))
        window.articles.gap_bar.press("Load them")
        program.qtbot.waitUntil(lambda: "Try again" in bar(program), timeout=MS)
        assert bar(program)[0].startswith("This source offers no archive.")
        window.articles.gap_bar.press("Cancel")
        assert bar(program) == ()
        assert len(window.articles.view._delegate.gaps) == 1  # its place stays marked
        tooltip = window.sidebar.model.data(window.sidebar.tree.currentIndex(), Qt.ItemDataRole.ToolTipRole)
        assert "offers no archive" in tooltip


def test_closing_the_window_ends_a_walk(filled: Program) -> None:
    filled.session.set_setting("archive.pause", 3600.0)
    filled.window.commands["load_older"].trigger()
    filled.qtbot.waitUntil(lambda: "Load all" in bar(filled), timeout=MS)
    filled.window.articles.gap_bar.press("Load all")
    filled.qtbot.waitUntil(lambda: filled.session.archive.progress.done > 0, timeout=MS)
    filled.close()  # does not wait for the pause
    with Store.open(filled.folder) as store:
        assert store.check() == []
        assert BROUGHT < store.sources.counts()[1].total < ARTICLES


def test_what_the_publisher_changed_or_took_back_is_marked(filled: Program, site: DemoSite) -> None:
    window, qtbot = filled.window, filled.qtbot
    edited, gone = site.newsroom.posts[2], site.newsroom.posts[5]
    site.edit(edited.id)
    site.delete(gone.id)
    filled.refresh()
    qtbot.waitUntil(lambda: row(window, 5).withdrawn)
    assert "updated" in spoken(row(window, 2))
    assert "withdrawn" in spoken(row(window, 5))
    assert row(window, 5).title == gone.title
    window.articles.view.choose(window.articles.model.index(2, 0))
    fate = next(b for b in window.reader.findChildren(QToolButton) if b.text() == "Updated")
    qtbot.mouseClick(fate, Qt.MouseButton.LeftButton)
    view = window.findChild(DifferenceView)
    assert "added (underlined)" in view.summary
    assert "{+" in view.shown
    view.next()
    assert view.selected
    assert view.selected.strip() in view.shown
    view.close()
    window.articles.view.choose(window.articles.model.index(5, 0))
    window.commands["show_changes"].trigger()
    view = next(v for v in window.findChildren(DifferenceView) if v.isVisible())
    assert view.summary.startswith("Withdrawn by the publisher; your copy stays.")
    view.close()
    window.articles.view.choose(window.articles.model.index(0, 0))
    window.commands["show_changes"].trigger()
    assert window.status.words == "This article has not changed since it was stored."
