"""The check: it finds each thing that can be wrong, and changes nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from desktop.core.incoming import PictureInfo
from desktop.store import Store
from desktop.store.opening import FILE
from tests.unit.store.builders import NOW, fill


@pytest.fixture
def full(store: Store) -> Store:
    fill(store, 6)
    store.indexing.finish()
    (wanted,) = store.images.wanted(1, NOW)
    store.images.put(wanted.key, wanted.url, b"picture", PictureInfo("png", 1, 1))
    return store


def test_a_sound_store_has_no_problems(full: Store) -> None:
    assert full.check() == []


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        ("UPDATE counters SET unread = unread + 1", "counts"),
        ("UPDATE counters SET unread_kept = unread_kept + 1", "counts"),
        ("DELETE FROM counters", "counts"),
        ("DELETE FROM headlines WHERE article_id = 1", "no title"),
        ("DELETE FROM bodies WHERE article_id = 1", "no text"),
        ("DELETE FROM identities WHERE article_id = 1", "no identity"),
        ("UPDATE states SET read = 1 WHERE key = (SELECT key FROM identities WHERE article_id = 1)", "marks"),
        ("DELETE FROM states", "marks"),
        ("DELETE FROM search_entries WHERE article_id = 1", "search"),
        ("DELETE FROM article_images WHERE article_id = 1", "pictures"),
        ("UPDATE articles SET source_id = 99 WHERE id = 1", "point at rows"),
    ],
)
def test_what_does_not_agree_is_told(full: Store, folder: Path, damage: str, word: str) -> None:
    connection = sqlite3.connect(folder / FILE)
    connection.execute(damage)
    connection.commit()
    connection.close()
    found = full.check()
    assert any(word in sentence for sentence in found)
    assert all(sentence.endswith(".") for sentence in found)
    assert full.check() == found


def test_a_missing_and_a_changed_picture_file_are_told(full: Store) -> None:
    ((sha256, _),) = full.images.stored_files()
    full.images.file(sha256).write_bytes(b"other")
    assert full.check() == ["1 picture files are not what was stored."]
    full.images.file(sha256).unlink()
    assert full.check() == ["1 picture files are missing."]


def test_a_reader_can_check(full: Store, folder: Path) -> None:
    with Store.open_reader(folder) as reader:
        assert reader.check() == []
