"""Pictures that nobody refers to are collected, and nothing else; traffic is added up."""

from __future__ import annotations

from datetime import date

import pytest

from desktop.core.incoming import PictureInfo
from desktop.core.models import ArticleQuery
from desktop.core.retention import Rule
from desktop.store import Store, retention
from desktop.store.images import SHELVES
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


def test_many_articles_go_in_several_transactions(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 3)
    fill(store, 9)
    store.articles.set_read(range(1, 10), True)
    store.retention.set_rule(0, Rule(articles=2))
    (source,) = store.sources.all()
    removed = []
    while changes := store.retention.apply(source.id, NOW)[0]:
        removed.append(len(changes.removed))
    assert removed == [3, 3, 1]
    assert len(store.articles.page(ArticleQuery())) == 2


def test_traffic_adds_up_by_source_and_day(store: Store) -> None:
    store.traffic.add({1: 100, 2: 5, 3: 0}, date(2026, 11, 23))
    store.traffic.add({1: 50}, date(2026, 11, 23))
    store.traffic.add({1: 7, 0: 9}, date(2026, 11, 24))
    assert store.traffic.since(date(2026, 11, 23)) == {0: 9, 1: 157, 2: 5}
    assert store.traffic.since(date(2026, 11, 24)) == {0: 9, 1: 7}
