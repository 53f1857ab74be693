"""What a refresh costs. Of unchanged feeds every source is asked once, nothing is parsed, no article is written; new
articles are stored by a few statements each, whatever else the store knows of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from desktop.core.models import NewSource
from desktop.store import Store
from desktop.sync import documents, reading
from tests.bench.feed_samples import feed
from tests.server import LoopbackServer, Reply, conditional
from tests.unit.sync.conftest import Desk
from tests.unit.sync.press import NOW

FEEDS = 100
ITEMS = 10


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses of the feeds that were parsed."""
    found: list[str] = []
    read_feed = documents.read_feed
    monkeypatch.setattr(
        documents, "read_feed", lambda body, url, kind="": found.append(url) or read_feed(body, url, kind)
    )
    return found


def test_a_hundred_unchanged_feeds_are_not_parsed_and_write_no_article(
    tmp_path: Path, parsed: list[str]
) -> None:
    bodies = [feed(number, ITEMS) for number in range(4)]
    routes = {
        # Every second server knows validators and answers 304; the others send the same bytes once more.
        f"/{number}": conditional(bodies[number % 4], etag=f'"v{number}"')
        if number % 2
        else Reply(200, {}, bodies[number % 4])
        for number in range(FEEDS)
    }
    desk = Desk(tmp_path)
    try:
        with LoopbackServer(routes) as server:
            for path in routes:
                desk.add(server.address(path))
            first = desk.refresh()
            assert len(parsed) == FEEDS
            assert sum(len(done.changes.new) for done in first.sources) == FEEDS * ITEMS
            written = desk.watch_writes()
            parsed.clear()
            desk.now += timedelta(hours=1)
            documents.close()
            second = desk.refresh()
            started = documents.worker.pid
            assert len(server.log) == 2 * FEEDS
    finally:
        rows = written()
        desk.close()
    print(f"refresh of {FEEDS} unchanged feeds: {len(parsed)} parsed, {rows} rows of articles written")
    assert [done.error for done in second.sources] == [None] * FEEDS
    assert parsed == []
    assert started is None  # where nothing is new no process is started to read it
    assert rows == 0


def test_a_new_article_is_stored_by_a_dozen_statements(tmp_path: Path) -> None:
    """Those of the triggers of its rows; the rows of a table are a statement for all articles of the feed, and what is
    the same for a feed is asked once for the feed. The words come later."""
    statements: list[str] = []
    counts: list[int] = []
    with Store.open(tmp_path) as store:
        for number, items in enumerate((1, 51)):
            source = store.sources.add(NewSource(f"https://courier{number}.example/feed"), NOW)
            found = reading.read_feed(feed(number, items), source.url)
            store._database.connection.set_trace_callback(statements.append)
            store.articles.apply(source.id, found, None, NOW)
            store._database.connection.set_trace_callback(None)
            counts.append(sum(not one.startswith("-- ") for one in statements))  # others are FTS5's own
            statements.clear()
    assert {len(article.images) for article in found.articles} == {1}
    each = (counts[1] - counts[0]) / 50
    print(f"storing a feed: {counts[0] - each:.0f} statements, and {each:.1f} for each new article")
    assert each <= 14
    assert counts[0] - each <= 35
