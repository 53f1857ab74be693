"""Every sample feed goes through the parser with the outcome that its manifest states."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.core.errors import ParseError
from desktop.core.incoming import ParsedFeed
from desktop.net import feeds

DATA = Path(__file__).parents[2] / "data"
URL = "https://host.example/feed/"
SITE = "http://127.0.0.1:8390"


def parse(name: str) -> ParsedFeed:
    content_type = next(
        (each["headers"]["Content-Type"] for each in manifest() if f"news/{each['file']}" == name), ""
    )
    return feeds.parse((DATA / name).read_bytes(), URL, content_type)


def manifest():
    return json.loads((DATA / "news" / "manifest.json").read_text(encoding="utf-8"))


def wordpress(name: str) -> ParsedFeed:
    return parse(f"wordpress/{name}.xml")


def posts_by_slug():
    posts = json.loads((DATA / "wordpress" / "posts-edge.json").read_text(encoding="utf-8"))
    return {post["slug"]: post for post in posts}


@pytest.mark.parametrize("file", [each["file"] for each in manifest()])
def test_every_file_of_the_manifest_is_read_or_refused(file):
    if file in ("html-instead-of-feed.html", "empty-200.xml"):
        with pytest.raises(ParseError) as caught:
            parse(f"news/{file}")
        assert caught.value.is_html == file.endswith(".html")
    else:
        assert parse(f"news/{file}").articles


def test_wordpress_with_full_text():
    feed = parse("news/wordpress-fulltext.xml")
    found = feed.articles[0]
    assert found.guid == "https://steppe.example/?p=41277"
    assert found.url == "https://steppe.example/tashkents-second-metro-line-opens/"
    assert found.title == "Tashkent’s Second Metro Line Opens — Three Years Late"
    assert found.categories == ("Uzbekistan", "Transport & Energy")
    assert "srcset" in found.content_html
    assert '<a href="/relative/link/">' in found.content_html
    assert (feed.ttl_minutes, feed.damaged) == (60, False)


def test_entities_inside_cdata_and_enclosures_without_a_type():
    first, second = parse("news/teaser-typeless-enclosure.xml").articles
    assert first.title == second.title == "«Узбекнефтегаз» нарастил добычу газа на 3 %"
    assert first.image_url == "https://www.example-uz.example/media/img/2026/11/abc_b.jpg"
    assert (first.enclosures[0].type, first.enclosures[0].length) == ("", 0)
    assert first.published == datetime(2026, 11, 23, 9, 5, tzinfo=UTC)


def test_uzbek_apostrophes_are_left_alone():
    assert parse("news/category-no-image.xml").articles[0].title == "O‘zbekiston: ta’lim & yangiliklar"


def test_turkmenportal():
    first, second = parse("news/turkmenportal-style.xml").articles
    assert first.title == "Aşgabatda forum geçirildi"
    assert (first.guid, first.url) == ("101", "https://tm.example/tm/blog/101/forum")
    assert first.enclosures[0].url == "https://tm.example/images/uploads/blogs/aa.jpg"
    assert first.published == second.published == datetime(2026, 11, 23, 5, 20, tzinfo=UTC)
    assert second.image_url == "https://tm.example/images/uploads/blogs/aa.jpg"


def test_an_agency_that_issues_its_guids_again():
    articles = parse("news/headline-only.xml").articles
    assert len({each.guid for each in articles}) == 1
    assert [each.content_html + each.summary_html for each in articles] == ["", ""]


@pytest.mark.parametrize("name", ["windows-1251", "windows-1251-undeclared"])
def test_windows_1251(name):
    feed = parse(f"news/{name}.xml")
    assert feed.title == "Старый сайт"
    assert feed.damaged == name.endswith("undeclared")


def test_moscow_time_is_three_hours_ahead():
    found = parse("news/windows-1251-undeclared.xml").articles[0]
    assert found.published == datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_malformed():
    feed = parse("news/malformed.xml")
    first, future = feed.articles
    assert (feed.title, feed.damaged) == ("Broken & Co", True)
    assert (first.title, first.url) == ("Цены растут", "https://b.example/?a=1&b=2")
    assert first.published == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert "tail" in first.summary_html
    assert future.published == datetime(2027, 11, 23, 15, tzinfo=UTC)


def test_atom_with_a_base():
    found = parse("news/atom.xml").articles[0]
    assert found.url == "https://atom.example/2026/11/cabinet/"
    assert found.base_url == "https://atom.example/2026/11/cabinet/"
    assert (found.title, found.author) == ("Cabinet & budget", "Desk")
    assert found.published == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert found.updated == datetime(2026, 11, 23, 9, 12, 44, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "count", "damaged"),
    [
        *(
            (name, 10, False)
            for name in ("rss2", "rss2-page3", "atom", "atom-orderby-modified", "rdf", "rss092")
        ),
        *((f"rss2-edge-{number}", 10, False) for number in range(1, 6)),
        *((name, 10, False) for name in ("rss2-excerpt-only", "rss2-theme-twentytwentyone")),
        *((name, 10, False) for name in ("category-kazakhstan", "category-kazakh-cyrillic-slug")),
        ("rss2-edge-6", 6, True),
        ("rss2-last-page-malformed", 2, True),
        ("comments", 7, False),
        ("category-none", 0, False),
        ("rss2-past-the-end", 0, False),
    ],
)
def test_feeds_of_a_real_wordpress(name, count, damaged):
    feed = wordpress(name)
    assert (len(feed.articles), feed.damaged) == (count, damaged)
    assert all(each.url.startswith(SITE) for each in feed.articles)
    assert feed.site_url == SITE


def test_one_guid_in_all_formats():
    guids = [wordpress(name).articles[0].guid for name in ("rss2", "atom")]
    assert guids == [f"{SITE}/?p=1353"] * 2


def test_titles_are_plain_text_after_the_xml():
    found = {each.url.rstrip("/").rpartition("/")[2]: each for each in wordpress("rss2-edge-1").articles}
    assert found["edge-title-entities"].title == (
        "Q&A: “What’s next?” — R&D at 5 < 7 & 9 > 8 … the 1990’s ‘quoted’ 12×12"
    )


def test_authors_are_decoded_and_categories_are_not_decoded_twice():
    articles = [each for number in range(1, 7) for each in wordpress(f"rss2-edge-{number}").articles]
    assert "Fionn O'Test & Sons" in {each.author for each in articles}
    assert "Business & Economy" in {name for each in articles for name in each.categories}


def test_stock_feeds_have_no_picture_beside_the_article():
    assert {each.image_url for each in wordpress("rss2").articles} == {""}


def test_a_control_character_does_not_cost_the_page():
    found = wordpress("rss2-last-page-malformed").articles[0]
    assert found.title == "A vertical tab hides in this body"
    assert "\x0b" not in found.content_html
    assert "\x08" not in found.content_html


def test_the_modified_time_is_in_atom():
    found = wordpress("atom-orderby-modified").articles[0]
    assert found.updated > found.published


def test_feed_and_rest_agree_on_identity_and_date():
    posts = posts_by_slug()
    articles = [each for number in range(1, 7) for each in wordpress(f"rss2-edge-{number}").articles]
    for found in articles:
        post = posts.get(found.url.rstrip("/").rpartition("/")[2])
        if post:
            assert found.guid == post["guid"]["rendered"]
            assert found.published.isoformat() == post["date_gmt"] + "+00:00"
