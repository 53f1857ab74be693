"""The feeds and pages of the demo site behave as those of a stock WordPress."""

from __future__ import annotations

import gzip
import re
from email.utils import parsedate_to_datetime

import pytest
from lxml import etree

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def items(body: bytes) -> list[etree._Element]:
    return etree.fromstring(body).findall("channel/item")


def test_the_feed_has_ten_items_newest_first(get):
    got = get("/feed/")
    dates = [parsedate_to_datetime(item.findtext("pubDate")) for item in items(got.body)]
    assert len(dates) == 10
    assert dates == sorted(dates, reverse=True)
    assert got.headers["Content-Type"] == "application/rss+xml; charset=UTF-8"


def test_items_have_what_wordpress_gives(get):
    item = items(get("/feed/").body)[0]
    assert item.find("guid").get("isPermaLink") == "false"
    assert "/?p=" in item.findtext("guid")
    assert item.findtext("description").endswith("[&#8230;]")
    assert item.findtext(CONTENT).count("<p>") >= 4
    assert {category.text for category in item.findall("category")}


def test_the_self_link_loses_the_port(get, site):
    channel = etree.fromstring(get("/feed/").body).find("channel")
    link = channel.find("a:link", ATOM)
    assert link.get("href") == "http://127.0.0.1/feed/"
    assert channel.findtext("link") == site.url


def test_paging_ends_after_132_pages_with_404(get):
    assert len(items(get("/feed/?paged=132").body)) == 2
    past = get("/feed/?paged=133")
    assert (past.status, items(past.body)) == (404, [])
    assert past.headers["Content-Type"].startswith("application/rss+xml")
    assert "Page not found" in past.text


def test_pages_of_the_feed_hold_different_articles(get):
    first, second = (
        {item.findtext("guid") for item in items(get(f"/feed/?paged={page}").body)} for page in (1, 2)
    )
    assert len(first | second) == 20


@pytest.mark.parametrize("path", ["/feed/atom/", "/category/culture/feed/atom/"])
def test_atom_is_well_formed(get, path):
    entries = etree.fromstring(get(path).body).findall("a:entry", ATOM)
    assert len(entries) == 10
    assert all(entry.findtext("a:id", namespaces=ATOM) for entry in entries)


def test_a_category_feed_holds_only_its_articles(get):
    for item in items(get("/category/water-energy/feed/").body):
        assert "Water & Energy" in [category.text for category in item.findall("category")]


def test_a_category_that_is_not_there_is_an_empty_feed(get):
    got = get("/category/nonesuch/feed/")
    assert (got.status, items(got.body)) == (200, [])


def test_the_comments_feed_is_empty_and_well_formed(get):
    got = get("/comments/feed/")
    assert (got.status, items(got.body)) == (200, [])


def test_the_strong_tag_and_the_date_give_304(get):
    got = get("/feed/")
    sent = {"If_None_Match": got.headers["ETag"], "If_Modified_Since": got.headers["Last-Modified"]}
    again = get("/feed/", **sent)
    assert (again.status, again.body) == (304, b"")
    assert get("/feed/", Accept_Encoding="gzip", **sent).status == 304


def test_the_weak_tag_that_gzip_makes_never_matches(get):
    got = get("/feed/", Accept_Encoding="gzip")
    tag = got.headers["ETag"]
    assert tag.startswith('W/"')
    assert items(gzip.decompress(got.body))
    again = get("/feed/", If_None_Match=tag, If_Modified_Since=got.headers["Last-Modified"])
    assert again.status == 200


def test_one_tag_is_good_for_all_feeds_even_past_the_end(get):
    tag = get("/feed/").headers["ETag"]
    for path in ("/feed/?paged=2", "/category/culture/feed/", "/feed/atom/", "/feed/?paged=999"):
        assert get(path, If_None_Match=tag).status == 304


def test_a_new_article_changes_the_tag(fresh, get_fresh):
    tag = get_fresh("/feed/").headers["ETag"]
    post = fresh.publish()
    got = get_fresh("/feed/", If_None_Match=tag)
    assert got.status == 200
    assert items(got.body)[0].findtext("title") == post.title


def test_the_date_alone_goes_stale_when_the_newest_is_deleted(fresh, get_fresh):
    newest = max(fresh.newsroom.posts, key=lambda post: post.modified)
    before = get_fresh("/feed/").headers
    fresh.delete(newest.id)
    assert get_fresh("/feed/", If_Modified_Since=before["Last-Modified"]).status == 304
    assert get_fresh("/feed/", If_None_Match=before["ETag"]).status == 200


def test_an_edit_comes_first_when_ordered_by_modification(fresh, get_fresh):
    post = fresh.newsroom.posts[30]
    fresh.edit(post.id)
    item = items(get_fresh("/feed/?orderby=modified").body)[0]
    assert item.findtext("title") == post.title
    assert "Corrected text" in item.findtext(CONTENT)


def test_emoji_are_pictures_in_feeds_and_characters_in_rest(get, site):
    found = get("/wp-json/wp/v2/posts?search=flags&per_page=100").json
    post = next(post for post in found if "🇰🇿" in post["content"]["rendered"])
    place = [p.id for p in site.newsroom.posts].index(post["id"])
    feed = items(get(f"/feed/?paged={place // 10 + 1}").body)[place % 10].findtext(CONTENT)
    assert 'alt="🇰🇿" class="wp-smiley"' in feed
    assert "s.w.org/images/core/emoji/14.0.0/72x72/1f1f0-1f1ff.png" in feed


def test_the_archive_has_six_a_page_and_says_where_one_is(get):
    got = get("/page/4/")
    assert "Viewing results 19 - 24 of 1312" in got.text
    assert got.text.count("<article ") == 6
    assert get("/page/219/").text.count("<article ") == 4
    assert get("/page/220/").status == 404


def test_pages_name_their_feeds_and_the_interface(get, site):
    got = get("/")
    feeds = re.findall(r'type="application/rss\+xml" title="[^"]*"\s+href="([^"]*)"', got.text)
    assert feeds == [f"{site.url}/feed/", f"{site.url}/comments/feed/"]
    assert got.headers["Link"] == f'<{site.url}/wp-json/>; rel="https://api.w.org/"'


def test_the_guid_and_a_missing_slash_redirect_to_the_article(get, site):
    post = site.newsroom.posts[0]
    for path in (f"/?p={post.id}", f"/{post.slug}"):
        got = get(path)
        assert (got.status, got.headers["Location"]) == (301, f"{site.url}/{post.slug}/")
    page = get(f"/{post.slug}/")
    assert page.status == 200
    assert f"/wp-json/wp/v2/posts/{post.id}>" in ", ".join(page.headers.get_all("Link"))


def test_addresses_in_other_scripts_are_percent_encoded_and_found(get, site):
    post = next(post for post in site.newsroom.posts if post.language == "kk")
    link = get(f"/wp-json/wp/v2/posts/{post.id}").json["link"]
    path = link.removeprefix(site.url)
    assert path.isascii()
    assert path == path.lower()
    assert get(path).status == 200


def test_what_is_not_there_is_404(get):
    for path in ("/nothing/", "/?p=1", "/wp-content/uploads/2026/11/nothing.png", "/category/nonesuch/"):
        assert get(path).status == 404


def test_head_gives_headers_only(get):
    got = get("/feed/", "HEAD")
    assert (got.status, got.body) == (200, b"")
    assert got.headers["ETag"] == get("/feed/").headers["ETag"]
