"""What a page offers by itself, and what to try when it offers nothing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from desktop.core.models import SourceKind
from desktop.net import discovery

DATA = Path(__file__).parents[2] / "data"
URL = "https://site.example/news/"
SITE = "http://127.0.0.1:8390"


def found(head: str, headers=None, url: str = URL):
    body = f"<!DOCTYPE html><html><head><title>The &amp; Site</title>{head}</head><body>x</body></html>"
    return discovery.links(body.encode(), url, headers or {})


@pytest.mark.parametrize("name", ["home", "page-4", "single", "page-4-classic-theme", "single-classic-theme"])
def test_pages_of_wordpress(name):
    offered = discovery.links((DATA / "wordpress" / f"{name}.html").read_bytes(), f"{SITE}/", {})
    first, second, *others = offered
    assert (first.kind, first.url, first.feed_url) == (
        SourceKind.WORDPRESS,
        f"{SITE}/wp-json/",
        f"{SITE}/feed/",
    )
    assert (second.kind, second.url, second.is_comments) == (SourceKind.FEED, f"{SITE}/feed/", False)
    assert all(each.is_comments for each in others)
    assert first.title == "Steppe Courier – News from the Made-up Interior"


def test_feeds_of_all_types_made_absolute():
    offered = found(
        '<link rel="alternate" type="application/rss+xml" title="A" href="/a.xml">'
        "<link rel='ALTERNATE' type='application/atom+xml; charset=utf-8' href='b.xml'>"
        '<link rel="alternate" type="application/feed+json" href="https://cdn.example/c.json">'
    )
    assert [each.url for each in offered] == [
        "https://site.example/a.xml",
        "https://site.example/news/b.xml",
        "https://cdn.example/c.json",
    ]
    assert [each.title for each in offered] == ["A", "The & Site", "The & Site"]


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="alternate" hreflang="ru" href="/ru/">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">',
        '<link rel="alternate" type="application/json+oembed" href="/o">',
        '<link rel="stylesheet" type="text/xml" href="/s">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:x">',
        '<link rel="alternate" type="application/rss+xml" href="file:///etc/passwd">',
        '<link rel="alternate" type="application/rss+xml">',
    ],
)
def test_what_is_no_feed_is_not_offered(link):
    assert found(link) == []


def test_comments_come_last():
    offered = found(
        '<link rel="alternate" type="application/rss+xml" href="/comments/feed/">'
        '<link rel="alternate" type="application/rss+xml" title="Комментарии" href="/k/">'
        '<link rel="alternate" type="application/rss+xml" href="/feed/">'
    )
    assert [each.is_comments for each in offered] == [False, True, True]
    assert offered[0].url == "https://site.example/feed/"


def test_the_base_of_a_page_counts():
    link = '<base href="https://base.example/x/"><link rel="alternate" type="application/rss+xml" href="f">'
    assert found(link)[0].url == "https://base.example/x/f"


def test_the_link_header_names_the_interface():
    headers = {"Link": '<https://site.example/wp-json/>; rel="https://api.w.org/", </a>; rel="alternate"'}
    offered = discovery.links(b"", URL, headers)
    assert [(each.kind, each.url, each.feed_url) for each in offered] == [
        (SourceKind.WORDPRESS, "https://site.example/wp-json/", "https://site.example/feed/")
    ]


def test_an_interface_without_pretty_links():
    offered = found('<link rel="https://api.w.org/" href="https://site.example/index.php?rest_route=/">')
    assert offered[0].url == "https://site.example/index.php?rest_route=/"
    assert offered[0].feed_url == "https://site.example/feed/"


def test_the_same_address_is_offered_once():
    link = '<link rel="alternate" type="application/rss+xml" href="/feed/">'
    assert len(found(link * 3)) == 1


def test_a_page_in_windows_1251():
    body = '<meta charset="windows-1251"><title>Новости</title><link rel=alternate type=text/xml href=/f>'
    assert discovery.links(body.encode("cp1251"), URL, {})[0].title == "Новости"


@pytest.mark.parametrize(
    "body", [b"", b"\x00" * 10, b"<" * 5000, b"<a>" * 50_000, b"\xff\xfe", b"{}", b"<?xml?>"]
)
def test_rubbish_offers_nothing(body):
    assert discovery.links(body, URL, {}) == []


def test_guesses_for_a_site():
    assert discovery.guesses("https://site.example") == [
        "https://site.example/feed/",
        "https://site.example/rss/",
        "https://site.example/rss.xml",
        "https://site.example/feed.xml",
        "https://site.example/atom.xml",
        "https://site.example/index.xml",
        "https://site.example/feed.json",
        "https://site.example/wp-json/",
        "https://site.example/?feed=rss2",
    ]


def test_guesses_for_a_section_come_first():
    tried = discovery.guesses("https://site.example/ru/?x=1#y")
    assert tried[:3] == [f"https://site.example/ru/{end}" for end in ("feed/", "rss/", "rss.xml")]
    assert "https://site.example/feed/" in tried
    assert len(tried) == len(set(tried))


@pytest.mark.parametrize("url", ["", "site", "file:///etc/", "http://[::1"])
def test_no_guesses_for_what_is_no_site(url):
    assert discovery.guesses(url) == []


def test_a_tag_of_a_hundred_thousand_attributes_takes_no_time_and_hides_no_feed():
    feed = '<link rel="alternate" type="application/rss+xml" href="/feed/">'
    began = time.process_time()
    (candidate,) = found(f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>{feed}")
    assert candidate.url == "https://site.example/feed/"
    assert time.process_time() - began < 5  # seconds where a quarter of a minute was spent
