"""Every method gives a sentence, no sqlite3 error, when the store is locked, full, read-only or damaged."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.core.errors import StoreDamaged, StoreError, StoreLocked
from desktop.core.incoming import PictureInfo
from desktop.core.models import ArticleQuery, Cursor, FetchState, NewSource
from desktop.core.rates import Pair, ProviderState
from desktop.store import Store
from desktop.store.opening import FILE
from tests.unit.store.builders import NOW, fill, make_article, make_feed, make_quote

WRITES: dict[str, Callable[[Store], object]] = {
    "add": lambda s: s.sources.add(NewSource("https://new.example/"), NOW),
    "remove": lambda s: s.sources.remove(1),
    "rename": lambda s: s.sources.rename(1, "x"),
    "move": lambda s: s.sources.move(1, "x"),
    "enable": lambda s: s.sources.set_enabled(1, False),
    "state": lambda s: s.sources.save_state(1, FetchState(failures=1)),
    "apply": lambda s: s.articles.apply(1, make_feed([make_article(99)]), None, NOW),
    "read": lambda s: s.articles.set_read([1], True),
    "star": lambda s: s.articles.set_starred([1], True),
    "picture": lambda s: s.images.put("key", "https://a.example/", b"x", PictureInfo("png", 1, 1)),
    "failed picture": lambda s: s.images.fail("key", "https://a.example/", "No.", NOW),
    "lost picture": lambda s: s.images.forget_file("key"),
    "quotes": lambda s: s.rates.save([make_quote()], NOW),
    "provider": lambda s: s.rates.save_state(ProviderState("nbk")),
    "pin": lambda s: s.watchlists.pin(Pair("EUR", "KZT")),
    "unpin": lambda s: s.watchlists.unpin(Pair("USD", "KZT")),
    "flip": lambda s: s.watchlists.flip(Pair("USD", "KZT")),
    "move pair": lambda s: s.watchlists.move(Pair("USD", "KZT"), 0),
    "source of a pair": lambda s: s.watchlists.set_source(Pair("USD", "KZT"), "nbk"),
    "new list": lambda s: s.watchlists.create("Travel"),
    "rename list": lambda s: s.watchlists.rename("Main", "Home"),
    "move list": lambda s: s.watchlists.move_list("Main", 0),
    "list of the ticker": lambda s: s.watchlists.show_in_ticker("Main"),
    "restore lists": lambda s: s.watchlists.restore((), s.watchlists.all()),
    "set": lambda s: s.settings.set("key", 1),
    "forget": lambda s: s.settings.forget("key"),
}
READS: dict[str, Callable[[Store], object]] = {
    "sources": lambda s: s.sources.all(),
    "source": lambda s: s.sources.get(1),
    "by url": lambda s: s.sources.by_url("https://steppe.example/feed/"),
    "counts": lambda s: s.sources.counts(),
    "page": lambda s: s.articles.page(ArticleQuery()),
    "search": lambda s: s.articles.page(ArticleQuery(words="bridge")),
    "newer": lambda s: s.articles.newer(ArticleQuery(), Cursor(NOW, 1)),
    "count": lambda s: s.articles.count(ArticleQuery()),
    "unread": lambda s: s.articles.unread_count(ArticleQuery()),
    "rows": lambda s: s.articles.rows([1]),
    "get": lambda s: s.articles.get(1),
    "revisions": lambda s: s.articles.revisions(1),
    "wanted": lambda s: s.images.wanted(1, NOW),
    "pictures": lambda s: s.images.of_article(1),
    "totals": lambda s: s.images.totals(),
    "book": lambda s: s.rates.book({"USD", "KZT"}, date(2026, 1, 1)),
    "corrections": lambda s: s.rates.corrections("nbk"),
    "providers": lambda s: s.rates.provider_states(),
    "lists": lambda s: s.watchlists.names(),
    "all lists": lambda s: s.watchlists.all(),
    "pairs": lambda s: s.watchlists.pairs(),
    "setting": lambda s: s.settings.get("key", 1),
    "settings": lambda s: s.settings.all(),
    "check": lambda s: s.check(),
}


@pytest.fixture
def filled(store: Store) -> Store:
    fill(store, 3)
    store.indexing.finish()
    return store


@pytest.fixture
def intruder(filled: Store, folder: Path) -> Iterator[sqlite3.Connection]:
    """Another program's connection to the same file, in the middle of a write."""
    connection = sqlite3.connect(folder / FILE, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    yield connection
    connection.close()


@pytest.mark.parametrize("act", WRITES)
def test_a_write_to_a_locked_store_says_so(filled: Store, intruder: sqlite3.Connection, act: str) -> None:
    with pytest.raises(StoreLocked) as caught:
        WRITES[act](filled)
    assert caught.value.remedy
    intruder.execute("ROLLBACK")
    WRITES[act](filled)
    assert filled.check() == []


@pytest.mark.parametrize("act", READS)
def test_reading_goes_on_while_another_writes(filled: Store, intruder: sqlite3.Connection, act: str) -> None:
    READS[act](filled)


@pytest.mark.parametrize("act", WRITES)
def test_a_reader_is_refused_every_write_with_a_sentence(filled: Store, folder: Path, act: str) -> None:
    with Store.open_reader(folder) as reader, pytest.raises(StoreError):
        WRITES[act](reader)
    assert filled.check() == []


@pytest.mark.parametrize("act", READS)
def test_a_reader_can_read_everything(filled: Store, folder: Path, act: str) -> None:
    with Store.open_reader(folder) as reader:
        assert READS[act](reader) == READS[act](filled)


def test_a_full_disk_is_told_and_leaves_the_store_as_it_was(filled: Store) -> None:
    database = filled._database
    pages = database.value("PRAGMA page_count")
    database.value(f"PRAGMA max_page_count = {pages}")
    many = make_feed(make_article(number, text="word " * 4000) for number in range(10, 200))
    with pytest.raises(StoreError) as caught:
        filled.articles.apply(1, many, FetchState(failures=9), NOW)
    assert "full" in caught.value.message
    assert filled.articles.count(ArticleQuery()) == 3
    assert filled.check() == []
    filled.articles.set_read([1], True)
    database.value("PRAGMA max_page_count = 1000000")
    assert len(filled.articles.apply(1, many, None, NOW).new) == 190


def test_damage_met_while_reading_is_told(folder: Path) -> None:
    with Store.open(folder) as store:
        fill(store, 200)
    path = folder / FILE
    body = path.read_bytes()
    path.write_bytes(body[:4096] + b"\x55" * (len(body) - 4096))
    with pytest.raises(StoreDamaged), Store.open_reader(folder) as reader:
        reader.articles.page(ArticleQuery())


def test_a_damaged_body_is_told(filled: Store, folder: Path) -> None:
    connection = sqlite3.connect(folder / FILE)
    connection.execute("UPDATE bodies SET body = x'00'")
    connection.commit()
    connection.close()
    with pytest.raises(StoreDamaged):
        filled.articles.get(1)


def test_our_own_mistakes_are_not_dressed_up(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError):
        store._database.rows("SELECT nothing FROM nowhere")
