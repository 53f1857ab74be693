"""Pictures that nobody refers to are collected, and nothing else; traffic is added up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from desktop.core.identity import Mark
from desktop.core.incoming import IncomingFeed, PictureInfo
from desktop.core.models import ArticleQuery, Changes, NewSource
from desktop.core.proof import Scope
from desktop.core.retention import Rule
from desktop.store import Store
from desktop.store.database import listed
from desktop.store.images import SHELVES
from desktop.store.retention import Retention
from tests.unit.store.builders import NOW, fill, make_article, make_feed

PNG = PictureInfo("png", 1, 1)


def test_a_picture_that_a_kept_article_shows_too_stays(store: Store) -> None:
    fill(store, 2)
    first, second = store.images.wanted(9, NOW)
    store.images.put(first.key, first.url, b"the same", PNG)
    store.images.put(second.key, second.url, b"the same", PNG)
    store.articles.set_read([1, 2], True)
    store.retention.set_rule(0, Rule(articles=1))
    (going,) = store.retention.preview(NOW)
    changes, _ = store.retention.apply(going.source_id, NOW)
    assert len(changes.removed) == going.articles == 1
    ((sha256, _),) = store.images.stored_files()
    assert store.images.file(sha256).read_bytes() == b"the same"


def test_what_a_crash_left_is_collected_and_what_is_shown_is_not(store: Store) -> None:
    fill(store, 1)
    (wanted,) = store.images.wanted(9, NOW)
    kept = store.images.put(wanted.key, wanted.url, b"shown", PNG)
    orphan = store.images.write_file(b"written before the power went")
    half = store.images.file(orphan).with_name(f".{orphan}.123456")
    half.write_bytes(b"half")
    freed = sum(store.images.collect(shelf) for shelf in range(SHELVES))
    assert freed == len(b"written before the power went") + len(b"half")
    assert store.images.file(kept).exists()
    assert not store.images.file(orphan).exists()
    assert not half.exists()
    assert store.check() == []


def test_a_source_that_is_followed_again_brings_back_what_was_let_go(store: Store) -> None:
    fill(store, 3)
    store.articles.set_read([1, 2, 3], True)
    (source,) = store.sources.all()
    store.retention.set_rule(source.id, Rule(articles=1))
    assert len(store.retention.apply(source.id, NOW)[0].removed) == 2
    store.sources.remove(source.id)
    assert store.retention.rules() == {}
    fill(store, 3)
    assert len(store.articles.rows(range(1, 99))) == 3
    assert all(row.read for row in store.articles.rows(range(1, 99)))


def test_an_article_that_is_let_go_is_not_brought_back_by_an_edit(store: Store) -> None:
    fill(store, 2)
    store.articles.set_read([1, 2], True)
    (source,) = store.sources.all()
    store.retention.set_rule(source.id, Rule(articles=1))
    store.retention.apply(source.id, NOW)
    edited = make_article(
        2, guid="steppe-2", url="https://steppe.example/2", text="Edited.", html="<p>Edited.</p>"
    )
    assert store.articles.apply(source.id, make_feed([edited]), None, NOW).new == ()


@pytest.mark.parametrize("rule", [Rule(days=1), Rule(articles=55), Rule(days=1, articles=57)])
def test_what_lies_within_a_rule_by_age_or_number_is_not_looked_at(store: Store, rule: Rule) -> None:
    fill(store, 60)  # each an hour older than the one before
    store.articles.set_read(range(1, 61), True)
    now = NOW + timedelta(days=1, hours=-55)

    def looks(rule: Rule) -> tuple[list[int], int]:
        counted: list[None] = []
        connection = store._database.connection
        connection.set_progress_handler(lambda: counted.append(None), 10)
        found = store.retention.preview(now, {0: rule})
        connection.set_progress_handler(None, 0)
        return [going.articles for going in found], len(counted)

    few, looked = looks(rule)
    many, looked_at_all = looks(Rule(articles=1))
    assert (few, many) == ([5], [59])  # what is just a day old stays
    assert looked < looked_at_all / 3


def test_a_look_at_a_rule_that_is_no_longer_wanted_ends(store: Store) -> None:
    for number in range(3):
        fill(store, 2, f"source{number}")
    store.articles.set_read(range(1, 7), True)
    asked = iter([True, True, False])
    assert len(store.retention.preview(NOW, {0: Rule(articles=1)}, lambda: next(asked))) == 2


def test_many_articles_go_in_several_transactions(store: Store) -> None:
    retention = Retention(store._database, store.images, at_once=3)
    fill(store, 9)
    store.articles.set_read(range(1, 10), True)
    store.retention.set_rule(0, Rule(articles=2))
    (source,) = store.sources.all()
    removed = []
    while changes := retention.apply(source.id, NOW)[0]:
        removed.append(len(changes.removed))
    assert removed == [3, 3, 1]
    assert len(store.articles.page(ArticleQuery())) == 2


def test_traffic_adds_up_by_source_and_day(store: Store) -> None:
    store.traffic.add({1: 100, 2: 5, 3: 0}, date(2026, 11, 23))
    store.traffic.add({1: 50}, date(2026, 11, 23))
    store.traffic.add({1: 7, 0: 9}, date(2026, 11, 24))
    assert store.traffic.since(date(2026, 11, 23)) == {0: 9, 1: 157, 2: 5}
    assert store.traffic.since(date(2026, 11, 24)) == {0: 9, 1: 7}


def dump(store: Store) -> dict[str, list[Any]]:
    """Every row of every table, but for the words of the index."""
    db = store._database
    tables = [name for (name,) in db.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {
        name: sorted(db.rows(f"SELECT * FROM {name}"), key=repr)
        for name in tables
        if not name.startswith("search")
    }


def bounded_store(store: Store) -> tuple[int, ...]:
    """Five read articles with pictures, an older version, a note's place, and a rule that keeps the newest two."""
    ids = fill(store, 5).new
    for wanted in store.images.wanted(9, NOW):
        store.images.put(wanted.key, wanted.url, wanted.url.encode(), PNG)
    changed = make_article(
        1, guid="steppe-1", url="https://steppe.example/1", title="Bridge 1 shut", text="Shut."
    )
    store.articles.apply(1, make_feed([changed]), None, NOW)
    store.articles.set_read(ids, True)
    for article_id in ids:
        store.places.keep(article_id, 40 + article_id)
    store.retention.set_rule(0, Rule(articles=2))
    return ids


def pictures(store: Store) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (store.folder / "images").rglob("*") if path.is_file()}


def test_what_a_rule_let_go_comes_back_row_by_row_with_its_pictures_and_stays(store: Store) -> None:
    bounded_store(store)
    words = store.articles.page(ArticleQuery(words="bridge"))
    before, shown = dump(store), pictures(store)
    gone, _ = store.retention.apply(1, NOW, 7)
    assert len(gone.removed) == 3
    assert store.check() == []
    for shelf in range(SHELVES):
        store.images.collect(shelf)

    back = store.retention.put_back(7)

    assert sorted(back.new) == sorted(gone.removed)
    db = store._database
    with db.transaction(durable=False) as writing:
        assert writing.execute("UPDATE states SET spared = 0 WHERE spared = 1").rowcount == 3
        assert dump(store) == before
        writing.execute(
            "UPDATE states SET spared = 1 WHERE (source_id, key) IN (SELECT source_id, key FROM identities "
            "WHERE article_id IN (SELECT value FROM json_each(?)))",
            (listed(gone.removed),),
        )
    assert pictures(store) == shown
    assert store.articles.page(ArticleQuery(words="bridge")) == words
    assert store.retention.apply(1, NOW) == (Changes(), 0)
    assert [going.articles for going in store.retention.preview(NOW)] == [0]
    assert store.check() == []


def test_a_set_goes_again_but_for_what_was_marked_since_and_comes_back_again(store: Store) -> None:
    bounded_store(store)
    gone = store.retention.apply(1, NOW, 1)[0].removed
    store.retention.put_back(1)
    before = dump(store)
    assert sorted(store.retention.take_again(1, NOW).removed) == sorted(gone)
    assert sorted(store.retention.put_back(1).new) == sorted(gone)
    assert dump(store) == before
    store.articles.set_starred(gone[:1], True)
    store.articles.set_read(gone[1:2], False)
    assert store.retention.take_again(1, NOW).removed == gone[2:]


def test_what_goes_in_parts_comes_back_in_parts(store: Store) -> None:
    bounded_store(store)
    retention = Retention(store._database, store.images, at_once=1)
    gone: list[int] = []
    while went := retention.apply(1, NOW, 1)[0].removed:
        gone += went
    assert len(gone) == 3
    assert sorted(retention.put_back(1).new) == sorted(gone)
    before, shown = dump(store), pictures(store)
    assert sorted(retention.take_again(1, NOW).removed) == sorted(gone)
    assert sorted(retention.put_back(1).new) == sorted(gone)
    assert (dump(store), pictures(store)) == (before, shown)
    assert store.check() == []


def test_only_those_come_back_whose_source_is_followed_and_who_have_not_come_again(store: Store) -> None:
    bounded_store(store)
    gone = store.retention.apply(1, NOW, 1)[0].removed
    store.sources.remove(1)
    assert store.retention.put_back(1) == Changes()
    fill(store, 5)
    assert store.retention.put_back(1) == Changes()
    assert len(gone) == 3
    assert store.check() == []


def test_the_pictures_of_what_went_are_held_until_the_store_is_closed(store: Store) -> None:
    bounded_store(store)
    shown = pictures(store)
    store.retention.apply(1, NOW, 1)
    assert pictures(store) == shown
    store.close()
    assert len(pictures(store)) == 2 < len(shown)


def test_without_a_way_back_the_disk_is_free_at_once(store: Store) -> None:
    bounded_store(store)
    store.retention.apply(1, NOW)
    assert len(pictures(store)) == 2


def steppe(count: int) -> IncomingFeed:
    """The feed of the source of `fill`, as it was and still is."""
    numbers = range(1, count + 1)
    return make_feed(
        [make_article(n, guid=f"steppe-{n}", url=f"https://steppe.example/{n}") for n in numbers]
    )


def test_what_the_person_deletes_comes_back_row_by_row_and_is_spared_by_no_rule(store: Store) -> None:
    ids = bounded_store(store)
    store.articles.set_starred(ids[:1], True)
    store.packs.list_articles(store.packs.begin(Scope(), NOW))
    before, shown = dump(store), pictures(store)
    assert sorted(store.retention.held(ids)) == sorted(ids)  # the pack holds them all

    gone = store.retention.delete([*ids[:2], 99], NOW, 3)

    assert sorted(gone.changes.removed) == sorted(ids[:2])
    assert gone.held == 2
    assert sorted(row.id for row in store.articles.rows(ids)) == sorted(ids[2:])
    assert store.check() == []
    assert sorted(store.retention.put_back(3).new) == sorted(ids[:2])
    assert dump(store) == before
    assert pictures(store) == shown
    assert sorted(store.retention.take_again(3, NOW).removed) == sorted(
        ids[:2]
    )  # starred, and it was asked for
    assert sorted(store.retention.put_back(3).new) == sorted(ids[:2])
    assert dump(store) == before
    assert store.check() == []


def test_an_article_came_back_with_the_tags_and_marks_that_it_had_when_it_was_deleted(store: Store) -> None:
    (article,) = fill(store, 1).new
    tagged, _ = store.tags.change([article], ["bank"])
    store.retention.delete([article], NOW, 1)
    store.tags.put(tagged, back=True)
    store.sources.remove(1)
    marks = [Mark("steppe-1", "", read=True, starred=True)]
    store.sources.imports.add(
        [NewSource("https://steppe.example/feed/")], NOW, {"https://steppe.example/feed/": marks}
    )

    store.retention.put_back(1)

    (row,) = store.articles.rows([article])
    assert (row.tags, row.read, row.starred) == ((), True, True)
    assert store.check() == []


def test_what_was_deleted_does_not_come_back_after_the_store_was_closed(store: Store) -> None:
    ids = fill(store, 3).new
    store.articles.set_starred(ids[:1], True)
    assert store.retention.held(ids) == [ids[0]]
    assert store.retention.delete(ids, NOW).held == 1
    assert store.retention.put_back(0) == Changes()
    folder = store.folder
    store.close()
    with Store.open(folder) as again:
        again.articles.apply(1, steppe(3), None, NOW)
        assert again.articles.count(ArticleQuery()) == 0
        assert again.check() == []
