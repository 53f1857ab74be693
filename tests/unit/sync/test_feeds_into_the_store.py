"""Feeds as sites really send them, from the socket to the rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop.core.models import Article, ArticleRow, Source
from desktop.store import Store
from tests.server import LoopbackServer, Reply, conditional
from tests.unit.sync.conftest import Desk
from tests.unit.sync.press import NOW, RSS, rss, story


@pytest.fixture
def server(data: Path) -> Iterator[LoopbackServer]:
    """Every sample at /its-name, with no charset beside it."""
    made = LoopbackServer({f"/{f.name}": Reply(200, {"Content-Type": "text/xml"}, f.read_bytes())
                           for f in (data / "news").iterdir()})  # fmt: skip
    with made:
        yield made


def read(desk: Desk, server: LoopbackServer, name: str) -> tuple[Source, list[ArticleRow]]:
    source = desk.add(server.address(f"/{name}"))
    desk.refresh()
    return desk.source(source), desk.rows(source)


def whole(desk: Desk, row: ArticleRow) -> Article:
    article = desk.do(lambda store: store.articles.get(row.id))
    assert article is not None
    return article


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("windows-1251.xml", "Курс доллара: «87,45 сома» — без изменений"),
        ("windows-1251-undeclared.xml", "Новость"),
    ],
)
def test_windows_1251_declared_or_not(desk: Desk, server: LoopbackServer, name: str, title: str) -> None:
    source, [row] = read(desk, server, name)
    assert (source.title, row.title) == ("Старый сайт", title)


def test_moscow_time_is_three_hours_ahead(desk: Desk, server: LoopbackServer) -> None:
    _, [row] = read(desk, server, "windows-1251-undeclared.xml")
    assert row.published == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_entities_in_cdata_titles_are_decoded(desk: Desk, server: LoopbackServer) -> None:
    _, rows = read(desk, server, "teaser-typeless-enclosure.xml")
    assert rows[0].title.startswith("«Узбекнефтегаз» нарастил")
    assert any("Подробности — в материале." in " ".join(whole(desk, row).text.split()) for row in rows)


def test_an_enclosure_without_a_type_is_the_picture(desk: Desk, server: LoopbackServer) -> None:
    read(desk, server, "teaser-typeless-enclosure.xml")
    wanted = desk.do(lambda store: store.images.wanted(9, NOW))
    assert [w.url for w in wanted] == ["https://www.example-uz.example/media/img/2026/11/abc_b.jpg"]


def test_a_relative_enclosure_stands_against_the_site(desk: Desk, server: LoopbackServer) -> None:
    read(desk, server, "turkmenportal-style.xml")
    wanted = desk.do(lambda store: store.images.wanted(9, NOW))
    assert {w.url for w in wanted} == {"https://tm.example/images/uploads/blogs/aa.jpg"}


def test_an_address_at_the_end_of_a_title_is_taken_off(desk: Desk, server: LoopbackServer) -> None:
    _, rows = read(desk, server, "turkmenportal-style.xml")
    assert {row.title for row in rows} == {"Aşgabatda forum geçirildi", "В Ашхабаде прошёл форум"}


def test_a_date_in_the_future_counts_as_now_and_stays_readable(desk: Desk, server: LoopbackServer) -> None:
    _, rows = read(desk, server, "malformed.xml")
    future = next(row for row in rows if row.title == "Future")
    assert future.sort_at == NOW
    assert whole(desk, future).published_text == "Tue, 23 Nov 2027 15:00:00 +0000"


def test_russian_dates_and_damaged_markup_are_read(desk: Desk, server: LoopbackServer) -> None:
    _, rows = read(desk, server, "malformed.xml")
    prices = next(row for row in rows if row.title == "Цены растут")
    assert prices.published == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert prices.url == "https://b.example/?a=1&b=2"


def test_relative_links_of_atom_stand_against_xml_base(desk: Desk, server: LoopbackServer) -> None:
    _, rows = read(desk, server, "atom.xml")
    assert rows
    assert all(row.url.startswith("https://") for row in rows)


def test_a_wordpress_feed_keeps_neither_scripts_nor_its_tail(desk: Desk, server: LoopbackServer) -> None:
    _, rows = read(desk, server, "wordpress-fulltext.xml")
    articles = [whole(desk, row) for row in rows]
    assert articles
    for article in articles:
        assert "<script" not in article.html
        assert "appeared first on" not in article.text
        assert "&#8217;" not in article.row.title


def test_a_web_page_in_place_of_a_feed_is_told_apart(desk: Desk, server: LoopbackServer) -> None:
    source, rows = read(desk, server, "html-instead-of-feed.html")
    assert "web page" in source.state.last_error
    assert (rows, source.title, source.state.failures) == ([], "", 1)


def test_an_empty_answer_is_a_failure(desk: Desk, server: LoopbackServer) -> None:
    source, rows = read(desk, server, "empty-200.xml")
    assert source.state.last_error
    assert (rows, source.state.failures) == ([], 1)


def test_every_good_sample_is_stored_and_the_store_is_sound(
    desk: Desk, server: LoopbackServer, data: Path
) -> None:
    names = sorted(f.name for f in (data / "news").glob("*.xml") if f.stat().st_size > 100)
    sources = {name: desk.add(server.address(f"/{name}")) for name in names}
    desk.refresh()
    assert [name for name in names if not desk.rows(sources[name])] == []
    assert desk.do(Store.check) == []


def test_the_same_number_of_articles_comes_from_a_second_look(
    desk: Desk, server: LoopbackServer, data: Path
) -> None:
    for file in (data / "news").glob("*.xml"):
        desk.add(server.address(f"/{file.name}"))
    desk.refresh()
    first = len(desk.rows())
    for name in list(server.routes):  # the same articles in other bytes
        body = (data / "news" / name[1:]).read_bytes()
        server.routes[name] = Reply(200, {"Content-Type": "text/xml"}, body + b"\n" if body else b"")
    summary = desk.refresh()
    assert len(desk.rows()) == first
    assert [done.changes.new for done in summary.sources if done.changes] == []


def test_a_feed_that_has_not_changed_is_neither_parsed_nor_written(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop.sync import documents

    parsed: list[str] = []
    read_feed = documents.read_feed
    monkeypatch.setattr(
        documents, "read_feed", lambda body, url, kind="": parsed.append(url) or read_feed(body, url, kind)
    )
    feed = rss([story(1), story(2)])
    routes = {"/tagged": conditional(feed, etag='"1"', headers=RSS), "/bare": Reply(200, RSS, feed)}
    with LoopbackServer(routes) as server:
        for path in routes:
            desk.add(server.address(path))
        desk.refresh()
        written = desk.watch_writes()
        desk.refresh()
    assert (len(parsed), written(), len(desk.rows())) == (2, 0, 4)


def test_a_feed_with_one_new_article_writes_only_that(desk: Desk) -> None:
    with LoopbackServer(
        {"/": [Reply(200, RSS, rss([story(2)])), Reply(200, RSS, rss([story(1), story(2)]))]}
    ) as server:
        source = desk.add(server.address("/"))
        desk.refresh()
        before = desk.rows(source)
        changes = desk.refresh().sources[0].changes
    assert (len(changes.new), changes.updated, changes.unchanged) == (1, (), 1)
    assert desk.rows(source)[1:] == before


def test_the_wish_of_a_feed_for_longer_waits_is_heard(desk: Desk) -> None:
    feed = rss([story(1)]).replace("<description/>", "<description/><ttl>600</ttl>", 1)
    with LoopbackServer({"/": Reply(200, RSS, feed)}) as server:
        source = desk.add(server.address("/"))
        desk.refresh()
    due = desk.source(source).state.next_due
    assert due is not None
    assert timedelta(hours=10) <= due - NOW <= timedelta(hours=11)


def due_in(desk: Desk, source: Source) -> float:
    """Hours until a source is asked again."""
    due = desk.source(source).state.next_due
    assert due is not None
    return (due - desk.now) / timedelta(hours=1)


def test_the_wish_of_a_feed_is_not_forgotten_when_nothing_has_changed(desk: Desk) -> None:
    feed = rss([story(1)]).replace("<description/>", "<description/><ttl>600</ttl>", 1)
    with LoopbackServer({"/": conditional(feed, etag='"1"', headers=RSS)}) as server:
        source = desk.add(server.address("/"))
        for _ in range(3):
            desk.refresh()
            assert 10 <= due_in(desk, source) <= 11


def test_a_server_that_vouches_for_its_answer_is_not_asked_before_that_ends(desk: Desk) -> None:
    fresh = {**RSS, "Cache-Control": "public, max-age=14400", "Age": "3600"}
    with LoopbackServer({"/": conditional(rss([story(1)]), etag='"1"', headers=fresh)}) as server:
        source = desk.add(server.address("/"))
        for _ in range(2):
            desk.refresh()
            assert 3 <= due_in(desk, source) <= 3.3


def test_a_feed_that_publishes_seldom_is_asked_seldom_unless_the_person_set_its_interval(desk: Desk) -> None:
    with LoopbackServer({"*": Reply(200, RSS, rss([story(24 * day) for day in range(1, 9)]))}) as server:
        source = desk.add(server.address("/a"))
        wanted = desk.add(server.address("/b"), interval_minutes=20)
        desk.refresh()
        assert 2 <= due_in(desk, source) <= 2.2
        assert due_in(desk, wanted) < 0.5


def test_the_answer_not_modified_keeps_the_validators(desk: Desk) -> None:
    with LoopbackServer({"/": conditional(rss([story(1)]), etag='"1"', headers=RSS)}) as server:
        source = desk.add(server.address("/"))
        for _ in range(3):
            desk.refresh()
        assert [request.headers.get("if-none-match") for request in server.log] == [None, '"1"', '"1"']
    assert desk.source(source).state.validators.etag == '"1"'


def test_a_body_that_could_not_be_read_leaves_no_validators(desk: Desk) -> None:
    broken = Reply(200, {"ETag": '"2"'}, "<!DOCTYPE html><html><body>Sign in</body></html>")
    with LoopbackServer({"/": [broken, Reply(200, RSS, rss([story(1)]))]}) as server:
        desk.add(server.address("/"))
        desk.refresh()
        desk.refresh()
        assert "if-none-match" not in server.log[1].headers
    assert len(desk.rows()) == 1


@pytest.mark.parametrize("date", ["Sat, 01 Jan 0001 06:00:00 +0000", "9999-12-31T23:59:59Z"])
def test_an_article_from_the_ends_of_the_calendar_is_kept_without_its_date(desk: Desk, date: str) -> None:
    item = f"<item><title>A</title><guid>a</guid><pubDate>{date}</pubDate></item>"
    body = f"<rss version='2.0'><channel><title>T</title>{item}</channel></rss>".encode()
    with LoopbackServer({"/": Reply(200, {}, body)}) as server:
        source = desk.add(server.address("/"))
        desk.refresh()
        [row] = desk.rows(source)
    assert (row.title, row.published) == ("A", None)
