"""What refreshes learn about a source: moved, taken down, replaced by a page, behind a password."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from desktop.core.errors import AppError, FetchError, UsageError
from desktop.core.models import ArticleQuery, NewSource, SourceKind
from desktop.core.source_health import Condition
from desktop.net import accounts
from desktop.net.gate import Gate
from desktop.net.http import Http
from desktop.store import Store
from desktop.sync.lane import StoreLane
from desktop.sync.news import FetchedSource
from desktop.sync.refresh import Refresh
from desktop.sync.report import Plan, Summary
from desktop.sync.source_care import follow, health
from tests.faults.world import World
from tests.new_store import begin
from tests.server import LoopbackServer, Reply, Request
from tests.unit.store.builders import make_article, make_feed
from tests.unit.sync.press import HTML, RSS, rss, story

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


class Desk:
    """One source on a server of the test."""

    def __init__(self, folder: Path, server: LoopbackServer) -> None:
        self.folder, self.server = folder, server
        self.lane = StoreLane(begin(folder))
        self.http = Http(Gate())
        self.now = NOW

    def follow(self, **choices: object) -> int:
        url = self.server.address("/feed.xml")
        new = NewSource(url, title="Reed", feed_url=url, **choices)  # type: ignore[arg-type]
        return int(self.lane(lambda store: store.sources.add(new, NOW).id))

    def refresh(self) -> Summary:
        return Refresh(self.http, self.lane, lambda _: None, lambda: self.now).run(
            Plan(rates=False, pictures=False)
        )

    def close(self) -> None:
        self.http.close()
        self.lane.close()


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer({"/feed.xml": Reply(200, RSS, rss([story(1)]))}) as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path, server: LoopbackServer) -> Iterator[Desk]:
    made = Desk(tmp_path / "profile", server)
    yield made
    made.close()


class Keyring:
    """Stands where the system keeps passwords."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, user: str, password: str) -> None:
        self.kept[service, user] = password

    def get_password(self, service: str, user: str) -> str | None:
        return self.kept.get((service, user))


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Keyring:
    made = Keyring()
    monkeypatch.setattr(accounts, "_keyring", lambda: made)
    return made


def test_an_address_that_moved_for_good_is_taken_after_a_day_and_marks_stay(desk: Desk) -> None:
    source_id = desk.follow()
    desk.refresh()
    desk.lane(lambda store: store.articles.set_starred([1], True))
    new = desk.server.address("/new.xml")
    desk.server.routes |= {
        "/feed.xml": Reply(301, {"Location": new}),
        "/new.xml": Reply(200, RSS, rss([story(1), story(2)])),
    }
    for expected in (False, False, True):
        desk.refresh()
        desk.now += timedelta(hours=12)
        source = desk.lane(lambda store: store.sources.get(source_id))
        assert (source.url == new) is expected
    assert source.feed_url == new
    assert desk.lane(lambda store: store.sources.by_url(new)).id == source_id
    counts = desk.lane(lambda store: store.sources.counts())[source_id]
    assert (counts.total, counts.starred) == (2, 1)


def test_a_hotel_that_says_for_an_hour_that_everything_has_moved_moves_no_source(desk: Desk) -> None:
    source_id = desk.follow()
    desk.refresh()
    here = desk.server.address("/feed.xml")
    desk.server.routes |= {
        "/feed.xml": Reply(301, {"Location": desk.server.address("/new.xml")}),
        "/new.xml": Reply(200, RSS, rss([story(1)])),
    }
    for _ in range(6):
        desk.refresh()
        desk.now += timedelta(minutes=10)
    assert desk.lane(lambda store: store.sources.get(source_id)).url == here


def test_a_move_to_a_feed_with_nothing_in_common_is_offered_and_not_made(desk: Desk) -> None:
    source_id = desk.follow()
    desk.refresh()
    here, there = desk.server.address("/feed.xml"), desk.server.address("/ads.xml")
    desk.server.routes |= {
        "/feed.xml": Reply(301, {"Location": there}),
        "/ads.xml": Reply(200, RSS, rss([story(71), story(72)], title="Ads")),
    }
    for _ in range(4):
        desk.refresh()
        desk.now += timedelta(days=1)
    source = desk.lane(lambda store: store.sources.get(source_id))
    assert (source.url, source.title) == (here, "Reed")
    assert "nothing in common" in source.state.last_error
    assert source.state.offered == there
    assert desk.lane(lambda store: store.sources.counts())[source_id].total == 1


def test_impatience_does_not_reach_the_publisher(desk: Desk) -> None:
    desk.http = Http(Gate(), wire=World(desk.server.port))
    new = NewSource("http://reed.example/feed.xml")
    source_id = desk.lane(lambda store: store.sources.add(new, NOW).id)
    left_alone = []
    for _ in range(20):
        left_alone.append(desk.refresh().left_alone)
        desk.now += timedelta(seconds=14)
    assert left_alone == [0] + [1] * 19
    assert len(desk.server.asked("/feed.xml")) == 1
    desk.now = NOW + timedelta(minutes=5)
    desk.refresh()
    assert len(desk.server.asked("/feed.xml")) == 2
    edited = NewSource("http://reed.example/feed.xml", interval_minutes=60)
    desk.lane(lambda store: store.sources.edit(source_id, edited))
    desk.refresh()
    assert len(desk.server.asked("/feed.xml")) == 3  # what was changed is tried at once


def test_a_busy_host_is_left_alone_with_all_of_its_feeds_after_a_restart_too(desk: Desk) -> None:
    desk.server.routes["/other.xml"] = Reply(200, RSS, rss([story(1)]))
    desk.http = Http(Gate(), now=lambda: NOW)
    desk.follow()
    other = NewSource(desk.server.address("/other.xml"))
    other_id = desk.lane(lambda store: store.sources.add(other, NOW).id)
    desk.refresh()
    desk.server.routes["/feed.xml"] = Reply(429, {"Retry-After": "7200"})
    desk.refresh()
    state = desk.lane(lambda store: store.sources.get(other_id)).state
    assert state.next_due == NOW + timedelta(hours=2)


def test_a_source_that_was_taken_down_for_good_is_paused_and_found_dead(desk: Desk) -> None:
    source_id = desk.follow()
    desk.server.routes["/feed.xml"] = Reply(410)
    desk.refresh()
    assert not desk.lane(lambda store: store.sources.get(source_id)).enabled
    before = len(desk.server.log)
    desk.refresh()
    assert len(desk.server.log) == before
    (found,) = desk.lane(lambda store: health(store, NOW))
    assert found.condition is Condition.DEAD


def test_a_page_in_the_place_of_a_feed_offers_the_feed_that_it_names(desk: Desk) -> None:
    source_id = desk.follow()
    link = '<link rel="alternate" type="application/rss+xml" href="/other.xml">'
    desk.server.routes["/feed.xml"] = Reply(200, HTML, f"<!DOCTYPE html><html><head>{link}</head></html>")
    desk.refresh()
    state = desk.lane(lambda store: store.sources.get(source_id)).state
    assert state.offered == desk.server.address("/other.xml")
    assert state.last_error


def test_the_facts_tell_what_was_asked_and_what_came(desk: Desk) -> None:
    desk.follow()
    for _ in range(4):
        desk.refresh()
    (found,) = desk.lane(lambda store: health(store, NOW))
    assert (found.source.state.asked, found.source.state.unchanged) == (4, 3)
    assert (found.facts.articles, found.facts.whole) == (1, 0.0)  # its feed shows the beginning
    assert found.condition in (Condition.FINE, Condition.QUIET)


def test_a_password_is_sent_to_its_host_and_stands_in_no_file_and_no_log(
    desk: Desk, keyring: Keyring, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    secret, url = "кумыс-hunter2", desk.server.address("/feed.xml")
    wanted = "Basic " + base64.b64encode(f"aigul:{secret}".encode()).decode()

    def guarded(request: Request) -> Reply:
        if request.headers.get("authorization") != wanted:
            return Reply(401)
        assert request.headers["user-agent"] == "Reed reader"
        return Reply(200, RSS, rss([story(1)]))

    desk.server.routes["/feed.xml"] = guarded
    source_id = desk.follow(account="aigul", user_agent="Reed reader")
    desk.refresh()
    assert "user name and a password" in desk.lane(lambda s: s.sources.get(source_id)).state.last_error
    accounts.keep(url, "aigul", secret)
    desk.refresh()
    assert desk.lane(lambda store: store.sources.get(source_id)).state.last_error == ""
    assert accounts.asking_headers("https://elsewhere.example/feed", "aigul", "") == {}
    for planted in (secret.encode(), wanted.rpartition(" ")[2].encode()):
        files = [path for path in desk.folder.rglob("*") if path.is_file()]
        assert files
        assert [path for path in files if planted in path.read_bytes()] == []
        assert planted.decode() not in caplog.text


def test_a_password_is_not_sent_to_a_feed_that_lies_on_another_host(desk: Desk, keyring: Keyring) -> None:
    desk.server.routes["*"] = Reply(200, RSS, rss([story(1)]))
    api, beside = "http://reed.example/wp-json/", "http://feeds.example/reed"
    new = NewSource(api, SourceKind.WORDPRESS, feed_url=beside, account="aigul")
    desk.lane(lambda store: store.sources.add(new, NOW))
    accounts.keep(api, "aigul", "hunter2")
    desk.http = Http(Gate(), wire=World(desk.server.port))
    desk.refresh()
    sent = {
        (request.headers["host"], "authorization" in request.headers)
        for request in desk.server.log
        if request.headers["host"] != "reed.test"
        and "include=" not in request.path  # what the public may see
    }
    assert sent == {("feeds.example", False), ("reed.example", True)}


def test_without_a_keyring_a_sentence_says_that_nothing_was_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> object:
        return SimpleNamespace(set_password=lambda *_: (_ for _ in ()).throw(RuntimeError("no backend")))

    monkeypatch.setattr(accounts, "_keyring", none)
    with pytest.raises(AppError, match="was not stored"):
        accounts.keep("https://reed.example/feed", "aigul", "hunter2")
    assert accounts.asking_headers("https://reed.example/feed", "aigul", "") == {}


def test_an_edited_address_knows_the_marks_of_both(tmp_path: Path) -> None:
    with Store.open(tmp_path / "profile") as store:
        first = store.sources.add(NewSource("https://a.example/feed"), NOW)
        second = store.sources.add(NewSource("https://b.example/feed"), NOW)
        with pytest.raises(UsageError, match="already among the sources"):
            store.sources.edit(first.id, NewSource("https://b.example/feed"))
        store.articles.apply(second.id, make_feed([make_article(1)]), None, NOW)
        store.articles.set_read([1], True)
        store.sources.remove(second.id)
        store.sources.edit(first.id, NewSource("https://b.example/feed", interval_minutes=90, pictures=False))
        said = "SELECT read, read_at IS NOT NULL FROM states WHERE source_id = ?"
        assert store._database.rows(said, (first.id,)) == [(1, 1)]
        kept = store.sources.subscription(first.id)
        assert (kept.url, kept.interval_minutes, kept.pictures) == ("https://b.example/feed", 90, False)
        assert store.sources.by_url("https://a.example/feed") is None
        store.sources.edit(first.id, NewSource("https://a.example/feed"))
        assert store.sources.add(NewSource("https://b.example/feed"), NOW).id == second.id


def archive(desk: Desk, source_id: int) -> None:
    """Remove a source, and keep its first article."""

    def job(store: Store) -> None:
        (first, *_) = store.articles.page(ArticleQuery(source_id=source_id))
        store.articles.set_starred([first.id], True)
        store.sources.remove(source_id, keep_marked=True)

    desk.lane(job)


def test_a_source_of_which_articles_were_kept_is_not_asked_and_says_so(desk: Desk) -> None:
    source_id = desk.follow()
    desk.refresh()
    archive(desk, source_id)
    asked = len(desk.server.log)
    desk.now += timedelta(days=2)
    assert desk.refresh().sources == []
    with pytest.raises(UsageError, match="was removed"):
        Refresh(desk.http, desk.lane, lambda _: None, lambda: desk.now).run(Plan((source_id,), rates=False))
    assert len(desk.server.log) == asked
    (found,) = desk.lane(lambda store: health(store, desk.now))
    assert found.condition is Condition.ARCHIVED


def test_a_source_that_moves_to_the_address_of_an_archived_one_stays_where_it_is(desk: Desk) -> None:
    """The kept articles are under that address; the redirect brings the news all the same."""
    source_id = desk.follow()
    new = desk.server.address("/new.xml")
    desk.server.routes["/new.xml"] = Reply(200, RSS, rss([story(1)]))
    other = desk.lane(lambda store: store.sources.add(NewSource(new, title="New", feed_url=new), NOW).id)
    desk.refresh()
    archive(desk, other)
    desk.server.routes["/feed.xml"] = Reply(301, {"Location": new})
    for _ in range(4):
        desk.now += timedelta(hours=12)
        desk.refresh()
    source = desk.lane(lambda store: store.sources.get(source_id))
    assert (source.url, source.state.last_error) == (desk.server.address("/feed.xml"), "")
    assert desk.lane(lambda store: store.sources.get(other)).archived


def test_a_source_that_is_removed_while_it_says_that_it_is_gone_stays_removed(desk: Desk) -> None:
    source_id = desk.follow()
    desk.refresh()
    source = desk.lane(lambda store: store.sources.get(source_id))
    archive(desk, source_id)
    gone = FetchedSource(source, source.state._replace(failures=1), error=FetchError("Gone.", status=410))
    before = desk.lane(lambda store: store.sources.get(source_id))
    desk.lane(lambda store: follow(store, gone, desk.now))
    assert desk.lane(lambda store: store.sources.get(source_id)) == before
