"""Feeds and posts, as far as the values that are stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress

from desktop.core.errors import ParseError
from desktop.core.html.image_keys import image_key
from desktop.core.incoming import IncomingFeed
from desktop.net import wordpress
from desktop.sync import reading, wire
from tests.bench.feed_samples import feed
from tests.fuzz.targets.target import URL, Target, expect, expect_line, expect_utc, expect_web, files
from tests.unit.core.hostile_html import examine

JSON_FEED = (
    b'{"version":"https://jsonfeed.org/version/1.1","title":"T","home_page_url":"https://courier.example/",'
    b'"items":[{"id":"1","url":"https://courier.example/1","content_html":"<p>a</p>","date_published":'
    b'"2026-11-20T12:00:00+05:00","authors":[{"name":"A"}],"tags":["b"],"attachments":[{"url":"/c.mp3",'
    b'"mime_type":"audio/mpeg","size_in_bytes":7}]}]}'
)


def checked(found: IncomingFeed) -> None:
    """What a feed promises to who keeps it."""
    expect(wire.load(IncomingFeed, wire.dump(found)) == found, "it does not travel whole")
    expect_line(found.title, found.language)
    expect_web(found.site_url, found.next_url, found.icon_url)
    for article in found.articles:
        expect_line(article.title, article.author, article.language, *article.categories)
        expect_utc(article.published, article.updated)
        expect_web(article.url, article.lead_image, *(image.url for image in article.images))
        keys = {image_key(image.url) for image in article.images}
        faults = examine(article.html, keys).faults
        expect(not faults, f"{faults} in {article.html!r}")


def _run(read: Callable[[bytes], IncomingFeed]) -> Callable[[bytes], None]:
    def run(body: bytes) -> None:
        try:
            found = read(body)
        except ParseError:
            return
        checked(found)

    return run


def _read_posts(body: bytes) -> IncomingFeed:
    return reading.read_posts(body, URL, {"x-wp-total": "7"}, "https://courier.example/")


def _rest(body: bytes) -> None:
    """The other answers of a REST interface."""
    wordpress.is_past_the_end(body)
    with suppress(ParseError):
        site = wordpress.parse_index(body, URL)
        expect_line(site.title, site.description)
        expect_web(site.home_url, site.icon_url)
    with suppress(ParseError):
        for name, url in wordpress.parse_categories(body, URL):
            expect_line(name)
            expect_web(url)
    with suppress(ParseError):
        expect(all(number > 0 for number in wordpress.parse_public(body)), "a post has no number")


def _posts() -> list[bytes]:
    """Answers with posts; of the long ones the first two."""
    short: list[bytes] = []
    for body in files("wordpress/posts*.json"):
        short.append(json.dumps(json.loads(body)[:2], ensure_ascii=False).encode())
    return [
        *short,
        *files("wordpress/posts-fields.json", "wordpress/index-short.json", "wordpress/errors.json"),
    ]


TARGETS = (
    Target(
        "feed",
        _run(lambda body: reading.read_feed(body, URL)),
        lambda: [
            *files(
                "news/*.xml",
                "wordpress/rss2-*malformed.xml",
            ),
            feed(1, items=2, paragraphs=2),
        ],
    ),
    Target("json_feed", _run(lambda body: reading.read_feed(body, URL)), lambda: [JSON_FEED]),
    Target("posts", _run(_read_posts), _posts),
    Target(
        "rest",
        _rest,
        lambda: files("wordpress/index*.json", "wordpress/categories.json", "wordpress/errors.json"),
    ),
)
