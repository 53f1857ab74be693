"""Damaged documents end in a feed or a ParseError, within two seconds; 1,000 of them, 50,000 with --long."""

from __future__ import annotations

import random
import time
from contextlib import suppress

import pytest

from desktop.core.errors import ParseError
from desktop.net import discovery, feeds, wordpress
from tests.bench.feed_samples import damaged, feed

URL = "https://courier.example/feed/"
SLOWEST_S = 2.0
JSON_FEED = (
    b'{"version":"https://jsonfeed.org/version/1.1","title":"T","home_page_url":"https://courier.example/",'
    b'"items":[{"id":"1","url":"https://courier.example/1","content_html":"<p>a</p>","date_published":'
    b'"2026-11-20T12:00:00+05:00","authors":[{"name":"A"}],"tags":["b"],"attachments":[{"url":"/c.mp3",'
    b'"mime_type":"audio/mpeg","size_in_bytes":7}]}]}'
)


@pytest.fixture
def bodies(data):
    files = [path.read_bytes() for path in sorted((data / "news").glob("*.xml"))]
    files += [(data / "wordpress" / name).read_bytes() for name in ("atom.xml", "rdf.xml", "rss2-edge-6.xml")]
    return [*files, feed(1, items=3, paragraphs=2), JSON_FEED]


def slowest(parse, bodies, count, seed):
    """The seconds of the slowest of `count` damaged documents; what `parse` raises but ParseError fails the test."""
    draw = random.Random(seed)
    worst = 0.0
    for _ in range(count):
        body = damaged(draw.choice(bodies), draw)
        start = time.perf_counter()
        with suppress(ParseError):
            parse(body)
        worst = max(worst, time.perf_counter() - start)
    return worst


@pytest.mark.timeout(600)
def test_damaged_feeds_are_read_or_refused(bodies, long):
    assert slowest(lambda body: feeds.parse(body, URL), bodies, 50_000 if long else 1000, 1) < SLOWEST_S


@pytest.mark.timeout(600)
def test_damaged_posts_are_read_or_refused(data, long):
    names = ("posts-hidden-users.json", "posts-fields.json", "posts-dangling-media.json", "index-short.json")
    bodies = [(data / "wordpress" / name).read_bytes() for name in names]

    def parse(body):
        assert wordpress.is_past_the_end(body) in (True, False)
        wordpress.parse_posts(body, URL, {"X-WP-Total": "7"})

    assert slowest(parse, bodies, 20_000 if long else 400, 2) < SLOWEST_S


@pytest.mark.timeout(600)
def test_damaged_pages_offer_links_or_nothing(data, long):
    page = (data / "wordpress" / "single.html").read_bytes()[:6000]
    assert slowest(lambda body: discovery.links(body, URL, {}), [page], 5000 if long else 200, 3) < SLOWEST_S


@pytest.mark.parametrize("share", range(0, 101, 4))
def test_cut_feeds_keep_what_stands_before_the_cut(share):
    body = feed(2, items=10, paragraphs=2)
    cut = body[: len(body) * share // 100]
    whole = cut.count(b"</item>")
    try:
        result = feeds.parse(cut, URL)
    except ParseError:
        assert whole == 0
        return
    assert len(result.articles) >= whole
    assert result.damaged or share == 100
