"""The same story in several sources: shown once, read once, and never lost behind another."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from desktop.core.incoming import IncomingArticle
from desktop.core.models import ArticleQuery, Changes, Order, View
from desktop.core.shown import Shown
from desktop.store import Store
from desktop.store.migrating import migrate
from desktop.store.migrations import MIGRATIONS, _fold_copies
from desktop.store.opening import FILE
from tests.unit.store.builders import NOW, add_source, make_article, make_feed

ONCE = ArticleQuery(once=True)
UNREAD = ArticleQuery(View.UNREAD, once=True)
QUERIES = (
    ONCE,
    UNREAD,
    ONCE._replace(order=Order.OLDEST),
    ONCE._replace(order=Order.BY_SOURCE),
    ArticleQuery(View.TODAY, since=NOW - timedelta(days=1), once=True),
    ArticleQuery(words="bridge", once=True),
    ArticleQuery(folder="Region", once=True),
)


def story(number: int = 1, source: str = "", **changes: object) -> IncomingArticle:
    """A story; with a source, as that source would tell of it: by a guid of its own."""
    return make_article(number, **({"guid": f"{source}-{number}"} if source else {}), **changes)


def bring(store: Store, source_id: int, *articles: IncomingArticle, site: str = "") -> Changes:
    feed = make_feed(articles)
    return store.articles.apply(
        source_id, replace(feed, site_url=site or f"https://{source_id}.example"), None, NOW
    )


def ids(store: Store, query: ArticleQuery = ONCE) -> list[int]:
    return [row.id for row in store.articles.page(query)]


@pytest.fixture
def sources(store: Store) -> tuple[int, int, int]:
    """A whole site, and two of its categories in a folder."""
    site = add_source(store, "site")
    return site.id, add_source(store, "markets", "Region").id, add_source(store, "roads", "Region").id


@pytest.fixture
def copies(store: Store, sources: tuple[int, int, int]) -> list[int]:
    """One story in all three, in the order of the sources."""
    return [bring(store, one, story(1, f"s{one}")).new[0] for one in sources]


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_a_story_is_shown_once_where_sources_are_mixed(
    store: Store, copies: list[int], query: ArticleQuery
) -> None:
    assert len(ids(store, query)) == 1
    assert len(ids(store, query._replace(once=False))) == (2 if query.folder else 3)
    (row,) = store.articles.page(query)
    assert len(row.also_in) == 2
    assert store.articles.count(query) == 1
    assert store.articles.folded(query) == (0 if query.words else 1 if query.folder else 2)
    assert store.check() == []


def test_each_source_shows_its_own_copy_and_names_the_others(
    store: Store, sources: tuple[int, int, int], copies: list[int]
) -> None:
    for source, copy in zip(sources, copies, strict=True):
        (row,) = store.articles.page(ArticleQuery(source_id=source, once=True))
        assert row.id == copy
        assert set(row.also_in) == {"Site", "Markets", "Roads"} - {row.source_title}


@pytest.mark.parametrize("mark", ["read", "starred"])
def test_a_mark_is_that_of_all_copies_and_goes_back(store: Store, copies: list[int], mark: str) -> None:
    put = store.articles.set_read if mark == "read" else store.articles.set_starred
    assert set(put([copies[1]], True).updated) == set(copies)
    assert {getattr(row, mark) for row in store.articles.rows(copies)} == {True}
    assert store.articles.count(UNREAD) == (0 if mark == "read" else 1)
    starred = ArticleQuery(View.STARRED, once=True)
    assert store.articles.count(starred) == store.articles.unread_count(starred) == int(mark == "starred")
    put([copies[0]], False)
    assert {getattr(row, mark) for row in store.articles.rows(copies)} == {False}
    assert store.check() == []


def test_marking_a_list_marks_the_copies_that_it_does_not_show_and_undo_brings_them_back(
    store: Store, sources: tuple[int, int, int], copies: list[int]
) -> None:
    other = bring(store, sources[0], story(2)).new
    number, changes = store.marks.read(Shown(UNREAD, store.articles.newest_id()))
    assert set(changes.updated) == {*copies, *other}
    assert {counts.unread for counts in store.sources.counts().values()} == {0}
    store.marks.put(number, read=False)
    assert [counts.unread for counts in store.sources.counts().values()] == [2, 1, 1]
    assert store.check() == []


def test_a_copy_of_what_was_read_and_starred_arrives_read_and_starred(
    store: Store, sources: tuple[int, int, int]
) -> None:
    (first,) = bring(store, sources[0], story(1, "a")).new
    store.articles.set_read([first], True)
    store.articles.set_starred([first], True)
    changes = bring(store, sources[1], story(1, "b"))
    (row,) = store.articles.rows(changes.new)
    assert (row.read, row.starred) == (True, True)
    assert changes.regrouped == (first,)
    assert store.articles.count(UNREAD) == 0
    assert store.check() == []


def test_what_a_rule_marked_in_one_source_is_still_to_be_read_in_another(
    store: Store, sources: tuple[int, int, int]
) -> None:
    store.arrival_rules.add("source:markets", read=True, star=False)
    (muted,) = bring(store, sources[1], story(1, "b")).new
    (other,) = bring(store, sources[0], story(1, "a")).new
    assert ids(store, UNREAD) == ids(store) == [other]
    assert store.articles.rows([muted])[0].read
    assert store.check() == []


def test_what_arrived_as_read_for_its_age_takes_no_unread_mark_from_another(
    store: Store, sources: tuple[int, int, int]
) -> None:
    feed = make_feed([story(1, "b")])
    store.articles.apply(sources[1], feed, None, NOW, read_before=NOW)
    (other,) = bring(store, sources[0], story(1, "a")).new
    assert ids(store, UNREAD) == [other]
    assert store.articles.count(UNREAD) == 1


def test_marks_that_came_with_another_reader_hold_for_the_copies(
    store: Store, sources: tuple[int, int, int]
) -> None:
    (first,) = bring(store, sources[0], story(1, "a")).new
    (gone,) = bring(store, sources[1], story(1, "b")).new
    store.articles.set_read([gone], True)
    assert store.articles.rows([first])[0].read


@pytest.mark.parametrize(
    ("folders", "shown"),
    [
        (("", "Asia", "Asia/Banks"), {None: 1, "": 1, "Asia": 1, "Asia/Banks": 1}),
        (("Asia/Banks", "Asia/Roads", "Europe"), {None: 1, "Asia": 1, "Asia/Roads": 1, "Europe": 1}),
        (("Asia/Banks", "Asia/Banks", "Asia/Banks"), {None: 1, "Asia": 1, "Asia/Banks": 1}),
        (("", "", ""), {None: 1, "": 1}),
        (("Asia", "Asiana", "Europe/Asia"), {None: 1, "Asia": 1, "Asiana": 1, "Europe": 1}),
    ],
)
def test_each_folder_shows_a_story_once_wherever_its_sources_are_moved(
    store: Store,
    sources: tuple[int, int, int],
    copies: list[int],
    folders: tuple[str, ...],
    shown: dict[str | None, int],
) -> None:
    store.sources.move_all(dict(zip(sources, folders, strict=True)))
    for folder, count in shown.items():
        for view in (View.ALL, View.UNREAD):
            query = ArticleQuery(view, folder=folder, once=True)
            assert (len(ids(store, query)), store.articles.count(query)) == (count, count), folder
    assert store.check() == []


def test_a_search_that_names_its_sources_shows_the_copy_that_is_in_them(
    store: Store, sources: tuple[int, int, int], copies: list[int]
) -> None:
    for words, found in (
        ("source:roads", [copies[2]]),
        ("source:roads bridge", [copies[2]]),
        ("source:roads OR source:markets", [copies[1]]),
        ("bridge", [copies[0]]),
    ):
        assert ids(store, ONCE._replace(words=words)) == found


def test_removing_the_source_that_shows_a_story_leaves_it_to_the_next_and_back(
    store: Store, sources: tuple[int, int, int], copies: list[int]
) -> None:
    shown = ids(store)[0]
    first = store.articles.rows([shown])[0].source_id
    changes = store.sources.remove(first)
    assert set(changes.regrouped) == {*copies} - {shown}
    assert len(ids(store)) == 1
    assert store.articles.count(ONCE) == 1
    assert store.check() == []
    store.sources.put_back(first)
    assert len(ids(store)) == 1
    assert store.articles.folded(ONCE) == 2
    assert store.check() == []


def test_a_copy_with_a_note_is_the_one_that_is_shown(store: Store, copies: list[int]) -> None:
    store.notes.put(copies[2], "mine", NOW)
    assert ids(store) == [copies[2]]
    assert ids(store, ArticleQuery(View.NOTES, once=True)) == [copies[2]]
    assert store.check() == []


@pytest.mark.parametrize(
    "change",
    [
        {"url": "http://www.steppe.example/articles/1?utm_source=rss"},
        {"url": "https://elsewhere.example/x", "guid": "https://steppe.example/?p=1", "title": "Another"},
        {"url": "https://steppe.example/m/1", "guid": "m-1"},
    ],
    ids=["the same address in other words", "the same guid", "the same title on the same day"],
)
def test_copies_are_known_by_address_guid_or_title(
    store: Store, sources: tuple[int, int, int], change: dict[str, object]
) -> None:
    bring(store, sources[0], story(1), site="https://steppe.example")
    bring(store, sources[1], story(1, **change), site="https://www.steppe.example/markets/")
    assert len(ids(store)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            {"guid": "7", "url": "https://a.example/7"},
            {"guid": "7", "url": "https://b.example/7", "title": "B"},
        ),
        ({"url": "https://steppe.example/"}, {"url": "https://steppe.example/", "title": "Another"}),
        (
            {"url": "https://steppe.example/rates", "title": "Rates of May"},
            {"url": "https://steppe.example/rates", "title": "June", "published": NOW - timedelta(days=30)},
        ),
    ],
    ids=["a number for a guid", "the address of a site", "a page that changes"],
)
def test_what_is_not_certain_is_shown_twice(
    store: Store, sources: tuple[int, int, int], one: dict[str, object], other: dict[str, object]
) -> None:
    bring(store, sources[0], story(1, **{"guid": "x", **one}), site="https://steppe.example")
    bring(store, sources[1], story(1, **{"guid": "y", **other}), site="https://steppe.example")
    assert len(ids(store)) == 2


def test_two_articles_of_one_source_are_never_folded(store: Store, sources: tuple[int, int, int]) -> None:
    page = "https://steppe.example/live"
    first = [story(1, url=page, guid="l1", title="Morning"), story(2, url=page, guid="l2", title="Noon")]
    bring(store, sources[0], *first)
    bring(store, sources[1], story(3, url=page, guid="l3", title="Noon"))
    assert len(ids(store)) == 3


def test_nothing_comes_back_unread_or_twice_when_guids_addresses_and_dates_change(
    store: Store, sources: tuple[int, int, int], copies: list[int]
) -> None:
    store.articles.set_read(copies, True)
    for change in (
        {"guid": "fresh-1"},
        {"guid": "fresh-1", "url": "http://www.steppe.example/articles/1"},
        {"guid": "fresh-1", "published": NOW},
        {"guid": "fresh-1", "published": NOW, "title": "Bridge number 1 opens, and closes"},
    ):
        for one in sources:
            others = [story(number, f"s{one}") for number in (7, 8)]
            bring(store, one, story(1, **change), story(1, **change), *others)
            store.articles.set_read(ids(store, ArticleQuery(source_id=one)), True)
    assert store.articles.count(UNREAD) == 0
    assert store.articles.count(ONCE) == 3
    assert store.check() == []


def test_an_older_store_folds_what_is_the_same_beyond_doubt_and_changes_no_mark(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    migrate(connection, tmp_path / FILE, MIGRATIONS[: MIGRATIONS.index(_fold_copies)])
    connection.execute("PRAGMA foreign_keys = OFF")
    for source in (1, 2, 3):
        connection.execute("INSERT INTO origins VALUES (?, ?)", (source, f"{source}.example"))
        connection.execute(
            """INSERT INTO sources (id, url, kind, title, site_url, feed_url, folder, language, country, added_at)
            VALUES (?, ?, 'feed', ?, '', '', '', '', '', 0)""",
            (source, f"https://{source}.example", f"Source {source}"),
        )
        connection.execute("INSERT INTO counters (source_id) VALUES (?)", (source,))
        for page, read in (("same", 1), ("unlike", source % 2)):
            made = connection.execute(
                "INSERT INTO articles (source_id, sort_at, read, title, url, excerpt) VALUES (?, 50, ?, '', '', '')",
                (source, read),
            )
            connection.execute(
                """INSERT INTO identities (article_id, source_id, key, guid, url_key, title_key, content_hash)
                VALUES (?, ?, ?, '', ?, 'bridge|2026-11-24', '')""",
                (made.lastrowid, source, page, f"site.example/{page}"),
            )
    marks = connection.execute("SELECT id, read FROM articles").fetchall()
    migrate(connection, tmp_path / FILE)
    assert connection.execute("SELECT id, read FROM articles").fetchall() == marks
    connection.close()
    with Store.open(tmp_path) as store:
        assert len(ids(store)) == 4  # one of three, and three whose marks differ
        assert store.articles.count(ONCE) == 4
        assert store.articles.count(UNREAD) == 1
        assert not [line for line in store.check() if "folded" in line or "copies" in line]
