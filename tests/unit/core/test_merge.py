"""Which article is which."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from desktop.core.identity import title_key, url_key
from desktop.core.incoming import IncomingArticle
from desktop.core.merge import KnownArticle, decide, keys, normalise_url

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
BLANK = IncomingArticle("", "", "", "", None, "", None, "", "", "", (), "")


def article(n: int = 1, **changes: object) -> IncomingArticle:
    base = replace(
        BLANK,
        guid=f"http://site.example/?p={n}",
        url=f"http://site.example/story-{n}/",
        title=f"Story {n}",
        text=f"What happened on day {n}.",
        published=NOW - timedelta(hours=n),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def known(*articles: IncomingArticle) -> list[KnownArticle]:
    """What the store would know after it took these in."""
    rows = []
    for number, new in enumerate(decide([], articles, NOW).new, 1):
        k = new.keys
        rows.append(
            KnownArticle(number, new.key, k.guid, k.url_key, k.title_key, k.content_hash, new.article.title)
        )
    return rows


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.example/x", "https://www.a.example/x/"),
        ("https://a.example/x?utm_source=rss&utm_medium=feed", "https://a.example/x"),
        ("https://a.example/x?id=5&fbclid=abc", "https://a.example/x?id=5"),
        ("https://a.example/x#more", "https://a.example/x"),
        ("https://a.example:443/x", "http://a.example:80/x"),
    ],
)
def test_the_same_page_has_one_normal_form(one: str, other: str) -> None:
    assert normalise_url(one) == normalise_url(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/x?id=5", "https://a.example/x?id=6"),
        ("https://a.example/x", "https://b.example/x"),
        ("http://a.example:8080/x", "http://a.example/x"),
    ],
)
def test_other_pages_stay_others(one: str, other: str) -> None:
    assert normalise_url(one) != normalise_url(other)


def test_what_is_not_an_address_is_kept_as_it_is() -> None:
    assert normalise_url("http://[broken") == "http://[broken"
    assert normalise_url("tag:x") == "tag:x"


def test_all_is_new_at_first_and_unchanged_the_second_time() -> None:
    articles = [article(1), article(2)]
    assert len(decide([], articles, NOW).new) == 2
    plan = decide(known(*articles), articles, NOW)
    assert (plan.new, plan.updated, sorted(plan.unchanged)) == ((), (), [1, 2])


def test_other_markup_of_the_same_words_is_no_change() -> None:
    plan = decide(known(article(1)), [article(1, html='<p id="wp-container-5">What happened</p>')], NOW)
    assert plan.unchanged == (1,)


def test_a_guid_that_comes_again_with_a_new_title_and_date_is_an_update() -> None:
    again = article(1, title="Story 1, corrected", published=NOW)
    plan = decide(known(article(1)), [again], NOW)
    assert [(u.id, u.content_changed) for u in plan.updated] == [(1, True)]
    assert not plan.new


@pytest.mark.parametrize(
    "change",
    [
        {"guid": "https://site.example/?p=1"},
        {"guid": "urn:uuid:1", "url": "https://www.site.example/story-1?utm_source=x"},
    ],
)
def test_a_new_guid_with_the_same_link_and_title_is_the_same_article(change: dict[str, str]) -> None:
    plan = decide(known(article(1), article(2)), [article(1, **change), article(2)], NOW)
    assert not plan.new
    assert [(u.id, u.content_changed, u.key) for u in plan.updated] == [(1, False, f"g:{change['guid']}")]


def test_a_feed_that_changes_all_its_guids_and_its_host_keeps_its_articles() -> None:
    before = [article(n) for n in range(1, 9)]
    after = [
        replace(a, guid=f"https://new.example/?p={n}", url=f"https://new.example/story-{n}/")
        for n, a in enumerate(before, 1)
    ]
    plan = decide(known(*before), after, NOW)
    assert not plan.new
    assert [u.id for u in plan.updated] == list(range(1, 9))


def test_a_new_article_under_a_known_link_is_new_when_the_feed_did_not_move() -> None:
    """A live page that is published anew every day has one link and new guids."""
    before = [article(n) for n in range(1, 9)]
    fresh = article(1, guid="g:today", title="Live: today")
    plan = decide(known(*before), [fresh, *before[1:]], NOW)
    assert [n.article.title for n in plan.new] == ["Live: today"]


def test_two_items_of_one_guid_stay_two_between_polls() -> None:
    twins = [article(1, url="http://site.example/a"), article(1, url="http://site.example/b", title="Other")]
    first = decide([], twins, NOW)
    assert len({n.key for n in first.new}) == 2
    assert sorted(decide(known(*twins), twins, NOW).unchanged) == [1, 2]
    assert sorted(decide(known(*twins), twins[::-1], NOW).unchanged) == [1, 2]


def test_items_without_guid_on_one_link_are_told_apart_by_title() -> None:
    items = [article(n, guid="", url="http://site.example/news", title=f"Headline {n}") for n in (1, 2, 3)]
    assert len({n.key for n in decide([], items, NOW).new}) == 3
    assert sorted(decide(known(*items), items, NOW).unchanged) == [1, 2, 3]


def test_an_item_without_guid_and_link_goes_by_title_and_day() -> None:
    bare = article(1, guid="", url="")
    assert decide(known(bare), [bare], NOW).unchanged == (1,)
    assert len(decide(known(bare), [replace(bare, published=NOW - timedelta(days=3))], NOW).new) == 1


def test_an_item_without_guid_goes_by_its_link_when_the_title_changes() -> None:
    before = article(1, guid="")
    plan = decide(known(before), [replace(before, title="A better title")], NOW)
    assert [(u.id, u.content_changed) for u in plan.updated] == [(1, True)]


def test_distinct_items_are_never_merged_into_one() -> None:
    """Many items of one title and day, new guids throughout: nothing says which is which."""
    before = [article(n, title="Markets", published=NOW) for n in range(1, 6)]
    after = [replace(a, guid=f"new-{n}", url=f"http://else.example/{n}") for n, a in enumerate(before, 1)]
    assert len(decide(known(*before), after, NOW).new) == 5


def test_digests_in_stores_never_change() -> None:
    assert url_key("steppe.example/articles/1") == "/fV6uPaNpEXOFJaGj"
    assert (url_key("steppe.example"), url_key("")) == ("steppe.example", "")
    assert title_key("bridge number 1 opens|2026-11-24") == "Tvuu2k3ePU7p7kWN|2026-11-24"
    assert title_key("a|b|") == f"{title_key('a|b|2026-11-24')[:16]}|"
    assert (title_key(""), title_key("sha256:00")) == ("", "sha256:00")


def test_an_empty_title_is_no_key() -> None:
    assert keys(article(1, title=""), NOW).title_day == ""
    nameless = [article(n, guid="", url="", title="", text=f"text {n}") for n in (1, 2)]
    assert len({n.key for n in decide([], nameless, NOW).new}) == 2
