"""Tags are the person's: they outlive article and source, and their counts are kept, not counted."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from desktop.core.errors import UsageError
from desktop.core.models import ArticleQuery, ArticleRow, Cursor, NewSource, Order, View
from desktop.core.retention import Rule
from desktop.core.shown import Shown
from desktop.core.tags import READ_LATER, Tag
from desktop.store import Store
from desktop.store.copies import keep_daily
from desktop.store.restore import stage
from tests.unit.store.builders import NOW, add_source, fill, make_article, make_feed

BANKS = ArticleQuery(tag="Banks")


@pytest.fixture
def rows(store: Store) -> list[ArticleRow]:
    """Eight unread articles of two sources, one of them in a folder, newest first."""
    fill(store, 5, "one")
    fill(store, 3, "two", "Region", start=6)
    return store.articles.page(ArticleQuery())


def found(store: Store, query: ArticleQuery) -> list[int]:
    return [row.id for row in store.articles.page(query)]


def ids(rows: list[ArticleRow], *places: int) -> list[int]:
    return [rows[place].id for place in places]


def test_a_tag_is_one_in_all_its_writings_and_shown_by_its_first(
    store: Store, rows: list[ArticleRow]
) -> None:
    store.tags.change(ids(rows, 0, 2), add=["Ақша  саясаты"])
    store.tags.change(ids(rows, 2, 4), add=["ақша саясаты"])
    assert store.tags.all() == (Tag("Ақша саясаты", 3, 3),)
    assert found(store, ArticleQuery(tag="АҚША САЯСАТЫ")) == ids(rows, 0, 2, 4)
    assert store.articles.rows(ids(rows, 2))[0].tags == ("Ақша саясаты",)
    with pytest.raises(UsageError):
        store.tags.change(ids(rows, 0), add=[' "  " '])
    assert store.check() == []


def test_counts_follow_reading_tagging_and_removing(store: Store, rows: list[ArticleRow]) -> None:
    store.tags.change(ids(rows, 0, 1, 6), add=["Banks"])
    store.articles.set_read(ids(rows, 0), True)
    assert store.tags.all() == (Tag("Banks", 3, 2),)
    number, _ = store.marks.read(Shown(ArticleQuery(), store.articles.newest_id()))
    assert store.tags.all() == (Tag("Banks", 3, 0),)
    store.marks.put(number, read=False)
    assert store.articles.count(BANKS) == 3
    assert store.articles.unread_count(BANKS) == 2
    assert found(store, ArticleQuery(tag="Banks", unread_only=True)) == ids(rows, 1, 6)
    store.sources.remove(rows[6].source_id)
    assert store.tags.all() == (Tag("Banks", 2, 1),)
    store.sources.put_back(rows[6].source_id)
    assert store.tags.all() == (Tag("Banks", 3, 2),)
    assert store.articles.rows(ids(rows, 6))[0].tags == ("Banks",)
    assert store.check() == []


def test_what_a_list_showed_is_tagged_and_the_way_back_is_exact(store: Store, rows: list[ArticleRow]) -> None:
    store.tags.change(ids(rows, 3), add=["Banks", "Old"])
    shown = Shown(ArticleQuery(), store.articles.newest_id())
    number, changes = store.tags.change(shown, add=["banks", "New"], remove=["Old"])
    assert sorted(changes.updated) == sorted(row.id for row in rows)
    assert store.tags.all() == (Tag("Banks", 8, 8), Tag("New", 8, 8))
    store.tags.put(number, back=True)
    assert store.tags.all() == (Tag("Banks", 1, 1), Tag("Old", 1, 1))
    assert found(store, BANKS) == ids(rows, 3)
    store.tags.put(number, back=False)
    assert store.tags.all() == (Tag("Banks", 8, 8), Tag("New", 8, 8))
    unread = Shown(ArticleQuery(tag="new", unread_only=True), store.articles.newest_id())
    store.articles.set_read(ids(rows, 0), True)
    assert len(store.tags.change(unread, remove=["New"])[1].updated) == 7
    assert found(store, ArticleQuery(tag="New")) == ids(rows, 0)
    assert store.check() == []


def test_renaming_can_join_two_tags_and_is_undone_apart(store: Store, rows: list[ArticleRow]) -> None:
    store.tags.change(ids(rows, 0, 1), add=["Banks"])
    store.tags.change(ids(rows, 1, 2), add=["Money"])
    number, changes = store.tags.rename("banks", "MONEY")
    assert sorted(changes.updated) == sorted(ids(rows, 0, 1))
    assert store.tags.all() == (Tag("Money", 3, 3),)
    store.tags.put(number, back=True)
    assert store.tags.all() == (Tag("Banks", 2, 2), Tag("Money", 2, 2))
    number, _ = store.tags.rename("Banks", "bankS")  # only its spelling
    assert store.tags.all()[0] == Tag("bankS", 2, 2)
    store.tags.put(number, back=True)
    assert store.tags.all()[0] == Tag("Banks", 2, 2)
    number, _ = store.tags.delete("BANKS")
    assert store.tags.all() == (Tag("Money", 2, 2),)
    store.tags.put(number, back=True)
    assert found(store, BANKS) == ids(rows, 0, 1)
    assert store.check() == []


def test_a_tag_is_found_again_when_article_and_source_come_back(store: Store) -> None:
    source = add_source(store)
    feed = make_feed([make_article(1), make_article(2)])
    first, _ = store.articles.apply(source.id, feed, None, NOW).new
    store.tags.change([first], add=["Banks"])
    store.sources.remove(source.id)
    assert (found(store, BANKS), store.tags.all()) == ([], (Tag("Banks", 0, 0),))
    again = store.sources.add(NewSource(source.url), NOW)
    store.articles.apply(again.id, feed, None, NOW)
    (row,) = store.articles.page(BANKS)
    assert (row.tags, store.tags.all()) == (("Banks",), (Tag("Banks", 1, 1),))
    store.tags.change([row.id], remove=["Banks"])
    assert store.tags.all() == ()
    assert store.check() == []


def test_note_and_tags_stay_with_an_article_whose_guid_changed(store: Store) -> None:
    source = add_source(store)
    (first,) = store.articles.apply(source.id, make_feed([make_article(1, guid="old")]), None, NOW).new
    store.notes.put(first, "Ask the ministry.", NOW)
    store.tags.change([first], add=["Banks"])
    store.articles.apply(source.id, make_feed([make_article(1, guid="new")]), None, NOW + timedelta(hours=1))
    assert found(store, BANKS) == [first]
    assert store.notes.of(first) == "Ask the ministry."
    store.sources.remove(source.id)
    again = store.sources.add(NewSource(source.url), NOW)
    store.articles.apply(again.id, make_feed([make_article(1, guid="new")]), None, NOW)
    (row,) = store.articles.page(BANKS)
    assert store.notes.of(row.id) == "Ask the ministry."
    assert store.check() == []


def test_no_rule_of_keeping_removes_what_is_tagged(store: Store, rows: list[ArticleRow]) -> None:
    store.marks.read(Shown(ArticleQuery(), store.articles.newest_id()))
    store.tags.change(ids(rows, 4), add=[READ_LATER])
    store.retention.set_rule(0, Rule(articles=1))
    store.retention.apply(rows[4].source_id, NOW)
    assert found(store, ArticleQuery(source_id=rows[4].source_id)) == ids(rows, 0, 4)
    assert store.check() == []


def test_the_daily_copy_has_the_tags(folder: Path, tmp_path: Path) -> None:
    with Store.open(folder) as store:
        (first, second) = fill(store, 2).new
        store.tags.change([first], add=["Banks"])
        store.articles.set_read([second], True)
        copy = keep_daily(folder, NOW)
        url = store.sources.all()[0].url
    other = tmp_path / "other"
    stage(copy, other)
    with closing(Store.open(other)) as store:
        assert store.tags.all() == (Tag("Banks", 0, 0),)
        articles = [make_article(n, guid=f"steppe-{n}", url=f"https://steppe.example/{n}") for n in (1, 2)]
        source = store.sources.by_url(url)
        assert source is not None
        store.articles.apply(source.id, make_feed(articles), None, NOW)
        assert [row.tags for row in store.articles.page(BANKS)] == [("Banks",)]
        assert store.tags.all() == (Tag("Banks", 1, 1),)
        assert store.check() == []


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("tag:banks", [0, 1, 6]),
        ("tag:bank", []),  # a tag is meant by its whole name
        ('tag:"read later"', [1, 2]),
        ("tag:banks tag:unknown", []),
        ('tag:banks tag:"Read later"', [1]),
        ('tag:banks OR tag:"read later"', [0, 1, 2, 6]),
        ('tag:banks -tag:"read later"', [0, 6]),
        ("-tag:banks is:unread", [2, 3, 5, 7]),
        ("tag:banks is:read", [0]),
        ("tag:banks is:starred", [6]),
        ("tag:banks source:two", [6]),
        ("tag:banks folder:region", [6]),
        ("bridge tag:banks", [0, 1, 6]),
        ("bridge 2 tag:banks", [1]),
        ('bridge -tag:banks -tag:"read later"', [3, 4, 5, 7]),
    ],
)
def test_search_by_tags(store: Store, rows: list[ArticleRow], words: str, places: list[int]) -> None:
    store.tags.change(ids(rows, 0, 1, 6), add=["Banks"])
    store.tags.change(ids(rows, 1, 2), add=[READ_LATER])
    store.articles.set_read(ids(rows, 0, 4), True)
    store.articles.set_starred(ids(rows, 6, 7), True)
    assert found(store, ArticleQuery(words=words)) == ids(rows, *places)


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("part", [{}, {"folder": "Region"}, {"source_id": 1}, {"view": View.STARRED}])
def test_pages_of_a_tag_join_up_in_every_order(
    store: Store, rows: list[ArticleRow], order: Order, part: dict[str, object]
) -> None:
    store.tags.change(ids(rows, 0, 2, 3, 5, 7), add=["Banks"])
    store.articles.set_starred(ids(rows, 0, 5, 6), True)
    query = ArticleQuery(tag="Banks", order=order, **part)  # type: ignore[arg-type]
    whole = store.articles.page(query)
    assert whole
    assert store.articles.count(query) == len(whole)
    paged: list[ArticleRow] = []
    while page := store.articles.page(
        query, Cursor(paged[-1].sort_at, paged[-1].id, paged[-1].source_id) if paged else None, 1
    ):
        paged += page
    assert paged == whole
