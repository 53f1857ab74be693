"""From a folder to a sound connection: what is not a whole store of ours is refused here, and left as it is."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from desktop.core.errors import StoreDamaged, StoreError
from desktop.store.database import LOG_BYTES
from desktop.store.failures import damaged, told
from desktop.store.files import make_private_file, sync_folder
from desktop.store.versions import APPLICATION_ID, VERSION, refuse_newer, version_of

FILE = "chorsu.db"
LOCK = "chorsu.lock"
RESTORED = "chorsu.db.restored"  # a whole store that takes the place of the present one at the next opening
RUNNING = "chorsu.running"  # there while a writer is at work; found at the start, it tells of an unclean end
SUSPECT = "chorsu.suspect"  # there once damage was met while reading or writing
BUSY_S = 5.0  # how long one waits for another
LOG_FILES = ("-wal", "-shm", "-journal")
_MAGIC = b"SQLite format 3\x00"
_NO_LOCKS = "win32-none" if os.name == "nt" else "unix-none"  # SQLite's own ways to the disk without locks


def open_writer(folder: Path, timeout_s: float) -> sqlite3.Connection:
    """A writing connection to the store of `folder`, made or brought up to date, for who holds the lock."""
    path = folder / FILE
    with told():
        for left in folder.iterdir():
            if left.name.startswith(f".{FILE}."):  # of a restore or a mending that was cut off
                left.unlink()
        if (folder / RESTORED).exists():
            put_in_place(folder)
        # A log that nobody took into the file tells of an unclean end as well.
        suspect = (folder / SUSPECT).exists()
        unclean = (folder / RUNNING).exists() or _is_filled(_log(path))
        if path.exists() or _log(path).exists():
            check_header(path)
            if not _is_filled(_journal(path)):  # which nobody can take back who does not write
                _refuse_newer_untouched(path, timeout_s)
        else:
            _create(path)
        make_private_file(path)
        connection = connect(path, timeout_s)
        try:
            if suspect or unclean:
                from desktop.store.soundness import check_after_crash, thorough_check  # seldom needed

                (thorough_check if suspect else check_after_crash)(connection)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}")
            if version_of(connection) != VERSION:
                from desktop.store.migrating import migrate  # most openings find a store of today

                migrate(connection, path)
        except BaseException:
            connection.close()
            raise
        (folder / RUNNING).touch(mode=0o600)
        (folder / SUSPECT).unlink(missing_ok=True)
        sync_folder(folder)
        return connection


def open_reader(folder: Path, timeout_s: float) -> sqlite3.Connection:
    """A connection that cannot write, to a store that a writer has made and brought up to date."""
    path = folder / FILE
    with told():
        if not path.exists():
            raise StoreError("There is no store here yet.", "Start Chorsu or add a source first.")
        check_header(path)
        connection = _connect_to_read(path, timeout_s)
        try:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("PRAGMA wal_autocheckpoint = 0")
            version = version_of(connection)
            refuse_newer(version)
            if version < VERSION:
                raise StoreError(
                    "The store was made by an older version of Chorsu.", "Start Chorsu once to update it."
                )
        except BaseException:
            connection.close()
            raise
        return connection


def _connect_to_read(path: Path, timeout_s: float) -> sqlite3.Connection:
    """Beside its log SQLite wants a file that readers and writer share, and where it can make none it gives up.

    Where nothing can be written nobody writes either: then a log that was left is read without sharing and locks,
    and a file without one as what never changes.
    """
    try:
        return connect(path, timeout_s, "?mode=ro")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            raise
    log = _log(path)
    if not log.exists() or log.stat().st_size == 0:
        return connect(path, timeout_s, "?immutable=1")
    return connect(
        path, timeout_s, f"?mode=ro&vfs={_NO_LOCKS}", locking="EXCLUSIVE"
    )  # keeps the log's index to itself


def is_suspect(folder: Path) -> bool:
    """Whether the store may be damaged: its file says so, or what ended without an end left its marks."""
    try:
        check_header(folder / FILE)
    except StoreDamaged:
        return True
    left = (folder / name for name in (RUNNING, SUSPECT, RESTORED))
    return _is_filled(_journal(folder / FILE)) or any(path.exists() for path in left)


def check_ours(path: Path) -> bytes:
    """The header of a file that says that it is a store of ours. Raises StoreDamaged for another."""
    if not path.is_file():
        raise damaged("The store's file is missing or is not a file.")
    with path.open("rb") as file:
        header = file.read(100)
    if len(header) < 100 or not header.startswith(_MAGIC):
        raise damaged("The store's file is not a database.")
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise damaged("The store's file is a database of another program.")
    return header


def check_header(path: Path) -> None:
    """Raise StoreDamaged for what is plainly not a whole store of ours, having read 100 bytes of it."""
    header = check_ours(path)
    # Beside a log, a checkpoint may have been cut short: page 1 then speaks of pages that only the log holds.
    log = _log(path)
    if log.exists() and not log.is_file():
        raise damaged("The log of the store is not a file.")
    if not _is_filled(log):
        page_size = int.from_bytes(header[16:18], "big")
        page_size = 65_536 if page_size == 1 else page_size
        if path.stat().st_size < page_size * int.from_bytes(header[28:32], "big"):
            raise damaged("The store's file has been cut short.")


def put_in_place(folder: Path, aside: Path | None = None) -> Path | None:
    """Let a restored store take the place of the present one, for who holds the lock; gives what that is kept as.

    A crash between the two steps is made good at the next opening.
    """
    kept = _move(folder / FILE, aside or name_aside(folder, "before-restore", datetime.now(UTC)))
    (folder / RESTORED).replace(folder / FILE)
    sync_folder(folder)
    return kept


def name_aside(folder: Path, why: str, now: datetime) -> Path:
    """A name, with the time in it, for a store that is kept though another takes its place."""
    stem = f"{FILE}.{why}-{now:%Y%m%d-%H%M%S}"
    names = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    taken = {path.name for path in folder.glob(f"{FILE}.*")}
    free = next(name for name in names if taken.isdisjoint(name + suffix for suffix in ("", *LOG_FILES)))
    return folder / free


def _move(path: Path, aside: Path) -> Path | None:
    moved = None
    # The database first: left behind without its log, it would open and lack what the log held.
    for suffix in ("", *LOG_FILES):
        old = path.with_name(path.name + suffix)
        if old.exists():
            old.replace(aside.with_name(aside.name + suffix))
            moved = aside
    for marker in (RUNNING, SUSPECT):
        path.with_name(marker).unlink(missing_ok=True)
    return moved


def _create(path: Path) -> None:
    """Make the file under another name, so that a crash leaves no half of it."""
    beside = path.with_name(f".{path.name}.new")
    for suffix in ("", "-journal"):
        beside.with_name(beside.name + suffix).unlink(missing_ok=True)
    os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    connection = connect(beside, BUSY_S)
    try:
        # Two compressed texts seldom fit on a page of 4 KiB: with twice that a store is a fifteenth smaller.
        connection.execute("PRAGMA page_size = 8192")
        from desktop.store.migrating import migrate  # once in a store's life

        migrate(connection, beside)
    finally:
        connection.close()
    beside.replace(path)
    sync_folder(path.parent)


def _refuse_newer_untouched(path: Path, timeout_s: float) -> None:
    """Read the version without writing: from the header, or where a log is, which may hold a newer one, with both."""
    if not _is_filled(_log(path)):
        refuse_newer(int.from_bytes(check_ours(path)[60:64], "big", signed=True))
        return
    connection = connect(path, timeout_s, "?mode=ro")
    try:
        refuse_newer(version_of(connection))
    finally:
        connection.close()


def connect(
    path: Path, timeout_s: float, options: str = "", *, locking: str = "NORMAL", broken: bool = False
) -> sqlite3.Connection:
    """The one way in which a file of a store is opened; `options` are those of a SQLite address.

    A `broken` one is read on where pages of it, or parts of its schema, are missing.
    """
    connection = sqlite3.connect(
        path.absolute().as_uri() + options, uri=True, isolation_level=None, timeout=timeout_s
    )
    try:
        if broken:
            connection.execute(
                "PRAGMA writable_schema = ON"
            )  # asks for that, and is to be the first; nothing is written
        connection.execute(f"PRAGMA locking_mode = {locking}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -16000")  # the first look at the file
    except BaseException:
        connection.close()
        raise
    return connection


def _log(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _journal(path: Path) -> Path:
    """What takes back a change that was cut off while the store was not in WAL mode yet: a new or a restored one."""
    return path.with_name(path.name + "-journal")


def _is_filled(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0
