"""The REST interface of the demo site behaves as that of a stock WordPress."""

from __future__ import annotations

import pytest

POSTS = "/wp-json/wp/v2/posts"


def test_totals_and_pages(get):
    got = get(f"{POSTS}?per_page=100&_fields=id")
    assert (got.headers["X-WP-Total"], got.headers["X-WP-TotalPages"]) == ("1312", "14")
    assert len(got.json) == 100
    assert set(got.json[0]) == {"id"}
    assert len(get(f"{POSTS}?per_page=100&page=14&_fields=id").json) == 12


def test_links_lead_to_the_neighbouring_pages(get, site):
    link = get(f"{POSTS}?per_page=100&page=2&_fields=id").headers["Link"]
    root = f"{site.url}{POSTS}?per_page=100&_fields=id"
    assert link == f'<{root}&page=1>; rel="prev", <{root}&page=3>; rel="next"'


def test_head_gives_totals(get):
    got = get(f"{POSTS}?per_page=100", "HEAD")
    assert (got.headers["X-WP-Total"], got.body) == ("1312", b"")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("page=133", "rest_post_invalid_page_number"),
        ("per_page=101", "rest_invalid_param"),
        ("per_page=0", "rest_invalid_param"),
        ("after=2026-11-20", "rest_invalid_param"),
        ("categories=kazakhstan", "rest_invalid_param"),
        ("orderby=nonsense", "rest_invalid_param"),
    ],
)
def test_wrong_questions_are_400(get, query, code):
    got = get(f"{POSTS}?{query}")
    assert (got.status, got.json["code"], got.json["data"]["status"]) == (400, code, 400)


def test_a_missing_post_is_404(get):
    got = get(f"{POSTS}/99999")
    assert (got.status, got.json["code"]) == (404, "rest_post_invalid_id")


def test_there_is_no_conditional_get(get):
    got = get(f"{POSTS}?per_page=1")
    assert "ETag" not in got.headers
    assert "Last-Modified" not in got.headers
    assert get(f"{POSTS}?per_page=1", If_Modified_Since="Fri, 20 Nov 2037 06:53:00 GMT").status == 200


def test_embedded_pictures_terms_and_author(get, site):
    got = get(f"{POSTS}?per_page=20&_embed=wp:featuredmedia,wp:term,author").json
    with_picture = [post for post in got if post["featured_media"]]
    assert 10 < len(with_picture) < 20
    media = with_picture[0]["_embedded"]["wp:featuredmedia"][0]
    assert media["source_url"].startswith(f"{site.url}/wp-content/uploads/")
    assert media["media_details"]["sizes"]["medium"]["width"] == 300
    terms, tags = with_picture[0]["_embedded"]["wp:term"]
    assert tags == []
    assert {term["taxonomy"] for term in terms} == {"category"}
    without = next(post for post in got if not post["featured_media"])
    assert "wp:featuredmedia" not in without["_embedded"]


def test_nothing_is_embedded_unless_links_are_asked_for_too(get):
    assert "_embedded" not in get(f"{POSTS}?per_page=1&_embed&_fields=id,_embedded").json[0]
    assert "_embedded" in get(f"{POSTS}?per_page=1&_embed&_fields=id,_links,_embedded").json[0]


def test_after_and_before_are_strict(get, site):
    post = site.newsroom.posts[5]
    stamp = post.published.strftime("%Y-%m-%dT%H:%M:%SZ")
    after = [found["id"] for found in get(f"{POSTS}?after={stamp}&_fields=id&per_page=100").json]
    assert after == [p.id for p in site.newsroom.posts[:5]]
    assert get(f"{POSTS}?before={stamp}&per_page=1&_fields=id").json[0]["id"] == site.newsroom.posts[6].id


def test_an_edit_is_found_by_its_time(fresh, get_fresh):
    since = fresh.newsroom.modified.strftime("%Y-%m-%dT%H:%M:%SZ")
    post = fresh.edit(fresh.newsroom.posts[20].id)
    found = get_fresh(f"{POSTS}?modified_after={since}").json
    assert [item["id"] for item in found] == [post.id]
    assert found[0]["modified_gmt"] > found[0]["date_gmt"]


def test_what_vanished_is_missing_from_include(fresh, get_fresh):
    gone, kept = fresh.newsroom.posts[3].id, fresh.newsroom.posts[4].id
    fresh.delete(gone)
    assert [p["id"] for p in get_fresh(f"{POSTS}?include={gone},{kept}&_fields=id").json] == [kept]


def test_times_are_local_and_utc_without_a_zone(get):
    post = get(f"{POSTS}?per_page=1&_fields=date,date_gmt").json[0]
    assert post == {"date": "2026-11-24T14:23:00", "date_gmt": "2026-11-24T09:23:00"}


def test_categories_have_counts_and_select_posts(get):
    categories = {c["slug"]: c for c in get("/wp-json/wp/v2/categories?per_page=100").json}
    assert categories["water-energy"]["name"] == "Water &amp; Energy"
    assert len(categories) == 10
    number = categories["water-energy"]["id"]
    got = get(f"{POSTS}?categories={number}&per_page=100")
    assert got.headers["X-WP-Total"] == str(categories["water-energy"]["count"])
    assert all(number in post["categories"] for post in got.json)


def test_search_looks_into_title_and_text(get):
    found = get(f"{POSTS}?search=reservoir&per_page=5").json
    assert found
    assert all(
        "reservoir" in (post["title"]["rendered"] + post["content"]["rendered"]).lower() for post in found
    )


def test_titles_are_html(fresh, get_fresh):
    titles = [post["title"]["rendered"] for post in get_fresh(f"{POSTS}?per_page=40").json]
    assert not any("’" in title or "“" in title for title in titles)


def test_the_gallery_has_captions_here_and_none_in_the_feed(get, site):
    posts = site.newsroom.posts
    place = next(place for place, post in enumerate(posts) if post.id % 29 == 8)
    rest = get(f"{POSTS}/{posts[place].id}").json["content"]["rendered"]
    assert rest.count("gallery-caption") == 4
    feed = get(f"/feed/?paged={place // 10 + 1}").text
    assert "gallery-caption" not in feed


def test_the_index_and_the_plain_route(get, site):
    index = get("/wp-json/?_fields=name,url,namespaces").json
    assert index["url"] == site.url
    assert "wp/v2" in index["namespaces"]
    assert get("/?rest_route=/wp/v2/posts&per_page=2&_fields=id").headers["X-WP-Total"] == "1312"
    assert get("/wp-json/wp/v2/nonesuch").json["code"] == "rest_no_route"
