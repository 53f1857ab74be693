"""A store on a medium that cannot be written to: all of it is read, the log that was left beside it too."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from desktop.core.errors import StoreReadOnly
from desktop.store import Store
from desktop.store.opening import FILE
from desktop.sync.lane import StoreLane
from tests.sealed import obeying_modes, sealed

KEY = "list.order"


def left_behind(tmp_path: Path, *suffixes: str) -> Path:
    """A copy of a store as it lies on the disk while its writer is at work, with these of its files."""
    folder, copy = tmp_path / "store", tmp_path / "copy"
    copy.mkdir()
    with Store.open(folder) as store:
        store._database.connection.execute("PRAGMA wal_checkpoint")
        store._database.connection.execute("PRAGMA wal_autocheckpoint = 0")
        store.settings.set(KEY, "newest")
        for suffix in suffixes:
            shutil.copy(folder / f"{FILE}{suffix}", copy)
    return copy


def read(folder: Path) -> str:
    with Store.open_reader(folder) as store, Store.open_reader(folder) as second:
        assert not store.writable
        assert second.settings.get(KEY, "") == store.settings.get(KEY, "")
        return store.settings.get(KEY, "")


@pytest.mark.parametrize("suffixes", [("", "-wal", "-shm"), ("", "-wal")])
def test_what_stands_only_in_the_log_is_read_where_nothing_can_be_written(tmp_path, suffixes):
    folder = left_behind(tmp_path, *suffixes)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with sealed(folder):
        assert obeying_modes(lambda: read(folder)) == "newest"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    alone = sqlite3.connect(f"{(folder / FILE).as_uri()}?immutable=1", uri=True)
    assert alone.execute("SELECT count(*) FROM settings WHERE key = ?", (KEY,)).fetchone() == (0,)
    alone.close()


def test_a_store_that_was_closed_is_read_where_nothing_can_be_written(tmp_path):
    with Store.open(tmp_path) as store:
        store.settings.set(KEY, "oldest")
    with sealed(tmp_path):
        assert obeying_modes(lambda: read(tmp_path)) == "oldest"


def test_a_folder_that_cannot_be_written_to_is_said_to_be_so(tmp_path):
    Store.open(tmp_path).close()
    with sealed(tmp_path), pytest.raises(StoreReadOnly, match="Make the data folder writable"):
        obeying_modes(lambda: Store.open(tmp_path))


def test_the_lane_reads_where_it_cannot_write_and_says_why_a_write_fails(tmp_path):
    with Store.open(tmp_path) as store:
        store.settings.set(KEY, "oldest")

    def work() -> None:
        lane = StoreLane(tmp_path)
        try:
            assert lane.read_only
            assert lane(lambda store: store.settings.get(KEY, "")) == "oldest"
            with pytest.raises(StoreReadOnly):
                lane(lambda store: store.settings.set(KEY, "newest"))
        finally:
            lane.close()

    with sealed(tmp_path):
        obeying_modes(work)
    lane = StoreLane(tmp_path)
    assert not lane.read_only
    lane.close()


def test_no_store_is_made_where_nothing_can_be_written(tmp_path):
    with sealed(tmp_path), pytest.raises(StoreReadOnly):
        obeying_modes(lambda: StoreLane(tmp_path))
