"""WordPress over REST: addresses, posts with all their traps, the index, the end of paging."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from desktop.core.errors import ParseError
from desktop.net import wordpress

DATA = Path(__file__).parents[2] / "data" / "wordpress"
SITE = "http://127.0.0.1:8390"
URL = f"{SITE}/wp-json/wp/v2/posts?per_page=20"


def sample(name: str):
    return wordpress.parse_posts((DATA / name).read_bytes(), URL, {})


def by_slug(name: str):
    return {each.url.rstrip("/").rpartition("/")[2]: each for each in sample(name).articles}


def post(**fields):
    return wordpress.parse_posts(json.dumps([{"link": "/a/", **fields}]).encode(), URL, {}).articles[0]


def errors():
    return json.loads((DATA / "errors.json").read_text(encoding="utf-8"))


def query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_the_address_of_posts():
    url = wordpress.posts_url("https://site.example/wp-json/", per_page=50, page=3)
    assert url.startswith("https://site.example/wp-json/wp/v2/posts?per_page=50&page=3&")
    asked = query(url)
    assert asked["_embed"] == "wp:featuredmedia,wp:term,author"
    assert {"id", "guid", "modified_gmt", "_links.wp:featuredmedia", "_embedded"} <= set(
        asked["_fields"].split(",")
    )


@pytest.mark.parametrize(
    "root", ["https://site.example/?rest_route=/", "https://site.example/index.php?rest_route=/"]
)
def test_the_address_without_pretty_links(root):
    asked = query(wordpress.posts_url(root, page=2))
    assert (asked["rest_route"], asked["page"]) == ("/wp/v2/posts", "2")


def test_moments_are_sent_in_utc_with_a_z():
    moment = datetime(2026, 11, 23, 15, tzinfo=timezone(timedelta(hours=5)))
    for name in ("after", "before", "modified_after"):
        url = wordpress.posts_url("https://site.example/wp-json/", **{name: moment})
        assert query(url)[name] == "2026-11-23T10:00:00Z"
        assert "+" not in url


@pytest.mark.parametrize(("asked", "sent"), [(0, "1"), (20, "20"), (500, "100")])
def test_no_more_posts_are_asked_for_than_the_server_gives(asked, sent):
    assert query(wordpress.posts_url("https://site.example/wp-json/", per_page=asked))["per_page"] == sent


def test_the_index_is_asked_for_by_fields():
    url = wordpress.index_url("https://site.example/wp-json/")
    assert url.startswith("https://site.example/wp-json/?_fields=name,")


@pytest.mark.parametrize("path", sorted(DATA.glob("posts*.json")), ids=lambda path: path.name)
def test_every_sample_of_posts_is_read(path):
    raw = json.loads(path.read_text(encoding="utf-8"))
    assert len(sample(path.name).articles) == len(raw)


def test_the_guid_is_that_of_the_feed():
    assert sample("posts.json").articles[0].guid == f"{SITE}/?p=1353"


def test_titles_are_html():
    found = by_slug("posts-edge.json")
    assert found["edge-title-entities"].title == (
        "Q&A: “What’s next?” — R&D at 5 < 7 & 9 > 8 … the 1990’s ‘quoted’ 12×12"
    )
    assert found["edge-title-markup"].title == "A title with emphasis and weight — © ’s"
    assert found["edge-unsafe"].title == "Things that must never run"
    assert found["edge-empty-title"].title == ""


def test_dates_are_utc_though_they_do_not_say_so():
    found = by_slug("posts-edge.json")["edge-night-date"]
    assert found.published == datetime(2025, 12, 31, 19, 30, tzinfo=UTC)
    assert found.published_text == "2025-12-31T19:30:00Z"


def test_the_modified_time_is_kept():
    found = by_slug("posts-edge.json")["edge-updated"]
    assert found.updated > found.published


def test_the_picture_and_terms_are_embedded():
    found = by_slug("posts-edge.json")["edge-classic-caption"]
    assert found.image_url.startswith(f"{SITE}/wp-content/uploads/")
    assert found.categories == ("Business & Economy", "Edge Cases", "Kazakhstan")


def test_categories_stand_before_tags():
    terms = [[{"taxonomy": "post_tag", "name": "t"}], [{"taxonomy": "category", "name": "c &amp; d"}]]
    assert post(_embedded={"wp:term": terms}).categories == ("c & d", "t")


def test_a_deleted_picture_is_no_picture():
    assert sample("posts-dangling-media.json").articles[0].image_url == ""


def test_a_film_or_a_drawing_is_no_picture():
    film = {"source_url": "/a.mp4", "media_type": "file", "mime_type": "video/mp4"}
    drawing = {"source_url": "/a.svg", "media_type": "image", "mime_type": "image/svg+xml"}
    assert post(_embedded={"wp:featuredmedia": [film, drawing]}).image_url == ""


def test_hidden_users_leave_the_author_out():
    assert {each.author for each in sample("posts-hidden-users.json").articles} == {""}


def test_names_of_authors_are_decoded():
    assert "Fionn O'Test & Sons" in {each.author for each in sample("posts.json").articles}


def test_a_post_with_a_password_has_no_body():
    found = by_slug("posts-edge.json")["edge-password"]
    assert (found.content_html, found.summary_html) == ("", "")
    assert post(content={"rendered": "<form>", "protected": True}).content_html == ""


def test_control_characters_are_removed():
    assert post(content={"rendered": "a\x0bb\x08c"}).content_html == "abc"


def test_the_total_comes_from_the_header():
    body = b"[]"
    assert wordpress.parse_posts(body, URL, {"X-WP-Total": "1312"}).total == 1312
    assert wordpress.parse_posts(body, URL, {"x-wp-total": " 7 "}).total == 7
    assert wordpress.parse_posts(body, URL, {"x-wp-total": "many"}).total is None
    assert wordpress.parse_posts(body, URL, {}).total is None


@pytest.mark.parametrize(
    "noise",
    [
        b"\xef\xbb\xbf",
        b"\r\n ",
        b"<br />\n<b>Notice</b>:  Undefined index: a[0] in <b>/x.php</b> on line <b>1</b><br />",
    ],
)
def test_what_php_writes_in_front_is_passed_over(noise):
    body = noise + (DATA / "posts-fields.json").read_bytes()
    assert len(wordpress.parse_posts(body, URL, {}).articles) == 6


@pytest.mark.parametrize("error", errors(), ids=lambda error: error["request"])
def test_errors_are_refused_and_one_is_the_end(error):
    body = error["body"].encode() if isinstance(error["body"], str) else json.dumps(error["body"]).encode()
    with pytest.raises(ParseError) as caught:
        wordpress.parse_posts(body, URL, {})
    assert caught.value.message
    assert wordpress.is_past_the_end(body) == ("page=9999" in error["request"])


def test_a_page_instead_of_posts_is_called_one():
    with pytest.raises(ParseError) as caught:
        wordpress.parse_posts((DATA / "home.html").read_bytes(), URL, {})
    assert caught.value.is_html


@pytest.mark.parametrize(
    "body", [b"", b"null", b"7", b"[1,2]", b'["a"]', b"[" * 100_000, b'[{"id":1}', b"{}"]
)
def test_what_holds_no_posts_is_refused(body):
    with pytest.raises(ParseError):
        wordpress.parse_posts(body, URL, {})
    assert not wordpress.is_past_the_end(body)


@pytest.mark.parametrize("wrong", [None, True, 7, [], {}, {"rendered": None}, {"rendered": []}, [{"a": 1}]])
def test_wrong_types_count_as_missing(wrong):
    names = ("guid", "title", "content", "excerpt", "date_gmt", "modified_gmt", "_embedded")
    found = post(**dict.fromkeys(names, wrong))
    assert found.url == f"{SITE}/a/"
    assert (found.published, found.author, found.image_url) == (None, "", "")


def test_the_index_of_a_site():
    site = wordpress.parse_index((DATA / "index-short.json").read_bytes(), f"{SITE}/wp-json/")
    assert site.title == "Steppe Courier – News from the Made-up Interior"
    assert (site.home_url, site.timezone, site.has_posts) == (SITE, "Asia/Almaty", True)
    assert site.icon_url.endswith("/site-icon.png")
    assert site.description == "Synthetic news for testing readers & parsers"


def test_names_that_turn_the_direction_of_the_line_are_shown_without_that():
    name = r"Uzbekistan \u202egpj.exe"
    index = f'{{"name":"{name}","description":"{name}","home":"{SITE}","namespaces":["wp/v2"]}}'.encode()
    site = wordpress.parse_index(index, f"{SITE}/wp-json/")
    assert site.title == site.description == "Uzbekistan gpj.exe"
    listed = f'[{{"name":"{name}","link":"{SITE}/c","count":1}}]'.encode()
    assert wordpress.parse_categories(listed, SITE) == [("Uzbekistan gpj.exe", f"{SITE}/c/feed/")]
    with pytest.raises(ParseError, match="gpj") as error:
        wordpress.parse_posts(f'{{"code":"x","message":"{name}"}}'.encode(), SITE, {})
    assert "\u202e" not in str(error.value)


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b"null", b'{"code":"rest_disabled","message":"Off"}', b"<html>"]
)
def test_what_is_no_index_is_refused(body):
    with pytest.raises(ParseError):
        wordpress.parse_index(body, f"{SITE}/wp-json/")


def test_the_site_is_known_from_the_address():
    assert wordpress.parse_posts(b"[]", f"{SITE}/blog/wp-json/wp/v2/posts", {}).site_url == f"{SITE}/blog/"
    assert (
        wordpress.parse_posts(b"[]", f"{SITE}/index.php?rest_route=/wp/v2/posts", {}).site_url == f"{SITE}/"
    )
    assert (
        wordpress.parse_posts(b"[]", URL, {}, site_url="https://a.example/").site_url == "https://a.example/"
    )


@pytest.mark.parametrize(
    ("widths", "shown"),
    [
        ({"full": 4000, "large": 1024, "thumbnail": 150}, "large"),
        ({"full": 4000, "1536x1536": 1536, "large": 1024}, "1536x1536"),
        ({"full": 1200, "large": 1024}, "full"),
        ({"full": 4000, "thumbnail": 150}, "full"),
        ({"full": 0, "large": 1024}, "full"),
    ],
)
def test_the_featured_picture_comes_in_the_size_that_is_shown(widths, shown):
    sizes = {
        name: {"width": width, "source_url": f"https://s.example/{name}.jpg"}
        for name, width in widths.items()
    }
    media = {
        "source_url": sizes["full"]["source_url"],
        "media_details": {"width": widths["full"], "sizes": sizes},
    }
    post = {
        "title": {"rendered": "T"},
        "link": "https://s.example/t/",
        "_embedded": {"wp:featuredmedia": [media]},
    }
    [article] = wordpress.parse_posts(json.dumps([post]).encode(), "https://s.example/wp-json/", {}).articles
    assert article.image_url == f"https://s.example/{shown}.jpg"


def test_a_post_whose_number_is_true_was_post_one():
    body = b'[{"id": true, "link": "https://w.example/a", "title": {"rendered": "A"}}]'
    found = wordpress.parse_posts(body, "https://w.example/wp-json/", {}, "https://w.example/")
    assert [(article.title, repr(article.post_id)) for article in found.articles] == [("A", "0")]
