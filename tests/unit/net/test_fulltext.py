"""The article on a page: found in the shapes of real sites, and nothing else taken for one."""

from __future__ import annotations

import time

import pytest

from desktop.core.fulltext import Obstacle
from desktop.net.fulltext import MAX_BYTES, MAX_ELEMENTS, extract
from tests.bench.fulltext import Page, pages, score

PAGES = pages()
ARTICLES = [page for page in PAGES if page.kind == "article"]
PARAGRAPH = "<p>Words of an article that goes on for a while, with commas, until at last it ends.</p>"


@pytest.mark.parametrize("page", ARTICLES, ids=lambda page: page.name)
def test_the_article_of_a_page_is_found_whole_and_alone(page: Page) -> None:
    found = extract(page.body, page.url)
    got = score(page, found.html)
    assert found.obstacle is Obstacle.NONE
    assert got.recall >= 0.95, got
    assert got.precision >= 0.85, got


def test_the_test_set_as_a_whole_is_found_as_well_as_the_table_says() -> None:
    scores = [score(page, extract(page.body, page.url).html) for page in ARTICLES]
    assert sum(each.recall for each in scores) / len(scores) >= 0.985
    assert sum(each.precision for each in scores) / len(scores) >= 0.97
    assert sum(each.pictures for each in scores) >= 10


@pytest.mark.parametrize(
    ("name", "obstacle"),
    [
        ("pay-wall", Obstacle.PAYWALL),
        ("script-only", Obstacle.SCRIPT),
        ("robot-check", Obstacle.SCRIPT),
        ("cookie-wall", Obstacle.CONSENT),
    ],
)
def test_what_stands_in_an_articles_place_is_named(name: str, obstacle: Obstacle) -> None:
    page = next(page for page in PAGES if page.name == name)
    assert extract(page.body, page.url).obstacle is obstacle


def test_the_title_is_not_repeated_in_the_text() -> None:
    page = next(page for page in PAGES if page.name == "agency-kazakh")
    assert "<h1" not in extract(page.body, page.url).html


def test_the_picture_that_a_page_is_shared_with_is_known() -> None:
    body = f'<meta property="og:image" content="/lead.jpg"><body><article>{PARAGRAPH * 9}</article>'.encode()
    assert extract(body, "https://news.example/a/b").image_url == "https://news.example/lead.jpg"


HOSTILE = {
    "nothing": b"",
    "no HTML": b"\x00\x01\xff" * 9,
    "deep": b"<div>" * 50_000,
    "deep tables": b"<table><tr><td>" * 5_000,
    "attributes": b"<div " + b" ".join(b"a%d=1" % n for n in range(300_000)) + b">x</div>",
    "too many elements": PARAGRAPH.encode() * MAX_ELEMENTS,
    "too many bytes": b"a" * (MAX_BYTES + 1),
    "spaces": b"<p>" + b" " * 1_000_000 + b"</p>",
    "entities": b"&amp;" * 100_000,
    "nested JSON": b'<script type="application/ld+json">' + b"[" * 100_000 + b"</script><p>x",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_page_costs_little_and_never_raises(body: bytes) -> None:
    began = time.process_time()
    extract(body, "https://news.example/")
    assert time.process_time() - began < 10  # seconds where minutes were spent without the limits


@pytest.mark.parametrize(
    "what", ["\x01", "&#1;", "&#x1;", "&#1", "\ufffe", "&#xFFFE;", "&#xD800;", "&#99999999999;", "\x7f"]
)
def test_a_page_with_what_is_no_character_behind_its_title_is_read(what: str) -> None:
    words = "So many words stand here that it is an article. " * 12
    page = f"<html><body><h1>Title</h1>{what}<p>{words}</p><p>{words}</p></body></html>"
    assert "So many words" in extract(page.encode(), "https://steppe.example/a").html
