"""What is found at an address that a person types."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.errors import OfflineError, ParseError, StoppedError, UsageError
from desktop.core.models import NewSource, SourceKind
from desktop.net.gate import Gate
from desktop.net.http import Http
from desktop.sync.discover import discover, newest, typed_address
from tests.faults.world import World
from tests.server import LoopbackServer, Reply
from tests.unit.sync.conftest import Desk
from tests.unit.sync.press import HTML, RSS, Press, hourly, rss, story


@pytest.fixture
def http() -> Iterator[Http]:
    made = Http(Gate())
    yield made
    made.close()


@pytest.fixture
def wordpress(press: Press) -> Press:
    """A WordPress that names its REST interface in the head of every answer."""
    press.posts = hourly(2)
    api = {"Link": f'<{press.api}>; rel="https://api.w.org/"'}
    feed = Reply(200, {**RSS, **api}, rss([story(1)]))
    press.server.routes |= {
        "/feed/": feed,
        "/category/rails/feed/": feed,
        "/": Reply(200, {**HTML, **api}, "<p>Hi"),
    }
    return press


def page(*links: str) -> Reply:
    return Reply(200, HTML, f"<!DOCTYPE html><html><head><title>Reeds</title>{''.join(links)}</head></html>")


def link(href: str, title: str = "") -> str:
    return f'<link rel="alternate" type="application/rss+xml" href="{href}" title="{title}">'


def kinds(found: list[NewSource]) -> list[SourceKind]:
    return [source.kind for source in found]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("example.org", "https://example.org"),
        ("  example.org/feed/\n", "https://example.org/feed/"),
        ("http://example.org", "http://example.org"),
        ("HTTPS://Example.org/x", "HTTPS://Example.org/x"),
        ("feed:https://example.org/rss", "https://example.org/rss"),
        ("feeds:https://example.org/rss", "https://example.org/rss"),
        ("feed://example.org/rss", "https://example.org/rss"),
        ("feeds://example.org/rss", "https://example.org/rss"),
        ("feed:example.org/rss", "https://example.org/rss"),
        ("//example.org", "https://example.org"),
        ("example.org/?from=https://other.example", "https://example.org/?from=https://other.example"),
        ("localhost:8000/feed", "https://localhost:8000/feed"),
        ("пример.рф", "https://пример.рф"),
    ],
)
def test_what_people_type_becomes_an_address(typed: str, address: str) -> None:
    assert typed_address(typed) == address


@pytest.mark.parametrize(
    "typed", ["", "   ", "two words", "ftp://example.org", "feed:", "[", "https://[1", "https://"]
)
def test_what_is_no_address_is_told_so(typed: str) -> None:
    with pytest.raises(UsageError, match="is not a web address"):
        typed_address(typed)


@pytest.mark.parametrize(
    "typed", ["https://u:S3CRET@example.org/", "u:S3CRET@example.org", "feed://u@example.org/x"]
)
def test_a_password_within_an_address_is_not_taken_nor_repeated(typed: str) -> None:
    with pytest.raises(UsageError, match="holds a user name or a password") as caught:
        typed_address(typed)
    assert "S3CRET" not in str(caught.value)


def test_a_feed_is_found_at_its_own_address(http: Http, press: Press) -> None:
    press.shut("/feed/", Reply(200, RSS, rss([story(1)])))
    assert discover(http, press.feed_url) == [
        NewSource(press.feed_url, title="The Reed Pen", site_url="http://reed.test", feed_url=press.feed_url)
    ]


def test_the_site_feed_of_a_wordpress_offers_rest_first(http: Http, wordpress: Press) -> None:
    found = discover(http, wordpress.feed_url)
    assert kinds(found) == [SourceKind.WORDPRESS, SourceKind.FEED]
    assert (found[0].url, found[0].feed_url) == (wordpress.api, wordpress.feed_url)


def test_the_feed_of_a_category_stays_what_it_is(http: Http, wordpress: Press) -> None:
    address = wordpress.server.address("/category/rails/feed/")
    assert [source.url for source in discover(http, address)] == [address]


def test_the_site_feed_of_a_wordpress_with_plain_permalinks_offers_rest_first(
    http: Http, press: Press
) -> None:
    api = press.server.address("/index.php?rest_route=/")
    named = {**RSS, "Link": f'<{api}>; rel="https://api.w.org/"'}
    press.server.routes["/"] = Reply(200, named, rss([story(1)]))
    assert kinds(discover(http, press.server.address("/?feed=rss2")))[0] is SourceKind.WORDPRESS
    assert kinds(discover(http, press.server.address("/?feed=rss2&cat=2"))) == [SourceKind.FEED]


def test_a_wordpress_page_offers_rest_and_its_feed(http: Http, wordpress: Press) -> None:
    wordpress.shut("/", page(f'<link rel="https://api.w.org/" href="{wordpress.api}">', link("/feed/")))
    found = discover(http, wordpress.server.url)
    assert kinds(found) == [SourceKind.WORDPRESS, SourceKind.FEED]
    assert found[0].feed_url == wordpress.feed_url


def test_the_categories_of_a_wordpress_stand_before_its_comments(http: Http, wordpress: Press) -> None:
    named = [
        {"name": "Rails &amp; roads", "link": wordpress.server.address("/category/rails/"), "count": 9},
        {"name": "Water", "link": wordpress.server.address("/?cat=4"), "count": 2},
        {"name": "Empty", "link": wordpress.server.address("/category/empty/"), "count": 0},
    ]
    wordpress.server.routes["/wp-json/wp/v2/categories"] = Reply(
        200, {"Content-Type": "application/json"}, json.dumps(named)
    )
    api = f'<link rel="https://api.w.org/" href="{wordpress.api}">'
    wordpress.shut("/", page(api, link("/feed/"), link("/comments/feed/", "Comments")))
    found = discover(http, wordpress.server.url)
    paths = [source.url.removeprefix(wordpress.server.url) for source in found]
    assert paths == ["/wp-json/", "/feed/", "/category/rails/feed/", "/?cat=4&feed=rss2", "/comments/feed/"]
    assert found[2].title.endswith(": Rails & roads")


def test_the_newest_articles_of_a_wordpress_are_shown(http: Http, wordpress: Press) -> None:
    site = discover(http, wordpress.server.url)[0]
    assert len(newest(http, site, 2)) == 2


def test_a_wordpress_whose_rest_is_shut_is_offered_by_its_feed(http: Http, wordpress: Press) -> None:
    wordpress.shut("/", page(f'<link rel="https://api.w.org/" href="{wordpress.api}">', link("/feed/")))
    wordpress.shut("/wp-json/wp/v2/posts", Reply(401))
    assert kinds(discover(http, wordpress.server.url)) == [SourceKind.FEED]


def test_of_several_feeds_the_comments_come_last(http: Http, press: Press) -> None:
    feeds = (
        link("/comments/feed/", "Reeds » Comments Feed"),
        link("/news.xml", "News"),
        link("/rail.xml", "Rails"),
    )
    press.server.routes |= {"/": page(*feeds), "/news.xml": Reply(200, RSS, rss([story(1)]))}
    paths = [source.url.removeprefix(press.server.url) for source in discover(http, press.server.url)]
    assert paths == ["/news.xml", "/rail.xml", "/comments/feed/"]


def test_a_dead_link_is_not_offered_first(http: Http, press: Press) -> None:
    press.server.routes |= {"/": page(link("/gone.xml"), link("/rail.xml", "Rails"))}
    assert [source.title for source in discover(http, press.server.url)] == ["Rails"]


def test_a_silent_page_is_searched_at_the_usual_places(http: Http, press: Press) -> None:
    press.server.routes |= {"/": page(), "/rss.xml": Reply(200, RSS, rss([story(1)]))}
    press.shut("/feed/", Reply(404))
    assert [source.url for source in discover(http, press.server.url)] == [press.server.address("/rss.xml")]


def test_kind_feed_takes_the_feed_of_a_wordpress(http: Http, wordpress: Press) -> None:
    assert kinds(discover(http, wordpress.feed_url, SourceKind.FEED)) == [SourceKind.FEED]


def test_kind_wordpress_is_found_though_the_page_names_only_feeds(http: Http, press: Press) -> None:
    press.posts = hourly(1)
    press.server.routes["/news/today/"] = page(link("/feed/"))
    found = discover(http, press.server.address("/news/today/"), SourceKind.WORDPRESS)
    assert [source.url for source in found] == [press.api]


@pytest.mark.parametrize(("kind", "what"), [(None, "feed"), (SourceKind.WORDPRESS, "WordPress site")])
def test_where_nothing_is_found_a_sentence_says_so(
    http: Http, press: Press, kind: SourceKind | None, what: str
) -> None:
    press.server.routes.clear()
    press.shut("/", page())
    with pytest.raises(ParseError, match=f"No {what} was found at http://127"):
        discover(http, press.server.url, kind)


def test_nothing_is_guessed_while_offline(press: Press) -> None:
    gate = Gate()
    gate.shut()
    with pytest.raises(OfflineError):
        discover(Http(gate), press.feed_url)
    assert press.server.log == []


def test_stop_ends_the_guessing(http: Http, press: Press) -> None:
    press.server.routes.clear()

    def stop(_: object) -> Reply:
        http.stop()
        return Reply(404)

    press.server.routes |= {"/": page(), "/feed/": stop}
    with pytest.raises(StoppedError):
        discover(http, press.server.url)
    assert len(press.server.log) == 2


def test_a_public_page_cannot_have_the_network_at_home_asked_or_offered() -> None:
    pages = {
        "/": page(link("http://192.168.1.1/setup"), link("http://router.lan/feed"), link("/good")),
        "/api": Reply(
            200, HTML | {"Link": '<http://10.0.0.1/wp-json/>; rel="https://api.w.org/"'}, "<html></html>"
        ),
        "/good": Reply(200, RSS, rss([story(1)])),
    }
    with LoopbackServer(pages) as server:
        world = World(server.port)
        http = Http(Gate(), wire=world)
        assert [source.url for source in discover(http, "http://public.example/")] == [
            "http://public.example/good"
        ]
        with pytest.raises(ParseError):
            discover(http, "http://public.example/api")
        http.close()
    assert world.strays == []


def test_a_page_at_home_may_name_its_own_feeds(http: Http) -> None:
    pages = {"/": page(link("/good")), "/good": Reply(200, RSS, rss([story(1)]))}
    with LoopbackServer(pages) as server:
        (found,) = discover(http, server.address("/"))
        assert found.url == server.address("/good")
        assert [article.title for article in newest(http, found)] == ["Story 1"]


def test_to_look_at_a_feed_to_show_it_and_to_follow_it_is_one_request(tmp_path: Path) -> None:
    with LoopbackServer({"/feed": Reply(200, RSS, rss([story(1)]))}) as server:
        desk = Desk(tmp_path)
        (found,) = discover(desk.http, server.address("/feed"))
        assert len(newest(desk.http, found)) == 1
        desk.do(lambda store: store.sources.add(found, desk.now))
        assert len(desk.refresh().sources[0].changes.new) == 1
        assert len(server.log) == 1
        desk.refresh()
        assert len(server.log) == 2
        desk.close()
