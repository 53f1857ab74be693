"""What the store keeps of the coverage of sources, and of posts that were taken back."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from desktop.core.coverage import Gap, Span
from desktop.store import Store
from desktop.store.migrating import migrate
from desktop.store.migrations import MIGRATIONS
from desktop.store.opening import FILE
from tests.unit.store.builders import NOW, SITE, add_source, fill, make_article, make_feed

HOUR = timedelta(hours=1)


def test_a_fetch_is_noted_with_its_articles_and_gaps_are_estimated(store: Store) -> None:
    source = add_source(store)
    for hours in (range(30, 40), range(1, 11)):
        store.articles.apply(source.id, make_feed([make_article(n) for n in hours]), None, NOW)
    coverage = store.archive.coverage(source.id)
    assert coverage.spans == (Span(NOW - 39 * HOUR, NOW - 30 * HOUR), Span(NOW - 10 * HOUR, NOW - HOUR))
    assert coverage.gaps == (Gap(NOW - 30 * HOUR, NOW - 10 * HOUR, 20), Gap(None, NOW - 39 * HOUR, None))


def test_what_is_older_follows_from_the_number_that_the_source_told(store: Store) -> None:
    source = add_source(store)
    feed = replace(make_feed([make_article(n) for n in range(1, 11)]), total=100)
    store.articles.apply(source.id, feed, None, NOW)
    assert store.archive.coverage(source.id).gaps[0].missing == 90
    later = make_article(99, published=NOW + HOUR)
    store.articles.apply(source.id, make_feed([make_article(1), later]), None, NOW + 2 * HOUR)
    assert store.archive.coverage(source.id).gaps[0].missing == 90  # it is not among the hundred


def test_a_source_that_goes_takes_its_coverage_along(store: Store) -> None:
    fill(store, 5)
    store.archive.set_cursor(1, "https://steppe.example/feed/?paged=3")
    store.sources.remove(1)
    assert store.archive.coverage(1).spans == ()
    assert store.archive.cursor(1) == ""


def test_older_articles_arrive_as_read_and_a_mark_that_was_kept_wins(store: Store) -> None:
    source = add_source(store)
    articles = [make_article(n) for n in (1, 5)]
    changes = store.articles.apply(source.id, make_feed(articles), None, NOW, read_before=NOW - 3 * HOUR)
    rows = store.articles.rows(changes.new)
    assert {row.title: row.read for row in rows} == {
        "Bridge number 1 opens": False,
        "Bridge number 5 opens": True,
    }
    assert store.sources.counts()[source.id].unread == 1
    assert store.check() == []


def test_posts_are_asked_about_in_turn(store: Store) -> None:
    source = add_source(store)
    feed = make_feed([make_article(n, post_id=n) for n in range(1, 8)])
    store.articles.apply(source.id, feed, None, NOW)
    turns = []
    for _ in range(3):
        posts, next_id = store.archive.posts(source.id, newest=0, others=3)
        turns.append([post.post_id for post in posts])
        store.archive.note_public(source.id, (), (), next_id, NOW)
    assert turns == [[7, 6, 5], [4, 3, 2], [1]]
    newest, _ = store.archive.posts(source.id, newest=2, others=0)
    assert [post.post_id for post in newest] == [1, 2]
    everything, next_id = store.archive.posts(source.id, newest=0, others=-1, after=0)
    assert (len(everything), next_id) == (7, 0)


def test_a_withdrawn_article_keeps_its_marks_text_and_pictures(store: Store) -> None:
    fill(store, 3)
    store.articles.set_starred([2], True)
    before = store.articles.get(2)
    assert before is not None
    changes = store.archive.note_public(1, [2], [1, 3], 0, NOW)
    assert (changes.updated, changes.withdrawn) == ((2,), (2,))
    after = store.articles.get(2)
    assert after is not None
    assert after == before._replace(row=before.row._replace(withdrawn=True))
    assert store.archive.note_public(1, [2], [], 0, NOW).updated == ()
    assert store.archive.note_public(1, [], [2], 0, NOW).updated == (2,)
    assert store.articles.get(2) == before


def test_an_older_store_knows_its_newest_moment_and_the_numbers_of_its_posts(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    migrate(connection, tmp_path / FILE, MIGRATIONS[:1])
    for statement in (
        f"INSERT INTO origins VALUES (1, '{SITE}')",
        f"INSERT INTO sources VALUES (1, '{SITE}/wp-json/', 'wordpress', '', '', '', '', '', '', 1, 0)",
        "INSERT INTO articles (id, source_id, sort_at, title, url, excerpt) VALUES"
        " (1, 1, 50, '', '', ''), (2, 1, 70, '', '', ''), (3, 1, 60, '', '', '')",
        "INSERT INTO identities VALUES"
        f" (1, 1, 'a', '{SITE}/?p=17', '', '', ''), (2, 1, 'b', '{SITE}/pretty/', '', '', ''),"
        " (3, 1, 'c', 'http://old.example/?p=99', '', '', '')",
    ):
        connection.execute(statement)
    migrate(connection, tmp_path / FILE)
    connection.close()
    with Store.open(tmp_path) as store:
        assert [post.post_id for post in store.archive.posts(1, 0, -1, 0)[0]] == [17]
        (span,) = store.archive.coverage(1).spans
        assert (span.since.timestamp(), span.until.timestamp()) == (70, 70)
