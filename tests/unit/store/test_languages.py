"""Articles by the language that they are in, and not by that of their source alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from desktop.core.models import ArticleQuery, ArticleRow, Cursor, NewSource, View
from desktop.core.search import parse
from desktop.core.shown import Shown
from desktop.store import Store
from desktop.store.language_migrations import SPOKEN_AGAIN, know_languages
from desktop.store.languages import note_language
from desktop.store.title_order import in_title_order
from tests.unit.store.builders import NOW, make_article, make_feed
from tests.unit.store.test_removals import dump

KEPT = ("article_languages", "source_languages")
OWN = {
    1: ("", "kk", "kk-KZ", "ru", "uz", ""),
    2: ("ru",) * 6,
    3: ("en-US", "en-US", "kk", "en-US", "en-US", "en-US"),
}
# As people would say: the second source names no language of its own, the third is known to write in Russian.
IN = {1: ("ru", "kk", "kk", "ru", "uz", "ru"), 2: ("ru",) * 6, 3: ("ru", "ru", "kk", "ru", "ru", "ru")}


@pytest.fixture
def rows(store: Store) -> list[tuple[ArticleRow, str]]:
    """Articles of three sources, newest first, each with the language it is in. The feed of the third says en-US."""
    written = {}
    for source_id, (name, language, says) in enumerate(
        (("mixed", "ru", "ru"), ("plain", "", ""), ("mislabelled", "ru", "en-US")), 1
    ):
        url = f"https://{name}.example/feed/"
        source = store.sources.add(
            NewSource(url, title=name.title(), language=language, folder="News" if source_id == 3 else ""),
            NOW,
        )
        articles = [
            make_article(
                10 * place + source_id, guid=f"{name}-{place}", url=f"https://{name}.example/{place}", language=own,
                title=f"Story {place} of {name}",
            )
            for place, own in enumerate(OWN[source_id])
        ]  # fmt: skip
        written |= {one.title: spoken for one, spoken in zip(articles, IN[source_id], strict=True)}
        store.articles.apply(source.id, replace(make_feed(articles), language=says), None, NOW)
    found = store.articles.page(ArticleQuery())
    store.articles.set_read([row.id for row in found[::3]], True)
    store.articles.set_starred([row.id for row in found[::4]], True)
    store.tags.change([row.id for row in found[::2]], add=["Banks"])
    return [(row, written[row.title]) for row in store.articles.page(ArticleQuery())]


Fits = Callable[[ArticleRow, str], bool]
ASKED: list[tuple[ArticleQuery, Fits]] = [
    (ArticleQuery(words="lang:kk"), lambda row, told: told == "kk"),
    (ArticleQuery(words="lang:RU"), lambda row, told: told == "ru"),
    (ArticleQuery(words="lang:en"), lambda row, told: False),
    (ArticleQuery(words="lang:kk-KZ"), lambda row, told: row.title == "Story 2 of mixed"),
    (ArticleQuery(words="-lang:ru"), lambda row, told: told != "ru"),
    (ArticleQuery(words="lang:kk OR lang:uz"), lambda row, told: told in ("kk", "uz")),
    (ArticleQuery(words="lang:kk OR source:plain"), lambda row, told: told == "kk" or row.source_id == 2),
    (ArticleQuery(words="lang:kk source:mislabelled"), lambda row, told: told == "kk" and row.source_id == 3),
    (ArticleQuery(words="lang:kk is:unread"), lambda row, told: told == "kk" and not row.read),
    (ArticleQuery(words="lang:ru is:starred"), lambda row, told: told == "ru" and row.starred),
    (ArticleQuery(words="lang:ru tag:banks"), lambda row, told: told == "ru" and bool(row.tags)),
    (ArticleQuery(words="lang:kk", tag="Banks"), lambda row, told: told == "kk" and bool(row.tags)),
    (ArticleQuery(View.UNREAD, words="lang:ru"), lambda row, told: told == "ru" and not row.read),
    (ArticleQuery(View.STARRED, words="-lang:kk"), lambda row, told: told != "kk" and row.starred),
    (ArticleQuery(words="lang:ru", source_id=1), lambda row, told: told == "ru" and row.source_id == 1),
    (ArticleQuery(words="lang:kk", folder="News"), lambda row, told: told == "kk" and row.source_id == 3),
    (ArticleQuery(words="story lang:kk"), lambda row, told: told == "kk"),
    (ArticleQuery(words="mixed lang:ru"), lambda row, told: told == "ru" and row.source_id == 1),
    (ArticleQuery(words="story -lang:ru is:unread"), lambda row, told: told != "ru" and not row.read),
]  # fmt: skip


def test_every_list_has_exactly_the_articles_in_the_language(
    store: Store, rows: list[tuple[ArticleRow, str]]
) -> None:
    for asked, fits in ASKED:
        expected = [row.id for row, told in rows if fits(row, told)]
        for query in (asked, asked._replace(once=True)):
            found = [row.id for row in store.articles.page(query)]
            assert (found, store.articles.count(query)) == (expected, len(expected)), query
            assert sorted(store.articles.best(query)) == sorted(expected), query
            if len(expected) > 2:
                _, second = store.articles.page(query, limit=2)
                after = Cursor(second.sort_at, second.id)
                assert [row.id for row in store.articles.page(query, after)] == expected[2:], query
                assert [row.id for row in store.articles.newer(query, after)] == expected[:1], query
            if not parse(query.words).expression:
                assert sorted(in_title_order(store._database, store.articles, query)) == sorted(expected), (
                    query
                )
            number, changes = store.marks.read(Shown(query, store.articles.newest_id()))
            unread = [row.id for row, told in rows if fits(row, told) and not row.read]
            assert sorted(changes.updated) == sorted(unread), query
            store.marks.put(number, read=False)
    assert store.check() == []


def test_a_rule_on_arrival_takes_the_articles_in_its_language(store: Store) -> None:
    source = store.sources.add(NewSource("https://steppe.example/feed/", language="ru"), NOW)
    store.arrival_rules.add("lang:kk", star=True)
    articles = [make_article(1, language="ru"), make_article(2, language="kk"), make_article(3, language="")]
    store.articles.apply(source.id, replace(make_feed(articles), language="ru"), None, NOW)
    assert [row.starred for row in store.articles.page(ArticleQuery())] == [False, True, False]
    later = [make_article(4, language="kk"), make_article(5, language="ru")]
    store.articles.apply(source.id, replace(make_feed(later), language="ru"), None, NOW)
    assert [row.starred for row in store.articles.page(ArticleQuery())] == [False, True, False, True, False]


def test_an_article_that_its_publisher_puts_into_another_language_is_found_by_that(store: Store) -> None:
    source = store.sources.add(NewSource("https://steppe.example/feed/", language="ru"), NOW)
    feed = replace(make_feed([make_article(1), make_article(2)]), language="ru")
    first, second = sorted(store.articles.apply(source.id, feed, None, NOW).new, reverse=True)
    assert store.articles.count(ArticleQuery(words="lang:ru")) == 2
    edited = [make_article(1, text="Көпір ашық.", language="kk")]
    store.articles.apply(source.id, replace(make_feed(edited), language="ru"), None, NOW + timedelta(hours=1))
    assert store.articles.ids(ArticleQuery(words="lang:kk")) == [first]
    assert store.articles.ids(ArticleQuery(words="lang:ru")) == [second]
    store.articles.set_read([first], True)
    assert store.articles.ids(ArticleQuery(words="lang:kk is:unread")) == []
    assert store.check() == []


def test_a_copy_in_another_language_is_not_hidden_by_one_that_the_list_does_not_show(store: Store) -> None:
    for number, name in enumerate(("one", "two")):
        source = store.sources.add(NewSource(f"https://{name}.example/feed/", language="ru"), NOW)
        told = make_article(
            1, guid=name, published=NOW - timedelta(hours=number), language=("ru", "kk")[number]
        )
        other = make_article(2 + number, guid=f"{name}-2", url=f"https://{name}.example/2", language="ru")
        store.articles.apply(source.id, replace(make_feed([told, other]), language="ru"), None, NOW)
    assert store.articles.count(ArticleQuery(once=True)) == 3
    for words, titles in (("lang:kk", 1), ("lang:ru", 3), ("bridge lang:kk", 1), ("bridge lang:ru", 3)):
        assert len(store.articles.page(ArticleQuery(words=words, once=True))) == titles, words
    assert len(store.articles.page(ArticleQuery(words="lang:kk OR lang:ru", once=True))) == 3


def test_most_sources_have_no_row_for_the_language_of_each_article(
    store: Store, rows: list[tuple[ArticleRow, str]]
) -> None:
    found = store._database.rows("SELECT source_id, count(*) FROM article_languages GROUP BY source_id")
    assert found == [(1, 6), (3, 6)]
    plain = store.sources.add(NewSource("https://quiet.example/feed/", language="ru"), NOW)
    articles = [make_article(100 + n, guid=f"q{n}", url=f"https://quiet.example/{n}") for n in range(3)]
    store.articles.apply(plain.id, replace(make_feed(articles), language="ru"), None, NOW)
    inheriting = [
        replace(one, guid=f"{one.guid}x", url=f"{one.url}x", title="Another", language="ru")
        for one in articles
    ]
    store.articles.apply(plain.id, replace(make_feed(inheriting), language="ru"), None, NOW)
    assert (
        store._database.rows("SELECT source_id FROM article_languages WHERE source_id = ?", (plain.id,)) == []
    )
    assert store.check() == []


def test_languages_go_and_come_back_with_their_source(
    store: Store, rows: list[tuple[ArticleRow, str]]
) -> None:
    before = dump(store)
    for keep_marked in (False, True):
        for source_id in (1, 2, 3):
            store.sources.remove(source_id, keep_marked=keep_marked)
            left = [row.id for row in store.articles.page(ArticleQuery())]
            kk = [row.id for row, told in rows if told == "kk" and row.id in left]
            assert store.articles.ids(ArticleQuery(words="lang:kk")) == kk
            assert store.check() == []
            store.sources.put_back(source_id)
            assert dump(store) == before


def test_a_store_of_before_learns_the_languages_of_its_articles(
    store: Store, rows: list[tuple[ArticleRow, str]]
) -> None:
    before = {name: found for name, found in dump(store).items() if name in KEPT}
    with store._database.transaction(durable=True) as db:
        for name in (
            "bodies_speak",
            "bodies_speak_otherwise",
            "source_languages_several",
            "articles_tell_languages",
        ):
            db.execute(f"DROP TRIGGER {name}")
        for name in KEPT:
            db.execute(f"DROP TABLE {name}")
        db.execute("ALTER TABLE articles DROP COLUMN spoken")
        know_languages(db)
        note_language(db, 3, "en-US")  # the next answer of its feed says that it is the feed's
    before["source_languages"].remove((2, "ru", 0))
    before["source_languages"].append((2, "ru", 1))  # all articles say it: taken for the feed's
    before["source_languages"].sort(key=repr)
    assert {name: found for name, found in dump(store).items() if name in KEPT} == before
    with store._database.transaction(durable=True) as db:  # as after mending
        db.execute("DELETE FROM article_languages")
        for statement in SPOKEN_AGAIN:
            db.execute(statement)
    assert {name: found for name, found in dump(store).items() if name in KEPT} == before
    assert store.check() == []
