"""Sources: their identity, what outlives them, and the kept counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from desktop.core.errors import UsageError
from desktop.core.identity import Mark
from desktop.core.incoming import PictureInfo
from desktop.core.models import ArticleQuery, FetchState, NewSource, SourceKind, Validators
from desktop.core.proof import Scope
from desktop.core.retention import Rule
from desktop.core.tags import READ_LATER
from desktop.store import Store
from desktop.store.sources import Counts
from tests.unit.store.builders import NOW, add_source, fill, make_article, make_feed

STATE = FetchState(
    validators=Validators('"a"', "Tue, 24 Nov 2026 06:00:00 GMT"),
    feed_validators=Validators('"b"', ""),
    body_hash="hash",
    last_fetch=NOW,
    last_success=NOW - timedelta(days=1),
    last_error="The server did not answer.",
    failures=3,
    next_due=NOW + timedelta(minutes=30),
    newest_modified=NOW - timedelta(hours=2),
)


def test_a_source_comes_back_as_it_was_added(store: Store) -> None:
    new = NewSource(
        "https://a.example/wp-json/", SourceKind.WORDPRESS, "A", "https://a.example/", "https://a.example/feed/",
        "Region", "kk", "KZ",
    )  # fmt: skip
    source = store.sources.add(new, NOW)
    assert store.sources.get(source.id) == source
    assert (source.url, source.kind, source.title, source.folder) == (new.url, new.kind, "A", "Region")
    assert (source.site_url, source.feed_url) == (new.site_url, new.feed_url)
    assert (source.language, source.country, source.enabled, source.added_at) == ("kk", "KZ", True, NOW)
    assert source.state == FetchState()


def test_a_source_is_found_by_any_form_of_its_address(store: Store) -> None:
    source = store.sources.add(NewSource("https://www.a.example/feed/"), NOW)
    assert store.sources.by_url("http://a.example/feed") == source
    assert store.sources.by_url("https://a.example/other") is None


def test_the_same_source_is_not_added_twice(store: Store) -> None:
    add_source(store)
    with pytest.raises(UsageError):
        store.sources.add(NewSource("http://www.steppe.example/feed"), NOW)
    assert len(store.sources.all()) == 1


def test_sources_are_listed_by_folder_and_title(store: Store) -> None:
    for name, folder in (("zoo", "b"), ("Yak", "b"), ("bear", ""), ("ant", "A")):
        add_source(store, name, folder)
    assert [source.title for source in store.sources.all()] == ["Bear", "Ant", "Yak", "Zoo"]


def test_a_source_is_renamed_moved_and_switched_off(store: Store) -> None:
    source = add_source(store)
    store.sources.rename(source.id, "Mine")
    store.sources.move(source.id, "Region")
    changed = store.sources.set_enabled(source.id, False)
    assert changed == source._replace(title="Mine", folder="Region", enabled=False)
    assert store.sources.get(source.id) == changed


@pytest.mark.parametrize(
    "act",
    [
        lambda store: store.sources.get(99),
        lambda store: store.sources.rename(99, "x"),
        lambda store: store.sources.move(99, "x"),
        lambda store: store.sources.set_enabled(99, True),
        lambda store: store.sources.remove(99),
    ],
)
def test_a_source_that_is_not_there_can_be_neither_had_nor_changed(
    store: Store, act: Callable[[Store], object]
) -> None:
    with pytest.raises(UsageError):
        act(store)


def test_a_fetch_state_comes_back_as_it_was_saved(store: Store) -> None:
    source = add_source(store)
    store.sources.save_state(source.id, STATE)
    assert store.sources.get(source.id).state == STATE


def test_a_state_of_a_source_that_has_gone_is_passed_over(store: Store) -> None:
    store.sources.save_state(99, STATE)
    assert store.check() == []


def test_counts_follow_articles_and_marks(store: Store) -> None:
    first = fill(store, 4, "one").new
    fill(store, 2, "two")
    store.articles.set_read(first[:3], True)
    store.articles.set_starred(first[:1], True)
    assert store.sources.counts() == {1: Counts(4, 1, 1), 2: Counts(2, 2, 0)}
    store.articles.set_read(first[:1], False)
    assert store.sources.counts()[1] == Counts(4, 2, 1)


def test_removing_a_source_takes_its_articles_and_pictures(store: Store) -> None:
    ids = fill(store, 3, "one").new
    fill(store, 2, "two", start=3)  # article 3 shows a picture that the other source shows too
    for wanted in store.images.wanted(10, NOW):
        store.images.put(wanted.key, wanted.url, wanted.url.encode(), PictureInfo("png", 1, 1))
    changes = store.sources.remove(1)
    assert changes.removed == ids
    assert len(store.articles.page(ArticleQuery())) == 2
    assert store.articles.page(ArticleQuery(words="bridge")) == store.articles.page(ArticleQuery())
    assert store.images.totals().stored == 2
    assert store.check() == []
    store.close()
    assert sum(path.is_file() for path in (store.folder / "images").rglob("*")) == 2


def test_what_was_read_is_known_again_when_a_removed_source_is_added(store: Store) -> None:
    articles = [make_article(number) for number in range(1, 4)]
    source = add_source(store)
    ids = store.articles.apply(source.id, make_feed(articles), None, NOW).new
    by_title = {row.title: row.id for row in store.articles.rows(ids)}
    store.articles.set_read([by_title["Bridge number 1 opens"]], True)
    store.articles.set_starred([by_title["Bridge number 2 opens"]], True)
    store.sources.remove(source.id)
    assert store.articles.page(ArticleQuery()) == []
    again = store.sources.add(NewSource("http://steppe.example/feed"), NOW)
    store.articles.apply(again.id, make_feed(articles), None, NOW + timedelta(days=9))
    found = [(row.title, row.read, row.starred) for row in store.articles.page(ArticleQuery())]
    assert found == [
        ("Bridge number 1 opens", True, False),
        ("Bridge number 2 opens", False, True),
        ("Bridge number 3 opens", False, False),
    ]
    assert store.sources.counts() == {again.id: Counts(3, 2, 1)}


def test_a_source_without_a_title_takes_that_of_its_feed_once(store: Store) -> None:
    source = store.sources.add(NewSource("https://a.example/feed/"), NOW)
    store.articles.apply(source.id, make_feed(title="First"), None, NOW)
    store.articles.apply(source.id, make_feed(title="Second"), None, NOW)
    found = store.sources.get(source.id)
    assert (found.title, found.site_url, found.language) == ("First", "https://steppe.example/", "en")


@pytest.mark.parametrize(
    "hold",
    [
        lambda store, one: store.articles.set_starred([one], True),
        lambda store, one: store.notes.put(one, "Ask the bank.", NOW),
        lambda store, one: store.tags.change([one], add=["Banks"]),
        lambda store, one: store.tags.change([one], add=[READ_LATER]),
        lambda store, one: store.packs.list_articles(store.packs.begin(Scope((1,), 30), NOW)),
        lambda store, one: store.retention.set_rule(1, Rule(days=9)),
    ],
    ids=["star", "note", "tag", "read later", "pack", "rule of keeping"],
)
def test_undo_of_an_import_took_articles_that_had_only_a_note_or_a_tag(
    store: Store, hold: Callable[[Store, int], object]
) -> None:
    new = NewSource("https://steppe.example/feed/", title="Steppe")
    first, _ = fill(store, 2).new
    hold(store, first)

    changes, gone = store.sources.imports.take_back([new])

    assert (changes.removed, gone) == ((), 0)
    assert store.articles.get(first) is not None


def test_undo_of_an_import_takes_what_nobody_touched(store: Store) -> None:
    ids = fill(store, 2).new
    store.articles.set_read(ids, True)
    changes, gone = store.sources.imports.take_back(
        [NewSource("https://steppe.example/feed/", title="Steppe")]
    )
    assert (sorted(changes.removed), gone) == (sorted(ids), 1)


def test_undo_of_an_import_leaves_tags_of_when_the_source_was_followed_before(store: Store) -> None:
    first, _ = fill(store, 2).new
    store.tags.change([first], add=["Banks"])
    (key,) = store._database.row("SELECT key FROM taggings") or ()
    store.sources.remove(1)
    new = NewSource("https://steppe.example/feed/", title="Steppe")
    marks = {new.url: [Mark(key.removeprefix("g:"), "", read=False, starred=False, tags=("Roads", "Banks"))]}
    store.sources.imports.add([new], NOW, marks)
    assert [tag.name for tag in store.tags.all()] == ["Banks", "Roads"]
    assert store.sources.imports.take_back([new])[1] == 1
    assert [tag.name for tag in store.tags.all()] == ["Banks"]
    assert store.check() == []
