"""The demo site as a whole: quick to start, the same for the same seed, alive when told to, gone when stopped."""

from __future__ import annotations

import http.client
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from desktop.demo.posts import COUNTRIES
from desktop.demo.rendering import render
from desktop.demo.site import DemoSite
from desktop.net.rates import PROVIDERS

START = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def fetch(site: DemoSite, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


def test_1312_articles_over_two_years_the_newest_today(site):
    posts = site.newsroom.posts
    assert len(posts) == 1312
    assert posts[0].published.date() == START.date()
    assert timedelta(days=690) < START - posts[-1].published < timedelta(days=770)
    assert [p.published for p in posts] == sorted((p.published for p in posts), reverse=True)
    assert all(p.published <= p.modified <= START for p in posts)


def test_a_start_waits_for_no_article_to_be_written():
    with DemoSite(START) as site:
        assert site._wordpress._rendered == {}
        fetch(site, "/feed/")
        assert 0 < len(site._wordpress._rendered) < 20


def test_the_same_seed_gives_the_same_site(site):
    with DemoSite(START, articles=30) as one, DemoSite(START, articles=30) as two:
        pages = [fetch(s, "/feed/").replace(s.url.encode(), b"") for s in (one, two)]
        fixings = [fetch(s, "/nbk/rates_all.xml") for s in (one, two)]
    assert pages[0] == pages[1]
    assert fixings[0] == fixings[1]


def test_another_seed_gives_other_articles_and_rates():
    with DemoSite(START, seed=1, articles=30) as one, DemoSite(START, seed=2, articles=30) as two:
        assert [p.title for p in one.newsroom.posts] != [p.title for p in two.newsroom.posts]
        assert fetch(one, "/cbr/?date_req=10/11/2026") != fetch(two, "/cbr/?date_req=10/11/2026")


def test_every_article_can_be_written(site):
    for post in site.newsroom.posts[::7]:
        rendered = render(site.newsroom.writer, post)
        assert "{" not in rendered.text, post.title
        assert len(rendered.rest) > 400, post.title


def test_every_theme_can_be_written(site):
    seen = {post.plan.theme.name: post for post in site.newsroom.posts}
    for post in seen.values():
        assert "{" not in post.title + render(site.newsroom.writer, post).text


def test_one_screen_repeats_no_headline(site):
    posts = site.newsroom.posts
    for first in range(0, len(posts) - 40, 20):
        templates = [post.plan.headline for post in posts[first : first + 40] if post.language == "en"]
        assert len(set(templates)) == len(templates)


def test_addresses_are_unique(site):
    assert len({post.slug for post in site.newsroom.posts}) == 1312


def test_all_countries_and_languages_are_among_the_newest(site):
    newest = site.newsroom.posts[:150]
    assert {post.plan.country for post in newest} == set(COUNTRIES)
    assert {post.language for post in newest} == {"en", "ru", "kk", "kk-Latn", "uz", "ky", "tg", "fa", "ug"}


def test_odd_forms_are_among_the_newest(site):
    texts = [render(site.newsroom.writer, post) for post in site.newsroom.posts[:120]]
    for mark in (
        "[caption id=",
        "wp-caption-text",
        "wp-block-image",
        "gallery-item",
        "<table>",
        "<ul>",
        "<h3>",
        "<blockquote",
    ):
        assert any(mark in text.rest for text in texts), mark
    assert any("s.w.org" in text.feed for text in texts)
    assert any(post.modified > post.published for post in site.newsroom.posts[:60])


def test_publish_adds_a_newer_article_each_time(fresh):
    first, second = fresh.publish(), fresh.publish()
    assert fresh.newsroom.posts[:2] == (second, first)
    assert second.published > first.published
    assert len(fresh.newsroom.posts) == 42


def test_editing_or_deleting_what_is_not_there_is_an_error(fresh):
    for change in (fresh.edit, fresh.delete):
        with pytest.raises(KeyError):
            change(1)


def test_the_log_has_the_requests(fresh):
    fetch(fresh, "/feed/?paged=2")
    assert [(r.method, r.path, r.query) for r in fresh.log] == [("GET", "/feed/", {"paged": "2"})]


def test_every_provider_has_its_address_and_an_answer(fresh):
    addresses = fresh.config()
    for provider in PROVIDERS.values():
        if not provider.url:
            continue
        moved = provider.at(addresses.pop(f"rates.{provider.id}.url"))
        if "/nobody/" in moved.url:
            continue
        for request in moved.requests(today=START.date()):
            assert moved.parse(fetch(fresh, request.url.removeprefix(fresh.url)), START), provider.id
    left = [key for key in addresses if not key.endswith(".history_url")]
    assert left == ["rates.fawaz.spare_url"]
    assert fresh.errors == []


def test_a_living_site_publishes_articles_and_fixings_by_itself():
    with DemoSite(START, articles=5, live=True, article_seconds=0.01, fixing_seconds=0.01) as site:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            fixing = fetch(site, "/cbr/XML_daily.asp")
            if len(site.newsroom.posts) >= 8 and b'Date="21.11.2026"' not in fixing:
                break
        assert len(site.newsroom.posts) >= 8
        assert b'Date="21.11.2026"' not in fixing
    assert site.errors == []


def test_live_fixings_do_not_run_far_ahead_of_the_day():
    with DemoSite(START, articles=5, live=True, article_seconds=3600, fixing_seconds=0.002) as site:
        deadline = time.monotonic() + 20
        dates = []
        while time.monotonic() < deadline and len(dates) < 100:
            dates.append(fetch(site, "/cbu/json/").partition(b'"Date":"')[2][:10])
        assert dates[-1] == b"01.12.2026"


@pytest.mark.parametrize("path", ["/nbk", "/nbk/", "/nbkr", "/cbu", "/cbu/all/2026-11-20/", "/cbr", "/erapi"])
def test_a_bare_address_of_a_bank_is_good_too(get, path):
    assert get(path).status == 200
    assert b"USD" in get(path).body


def test_the_living_banks_begin_late_so_that_the_first_fixing_counts_today():
    site = DemoSite(START, articles=5, live=True, article_seconds=3600, fixing_seconds=3600)
    with site:
        assert b'Date="21.11.2026"' in fetch(site, "/cbr/XML_daily.asp")
        site.new_fixing()
        assert b'Date="24.11.2026"' in fetch(site, "/cbr/XML_daily.asp")


def test_stopping_ends_threads_and_connections_and_may_be_repeated():
    before = threading.active_count()
    site = DemoSite(START, articles=5, live=True).start()
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    connection.request("GET", "/feed/")
    connection.getresponse().read()
    site.stop()
    site.stop()
    assert threading.active_count() == before
    with pytest.raises(OSError):
        fetch(site, "/feed/")
    connection.close()


def test_a_taken_port_is_an_error(fresh):
    with pytest.raises(OSError):
        DemoSite(START, articles=1, port=fresh.port)
