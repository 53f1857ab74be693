"""JSON Feed: the right fields, and wrong types that count as missing."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from desktop.core.errors import ParseError
from desktop.core.models import Enclosure
from desktop.net import feeds

URL = "https://site.example/feed.json"
VERSION = "https://jsonfeed.org/version/1.1"


def parse(value):
    return feeds.parse(json.dumps(value).encode(), URL)


def item(**fields):
    return parse({"version": VERSION, "home_page_url": "https://site.example/", "items": [fields]}).articles[
        0
    ]


def test_a_whole_feed():
    feed = parse(
        {
            "version": VERSION,
            "title": "T",
            "home_page_url": "/",
            "description": "D",
            "icon": "/i.png",
            "language": "kk",
            "next_url": "/feed.json?page=2",
            "authors": [{"name": "The Desk"}],
            "items": [{"id": "1", "url": "/1", "title": "A & B", "content_html": "<p>x</p>"}],
        }
    )
    assert (feed.format, feed.title, feed.description, feed.language) == ("json1", "T", "D", "kk")
    assert (feed.site_url, feed.icon_url) == ("https://site.example/", "https://site.example/i.png")
    assert feed.next_url == "https://site.example/feed.json?page=2"
    found = feed.articles[0]
    assert (found.guid, found.url, found.title) == ("1", "https://site.example/1", "A & B")
    assert (found.author, found.content_html, found.language) == ("The Desk", "<p>x</p>", "kk")


def test_the_other_fields_of_an_item():
    found = item(
        id=7,
        date_published="2026-11-23T10:20:00+05:00",
        date_modified="2026-11-24T10:20:00Z",
        author={"name": "A"},
        tags=["x", 2, None, "x"],
        summary="1 < 2",
        image="/p.jpg",
        attachments=[{"url": "/c.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 9}, {"mime_type": "x"}],
    )
    assert found.guid == "7"
    assert found.published == datetime(2026, 11, 23, 5, 20, tzinfo=UTC)
    assert found.updated == datetime(2026, 11, 24, 10, 20, tzinfo=UTC)
    assert (found.author, found.categories, found.summary_html) == ("A", ("x", "2"), "1 &lt; 2")
    assert found.image_url == "https://site.example/p.jpg"
    assert found.enclosures == (Enclosure("https://site.example/c.mp3", "audio/mpeg", 9),)


def test_plain_text_becomes_paragraphs():
    assert item(content_text="a < b\nc\n\nd").content_html == "<p>a &lt; b<br>c</p><p>d</p>"


def test_an_address_as_id_is_the_link():
    assert item(id="https://site.example/1").url == "https://site.example/1"


@pytest.mark.parametrize("wrong", [None, True, [], {}, [[]], [None], {"name": []}])
def test_wrong_types_count_as_missing(wrong):
    fields = ("url", "title", "content_html", "date_published", "author", "authors", "attachments", "image")
    assert item(id="1", **dict.fromkeys(fields, wrong)) == item(id="1")


@pytest.mark.parametrize("items", [None, "x", {"a": 1}, [None, 1, "x", []]])
def test_items_of_a_wrong_type_are_no_items(items):
    assert parse({"version": VERSION, "items": items}).articles == ()


@pytest.mark.parametrize(
    "body",
    [
        b"null",
        b"true",
        b"[]",
        b"{}",
        b'{"code":"rest_no_route"}',
        b'{"items":[],}',
        b'{"items":[]} {"items":[]}',
        b'{"items":[],"a":' + b"9" * 5000 + b"}",
        b'{"items":' + b"[" * 100_000,
        b'{"items":' + b"[" * 5000 + b"]" * 5000 + b"}",
    ],
)
def test_what_is_no_json_feed_is_refused(body):
    with pytest.raises(ParseError):
        feeds.parse(body, URL)


def test_numbers_out_of_range_are_harmless():
    body = b'{"items":[{"id":1e400,"attachments":[{"url":"https://a.example/b","size_in_bytes":NaN}]}]}'
    assert feeds.parse(body, URL).articles[0].enclosures[0].length == 0


def test_lone_surrogates_and_control_characters_are_removed():
    found = feeds.parse(b'{"items":[{"id":"1","title":"a\\ud800\\u0000b\\ud83d\\ude00"}]}', URL).articles[0]
    assert found.title == "ab😀"


def test_a_byte_order_mark_is_passed_over():
    assert feeds.parse(b'\xef\xbb\xbf {"items":[{"id":"1"}]}', URL).articles[0].guid == "1"


def test_a_next_page_that_is_the_same_page_is_none():
    assert parse({"items": [], "next_url": URL}).next_url == ""
