"""What a refresh of 100 unchanged feeds costs: every source is asked once, nothing is parsed, no article is written."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from desktop.sync import documents
from tests.bench.feed_samples import feed
from tests.server import LoopbackServer, Reply, conditional
from tests.unit.sync.conftest import Desk

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
