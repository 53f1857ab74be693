"""A source that was removed comes back as it was, row by row; what the person holds on to can stay."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from desktop.core.errors import UsageError
from desktop.core.identity import Mark
from desktop.core.incoming import PictureInfo
from desktop.core.models import ArticleQuery, Changes, FetchState, NewSource
from desktop.core.retention import Rule
from desktop.core.tags import READ_LATER
from desktop.store import Store
from desktop.store.cascades import FOLLOWING, parts
from desktop.store.copies import keep_daily, newest_good
from desktop.store.images import SHELVES
from desktop.store.opening import FILE
from desktop.store.removals import Removals
from tests.bench.make_store import make_store
from tests.unit.store.builders import NOW, fill, make_article, make_feed

_STAYS = {
    "unused_files",
    "sqlite_sequence",
    "search_data",
    "search_idx",
    "search_config",
    "search",
}


def dump(store: Store) -> dict[str, list[Any]]:
    """Every row of every table."""
    db = store._database
    tables = [name for (name,) in db.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: sorted(db.rows(f"SELECT * FROM {name}"), key=repr) for name in tables if name not in _STAYS}


def keep_pictures(store: Store) -> None:
    for wanted in store.images.wanted(10, NOW):
        store.images.put(wanted.key, wanted.url, wanted.url.encode(), PictureInfo("png", 1, 1))


def files(store: Store) -> int:
    return sum(path.is_file() for path in (store.folder / "images").rglob("*"))


def full_store(store: Store) -> tuple[int, ...]:
    """Two sources; of the first everything that can be known of a source."""
    ids = fill(store, 3, "one").new
    fill(store, 2, "two", start=3)  # article 3 shows a picture that the other source shows too
    keep_pictures(store)
    changed = make_article(1, guid="one-1", url="https://one.example/1", title="Bridge 1 shut", text="Shut.")
    store.articles.apply(1, make_feed([changed]), FetchState(body_hash="h", last_fetch=NOW), NOW)
    store.articles.set_read(ids[:2], True)
    store.articles.set_starred(ids[:1], True)
    store.places.keep(ids[0], 40)
    store.retention.set_rule(1, Rule(days=9))
    with store._database.transaction(durable=True) as db:
        db.execute("INSERT INTO states (source_id, key, first_seen, let_go) VALUES (1, 'gone', 5, 6)")
    return ids


def test_a_removed_source_comes_back_row_by_row_with_its_texts_and_pictures(store: Store) -> None:
    ids = full_store(store)
    words, before = store.articles.page(ArticleQuery(words="bridge")), dump(store)
    assert all(
        before[name] for name in ("revisions", "places", "fetch_states", "article_images", "full_texts")
    )
    removed = store.sources.remove(1)
    assert sorted(removed.removed) == sorted(ids)
    assert store.check() == []

    back = store.sources.put_back(1)

    assert sorted(back.new) == sorted(ids)
    assert dump(store) == before
    assert store.articles.page(ArticleQuery(words="bridge")) == words
    assert store.check() == []
    store.close()
    with Store.open(store.folder) as again:
        assert files(again) == 4
        assert again.check() == []


@pytest.mark.parametrize("keep_marked", [False, True])
def test_a_source_of_many_articles_goes_and_comes_back_in_parts(store: Store, keep_marked: bool) -> None:
    full_store(store)
    before = dump(store)
    removals = Removals(store._database, store.images, at_once=1)
    removed = removals.remove([1], keep_marked=keep_marked)
    assert len(removed.removed) == (2 if keep_marked else 3)
    assert store.sources.follows("https://two.example/feed/")
    assert not store.sources.follows("https://one.example/feed/")
    assert store.check() == []
    back = removals.put_back(1)
    assert sorted(back.new) == sorted(removed.removed)
    assert dump(store) == before
    assert store.check() == []


def test_a_removal_that_ends_halfway_leaves_what_is_left_archived_and_can_be_taken_back(store: Store) -> None:
    ids = full_store(store)
    before = dump(store)
    removals = Removals(store._database, store.images, at_once=1)
    db = store._database.connection
    db.execute(
        f"""CREATE TEMP TRIGGER trouble BEFORE DELETE ON main.articles WHEN old.id = {ids[1]}
        BEGIN SELECT RAISE(ABORT, 'trouble'); END"""
    )
    with pytest.raises(sqlite3.IntegrityError, match="trouble"):
        removals.remove([1])
    left = store.articles.page(ArticleQuery(source_id=1))
    assert sorted(row.id for row in left) == sorted(ids[1:])
    assert store.sources.get(1).archived
    assert store.check() == []
    db.execute("DROP TRIGGER trouble")
    removals.put_back(1)
    assert dump(store) == before


def test_a_return_that_ends_halfway_has_brought_the_newest_back(store: Store) -> None:
    ids = full_store(store)
    before = dump(store)
    removals = Removals(store._database, store.images, at_once=1)
    removals.remove([1])
    db = store._database.connection
    db.execute(
        f"""CREATE TEMP TRIGGER trouble BEFORE INSERT ON main.articles WHEN new.id = {ids[1]}
        BEGIN SELECT RAISE(ABORT, 'trouble'); END"""
    )
    with pytest.raises(sqlite3.IntegrityError, match="trouble"):
        removals.put_back(1)
    assert [row.id for row in store.articles.page(ArticleQuery(source_id=1))] == [ids[2]]
    assert not store.sources.get(1).archived
    assert store.check() == []
    db.execute("DROP TRIGGER trouble")
    assert sorted(removals.put_back(1).new) == sorted(ids[:2])
    assert dump(store) == before


def test_the_log_holds_a_part_of_a_large_removal_not_all_of_it(tmp_path: Path) -> None:
    made = tmp_path / "made"
    make_store(made, articles=2_000, sources=2)
    logs = []
    for at_once in (10_000, 100):
        folder = tmp_path / str(at_once)
        shutil.copytree(made, folder)
        with Store.open(folder) as store:
            store._database.connection.execute("PRAGMA wal_autocheckpoint = 10")
            removals = Removals(store._database, store.images, at_once=at_once)
            removals.remove([1])
            removals.put_back(1)
            logs.append((folder / f"{FILE}-wal").stat().st_size)
    whole, part = logs
    assert part < whole / 2


def test_it_can_go_and_come_back_many_times(store: Store) -> None:
    full_store(store)
    before = dump(store)
    for _ in range(3):
        store.sources.remove(1)
        store.sources.put_back(1)
    assert dump(store) == before
    store.sources.put_back(1)
    assert dump(store) == before


def test_a_source_that_was_followed_anew_gets_only_what_it_lacks(store: Store) -> None:
    full_store(store)
    titles = {row.title for row in store.articles.page(ArticleQuery(source_id=1))}
    store.sources.remove(1)
    again = store.sources.add(NewSource("https://one.example/feed/", title="Anew"), NOW)
    newest = make_article(1, guid="one-1", url="https://one.example/1", title="Bridge 1 shut", text="Shut.")
    store.articles.apply(again.id, make_feed([newest]), None, NOW + timedelta(days=1))

    back = store.sources.put_back(1)

    assert len(back.new) == 2
    assert store.sources.get(1).title == "Anew"
    assert {row.title for row in store.articles.page(ArticleQuery(source_id=1))} == titles
    assert store.check() == []


def test_a_tag_that_went_while_its_source_was_away_left_an_article_that_said_it_had_one(store: Store) -> None:
    ids = full_store(store)
    tagged, _ = store.tags.change(ids[:2], ["bank"])
    store.sources.remove(1)
    store.tags.put(tagged, back=True)

    store.sources.put_back(1)

    assert all(row.tags == () for row in store.articles.rows(ids))
    assert store.check() == []


def test_what_was_marked_while_a_source_was_away_is_marked_when_it_is_back(store: Store) -> None:
    ids = full_store(store)
    store.sources.remove(1)
    new = NewSource("https://one.example/feed/")
    marks = {new.url: [Mark(f"one-{number}", "", read=True, starred=True) for number in range(3)]}
    store.sources.imports.add([new], NOW, marks)

    store.sources.put_back(1)

    assert [(row.read, row.starred) for row in store.articles.rows(ids)] == [(True, True)] * 3
    assert store.check() == []


def test_an_article_that_came_again_and_got_a_guid_left_the_one_that_was_put_back_without_marks(
    store: Store,
) -> None:
    new = NewSource("https://one.example/feed/")
    nameless, named = make_article(1, guid=""), make_article(1, guid="one-1")
    store.sources.add(new, NOW)
    store.articles.apply(1, make_feed([nameless]), None, NOW)
    store.sources.remove(1)
    store.sources.add(new, NOW)
    store.articles.apply(1, make_feed([nameless]), None, NOW)
    store.articles.apply(1, make_feed([named]), None, NOW)

    store.sources.put_back(1)

    assert store.check() == []


def test_pictures_are_held_for_the_way_back_and_after_a_crash_collected(store: Store) -> None:
    full_store(store)
    store.sources.remove(1)
    assert files(store) == 4
    for shelf in range(SHELVES):
        store.images.collect(shelf)
    assert files(store) == 4
    store.images.held.clear()  # the power went
    store.close()

    with Store.open(store.folder) as again:
        assert files(again) == 4
        for shelf in range(SHELVES):
            again.images.collect(shelf)
        assert files(again) == 2


def test_whatever_goes_with_a_source_is_kept_for_its_return(store: Store) -> None:
    """A table that hangs on one of those that go, and not on sources or articles, would be lost."""
    db = store._database.connection
    kept = {part.table for part in parts(db)} | set(FOLLOWING)
    tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    lost = [
        (table, target)
        for table in tables
        for _, _, target, _, _, _, on_delete, _ in db.execute(f"PRAGMA foreign_key_list({table})")
        if target in kept and on_delete in ("CASCADE", "SET NULL") and table not in kept
    ]
    assert lost == []


def marked_store(store: Store) -> tuple[int, ...]:
    """`full_store`, and eight articles of its first source: the first five are starred, packed, noted, tagged and to be
    read later, the other three are nothing of it."""
    starred, packed, plain = full_store(store)
    more = [make_article(10 + number, guid=f"one-{10 + number}") for number in range(5)]
    ids = store.articles.apply(1, make_feed(more), FetchState(body_hash="h", last_fetch=NOW), NOW).new
    with store._database.transaction(durable=True) as db:
        db.execute("INSERT INTO packs (scope, begun_at, listed) VALUES ('{}', 5, 1)")
        db.execute("INSERT INTO pack_articles VALUES (1, ?)", (packed,))
    noted, tagged, later, *others = ids
    store.notes.put(noted, "Ask the bank.", NOW)
    store.tags.change([tagged], add=["Banks"])
    store.tags.change([later], add=[READ_LATER])
    store.articles.set_read(others[:1], True)
    store.indexing.finish()
    return starred, packed, noted, tagged, later, plain, *others


def test_the_articles_that_the_person_holds_on_to_stay_and_the_rest_goes(store: Store) -> None:
    ids = marked_store(store)
    kept = store.articles.rows(ids[:5])
    assert store.sources.staying(1) == 5

    changes = store.sources.remove(1, keep_marked=True)

    assert sorted(changes.removed) == sorted(ids[5:])
    assert store.articles.rows(ids) == kept
    assert all(store.articles.get(one) for one in ids[:5])
    source = store.sources.get(1)
    assert (source.archived, source.enabled, source.state) == (True, False, FetchState())
    assert [one.title for one in store.sources.subscriptions()] == ["Two"]
    assert not store.sources.follows(source.url)
    assert store.sources.counts()[1].total == 5
    assert store.retention.rules() == {}
    assert store.archive.coverage(1).spans == ()
    assert store.check() == []
    with Store.open_reader(store.folder) as reader:
        assert reader.sources.get(1).archived


def test_undo_brings_back_all_rows_of_a_source_of_which_articles_were_kept(store: Store) -> None:
    ids = marked_store(store)
    words, before = store.articles.page(ArticleQuery(words="bridge")), dump(store)
    for _ in range(2):
        store.sources.remove(1, keep_marked=True)
        assert store.check() == []

        back = store.sources.put_back(1)

        assert sorted(back.new) == sorted(ids[5:])
        assert dump(store) == before
    assert store.articles.page(ArticleQuery(words="bridge")) == words
    assert store.check() == []


def test_each_removal_of_a_source_is_taken_back_by_itself(store: Store) -> None:
    marked_store(store)
    stages = [dump(store)]
    store.sources.remove(1, keep_marked=True)
    stages.append(dump(store))
    store.sources.remove(1)
    assert len(store.sources.all()) == 1
    for stage in reversed(stages):
        store.sources.put_back(1)
        assert dump(store) == stage
    store.sources.put_back(1)
    assert dump(store) == stages[0]


def test_a_source_of_which_nothing_is_held_on_to_goes_whole(store: Store) -> None:
    fill(store, 3, "one")
    before = dump(store)
    store.sources.remove(1, keep_marked=True)
    assert store.sources.all() == []
    store.sources.put_back(1)
    assert dump(store) == before


def test_a_source_that_is_subscribed_to_again_takes_its_kept_articles_back(store: Store) -> None:
    articles = [make_article(number) for number in range(1, 6)]
    fill(store, 0)
    ids = store.articles.apply(1, make_feed(articles), None, NOW).new
    by_title = {row.title: row.id for row in store.articles.rows(ids)}
    kept, read = by_title["Bridge number 2 opens"], by_title["Bridge number 3 opens"]
    store.notes.put(kept, "Ask the bank.", NOW)
    store.articles.set_read([kept, read], True)
    store.sources.remove(1, keep_marked=True)
    later = NOW + timedelta(days=9)

    again = store.sources.add(NewSource("http://www.steppe.example/feed", folder="News"), later)
    store.articles.apply(again.id, make_feed(articles), None, later)

    assert (again.id, again.archived, again.enabled, again.added_at) == (1, False, True, later)
    assert (again.title, again.folder) == ("Steppe", "News")
    rows = store.articles.page(ArticleQuery())
    assert [row.title for row in rows] == [f"Bridge number {number} opens" for number in range(1, 6)]
    assert [row.read for row in rows] == [False, True, True, False, False]
    assert rows[1].id == kept
    assert store.check() == []
    store.sources.put_back(1)  # an undo that comes too late brings nothing twice
    assert store.articles.page(ArticleQuery()) == rows
    assert (store.sources.get(1).archived, store.sources.get(1).folder) == (False, "News")


def test_a_list_that_names_an_archived_source_takes_it_back_with_its_marks(store: Store) -> None:
    first, _ = fill(store, 2, folder="Region").new
    store.articles.set_starred([first], True)
    store.sources.remove(1, keep_marked=True)
    new = NewSource("https://steppe.example/feed/", language="kk")
    marks = {
        new.url: [
            Mark("steppe-2", "", read=True, starred=False),
            Mark("steppe-1", "", read=True, starred=False),
        ]
    }

    assert store.sources.imports.add([new], NOW, marks) == [1]

    assert [(row.read, row.starred) for row in store.articles.page(ArticleQuery())] == [(True, True)]
    back = store.sources.get(1)
    assert (back.archived, back.title, back.folder, back.language) == (False, "Steppe", "Region", "kk")
    assert store.check() == []


def test_what_was_on_its_way_to_a_source_that_was_archived_is_not_stored(store: Store) -> None:
    first, _ = fill(store, 2).new
    store.articles.set_starred([first], True)
    store.sources.remove(1, keep_marked=True)
    before = dump(store)
    with pytest.raises(UsageError):
        store.articles.apply(1, make_feed([make_article(9)]), FetchState(body_hash="h"), NOW)
    with pytest.raises(UsageError):
        store.sources.set_enabled(1, True)
    with pytest.raises(UsageError):
        store.sources.edit(1, store.sources.subscription(1)._replace(enabled=True))
    store.sources.save_state(1, FetchState(body_hash="h", last_fetch=NOW))
    assert dump(store) == before


def test_a_kept_article_that_loses_its_mark_stays_until_its_source_is_removed(store: Store) -> None:
    first, _ = fill(store, 2).new
    store.articles.set_starred([first], True)
    store.articles.set_read([first], True)
    store.sources.remove(1, keep_marked=True)
    store.retention.set_rule(0, Rule(days=1))

    store.articles.set_starred([first], False)
    later = NOW + timedelta(days=99)

    assert store.retention.preview(later) == []
    assert store.retention.apply(1, later)[0].removed == ()
    assert store.articles.get(first) is not None
    assert store.sources.remove(1, keep_marked=True).removed == (first,)
    assert store.sources.all() == []


def test_the_daily_copy_knows_that_a_source_is_archived(store: Store) -> None:
    first, _ = fill(store, 2).new
    store.articles.set_starred([first], True)
    store.sources.remove(1, keep_marked=True)
    keep_daily(store.folder, NOW)
    copy = newest_good(store.folder)
    assert copy is not None
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("SELECT title, archived, enabled FROM sources").fetchall() == [("Steppe", 1, 0)]


def test_an_archived_source_is_one_after_the_store_was_opened_anew(store: Store) -> None:
    ids = marked_store(store)
    store.sources.remove(1, keep_marked=True)
    store.close()
    with Store.open(store.folder) as again:
        assert again.sources.get(1).archived
        assert len(again.articles.rows(ids)) == 5
        assert again.check() == []


def test_undo_of_an_import_archives_again_what_it_took_back(store: Store) -> None:
    second, first = fill(store, 2, folder="Region").new  # the oldest first
    store.articles.set_starred([first], True)
    store.tags.change([second], add=["Banks"])
    store.sources.remove(1, keep_marked=True)
    before, rows = dump(store), store.articles.page(ArticleQuery())
    new = NewSource("http://www.steppe.example/feed", title="Steppe of others", folder="News", language="kk")
    marks = {
        new.url: [
            Mark("steppe-1", "", read=True, starred=False, tags=("Roads", "Banks")),
            Mark("steppe-2", "", read=False, starred=True, tags=("banks",)),
        ]
    }
    assert store.sources.imports.add([new], NOW, marks) == [1]
    store.articles.apply(
        1, make_feed([make_article(9, guid="steppe-9")]), FetchState(body_hash="h", last_fetch=NOW), NOW
    )
    imported = store.articles.page(ArticleQuery())
    assert [(row.read, row.starred, row.tags) for row in imported] == [
        (True, True, ("Banks", "Roads")), (False, True, ("Banks",)), (False, False, ()),
    ]  # fmt: skip

    changes, gone = store.sources.imports.take_back([new])

    assert (len(changes.removed), set(changes.updated), gone) == (1, {first, second}, 1)
    assert store.articles.page(ArticleQuery()) == rows
    after = dump(store)
    known = ("states", "sqlite_sequence", "search")  # these know of the article that came and went
    assert [name for name in before if after[name] != before[name] and not name.startswith(known)] == []
    assert store.check() == []
    assert store.sources.imports.add([new], NOW, marks) == [1]
    assert [row.tags for row in store.articles.page(ArticleQuery())] == [("Banks", "Roads"), ("Banks",)]


def test_undo_of_an_import_failed_where_the_kept_articles_had_been_deleted_since(store: Store) -> None:
    (first,) = fill(store, 1).new
    store.articles.set_starred([first], True)
    store.sources.remove(1, keep_marked=True)
    new = NewSource("https://steppe.example/feed/")
    store.sources.imports.add([new], NOW)
    store.retention.delete([first], NOW)

    assert store.sources.imports.take_back([new]) == (Changes(), 1)

    assert store.sources.all() == []
    assert store.check() == []


def test_undo_of_an_import_leaves_what_was_starred_since_and_its_source(store: Store) -> None:
    first, _ = fill(store, 2).new
    store.articles.set_starred([first], True)
    store.sources.remove(1, keep_marked=True)
    new = NewSource("https://steppe.example/feed/")
    store.sources.imports.add([new], NOW)
    (since,) = store.articles.apply(1, make_feed([make_article(9, guid="steppe-9")]), None, NOW).new
    store.articles.set_starred([since], True)

    assert store.sources.imports.take_back([new]) == (Changes(), 0)

    assert not store.sources.get(1).archived
