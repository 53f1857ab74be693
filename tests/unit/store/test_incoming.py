"""How feeds come in: new, updated, unchanged, coming back; everything of a fetch in one transaction."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from desktop.core.errors import UsageError
from desktop.core.identity import content_hash
from desktop.core.incoming import ImageRef, IncomingArticle
from desktop.core.merge import Keys, MergePlan, NewArticle, Update, keys
from desktop.core.models import ArticleQuery, Enclosure, FetchState, Validators
from desktop.store import Store
from desktop.store.known import mended
from desktop.store.story_migrations import keep_short_keys
from tests.unit.store.builders import NOW, SITE, add_source, fill, make_article, make_feed

LATER = NOW + timedelta(days=1)


def rows_written(store: Store) -> int:
    return store._database.connection.total_changes


def test_an_article_comes_back_whole(store: Store) -> None:
    source = add_source(store)
    incoming = make_article(
        1,
        published_text="Tue, 24 Nov",
        updated=NOW,
        categories=("Region", "Суу"),
        enclosures=(Enclosure(f"{SITE}/a.mp3", "audio/mpeg", 9),),
        language="ky",
    )
    changes = store.articles.apply(source.id, make_feed([incoming]), None, NOW)
    article = store.articles.get(changes.new[0])
    assert article is not None
    assert (article.guid, article.author, article.html, article.text) == (
        incoming.guid, incoming.author, incoming.html, incoming.text,
    )  # fmt: skip
    assert (article.categories, article.enclosures) == (incoming.categories, incoming.enclosures)
    assert (article.published_text, article.updated_at, article.language) == ("Tue, 24 Nov", NOW, "ky")
    assert (article.first_seen, article.site_url) == (NOW, f"{SITE}/")
    row = article.row
    assert (row.title, row.url, row.excerpt) == (incoming.title, incoming.url, incoming.excerpt)
    assert (row.published, row.sort_at, row.images_total) == (incoming.published, incoming.published, 1)
    assert (row.read, row.starred, row.updated) == (False, False, False)
    assert row.source_title == "Steppe"


def test_an_article_that_is_not_there_is_none(store: Store) -> None:
    assert store.articles.get(1) is None


def test_an_unchanged_feed_writes_nothing(store: Store) -> None:
    source = add_source(store)
    feed = make_feed(make_article(number) for number in range(20))
    store.articles.apply(source.id, feed, None, NOW)
    before = rows_written(store)
    changes = store.articles.apply(source.id, feed, None, LATER)
    assert rows_written(store) == before
    assert not changes
    assert changes.unchanged == 20


def test_an_unchanged_feed_writes_its_fetch_state_alone(store: Store) -> None:
    source = add_source(store)
    feed = make_feed(make_article(number) for number in range(20))
    state = FetchState(Validators('"1"'), last_fetch=NOW)
    store.articles.apply(source.id, feed, state, NOW)
    before = rows_written(store)
    store.articles.apply(source.id, feed, state._replace(last_fetch=LATER), LATER)
    assert rows_written(store) - before <= 2  # the row that is replaced, and the one that replaces it
    assert store.sources.get(source.id).state.last_fetch == LATER


def test_a_feed_for_a_source_that_has_gone_is_refused(store: Store) -> None:
    with pytest.raises(UsageError):
        store.articles.apply(9, make_feed([make_article()]), None, NOW)


def test_an_updated_article_keeps_its_former_text_and_stays_read(store: Store) -> None:
    source = add_source(store)
    (article_id,) = store.articles.apply(source.id, make_feed([make_article(1)]), None, NOW).new
    store.articles.set_read([article_id], True)
    changed = make_article(1, title="Bridge number 1 closes", html="<p>Closed.</p>", text="Closed.")
    changes = store.articles.apply(source.id, make_feed([changed]), None, LATER)
    assert changes.updated == (article_id,)
    assert changes.new == ()
    article = store.articles.get(article_id)
    assert article is not None
    assert (article.row.title, article.html, article.text) == (changed.title, "<p>Closed.</p>", "Closed.")
    assert article.row.read
    assert article.row.updated
    former = make_article(1)
    assert store.articles.revisions(article_id) == [(LATER, former.title, former.html, former.text)]


def test_an_updated_article_keeps_its_place_in_the_list(store: Store) -> None:
    source = add_source(store)
    articles = [make_article(number) for number in (1, 2, 3)]
    store.articles.apply(source.id, make_feed(articles), None, NOW)
    before = [(row.id, row.sort_at) for row in store.articles.page(ArticleQuery())]
    changed = make_article(3, text="New words.", html="<p>New words.</p>", published=LATER)
    store.articles.apply(source.id, make_feed([changed]), None, LATER)
    assert [(row.id, row.sort_at) for row in store.articles.page(ArticleQuery())] == before


def test_an_updated_article_is_found_by_its_new_words_only(store: Store) -> None:
    source = add_source(store)
    store.articles.apply(
        source.id, make_feed([make_article(1, text="glacier", html="<p>glacier</p>")]), None, NOW
    )
    changed = make_article(1, text="desert", html="<p>desert</p>")
    store.articles.apply(source.id, make_feed([changed]), None, LATER)
    assert store.articles.page(ArticleQuery(words="glacier")) == []
    assert len(store.articles.page(ArticleQuery(words="desert"))) == 1


def test_an_updated_article_shows_its_new_pictures(store: Store) -> None:
    source = add_source(store)
    (article_id,) = store.articles.apply(source.id, make_feed([make_article(1)]), None, NOW).new
    two = (ImageRef(f"{SITE}/x.png", "X"), ImageRef(f"{SITE}/y.png", "Y"))
    changed = make_article(
        1, html="<p>Two pictures.</p>", text="Two pictures.", images=two, lead_image=two[0].url
    )
    store.articles.apply(source.id, make_feed([changed]), None, LATER)
    assert [image.url for image in store.images.of_article(article_id)] == [ref.url for ref in two]
    assert store.articles.rows([article_id])[0].images_total == 2


def test_an_article_that_was_read_under_its_old_guid_is_read_under_its_new_one(store: Store) -> None:
    source = add_source(store)
    old = [make_article(number, guid=f"http://steppe.example/?p={number}") for number in range(1, 6)]
    ids = store.articles.apply(source.id, make_feed(old), None, NOW).new
    store.articles.set_read(ids, True)
    new = [make_article(number, guid=f"tag:steppe.example,2026:{number}") for number in range(1, 6)]
    changes = store.articles.apply(source.id, make_feed(new), None, LATER)
    assert changes.new == ()
    assert all(row.read for row in store.articles.page(ArticleQuery()))
    assert store.check() == []
    assert not store.articles.apply(source.id, make_feed(new), None, LATER)


def test_an_article_without_a_date_stands_where_it_was_first_seen(store: Store) -> None:
    source = add_source(store)
    store.articles.apply(source.id, make_feed([make_article(1, published=None)]), None, NOW)
    (row,) = store.articles.page(ArticleQuery())
    assert (row.published, row.sort_at) == (None, NOW)


def test_an_article_from_the_future_does_not_stick_on_top(store: Store) -> None:
    source = add_source(store)
    store.articles.apply(
        source.id, make_feed([make_article(1, published=NOW + timedelta(days=900))]), None, NOW
    )
    (row,) = store.articles.page(ArticleQuery())
    assert row.sort_at == NOW


def test_an_article_from_before_1970_is_the_last_of_the_list(store: Store) -> None:
    source = add_source(store)
    old = NOW.replace(year=1931)
    store.articles.apply(source.id, make_feed([make_article(1, published=old), make_article(2)]), None, NOW)
    last = store.articles.page(ArticleQuery())[-1]
    assert last.published == old
    assert last.sort_at.year == 1970


def test_undated_articles_keep_the_order_of_their_feed(store: Store) -> None:
    source = add_source(store)
    feed = make_feed(make_article(number, published=None) for number in range(1, 40))
    store.articles.apply(source.id, feed, None, NOW)
    titles = [row.title for row in store.articles.page(ArticleQuery())]
    assert titles == [f"Bridge number {number} opens" for number in range(1, 40)]
    assert [row.title for row in store.articles.page(ArticleQuery(words="bridge"))] == titles


def test_text_that_no_file_can_hold_is_mended(store: Store) -> None:
    source = add_source(store)
    broken = make_article(
        1, title="half \ud83d and \0 nothing", text="a\0b", html="<p>\udc00</p>", author="\ud800"
    )
    (article_id,) = store.articles.apply(source.id, make_feed([broken]), None, NOW).new
    article = store.articles.get(article_id)
    assert article is not None
    assert article.row.title == "half ? and   nothing"
    assert (article.html, article.text, article.author) == ("<p>?</p>", "a b", "?")


def test_every_text_of_an_article_is_mended_though_it_is_the_only_broken_one() -> None:
    whole = make_article(1, images=(ImageRef("u"),), enclosures=(Enclosure("u", "t"),), categories=("c",))
    assert mended(whole) is whole
    names = [field.name for field in fields(whole) if isinstance(getattr(whole, field.name), str)]
    assert len(names) > 9
    for name in names:
        broken: dict[str, Any] = {name: "a\0b"}
        assert getattr(mended(replace(whole, **broken)), name) == "a b", name
    assert mended(replace(whole, categories=("\ud800",))).categories == ("?",)
    for image in (ImageRef("\0"), ImageRef("", "\0")):
        shown = mended(replace(whole, images=(image,))).images[0]
        assert " " in (shown.url, shown.alt)
    for file in (Enclosure("\0", "t"), Enclosure("u", "\0")):
        assert " " in mended(replace(whole, enclosures=(file,))).enclosures[0]


def test_a_failure_in_the_middle_leaves_nothing_of_the_feed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = add_source(store)

    def fail(*_: object) -> None:
        raise RuntimeError("in the middle")

    monkeypatch.setattr("desktop.store.incoming.write_state", fail)
    with pytest.raises(RuntimeError):
        store.articles.apply(source.id, make_feed([make_article(1)]), FetchState(last_fetch=NOW), NOW)
    assert store.articles.page(ArticleQuery()) == []
    assert store.check() == []


def test_articles_of_two_sources_with_the_same_guid_are_two(store: Store) -> None:
    for name in ("one", "two"):
        source = add_source(store, name)
        store.articles.apply(source.id, make_feed([make_article(1)]), None, NOW)
    assert store.articles.count(ArticleQuery()) == 2


def test_what_changed_is_told_by_id(store: Store) -> None:
    changes = fill(store, 3)
    assert len(changes.new) == 3
    assert {row.id for row in store.articles.page(ArticleQuery())} == set(changes.new)


def test_a_clash_of_identities_keeps_neither_the_feed_nor_the_articles_out(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = add_source(store)
    first, second = (keys_of(make_article(number)) for number in (1, 2))
    twice = MergePlan(
        (NewArticle("k", first, make_article(1)), NewArticle("k", second, make_article(2))), (), ()
    )
    monkeypatch.setattr("desktop.store.incoming.decide", lambda *_: twice)
    (kept,) = store.articles.apply(source.id, make_feed(), None, NOW).new
    other = NewArticle("other", first, make_article(1))
    rekeyed = Update(kept, "other", first, make_article(1, title="Changed"), content_changed=True)
    both = MergePlan((other,), (rekeyed,), ())
    monkeypatch.setattr("desktop.store.incoming.decide", lambda *_: both)
    changes = store.articles.apply(source.id, make_feed(), None, LATER)
    assert (len(changes.new), changes.updated) == (1, (kept,))
    assert store.check() == []


def test_articles_of_a_store_that_kept_whole_addresses_and_titles_are_recognised(store: Store) -> None:
    source = add_source(store)
    articles = [make_article(number) for number in range(5)]
    before = store.articles.apply(source.id, make_feed(articles), None, NOW).new
    kept = "SELECT url_key, title_key FROM identities ORDER BY article_id"
    digests = store._database.rows(kept)
    with store._database.transaction(durable=False) as db:
        for article_id, article in zip(before, reversed(articles), strict=True):
            whole = keys(article, NOW)
            db.execute(
                "UPDATE identities SET url_key = ?, title_key = ? WHERE article_id = ?",
                (whole.url, whole.title_day, article_id),
            )
        assert db.execute(kept).fetchall() != digests
        keep_short_keys(db)
    assert store._database.rows(kept) == digests
    others = [replace(article, guid=f"{number}") for number, article in enumerate(articles)]
    assert store.articles.apply(source.id, make_feed(others), None, LATER).new == ()
    assert store.check() == []


def test_an_article_whose_guid_was_not_its_own_is_recognised_by_it_once_it_is(store: Store) -> None:
    source = add_source(store)
    pair = [make_article(number, guid="shared") for number in (1, 2)]
    kept, gone = store.articles.apply(source.id, make_feed(pair), None, NOW).new
    with store._database.transaction(durable=True) as db:
        assert {key for (key,) in db.execute("SELECT substr(key, 1, 2) FROM identities")} == {"u:"}
        db.execute("DELETE FROM articles WHERE id = ?", (gone,))
    moved = make_article(1, guid="shared", url=f"{SITE}/elsewhere", title="Another title")
    changes = store.articles.apply(source.id, make_feed([moved]), None, LATER)
    assert (changes.new, changes.updated) == ((), (kept,))


def keys_of(article: IncomingArticle) -> Keys:
    content = content_hash(article.title, article.text)
    return Keys(article.guid, article.url, article.title, content, article.url, article.title)
