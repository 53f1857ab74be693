"""The smart views: which articles stand in them, and counts that are kept and not counted."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from desktop.core.fulltext_values import NO_BETTER, FullTextRule
from desktop.core.html.image_keys import image_key
from desktop.core.incoming import PictureInfo
from desktop.core.models import ArticleQuery, View
from desktop.store import Store
from tests.unit.store.builders import NOW, add_source, fill, make_article, make_feed

PNG = PictureInfo("png", 9, 9)


def kept(store: Store) -> list[int]:
    found = [row.id for row in store.articles.page(ArticleQuery(View.KEPT))]
    assert store.articles.count(ArticleQuery(View.KEPT)) == len(found)
    assert store.check() == []
    return found


def put_picture(store: Store, number: int) -> None:
    url = f"https://steppe.example/{number}.png"
    store.images.put(image_key(url), url, b"picture %d" % number, PNG)


def test_kept_offline_are_those_of_which_text_and_pictures_are_on_disk(store: Store) -> None:
    source = add_source(store)
    articles = [make_article(1), make_article(2), make_article(3, images=(), lead_image="")]
    third, second, first = store.articles.apply(source.id, make_feed(articles), None, NOW).new
    assert kept(store) == [third]
    put_picture(store, 1)
    assert kept(store) == [first, third]
    put_picture(store, 2)
    assert kept(store) == [first, second, third]
    changed = make_article(2, html="<p>New.</p>", text="New.", images=make_article(9).images)
    store.articles.apply(source.id, make_feed([changed]), None, NOW)
    assert kept(store) == [first, third]
    assert store.articles.count(ArticleQuery(View.UPDATED)) == 1
    store.sources.remove(source.id)
    assert kept(store) == []
    store.sources.put_back(source.id)
    assert kept(store) == [first, third]


def test_an_article_whose_page_is_still_to_be_read_is_not_kept_whole(store: Store) -> None:
    source = add_source(store)
    article = make_article(1, images=(), lead_image="", cut=True)
    (first,) = store.articles.apply(source.id, make_feed([article]), None, NOW).new
    assert store.sources.get(source.id).full_text is FullTextRule.CUT
    assert kept(store) == []
    store.full_texts.fail(first, NO_BETTER, NOW, was_read=True)
    assert kept(store) == [first]


def test_the_counts_of_all_views_are_read_and_not_counted(store: Store, tmp_path: Path) -> None:
    first, second, third = fill(store, 3).new
    store.articles.set_starred([first], True)
    store.notes.put(second, "Ask.", NOW)
    counts = store.sources.counts()[1]
    assert (counts.total, counts.unread, counts.starred, counts.noted) == (3, 3, 1, 1)
    statements: list[str] = []
    store._database.connection.set_trace_callback(statements.append)
    found = [store.articles.count(ArticleQuery(view)) for view in View if view is not View.TODAY]
    store._database.connection.set_trace_callback(None)
    assert found == [3, 3, 1, 1, 0, 0]
    assert all("FROM counters" in one for one in statements)
    store.notes.put(second, "", NOW)
    store.articles.set_starred([first, third], True)
    assert store.articles.count(ArticleQuery(View.STARRED)) == 2
    assert store.check() == []


@pytest.mark.parametrize("once", [False, True])
def test_the_unread_of_a_view_are_read_and_not_counted(store: Store, once: bool) -> None:
    first, second, third = fill(store, 3).new
    for number in (1, 2):
        put_picture(store, number)
    store.articles.set_starred([first, second], True)
    store.notes.put(third, "Ask.", NOW)
    store.articles.set_read([second], True)
    queries = {
        view: ArticleQuery(view, once=once) for view in (View.STARRED, View.NOTES, View.UPDATED, View.KEPT)
    }
    shown = {view: store.articles.page(query) for view, query in queries.items()}
    statements: list[str] = []
    store._database.connection.set_trace_callback(statements.append)
    unread = {view: store.articles.unread_count(query) for view, query in queries.items()}
    store._database.connection.set_trace_callback(None)
    assert unread == {view: sum(not row.read for row in rows) for view, rows in shown.items()}
    assert unread[View.STARRED] == unread[View.NOTES] == 1
    assert all("FROM counters" in one or "FROM folds" in one for one in statements)


def test_the_counts_hold_whatever_changes_at_once(store: Store) -> None:
    (article,) = fill(store, 1).new
    marks = ("read", "starred", "noted", "updated", "kept")
    states = list(product((0, 1), repeat=len(marks)))
    with store._database.transaction(durable=False) as db:
        for before, after in product(states, repeat=2):
            for values in (before, after):
                db.execute(
                    f"UPDATE articles SET {', '.join(f'{mark} = ?' for mark in marks)} WHERE id = ?",
                    (*values, article),
                )
            unread, *viewed = (1 - after[0], *after[1:])
            counted = db.execute(
                """SELECT unread, starred, noted, updated, kept, unread_starred, unread_noted, unread_updated,
                    unread_kept FROM counters"""
            ).fetchone()
            assert counted == (unread, *viewed, *(unread * one for one in viewed))
