"""A source that was removed comes back as it was, row by row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from desktop.core.incoming import PictureInfo
from desktop.core.models import ArticleQuery, FetchState, NewSource
from desktop.core.retention import Rule
from desktop.store import Store
from desktop.store.cascades import FOLLOWING, parts
from desktop.store.images import SHELVES
from tests.unit.store.builders import NOW, fill, make_article, make_feed

_STAYS = {
    "unused_files",
    "sqlite_sequence",
    "search_data",
    "search_idx",
    "search_docsize",
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
    before, words = dump(store), store.articles.page(ArticleQuery(words="bridge"))
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
