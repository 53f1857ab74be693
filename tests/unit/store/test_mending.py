"""A damaged store is kept aside, and what can be had of it is there again."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from desktop.core.errors import StoreDamaged, StoreError
from desktop.core.incoming import PictureInfo
from desktop.core.models import ArticleQuery, FetchState, Validators, View
from desktop.core.rates import Pair
from desktop.core.rates.alert_rules import AlertKind, AlertRule
from desktop.core.saved_searches import SavedSearch
from desktop.store import Store, copies
from desktop.store.columns import unpack_body
from desktop.store.copies import daily, day_of, keep_daily
from desktop.store.opening import FILE, RUNNING, SUSPECT
from tests.unit.store.builders import NOW, add_source, fill, make_article, make_feed, make_quote


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two sources with marks of two days; the copy is of the first."""
    folder = tmp_path_factory.mktemp("whole") / "profile"
    with Store.open(folder) as store:
        fill(store, 120)
        source = add_source(store, "valley")
        articles = [
            make_article(n, guid=f"v{n}", url=f"https://valley.example/{n}", title=f"Valley {n}")
            for n in range(60)
        ]
        state = FetchState(validators=Validators('"v"', ""), body_hash="abc", last_fetch=NOW)
        store.articles.apply(source.id, make_feed(articles), state, NOW)
        store.articles.set_read(range(1, 50), True)
        store.articles.set_starred([3, 150], True)
        store.rates.save([make_quote()], NOW)
        keep_daily(folder, NOW - timedelta(days=1))
        store.articles.set_read(range(50, 70), True)
        store.notes.put(60, "of today", NOW)
    return folder


@pytest.fixture
def damaged_by(filled: Path, folder: Path) -> Callable[[Callable[[bytearray], None]], Path]:
    """Changes the bytes of a copy of that store, which ended uncleanly."""

    def damage(change: Callable[[bytearray], None]) -> Path:
        shutil.copytree(filled, folder)
        body = bytearray((folder / FILE).read_bytes())
        change(body)
        (folder / FILE).write_bytes(body)
        (folder / RUNNING).touch()
        return folder

    return damage


def root_of(folder: Path, name: str) -> slice:
    """Where the first page of a table or an index is."""
    with closing(sqlite3.connect(folder / FILE)) as db:
        (size,) = db.execute("PRAGMA page_size").fetchone()
        (page,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (name,)).fetchone()
    return slice((page - 1) * size, page * size)


def zero(folder: Path, name: str) -> Callable[[bytearray], None]:
    place = root_of(folder, name)
    return lambda body: body.__setitem__(place, bytes(place.stop - place.start))


def swap(folder: Path, one: str, other: str) -> None:
    """Put the first pages of two tables or indexes in each other's place."""
    body = bytearray((folder / FILE).read_bytes())
    places = root_of(folder, one), root_of(folder, other)
    body[places[0]], body[places[1]] = body[places[1]], body[places[0]]
    (folder / FILE).write_bytes(body)


WHOLE_FILE = {
    "empty": lambda body: body.clear(),
    "text": lambda body: body.__setitem__(slice(None), b"<html>404</html>" * 100),
    "short header": lambda body: body.__delitem__(slice(60, None)),
    "zeroed": lambda body: body.__setitem__(slice(None), bytes(len(body))),
    "foreign": lambda body: body.__setitem__(slice(68, 72), b"\0\0\0\1"),
}


@pytest.mark.parametrize("damage", WHOLE_FILE)
def test_of_an_unreadable_file_the_copy_has_what_the_person_did(
    damaged_by: Callable[..., Path], damage: str
) -> None:
    folder = damaged_by(WHOLE_FILE[damage])
    before = (folder / FILE).read_bytes()
    with pytest.raises(StoreDamaged), Store.open_reader(folder) as reader:
        reader.sources.all()
    assert (folder / FILE).read_bytes() == before
    with Store.open(folder) as store:
        assert store.mended is not None
        assert "as on 2026-11-23" in store.mended.message
        assert store.mended.aside.read_bytes() == before
        assert store.mended.aside.name in store.mended.remedy
        assert [one.title for one in store.sources.all()] == ["Steppe", "Valley"]
        assert store.check() == []
        again = [
            make_article(n, guid=f"steppe-{n}", url=f"https://steppe.example/{n}") for n in range(1, 121)
        ]
        store.articles.apply(1, make_feed(again), None, NOW)
        assert store.articles.unread_count(ArticleQuery(source_id=1)) == 71
        assert store.articles.count(ArticleQuery(View.STARRED)) == 1
    with Store.open(folder) as store:
        assert store.mended is None


def test_a_store_that_was_cut_short_keeps_the_articles_that_are_left(damaged_by: Callable[..., Path]) -> None:
    late = b"Valley 20"  # the title of one of the last: it stands behind the texts of the first
    folder = damaged_by(lambda body: body.__delitem__(slice(body.rindex(late), None)))
    with Store.open(folder) as store:
        assert store.check() == []
        assert {one.title for one in store.sources.all()} == {"Steppe", "Valley"}
        assert 0 < store.articles.count(ArticleQuery()) < 180
        assert f"of {180} articles" in store.mended.message


def test_tags_did_not_disappear_when_another_index_stood_in_the_place_of_theirs(
    filled: Path, folder: Path
) -> None:
    shutil.copytree(filled, folder)
    with Store.open(folder) as store:
        store.tags.change([7, 8], ["budget"])
    body = bytearray((folder / FILE).read_bytes())
    one, other = root_of(folder, "taggings_tag"), root_of(folder, "article_tags_source_unread")
    body[one] = body[other]  # an index without entries
    (folder / FILE).write_bytes(body)
    (folder / RUNNING).touch()
    with Store.open(folder) as store:
        assert store.mended is not None
        assert [tag.name for tag in store.tags.all()] == ["budget"]
        assert len(store.articles.page(ArticleQuery(tag="budget"))) == 2
        assert store.check() == []


def test_no_tag_was_called_as_a_saved_search_after_their_pages_changed_places(
    filled: Path, folder: Path
) -> None:
    """Both have a number and two texts; that the tag is another, only the index of tags can tell."""
    shutil.copytree(filled, folder)
    with Store.open(folder) as store:
        store.tags.change([7, 8], ["budget"])
        store.saved_searches.put([SavedSearch(1, "Rivers", "river")])
        keep_daily(folder, NOW)
    swap(folder, "tags", "saved_searches")
    (folder / RUNNING).touch()
    with Store.open(folder) as store:
        assert store.mended is not None
        assert [tag.name for tag in store.tags.all()] == ["budget"]
        assert len(store.articles.page(ArticleQuery(tag="budget"))) == 2
        assert [(one.name, one.words) for one in store.saved_searches.all()] == [("Rivers", "river")]
        assert store.check() == []


def test_pinned_pairs_did_not_disappear_behind_the_empty_page_of_a_table_that_can_be_fetched_again(
    filled: Path, folder: Path
) -> None:
    shutil.copytree(filled, folder)
    swap(folder, "pinned_pairs", "pack_articles")
    (folder / SUSPECT).touch()
    with Store.open(folder) as store:
        assert store.mended is not None
        assert len(store.watchlists.pairs("Main")) == 5
        assert store.check() == []


def test_search_works_again_where_the_page_of_its_step_was_an_empty_one(filled: Path, folder: Path) -> None:
    shutil.copytree(filled, folder)
    body = bytearray((folder / FILE).read_bytes())
    body[root_of(folder, "search_step")] = body[root_of(folder, "places")]
    (folder / FILE).write_bytes(body)
    with Store.open(folder) as store, pytest.raises(StoreDamaged):
        store.articles.page(ArticleQuery(words="bridge"))
    assert (folder / SUSPECT).exists()
    with Store.open(folder) as store:
        assert store.mended is not None
        while store.indexing.step():
            pass
        assert len(store.articles.page(ArticleQuery(words="bridge"), limit=200)) == 180
        assert store.check() == []


def test_pinned_pairs_behind_an_empty_page_are_not_copied_over(filled: Path, folder: Path) -> None:
    """Nothing of it is seen while the store is read: the pairs are gone, and so they would be from each day's copy."""
    shutil.copytree(filled, folder)
    swap(folder, "pinned_pairs", "article_tags_unread")
    with Store.open(folder) as store:
        assert store.watchlists.pairs("Main") == []
        with pytest.raises(StoreDamaged):
            keep_daily(folder, NOW)
    assert [copy.name for copy in daily(folder)] == ["state-2026-11-23.db"]
    with Store.open(folder) as store:
        assert store.mended is not None
        assert len(store.watchlists.pairs("Main")) == 5
        assert store.check() == []


def test_pinned_pairs_that_the_person_took_away_are_away_in_the_copy(filled: Path, folder: Path) -> None:
    shutil.copytree(filled, folder)
    with Store.open(folder) as store:
        for pinned in store.watchlists.pairs("Main"):
            store.watchlists.unpin(pinned.pair)
        copy = keep_daily(folder, NOW)
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("SELECT count(*) FROM pinned_pairs").fetchone() == (0,)


def test_a_day_on_which_damage_was_met_has_no_copy(filled: Path, folder: Path) -> None:
    shutil.copytree(filled, folder)
    with Store.open(folder):
        (folder / SUSPECT).touch()
        with pytest.raises(StoreDamaged, match="daily copy was not made"):
            keep_daily(folder, NOW)
    assert [copy.name for copy in daily(folder)] == ["state-2026-11-23.db"]
    with Store.open(folder) as store:  # looked at everything
        assert store.mended is None
        assert day_of(keep_daily(folder, NOW)) == NOW.date()


def test_a_full_disk_was_taken_for_damage_and_the_day_had_no_copy(
    filled: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(filled, folder)

    def full(*where: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with Store.open(folder):
        with monkeypatch.context() as patched:
            patched.setattr(copies, "_copy", full)
            with pytest.raises((StoreError, sqlite3.OperationalError)):
                keep_daily(folder, NOW)
        assert not (folder / SUSPECT).exists()
        assert day_of(keep_daily(folder, NOW)) == NOW.date()


def test_no_picture_passes_for_a_setting_after_their_pages_changed_places(filled: Path, folder: Path) -> None:
    """The index of pictures by their content has two texts in each row, as the settings have."""
    shutil.copytree(filled, folder)
    with Store.open(folder) as store:
        store.settings.set("reader.size", 3)
        store.images.put("key", "https://steppe.example/1.png", b"picture", PictureInfo("png", 1, 1))
        keep_daily(folder, NOW)
    swap(folder, "settings", "images_sha256")
    (folder / SUSPECT).touch()
    with Store.open(folder) as store:
        assert store.mended is not None
        assert store.settings.all().keys() == {"reader.size", "store.mended"}
        assert store.settings.get("reader.size", 0) == 3
        assert store.check() == []


def test_no_language_of_a_source_passes_for_a_tagged_article(filled: Path, folder: Path) -> None:
    """Both have a source, a text and a number."""
    shutil.copytree(filled, folder)
    with Store.open(folder) as store:
        store.tags.change([7, 8], ["budget"])
        keep_daily(folder, NOW)
    with closing(sqlite3.connect(folder / FILE)) as db:
        kept = db.execute("SELECT * FROM taggings").fetchall()
    swap(folder, "taggings", "source_languages")
    (folder / SUSPECT).touch()
    with Store.open(folder) as store:
        assert store.mended is not None
        assert store.check() == []
    with closing(sqlite3.connect(folder / FILE)) as db:
        assert db.execute("SELECT * FROM taggings").fetchall() == kept


@pytest.mark.parametrize(
    ("one", "other", "query"),
    [
        ("tags", "tag_counters", ArticleQuery()),
        ("sources", "counters", ArticleQuery(words="source:steppe bridge")),
        ("alerts", "articles", ArticleQuery(words="bridge")),
    ],
)
def test_a_list_tells_of_rows_of_another_table_as_damage_and_comes_back(
    filled: Path, folder: Path, one: str, other: str, query: ArticleQuery
) -> None:
    """After a clean end nobody looks: it was an error of the program, at every start."""
    shutil.copytree(filled, folder)
    with Store.open(folder) as store:
        store.alerts.add(AlertRule(Pair("USD", "KZT"), AlertKind.FIXING), NOW.date(), NOW)
        store.tags.change([7, 8], ["budget"])
        keep_daily(folder, NOW)
        while store.indexing.step():
            pass
    swap(folder, one, other)
    with Store.open(folder) as store:
        with pytest.raises(StoreDamaged):
            store.articles.page(query, limit=500)
        if one == "sources":
            with pytest.raises(StoreDamaged):
                store.sources.all()
    assert (folder / SUSPECT).exists()
    with Store.open(folder) as store:
        assert store.mended is not None
        assert [tag.name for tag in store.tags.all()] == ["budget"]
        assert [source.title for source in store.sources.all()] == ["Steppe", "Valley"]
        assert store.check() == []


def test_a_copy_of_addresses_that_are_titles_is_told_as_damage(filled: Path, folder: Path) -> None:
    """Both have a number and a text; but no address is there twice."""
    shutil.copytree(filled, folder)
    with closing(sqlite3.connect(folder / FILE)) as db:
        db.execute("UPDATE headlines SET title = 'Bridge'")
        db.commit()
    swap(folder, "origins", "headlines")
    with Store.open(folder), pytest.raises(StoreDamaged):
        keep_daily(folder, NOW)
    with Store.open(folder) as store:
        assert store.mended is not None
        assert [one.title for one in store.sources.all()] == ["Steppe", "Valley"]
        assert store.check() == []


def test_a_schema_that_is_no_text_is_damage(damaged_by: Callable[..., Path]) -> None:
    def spoil(body: bytearray) -> None:
        body[:] = body.replace(b"CREATE TABLE sources", b"CREATE TABLE sour\xbfes")

    with Store.open(damaged_by(spoil)) as store:
        assert [one.title for one in store.sources.all()] == ["Steppe", "Valley"]
        assert store.articles.unread_count(ArticleQuery()) == 111
        assert store.check() == []


def test_damage_among_indexes_loses_nothing_at_all(filled: Path, damaged_by: Callable[..., Path]) -> None:
    folder = damaged_by(zero(filled, "articles_source"))
    with Store.open(folder) as store:
        assert store.mended.copy is None
        assert "your sources, marks and settings are as they were" in store.mended.message
        assert store.articles.count(ArticleQuery()) == 180
        assert store.articles.unread_count(ArticleQuery()) == 111
        assert store.notes.of(60) == "of today"
        assert store.check() == []


@pytest.mark.parametrize("table", ["bodies", "headlines"])
def test_articles_that_are_lost_are_asked_for_again(
    filled: Path, damaged_by: Callable[..., Path], table: str
) -> None:
    """The server must not be told that we have what we lost."""
    whole = Store.open(damaged_by(lambda body: None))
    assert whole.mended is None
    assert whole.sources.get(2).state.validators.etag == '"v"'
    whole.close()
    shutil.rmtree(whole.folder)
    folder = damaged_by(zero(filled, table))
    with Store.open(folder) as store:
        assert store.articles.count(ArticleQuery()) == 0
        state = store.sources.get(2).state
        assert (state.validators.etag, state.body_hash) == ("", "")
        assert store._database.rows("SELECT * FROM coverage") == []


def test_articles_whose_rows_are_lost_stand_again_by_their_texts_titles_and_marks(
    filled: Path, damaged_by: Callable[..., Path]
) -> None:
    folder = damaged_by(zero(filled, "articles"))
    with Store.open(folder) as store:
        assert store.articles.count(ArticleQuery()) == 180
        assert store.articles.unread_count(ArticleQuery()) == 111
        assert store.articles.count(ArticleQuery(View.STARRED)) == 2
        assert {row.title for row in store.articles.page(ArticleQuery())} > {"Bridge number 1 opens"}
        assert store.sources.get(2).state.validators.etag == ""
        assert store.check() == []


def test_marks_that_are_lost_are_found_at_their_articles(
    filled: Path, damaged_by: Callable[..., Path]
) -> None:
    """A mark stands twice: what was read today is not in the copy, but at the article."""
    folder = damaged_by(zero(filled, "states"))
    with Store.open(folder) as store:
        assert str(store.mended.copy) == "2026-11-23"
        assert store.articles.unread_count(ArticleQuery()) == 111
        assert store.articles.count(ArticleQuery(View.STARRED)) == 2
        assert store.check() == []


def test_an_empty_page_in_the_place_of_the_marks_is_seen_at_the_next_start(
    filled: Path, damaged_by: Callable[..., Path]
) -> None:
    """SQLite's quick check is content with both tables, so the program would have gone on without any mark."""
    one, other = root_of(filled, "states"), root_of(filled, "pack_articles")

    def swap(body: bytearray) -> None:
        body[one], body[other] = body[other], body[one]

    with Store.open(damaged_by(swap)) as store:
        assert str(store.mended.copy) == "2026-11-23"
        assert store.articles.unread_count(ArticleQuery()) == 111
        assert store.articles.count(ArticleQuery(View.STARRED)) == 2
        assert store.check() == []


def test_an_empty_page_in_the_place_of_the_rules_does_not_lose_them(
    filled: Path, damaged_by: Callable[..., Path]
) -> None:
    with Store.open(filled) as store:
        store.arrival_rules.add("glacier", star=True)
        keep_daily(filled, NOW - timedelta(days=1))
    one, other = root_of(filled, "arrival_rules"), root_of(filled, "retention")

    def swap(body: bytearray) -> None:
        body[one], body[other] = body[other], body[one]

    folder = damaged_by(swap)
    (folder / SUSPECT).touch()
    with Store.open(folder) as store:
        assert [rule.words for rule in store.arrival_rules.all()] == ["glacier"]
        assert store.check() == []


def test_a_body_that_is_a_row_of_another_table_is_told_as_damage() -> None:
    with pytest.raises(StoreDamaged, match="text of an article"):
        unpack_body(None)  # type: ignore[arg-type]


def test_small_tables_whose_pages_were_swapped_are_not_believed(
    filled: Path, damaged_by: Callable[..., Path]
) -> None:
    one, other = root_of(filled, "notes"), root_of(filled, "settings")

    def swap(body: bytearray) -> None:
        body[one], body[other] = body[other], body[one]

    folder = damaged_by(swap)
    (folder / SUSPECT).touch()
    with Store.open(folder) as store:
        assert store.check() == []
        assert store.settings.all().keys() <= {"store.mended"}


def test_an_index_in_the_place_of_the_watchlists_is_not_believed(
    filled: Path, damaged_by: Callable[..., Path]
) -> None:
    """Its columns are of the same types; but then the pinned pairs are in no list."""
    one, other = root_of(filled, "watchlists"), root_of(filled, "sqlite_autoindex_origins_1")

    def swap(body: bytearray) -> None:
        body[one], body[other] = body[other], body[one]

    folder = damaged_by(swap)
    (folder / SUSPECT).touch()
    with Store.open(folder) as store:
        assert store.watchlists.names() == ["Main"]
        assert len(store.watchlists.pairs()) == 5


def test_a_column_whose_name_was_changed_by_a_flipped_bit_is_damage_and_mended(
    damaged_by: Callable[..., Path],
) -> None:
    was, flipped = (b"CREATE TABLE settings (key TEXT PRIMARY KEY, %calue" % one for one in b"vw")
    folder = damaged_by(lambda body: body.__setitem__(slice(None), body.replace(was, flipped)))
    with Store.open(folder) as store, pytest.raises(StoreDamaged):
        store.settings.all()
    with Store.open(folder) as store:
        assert str(store.mended.copy) == "2026-11-23"
        assert store.settings.all().keys() == {"store.mended"}
        assert store.articles.count(ArticleQuery()) == 180
        assert store.check() == []


def test_a_list_can_be_shown_again_after_a_bit_of_an_address_was_flipped(filled: Path, folder: Path) -> None:
    shutil.copytree(filled, folder)
    with closing(sqlite3.connect(folder / FILE)) as db:  # to SQLite it is a text like any other
        db.execute(
            """UPDATE headlines SET url = CAST(x'68ec' AS TEXT)
            WHERE article_id = (SELECT min(article_id) FROM headlines)"""
        )
        db.commit()
    with Store.open(folder) as store, pytest.raises(StoreDamaged):
        store.articles.page(ArticleQuery(), limit=500)
    with Store.open(folder) as store:
        assert store.mended is not None
        assert store.articles.page(ArticleQuery(), limit=500)
        assert store.check() == []


def test_damage_that_is_met_while_reading_is_mended_at_the_next_start(
    filled: Path, damaged_by: Callable[..., Path]
) -> None:
    folder = damaged_by(zero(filled, "quotes"))
    (folder / RUNNING).unlink()  # a clean end: nobody looks at all pages
    with Store.open(folder) as store:
        assert store.mended is None
        with pytest.raises(StoreDamaged) as caught:
            store.rates.book({"USD", "KZT"}, NOW.date())
        assert "start it again" in caught.value.remedy
    assert (folder / SUSPECT).exists()
    with Store.open(folder) as store:
        assert store.mended is not None
        store.rates.book({"USD", "KZT"}, NOW.date())
        assert store.articles.count(ArticleQuery()) == 180
    assert not (folder / SUSPECT).exists()


def test_a_store_that_is_gone_comes_back_from_its_copy(damaged_by: Callable[..., Path]) -> None:
    folder = damaged_by(lambda body: None)
    (folder / FILE).unlink()
    with Store.open(folder) as store:
        assert store.mended.message.startswith("The store's file was gone: it has 0 articles;")
        assert len(store.sources.all()) == 2


def test_a_folder_in_the_place_of_the_file_is_kept_aside(damaged_by: Callable[..., Path]) -> None:
    folder = damaged_by(lambda body: None)
    (folder / FILE).unlink()
    (folder / FILE).mkdir()
    (folder / FILE / "letter").touch()
    with Store.open(folder) as store:
        assert (store.mended.aside / "letter").exists()
        assert len(store.sources.all()) == 2


def test_a_log_without_its_database_is_kept_aside(folder: Path) -> None:
    folder.mkdir()
    (folder / f"{FILE}-wal").write_bytes(b"log")
    with Store.open(folder) as store:
        aside = store.mended.aside
        assert "there is no copy" in store.mended.message
    assert aside.with_name(f"{aside.name}-wal").read_bytes() == b"log"


def test_nothing_that_was_kept_aside_is_overwritten(folder: Path) -> None:
    folder.mkdir()
    for body in (b"first", b"second", b"third"):
        (folder / FILE).write_bytes(body)
        Store.open(folder).close()
    assert {path.read_bytes() for path in folder.glob(f"{FILE}.damaged-*")} == {b"first", b"second", b"third"}


def test_a_damaged_copy_is_passed_over(damaged_by: Callable[..., Path]) -> None:
    folder = damaged_by(lambda body: body.clear())
    (folder / "copies" / "state-2026-11-25.db").write_bytes(b"damaged")
    with Store.open(folder) as store:
        assert str(store.mended.copy) == "2026-11-23"


def test_where_nothing_can_be_written_the_damaged_store_stays(
    damaged_by: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = damaged_by(lambda body: body.clear())
    (folder / f".{FILE}.mended").mkdir()  # in the way of the new file
    with pytest.raises(StoreError):
        Store.open(folder)
    assert (folder / FILE).read_bytes() == b""
    (folder / f".{FILE}.mended").rmdir()
    with Store.open(folder) as store:
        assert store.mended is not None


@pytest.mark.parametrize("version", [1])
def test_a_damaged_store_of_an_older_version_is_mended_too(data: Path, folder: Path, version: int) -> None:
    folder.mkdir()
    body = bytearray(gzip.decompress((data / "databases" / f"version-{version}.db.gz").read_bytes()))
    (folder / FILE).write_bytes(body)
    zero(folder, "articles_all")(body)
    (folder / FILE).write_bytes(body)
    (folder / RUNNING).touch()
    with Store.open(folder) as store:
        assert store.mended.articles == 12
        assert store.articles.unread_count(ArticleQuery()) == 4
        assert store.settings.get("reader.size", 0) == 2
        while store.indexing.step():
            pass
        assert len(store.articles.page(ArticleQuery(words="glacier"))) == 4
        assert store.check() == []
