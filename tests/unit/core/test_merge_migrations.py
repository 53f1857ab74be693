"""Feeds that change their guids, addresses or both: no mark is lost, nothing doubles, nothing is swallowed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from desktop.core.incoming import IncomingArticle
from desktop.core.merge import KnownArticle, MergePlan, decide

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
OLD = "http://www.steppe.example"


def make(number: int) -> IncomingArticle:
    return IncomingArticle(
        guid=f"{OLD}/?p={number}",
        url=f"{OLD}/2026/11/story-{number}/",
        title=f"Bridge number {number} opens",
        author="",
        published=NOW - timedelta(days=number),
        published_text="",
        updated=None,
        html="",
        text=f"What was said of bridge {number}.",
        excerpt="",
        images=(),
        lead_image="",
    )


def stored(articles: list[IncomingArticle]) -> list[KnownArticle]:
    """What the store holds after a first fetch; ids are places in the document."""
    return [
        KnownArticle(
            number,
            new.key,
            new.keys.guid,
            new.keys.url_key,
            new.keys.title_key,
            new.keys.content_hash,
            new.article.title,
        )
        for number, new in enumerate(decide([], articles, NOW).new)
    ]


def after(known: list[KnownArticle], plan: MergePlan) -> list[KnownArticle]:
    """What the store holds once a plan is written."""
    kept = {article.id: article for article in known}
    for update in plan.updated:
        keys = update.keys
        kept[update.id] = KnownArticle(
            update.id,
            update.key,
            keys.guid,
            keys.url_key,
            keys.title_key,
            keys.content_hash,
            update.article.title,
        )
    return list(kept.values())


Change = Callable[[IncomingArticle], IncomingArticle]
MIGRATIONS: dict[str, Change] = {
    "https": lambda a: replace(
        a, guid=a.guid.replace("http:", "https:"), url=a.url.replace("http:", "https:")
    ),
    "guid to link": lambda a: replace(a, guid=a.url),
    "guid to number": lambda a: replace(a, guid=a.guid.rpartition("=")[2]),
    "guid gone": lambda a: replace(a, guid=""),
    "without www": lambda a: replace(
        a, guid=a.guid.replace("www.", ""), url=a.url.replace("www.", "")
    ),
    "another host": lambda a: replace(
        a, guid=a.guid.replace("steppe", "valley"), url=a.url.replace("steppe", "valley")
    ),
    "another path": lambda a: replace(a, guid=f"new-{a.guid}", url=a.url.replace("/2026/11/", "/news/")),
    "guid and tracking": lambda a: replace(a, guid=f"{a.guid}&x", url=f"{a.url}?utm_source=rss&utm_medium=feed"),
    "guid and slash": lambda a: replace(a, guid=f"tag:{a.guid}", url=a.url.rstrip("/")),
    "guid and text": lambda a: replace(a, guid=f"v2:{a.guid}", text=f"{a.text} Edited."),
    "guid and hour": lambda a: replace(a, guid=f"v3:{a.guid}", published=NOW - (NOW - (a.published or NOW)) * 1.01),
    "guid and title case": lambda a: replace(a, guid=f"v4:{a.guid}", title=a.title.upper()),
}  # fmt: skip


@pytest.mark.parametrize("name", MIGRATIONS)
@pytest.mark.parametrize("size", [3, 10, 50])
def test_a_feed_that_changes_its_guids_keeps_its_articles(name: str, size: int) -> None:
    before = [make(number) for number in range(size)]
    known = stored(before)
    plan = decide(known, [MIGRATIONS[name](article) for article in before], NOW)
    assert plan.new == ()
    seen = [update.id for update in plan.updated] + list(plan.unchanged)
    assert sorted(seen) == list(range(size))
    for update in plan.updated:
        assert update.article.text.startswith(f"What was said of bridge {update.id}.")


@pytest.mark.parametrize("name", MIGRATIONS)
def test_after_a_migration_the_same_feed_changes_nothing(name: str) -> None:
    before = [make(number) for number in range(10)]
    moved = [MIGRATIONS[name](article) for article in before]
    known = stored(before)
    known = after(known, decide(known, moved, NOW))
    plan = decide(known, moved, NOW)
    assert (plan.new, plan.updated) == ((), ())
    assert len(plan.unchanged) == 10


@pytest.mark.parametrize("name", MIGRATIONS)
def test_new_articles_beside_a_migration_are_new(name: str) -> None:
    before = [make(number) for number in range(10)]
    fresh = [make(number) for number in range(100, 105)]
    plan = decide(stored(before), [*fresh, *(MIGRATIONS[name](article) for article in before)], NOW)
    assert [new.article for new in plan.new] == fresh


def test_one_new_guid_is_re_keyed_when_address_and_title_agree() -> None:
    before = [make(number) for number in range(10)]
    plan = decide(stored(before), [replace(before[4], guid="other"), *before[5:]], NOW)
    assert [(update.id, update.key) for update in plan.updated] == [(4, "g:other")]


@pytest.mark.parametrize("field", ["url", "title"])
def test_one_new_guid_is_a_new_article_when_only_one_of_them_agrees(field: str) -> None:
    before = [make(number) for number in range(10)]
    other = replace(before[4], guid="other", **{field: "https://steppe.example/else"})
    plan = decide(stored(before), [other, *before[5:]], NOW)
    assert [new.article for new in plan.new] == [other]


def test_a_guid_that_is_given_again_with_another_story_is_an_update() -> None:
    before = [make(1)]
    again = replace(make(2), guid=before[0].guid)
    plan = decide(stored(before), [again], NOW)
    assert [(update.id, update.content_changed) for update in plan.updated] == [(0, True)]


def test_articles_that_share_a_guid_stay_apart_from_fetch_to_fetch() -> None:
    shared = [replace(make(number), guid="the same") for number in range(5)]
    known = stored(shared)
    assert len({article.key for article in known}) == 5
    assert decide(known, list(reversed(shared)), NOW).unchanged == (4, 3, 2, 1, 0)


def test_articles_that_share_an_address_stay_apart_by_their_titles() -> None:
    shared = [replace(make(number), guid="", url=f"{OLD}/live/") for number in range(5)]
    known = stored(shared)
    assert len(known) == 5
    plan = decide(known, [replace(shared[2], text="More was said."), *shared[3:]], NOW)
    assert [update.id for update in plan.updated] == [2]
    assert plan.new == ()


def test_an_article_that_stands_twice_word_for_word_is_one() -> None:
    assert len(decide([], [make(1), make(2), make(1)], NOW).new) == 2


def test_articles_with_neither_guid_nor_address_nor_title_stay_apart_by_their_text() -> None:
    bare = [replace(make(number), guid="", url="", title="") for number in range(3)]
    known = stored(bare)
    assert len(known) == 3
    assert decide(known, bare, NOW).new == ()


def test_a_stored_article_is_given_to_one_article_only() -> None:
    known = stored([make(1)])
    plan = decide(known, [make(1), replace(make(1), guid="copy")], NOW)
    assert plan.unchanged == (0,)
    assert len(plan.new) == 1


def test_no_two_stored_articles_share_a_key() -> None:
    articles = [replace(make(n % 4), guid=f"{n % 3}", title=f"T{n % 2}", text=str(n)) for n in range(24)]
    new = decide([], articles, NOW).new
    assert len({each.key for each in new}) == len(new)
