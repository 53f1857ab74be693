"""Gaps of plain feeds, and the archives that feeds lead to: RFC 5005, JSON Feed, ?paged=."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from email.utils import format_datetime

import pytest

from desktop.core.errors import QuarantinedError
from desktop.core.models import Source, SourceKind
from desktop.sync import documents
from desktop.sync.worker import Cause
from tests.server import LoopbackServer, Reply, Request
from tests.unit.sync.archive import Archivist
from tests.unit.sync.conftest import Desk
from tests.unit.sync.press import NOW, RSS, Press, hourly, rss

ALL = range(1, 31)  # story 1 is the newest, one an hour


@pytest.fixture
def archive(desk: Desk) -> Archivist:
    return Archivist(desk)


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer() as running:
        yield running


def story(number: int) -> str:
    when = format_datetime(NOW - timedelta(hours=number))
    link = f"http://reed.test/{number}"
    return f"<item><title>Story {number}</title><link>{link}</link><pubDate>{when}</pubDate></item>"


def page(numbers: Sequence[int], link: str = "") -> Reply:
    atom = f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" {link}/>' if link else ""
    return Reply(200, RSS, rss([atom, *map(story, numbers)]))


def titles(numbers: Sequence[int] | range) -> set[str]:
    return {f"Story {number}" for number in numbers}


def follow(desk: Desk, server: LoopbackServer) -> Source:
    source = desk.add(server.address("/feed"))
    desk.refresh()
    return source


def test_articles_that_fell_off_the_feed_while_away_are_a_gap(
    desk: Desk, server: LoopbackServer, archive: Archivist
) -> None:
    server.routes["/feed"] = [page(range(21, 31)), page(range(1, 11))]
    source = follow(desk, server)
    desk.refresh()
    gap, older = archive.coverage(source).gaps
    assert (gap.since, gap.until) == (NOW - timedelta(hours=21), NOW - timedelta(hours=10))
    assert gap.missing == 11  # at one an hour
    assert (older.since, older.until, older.missing) == (None, NOW - timedelta(hours=30), None)


@pytest.mark.parametrize("later", [range(11, 21), range(1, 22), range(21, 31)])
def test_fetches_that_overlap_leave_no_gap(
    desk: Desk, server: LoopbackServer, archive: Archivist, later: range
) -> None:
    server.routes["/feed"] = [page(range(20, 31)), page(later)]
    source = follow(desk, server)
    desk.refresh()
    assert [gap.since for gap in archive.coverage(source).gaps] == [None]


def paged(request: Request) -> Reply:
    """Ten a page, as WordPress has it: past the end 404 with a feed without items."""
    number = int(request.query.get("paged", "1"))
    shown = ALL[(number - 1) * 10 : number * 10]
    return page(shown) if shown else Reply(404, RSS, rss([]))


def rfc5005_paged(request: Request) -> Reply:
    number = int(request.query.get("page", "1"))
    link = f'rel="next" href="/feed?page={number + 1}"' if number < 3 else ""
    return page(ALL[(number - 1) * 10 : number * 10], link)


def rfc5005_archived(request: Request) -> Reply:
    name = request.query.get("archive", "")
    shown, older = {"": (ALL[:12], "2"), "2": (ALL[10:20], "1"), "1": (ALL[20:], "")}[name]
    return page(shown, f'rel="prev-archive" href="/feed?archive={older}"' if older else "")


def json_feed(request: Request) -> Reply:
    number = int(request.query.get("page", "1"))
    items = [
        {
            "id": str(n),
            "title": f"Story {n}",
            "content_text": "-",
            "date_published": f"{NOW - timedelta(hours=n):%Y-%m-%dT%H:%M:%SZ}",
        }
        for n in ALL[(number - 1) * 10 : number * 10]
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Reed", "items": items}
    following = {"next_url": f"/feed?page={number + 1}"} if number < 3 else {}
    return Reply(200, {"Content-Type": "application/feed+json"}, json.dumps({**feed, **following}))


ARCHIVES = pytest.mark.parametrize("answer", [paged, rfc5005_paged, rfc5005_archived, json_feed])


@ARCHIVES
def test_an_archive_is_walked_to_its_end(
    desk: Desk, server: LoopbackServer, archive: Archivist, answer: object
) -> None:
    server.routes["/feed"] = answer
    source = follow(desk, server)
    asked = len(server.log)
    result = archive.fill(source)
    assert (result.error, result.complete) == (None, True)
    assert desk.titles(source) == titles(ALL)
    assert archive.coverage(source).begins
    assert len(server.log) - asked == result.requests <= 4
    assert archive.fill(source).requests == 0  # nothing is left to ask for


@ARCHIVES
def test_a_stopped_walk_goes_on_at_its_page(
    desk: Desk, server: LoopbackServer, archive: Archivist, answer: object
) -> None:
    server.routes["/feed"] = answer
    source = follow(desk, server)
    archive.stop_after = 2
    assert archive.fill(source).stopped
    assert desk.titles(source) == titles(ALL[:20])
    archive.stop_after, asked = None, len(server.log)
    assert archive.fill(source).complete
    assert desk.titles(source) == titles(ALL)
    assert len(server.log) - asked <= 4


def test_what_was_missed_since_the_subscription_arrives_unread(
    desk: Desk, server: LoopbackServer, archive: Archivist
) -> None:
    desk.now = NOW - timedelta(hours=22)
    server.routes["/feed"] = [page(ALL[21:28]), page(ALL[:10])]
    source = follow(desk, server)
    desk.wait(hours=22)
    desk.refresh()
    server.routes["/feed"] = paged
    assert archive.fill(source).complete
    assert desk.titles(source) == titles(ALL)
    assert {row.title for row in desk.rows(source) if row.read} == titles(range(29, 31))
    assert archive.coverage(source).gaps == ()


@pytest.mark.parametrize(
    "second", [page(ALL[:10]), Reply(404), Reply(200, {"Content-Type": "text/html"}, "<html>Hi</html>")]
)
def test_a_feed_without_an_archive_says_so(
    desk: Desk, server: LoopbackServer, archive: Archivist, second: Reply
) -> None:
    server.routes["/feed?paged=2"] = second
    server.routes["/feed"] = page(ALL[:10])
    source = follow(desk, server)
    result = archive.fill(source)
    assert str(result.error).startswith("This source offers no archive.")
    assert (result.complete, len(desk.rows(source))) == (False, 10)
    assert not archive.coverage(source).has_archive


def test_an_archive_that_leads_in_a_circle_ends(
    desk: Desk, server: LoopbackServer, archive: Archivist
) -> None:
    server.routes["/feed?page=2"] = page(ALL[10:20], 'rel="next" href="/feed"')
    server.routes["/feed"] = page(ALL[:10], 'rel="next" href="/feed?page=2"')
    source = follow(desk, server)
    assert archive.fill(source).error is None
    assert len(server.log) == 3


def test_an_archive_cannot_lead_into_another_private_network(
    desk: Desk, server: LoopbackServer, archive: Archivist
) -> None:
    server.routes["/feed"] = page(ALL[:10], 'rel="next" href="http://10.0.0.1/feed"')
    source = follow(desk, server)
    assert archive.fill(source).error is not None


def test_where_rest_is_shut_the_pages_of_the_feed_are_walked(
    desk: Desk, press: Press, archive: Archivist
) -> None:
    press.posts = hourly(30)
    press.shut("/wp-json/wp/v2/posts", Reply(401))
    source = desk.add(press.api, SourceKind.WORDPRESS, press.feed_url)
    desk.refresh()
    assert len(desk.rows(source)) == 10
    result = archive.fill(source)
    assert (result.error, result.complete, len(desk.rows(source))) == (None, True, 30)


def test_a_page_that_cannot_be_read_is_not_taken_for_the_end_of_the_archive(
    desk: Desk, server: LoopbackServer, archive: Archivist
) -> None:
    server.routes["/feed"] = rfc5005_paged
    source = follow(desk, server)
    second = page(ALL[10:20], 'rel="next" href="/feed?page=3"')
    documents.quarantine.add("feed", second.encoded()[1], Cause.TIME)
    try:
        result = archive.fill(source)
    finally:
        documents.quarantine.take_unsaved()
        documents.quarantine.know([])
    assert isinstance(result.error, QuarantinedError)
    assert not result.complete
    assert archive.fill(source).complete
    assert desk.titles(source) == titles(ALL)
