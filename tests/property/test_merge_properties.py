"""Merging, for any feed: twice is once, and no item swallows another."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.core.incoming import IncomingArticle
from desktop.core.merge import KnownArticle, MergePlan, decide

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
SMALL = st.sampled_from(["", "a", "b", "c", "d"])

articles = st.builds(
    lambda guid, path, title, text: IncomingArticle(
        guid, f"https://x.example/{path}" if path else "", title, "", NOW, "", None, "", text, "", (), ""
    ),
    SMALL, SMALL, SMALL, SMALL,
)  # fmt: skip


def stored(plan: MergePlan) -> list[KnownArticle]:
    return [
        KnownArticle(
            i, n.key, n.keys.guid, n.keys.url_key, n.keys.title_key, n.keys.content_hash, n.article.title
        )
        for i, n in enumerate(plan.new)
    ]


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.lists(articles, max_size=7))
def test_the_same_feed_again_brings_nothing_new(feed: list[IncomingArticle]) -> None:
    first = decide([], feed, NOW)
    assert len({n.key for n in first.new}) == len(first.new)
    assert bool(first.new) == bool(feed)
    again = decide(stored(first), feed, NOW)
    assert again.new == ()


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.lists(articles, max_size=6), st.lists(articles, max_size=6))
def test_no_stored_article_is_matched_twice(
    before: list[IncomingArticle], after: list[IncomingArticle]
) -> None:
    plan = decide(stored(decide([], before, NOW)), after, NOW)
    touched = [update.id for update in plan.updated] + list(plan.unchanged)
    assert len(touched) == len(set(touched))
    assert len(plan.new) + len(touched) <= len(after)  # what stands twice word for word stands once
