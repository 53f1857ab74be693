"""Opening: made private, locked, brought up to date; what is not ours is refused and left as it is."""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from desktop.core.errors import StoreError, StoreLocked, StoreTooNew
from desktop.core.models import ArticleQuery, View
from desktop.store import Store
from desktop.store.migrating import migrate
from desktop.store.migrations import MIGRATIONS
from desktop.store.opening import FILE, RUNNING
from desktop.store.versions import APPLICATION_ID, version_of
from tests.unit.store.builders import NOW, add_source, fill


def test_opening_makes_a_store_with_our_mark_and_version(folder: Path) -> None:
    with Store.open(folder) as store:
        assert store.path == folder / FILE
        assert store.sources.all() == []
    header = (folder / FILE).read_bytes()[:100]
    assert int.from_bytes(header[68:72], "big") == APPLICATION_ID
    assert int.from_bytes(header[60:64], "big") == len(MIGRATIONS)


def test_a_reopened_store_holds_what_was_stored(folder: Path) -> None:
    with Store.open(folder) as store:
        source = add_source(store)
    with Store.open(folder) as store:
        assert store.sources.all() == [source]


def test_folders_and_files_are_private(folder: Path) -> None:
    old_mask = os.umask(0)
    try:
        with Store.open(folder) as store:
            fill(store, 2)
            store.images.write_file(b"picture")
            found = {path: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.rglob("*")]}
    finally:
        os.umask(old_mask)
    assert {path.name for path in found} >= {FILE, f"{FILE}-wal", f"{FILE}-shm", "chorsu.lock", RUNNING}
    assert {mode for path, mode in found.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in found.items() if path.is_file()} == {0o600}


def test_the_rights_of_others_are_taken_off_an_existing_store(folder: Path) -> None:
    Store.open(folder).close()
    folder.chmod(0o755)
    (folder / FILE).chmod(0o644)
    with Store.open(folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600


def test_a_second_writer_is_told_that_the_store_is_locked(store: Store, folder: Path) -> None:
    with pytest.raises(StoreLocked) as caught:
        Store.open(folder)
    assert caught.value.remedy


def test_the_lock_is_let_go_on_close_and_after_a_failed_opening(folder: Path) -> None:
    Store.open(folder).close()
    whole = (folder / FILE).read_bytes()
    newer = whole[:60] + (len(MIGRATIONS) + 1).to_bytes(4, "big") + whole[64:]
    (folder / FILE).write_bytes(newer)
    with pytest.raises(StoreTooNew):
        Store.open(folder)
    (folder / FILE).write_bytes(whole)
    Store.open(folder).close()


def test_closing_twice_is_fine(folder: Path) -> None:
    store = Store.open(folder)
    store.close()
    store.close()


def test_a_crash_while_the_store_is_being_made_leaves_no_half_of_it(folder: Path) -> None:
    folder.mkdir()
    (folder / f".{FILE}.new").write_bytes(b"half")
    (folder / f".{FILE}.new-journal").write_bytes(b"half")
    with Store.open(folder) as store:
        assert store.check() == []
    assert not (folder / f".{FILE}.new").exists()


def test_the_pages_are_checked_only_after_an_unclean_end(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[sqlite3.Connection] = []
    monkeypatch.setattr("desktop.store.soundness.quick_check", checked.append)
    Store.open(folder).close()
    Store.open(folder).close()
    assert checked == []
    (folder / RUNNING).touch()
    Store.open(folder).close()
    assert len(checked) == 1
    (folder / f"{FILE}-wal").write_bytes(b"log")  # that nobody took into the file
    Store.open(folder).close()
    assert len(checked) == 2


def test_a_cut_while_a_store_is_taken_into_use_does_not_shut_it_for_ever(folder: Path) -> None:
    with Store.open(folder) as store:
        fill(store, 3)
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = DELETE")  # as a new or a restored one is
        db.execute("PRAGMA cache_size = 1")
        db.execute("BEGIN")
        db.execute("UPDATE headlines SET title = 'half'")
        db.execute("UPDATE bodies SET author = 'half'")
        for name in (FILE, f"{FILE}-journal"):
            (folder / f"cut-{name}").write_bytes((folder / name).read_bytes())
        db.execute("ROLLBACK")
    for name in (FILE, f"{FILE}-journal"):
        (folder / f"cut-{name}").replace(folder / name)
    with Store.open(folder) as store:
        assert store.mended is None
        assert store.check() == []
        assert "half" not in {row.title for row in store.articles.page(ArticleQuery())}
    assert not (folder / f"{FILE}-journal").exists()


def test_a_newer_store_is_refused_and_left_untouched(folder: Path) -> None:
    Store.open(folder).close()
    connection = sqlite3.connect(folder / FILE)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    before = (folder / FILE).read_bytes()
    with pytest.raises(StoreTooNew) as caught:
        Store.open(folder)
    assert "newer version" in caught.value.message
    with pytest.raises(StoreTooNew):
        Store.open_reader(folder)
    assert (folder / FILE).read_bytes() == before


def test_a_newer_store_is_refused_where_only_its_log_says_so(folder: Path) -> None:
    Store.open(folder).close()
    with closing(sqlite3.connect(folder / FILE)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        assert int.from_bytes((folder / FILE).read_bytes()[60:64], "big") == len(MIGRATIONS)
        before = (folder / f"{FILE}-wal").read_bytes()
        with pytest.raises(StoreTooNew):
            Store.open(folder)
        assert (folder / f"{FILE}-wal").read_bytes() == before


def test_a_reader_sees_what_the_writer_has_stored_since(store: Store, folder: Path) -> None:
    with Store.open_reader(folder) as reader:
        fill(store, 3)
        assert len(reader.articles.page(ArticleQuery())) == 3
        assert not reader.writable


def test_a_reader_stays_open_over_a_restart_of_the_writer(folder: Path) -> None:
    Store.open(folder).close()
    with Store.open_reader(folder) as reader:
        with Store.open(folder) as store:
            fill(store, 3)
        assert len(reader.articles.page(ArticleQuery())) == 3


@pytest.mark.skipif(os.name == "nt", reason="an open file cannot be moved there")
def test_marks_in_a_folder_that_was_moved_away_are_refused_until_it_is_back(folder: Path) -> None:
    with Store.open(folder) as store:
        fill(store, 3)
        away = folder.rename(folder.with_name("away"))
        for act in (
            lambda: store.articles.set_read([1], True),
            lambda: store.settings.set("reader.size", 3),
            lambda: store.notes.put(1, "lost?", NOW),
            lambda: fill(store, 3, "valley"),
        ):
            with pytest.raises(StoreError) as caught:
                act()
            assert "moved or removed" in caught.value.message
            assert caught.value.remedy
        assert [row.read for row in store.articles.page(ArticleQuery())] == [False] * 3  # reading goes on
        away.rename(folder)
        store.articles.set_read([1], True)
    with Store.open(folder) as store:
        assert store.articles.unread_count(ArticleQuery()) == 2
        assert store.check() == []


@pytest.mark.skipif(os.name == "nt", reason="an open file cannot be removed there")
def test_a_folder_that_was_removed_while_running_is_told_and_the_end_is_quiet(folder: Path) -> None:
    store = Store.open(folder)
    fill(store, 3)
    shutil.rmtree(folder)
    with pytest.raises(StoreError, match="moved or removed"):
        store.articles.set_starred([1], True)
    assert len(store.articles.page(ArticleQuery())) == 3
    store.close()
    with Store.open(folder) as again:
        assert again.sources.all() == []
    assert again.mended is None


def test_a_reader_cannot_write(store: Store, folder: Path) -> None:
    with Store.open_reader(folder) as reader, pytest.raises(StoreError) as caught:
        reader.settings.set("reader.size", 1)
    assert caught.value.remedy


def test_a_reader_of_nothing_is_told_so(folder: Path) -> None:
    with pytest.raises(StoreError):
        Store.open_reader(folder)
    assert not folder.exists()


def test_a_migration_copies_the_file_and_is_all_or_nothing(folder: Path) -> None:
    with Store.open(folder) as store:
        fill(store, 2)
    connection = sqlite3.connect(folder / FILE, isolation_level=None)

    def grow(db: sqlite3.Connection) -> None:
        db.execute("ALTER TABLE sources ADD COLUMN note TEXT NOT NULL DEFAULT ''")

    def fail(db: sqlite3.Connection) -> None:
        db.execute("DELETE FROM states")
        raise RuntimeError("power")

    try:
        with pytest.raises(RuntimeError):
            migrate(connection, folder / FILE, (*MIGRATIONS, grow, fail))
        assert version_of(connection) == len(MIGRATIONS)
        assert connection.execute("SELECT count(*) FROM states").fetchone() == (2,)
        copy = migrate(connection, folder / FILE, (*MIGRATIONS, grow))
        assert version_of(connection) == len(MIGRATIONS) + 1
        assert connection.execute("SELECT note FROM sources").fetchall() == [("",)]
    finally:
        connection.close()
    assert copy is not None
    before = sqlite3.connect(copy)
    assert version_of(before) == len(MIGRATIONS)
    assert before.execute("SELECT count(*) FROM articles").fetchone() == (2,)
    before.close()


def test_a_reader_does_not_open_a_store_that_has_to_be_brought_up_to_date(folder: Path) -> None:
    Store.open(folder).close()
    connection = sqlite3.connect(folder / FILE)
    connection.execute("PRAGMA user_version = 0")
    connection.close()
    with pytest.raises(StoreError) as caught:
        Store.open_reader(folder)
    assert "older version" in caught.value.message


@pytest.mark.parametrize("version", [1])
def test_stores_of_every_version_open_with_all_that_they_hold(data: Path, folder: Path, version: int) -> None:
    folder.mkdir()
    packed = (data / "databases" / f"version-{version}.db.gz").read_bytes()
    (folder / FILE).write_bytes(gzip.decompress(packed))
    with Store.open(folder) as store:
        assert [p for p in store.check() if "picture files" not in p] == []
        while store.indexing.step():
            pass
        assert len(store.articles.page(ArticleQuery())) == 12
        assert store.articles.unread_count(ArticleQuery()) == 4
        assert store.settings.get("reader.size", 0) == 2
        assert [str(pinned.pair) for pinned in store.watchlists.pairs()][-1] == "EUR/KZT"
        while store.indexing.step():  # the window does so after the start
            pass
        assert len(store.articles.page(ArticleQuery(words="glacier"))) == 4


def test_a_store_of_before_shows_each_article_as_it_was(data: Path, folder: Path) -> None:
    """Copies, an edited and a starred article, a note, tags, pictures, a text that is lacking and one that was let go,
    of the version in which a row of `articles` held all that the list shows."""
    folder.mkdir()
    packed = (data / "databases" / "version-28.db.gz").read_bytes()
    (folder / FILE).write_bytes(gzip.decompress(packed))
    before = sqlite3.connect(folder / FILE)
    held = before.execute(
        """SELECT a.id, a.title, a.url, a.excerpt, a.read, a.starred, a.noted, a.updated, a.images_total,
            coalesce((SELECT sha256 FROM images WHERE key = a.lead_key), ''), a.story <> 0
        FROM articles a ORDER BY a.sort_at DESC, a.id DESC"""
    ).fetchall()
    states = before.execute("SELECT * FROM states").fetchall()
    before.close()
    assert len(held) == 13
    with Store.open(folder) as store:
        assert [p for p in store.check() if "picture files" not in p] == []
        shown = [
            (row.id, row.title, row.url, row.excerpt, row.read, row.starred, row.noted, row.updated,
                row.images_total, row.lead_image, bool(row.also_in))
            for row in store.articles.page(ArticleQuery())
        ]  # fmt: skip
        assert shown == held
        assert store._database.rows("SELECT * FROM states") == states
        assert [store.articles.unread_count(ArticleQuery(view)) for view in (View.STARRED, View.KEPT)] == [
            sum(not read and starred for _, _, _, _, read, starred, *_ in held),
            4,
        ]
        while store.indexing.step():
            pass
        assert [row.title for row in store.articles.page(ArticleQuery(words="мост"))] == [
            "Мост номер 2 открыт"
        ]


def test_a_cut_within_any_step_of_the_growth_leaves_a_store_as_it_was(data: Path, folder: Path) -> None:
    folder.mkdir()
    packed = (data / "databases" / "version-28.db.gz").read_bytes()
    (folder / FILE).write_bytes(gzip.decompress(packed))

    def cut(db: sqlite3.Connection) -> None:
        raise RuntimeError("power")

    def stored(db: sqlite3.Connection) -> list[object]:
        return [
            version_of(db),
            *(db.execute(f"SELECT * FROM {one}").fetchall() for one in ("sqlite_schema", "articles")),
        ]

    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as db:
        before = stored(db)
    assert before[0] == 28
    for steps in range(29, len(MIGRATIONS) + 1):
        with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as db:
            with pytest.raises(RuntimeError):
                migrate(db, folder / FILE, (*MIGRATIONS[:steps], cut))
            assert stored(db) == before
    with Store.open(folder) as store:
        assert [p for p in store.check() if "picture files" not in p] == []


def test_a_number_of_an_article_that_is_gone_is_not_given_again_by_a_store_that_grew(
    data: Path, folder: Path
) -> None:
    folder.mkdir()
    packed = (data / "databases" / "version-28.db.gz").read_bytes()
    (folder / FILE).write_bytes(gzip.decompress(packed))
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as db:
        (last,) = db.execute("SELECT max(id) FROM articles").fetchone()
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("DELETE FROM articles WHERE id = ?", (last,))
    with Store.open(folder) as store:
        assert min(fill(store, 2, "fresh", start=50).new) > last


@pytest.mark.parametrize("version", [1, 28])
def test_an_old_store_grows_into_what_a_new_one_is(
    data: Path, folder: Path, tmp_path: Path, version: int
) -> None:
    folder.mkdir()
    packed = (data / "databases" / f"version-{version}.db.gz").read_bytes()
    (folder / FILE).write_bytes(gzip.decompress(packed))
    schemas = []
    for profile in (folder, tmp_path / "new"):
        with Store.open(profile) as store:
            schemas.append(store._database.rows("SELECT type, name, sql FROM sqlite_master ORDER BY name"))
    assert schemas[0] == schemas[1]


@pytest.mark.parametrize("version", [1, 28])
def test_an_older_store_that_ended_uncleanly_was_taken_for_a_damaged_one(
    folder: Path, data: Path, version: int
) -> None:
    packed = (data / "databases" / f"version-{version}.db.gz").read_bytes()
    folder.mkdir(exist_ok=True)
    (folder / FILE).write_bytes(gzip.decompress(packed))
    (folder / RUNNING).touch()
    with Store.open(folder) as store:
        assert store.mended is None
        assert store.articles.count(ArticleQuery()) > 0
    assert not list(folder.glob(f"{FILE}.damaged-*"))
