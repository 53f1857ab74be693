"""Lists: keyset pages in every view, positions, counts and marks."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from desktop.core.models import ArticleQuery, ArticleRow, Cursor, View
from desktop.store import Store
from tests.unit.store.builders import NOW, add_source, fill, make_article, make_feed

VIEWS = [View.ALL, View.UNREAD, View.STARRED, View.TODAY]
SCOPES = [{}, {"source_id": 2}, {"folder": "Region"}, {"folder": ""}, {"folder": "none"}]


def cursor(row: ArticleRow) -> Cursor:
    return Cursor(row.sort_at, row.id)


def walk(store: Store, query: ArticleQuery, size: int) -> list[ArticleRow]:
    found = page = store.articles.page(query, limit=size)
    while page:
        page = store.articles.page(query, cursor(page[-1]), size)
        found = found + page
    return found


@pytest.fixture
def filled(store: Store) -> Store:
    """Three sources with 20 articles each, some of the same second, a third read, a fifth starred."""
    chance = random.Random(4)
    for name, folder in (("one", ""), ("two", "Region"), ("three", "Region")):
        source = add_source(store, name, folder)
        articles = [
            make_article(n, guid=f"{name}{n}", url=f"https://{name}.example/{n}",
                published=NOW - timedelta(hours=chance.randrange(48)))
            for n in range(20)
        ]  # fmt: skip
        feed = replace(make_feed(articles), site_url=source.url)
        store.articles.apply(source.id, feed, None, NOW)
    store.articles.set_read(chance.sample(range(1, 61), 20), True)
    store.articles.set_starred(chance.sample(range(1, 61), 12), True)
    return store


def expected(store: Store, query: ArticleQuery) -> list[ArticleRow]:
    """What the list has to show, computed the slow way."""
    folders = {source.id: source.folder for source in store.sources.all()}
    rows = store.articles.rows(range(1, 61))
    unread = query.unread_only or query.view is View.UNREAD
    rows = [
        row
        for row in rows
        if query.source_id in (None, row.source_id)
        and query.folder in (None, folders[row.source_id])
        and not (unread and row.read)
        and not (query.view is View.STARRED and not row.starred)
        and not (query.since is not None and row.sort_at < query.since)
    ]
    return sorted(rows, key=cursor, reverse=True)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("words", ["", "bridge", "river"])
def test_every_list_is_walked_whole_and_in_order(filled: Store, view: View, words: str) -> None:
    since = NOW - timedelta(hours=24) if view is View.TODAY else None
    for scope, unread in itertools.product(SCOPES, (False, True)):
        query = ArticleQuery(view, unread_only=unread, words=words, since=since, **scope)  # type: ignore[arg-type]
        wanted = expected(filled, query)
        assert walk(filled, query, 7) == wanted
        assert filled.articles.count(query) == len(wanted)
        assert filled.articles.unread_count(query) == sum(not row.read for row in wanted)
        for place in range(0, len(wanted), 9):
            assert filled.articles.newer(query, cursor(wanted[place])) == wanted[:place]


def test_a_page_may_start_where_an_article_has_gone(filled: Store) -> None:
    rows = filled.articles.page(ArticleQuery())
    between = Cursor(rows[10].sort_at, rows[10].id)
    filled.sources.remove(rows[10].source_id)
    kept = {row.id for row in filled.articles.page(ArticleQuery())}
    after = filled.articles.page(ArticleQuery(), between)
    assert after == [row for row in rows[11:] if row.id in kept]
    words = filled.articles.page(ArticleQuery(words="bridge"), between)
    assert {row.id for row in words} <= kept


def test_new_articles_are_those_above_the_cursor(store: Store) -> None:
    fill(store, 3)
    top = cursor(store.articles.page(ArticleQuery())[0])
    assert store.articles.newer(ArticleQuery(), top) == []
    source = add_source(store, "two")
    fresh = make_article(9, published=NOW)
    ids = store.articles.apply(source.id, make_feed([fresh]), None, NOW).new
    assert [row.id for row in store.articles.newer(ArticleQuery(), top)] == list(ids)


def test_newer_articles_are_limited_to_the_newest(filled: Store) -> None:
    rows = filled.articles.page(ArticleQuery())
    assert filled.articles.newer(ArticleQuery(), cursor(rows[30]), limit=5) == rows[:5]


def test_rows_come_in_the_order_asked_for_without_those_that_are_gone(filled: Store) -> None:
    assert [row.id for row in filled.articles.rows([9, 3, 999, 27])] == [9, 3, 27]
    assert filled.articles.rows([]) == []


def test_a_folder_of_very_many_sources_is_one_list(store: Store) -> None:
    for number in range(230):
        fill(store, 1, f"s{number}", "All", start=number % 40)
    rows = walk(store, ArticleQuery(folder="All"), 50)
    assert len(rows) == 230
    assert rows == sorted(rows, key=cursor, reverse=True)
    assert store.articles.count(ArticleQuery(folder="All", unread_only=True)) == 230


def test_marks_tell_what_changed_and_only_that(filled: Store) -> None:
    unread = [row.id for row in filled.articles.page(ArticleQuery(View.UNREAD), limit=3)]
    assert sorted(filled.articles.set_read(unread, True).updated) == sorted(unread)
    assert not filled.articles.set_read(unread, True)
    assert sorted(filled.articles.set_read([*unread, 999], False).updated) == sorted(unread)


def test_a_star_is_seen_in_the_list_and_in_the_article(store: Store) -> None:
    first, second = fill(store, 2).new
    store.articles.set_starred([first], True)
    assert [row.id for row in store.articles.page(ArticleQuery(View.STARRED))] == [first]
    article = store.articles.get(first)
    assert article is not None
    assert article.row.starred
    store.articles.set_starred([first, second], False)
    assert store.articles.page(ArticleQuery(View.STARRED)) == []


def test_marks_of_many_articles_are_one_act(store: Store) -> None:
    ids = [article_id for name in ("a", "b", "c", "d") for article_id in fill(store, 300, name).new]
    assert len(store.articles.set_read(ids, True).updated) == 1200
    assert store.articles.unread_count(ArticleQuery()) == 0
    assert store.check() == []


def test_marks_are_synced_to_the_disk_and_fetched_content_is_not(store: Store) -> None:
    said: list[str] = []
    source = add_source(store)
    store._database.connection.set_trace_callback(said.append)
    (article_id,) = store.articles.apply(source.id, make_feed([make_article(1)]), None, NOW).new
    assert "PRAGMA synchronous = NORMAL" in said
    said.clear()
    store.articles.set_read([article_id], True)
    assert said[:2] == ["PRAGMA synchronous = FULL", "BEGIN IMMEDIATE"]
    store._database.connection.set_trace_callback(None)
