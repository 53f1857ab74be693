"""Restoring: look what a backup holds, check it, and have it take the place of the present store, which is kept."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from desktop.core.errors import StoreDamaged, StoreError, UsageError
from desktop.store.backup import (
    PICTURES,
    Contents,
    Progress,
    contents_of,
    contents_told,
    not_a_backup,
    read_manifest,
)
from desktop.store.copies import daily, day_of
from desktop.store.failures import damaged, told
from desktop.store.files import WriterLock, make_private_file, make_private_folder, sync_folder, write_whole
from desktop.store.images import FOLDER
from desktop.store.opening import (
    BUSY_S,
    FILE,
    LOCK,
    LOG_FILES,
    RESTORED,
    check_header,
    connect,
    open_reader,
    put_in_place,
)
from desktop.store.soundness import quick_check
from desktop.store.versions import refuse_newer, version_of

_CHUNK = 1 << 20
_PICTURE = re.compile(re.escape(PICTURES) + "([0-9a-f]{64})")
_LARGEST_PICTURE = 64 << 20
_OF_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
_SAFE = "Nothing was changed."


def look(path: Path) -> Contents:
    """What a backup, a daily copy or a store that was put aside holds. Raises StoreError and UsageError."""
    with _readable(path), told():
        if zipfile.is_zipfile(path):
            with _archive(path) as archive:
                return contents_told(read_manifest(archive))
        with _store_in(path) as connection:
            made = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            found = contents_of(connection, made)
    return replace(found, whole=day_of(path) is None)


def restorable(folder: Path) -> list[tuple[Path, Contents]]:
    """The daily copies and the former stores in a data folder that can be restored, the newest of each first."""
    former = sorted(folder.glob(f"{FILE}.before-restore-*"), reverse=True)
    found: list[tuple[Path, Contents]] = []
    for path in (*daily(folder), *(one for one in former if not one.name.endswith(LOG_FILES))):
        with contextlib.suppress(StoreError):  # one that is damaged, or was when it was put aside
            found.append((path, look(path)))
    return found


def present(folder: Path) -> Contents | None:
    """What the store of `folder` holds; None where it cannot be read."""
    try:
        connection = open_reader(folder, 1.0)
    except StoreError:
        return None
    try:
        with told():
            return contents_of(connection)
    except StoreError:
        return None
    finally:
        connection.close()


def stage(path: Path, folder: Path, progress: Progress = lambda done, total: None) -> None:
    """Check a backup and lay it ready: the next opening of the store takes it, and keeps the former one.

    Pictures are put beside those that are there; no file is overwritten. Raises StoreError, and then nothing changed.
    """
    part = folder / f".{RESTORED}"
    with _readable(path), told():
        make_private_folder(folder)
        part.unlink(missing_ok=True)
        try:
            if zipfile.is_zipfile(path):
                _unpack(path, folder, part, progress)
            else:
                with _store_in(path) as source:
                    _copy(source, part)
            check_whole(part, folder)
            part.replace(folder / RESTORED)
            sync_folder(folder)
        except StoreDamaged as error:
            raise StoreDamaged(error.message.replace("The store", "The backup"), _SAFE) from error
        finally:
            part.unlink(missing_ok=True)


def restore(path: Path, folder: Path) -> Path | None:
    """Have a backup take the place of the store of `folder` now; gives the file that the former one is kept in.

    Raises StoreLocked while another program writes, and StoreError for a backup that is not whole.
    """
    lock = WriterLock(folder / LOCK)
    try:
        stage(path, folder)
        with told():
            return put_in_place(folder)
    finally:
        lock.release()


def _unpack(path: Path, folder: Path, part: Path, progress: Progress) -> None:
    with _archive(path) as archive:
        manifest = read_manifest(archive)
        names = [info for info in archive.infolist() if _PICTURE.fullmatch(info.filename)]
        if len(names) != contents_told(manifest).pictures:
            raise damaged("The backup is damaged: pictures of it are missing.")
        total = len(names) + 1
        _take_database(archive, manifest.get("sha256"), part, lambda: progress(0, total))
        for done, info in enumerate(names, 1):
            progress(done, total)
            _take_picture(archive, info, folder)


def _take_database(archive: zipfile.ZipFile, checksum: object, part: Path, step: Callable[[], None]) -> None:
    digest = hashlib.sha256()
    try:
        source = archive.open(FILE)
    except KeyError as error:
        raise not_a_backup() from error
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with source, os.fdopen(handle, "wb") as target:
        while chunk := source.read(_CHUNK):
            step()
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    if digest.hexdigest() != checksum:
        raise damaged("The backup is damaged: its checksum is not that of its database.")


def _take_picture(archive: zipfile.ZipFile, info: zipfile.ZipInfo, folder: Path) -> None:
    sha256 = info.filename.removeprefix(PICTURES)
    path = folder / FOLDER / sha256[:2] / sha256
    if path.exists() or info.file_size > _LARGEST_PICTURE:
        return
    with archive.open(info) as source:
        body = source.read(_LARGEST_PICTURE)
    if hashlib.sha256(body).hexdigest() != sha256:
        raise damaged("The backup is damaged: a picture is not what was stored.")
    make_private_folder(folder / FOLDER)
    make_private_folder(path.parent)
    write_whole(path, body)


def _copy(source: sqlite3.Connection, part: Path) -> None:
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    target = connect(part, BUSY_S)
    try:
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")
    finally:
        target.close()


def check_whole(part: Path, folder: Path) -> None:
    """Whole, ours, not of a later version; pictures whose files are nowhere are wanted again."""
    check_header(part)
    connection = connect(part, BUSY_S)
    try:
        quick_check(connection)
        refuse_newer(version_of(connection))
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise damaged("The backup is damaged: rows point at rows that are not there.")
        hashes = connection.execute("SELECT DISTINCT sha256 FROM images WHERE sha256 <> ''").fetchall()
        lost = [(h,) for (h,) in hashes if not (folder / FOLDER / h[:2] / h).is_file()]
        connection.execute("BEGIN")
        connection.executemany("UPDATE images SET sha256 = '', next_try = 0 WHERE sha256 = ?", lost)
        connection.execute("COMMIT")
    finally:
        connection.close()
    make_private_file(part)


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """A zip to be read; all that a damaged one makes its readers raise is StoreDamaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except _OF_DAMAGE as error:
        raise StoreDamaged("The backup is damaged.", _SAFE) from error


@contextmanager
def _store_in(path: Path) -> Iterator[sqlite3.Connection]:
    """A bare file of a store, to be read."""
    check_header(path)
    log = path.with_name(path.name + "-wal")
    alone = not log.exists() or log.stat().st_size == 0  # then SQLite need not lay files beside it
    options = "?mode=ro&immutable=1" if alone else "?mode=ro"
    connection = connect(path, BUSY_S, options)
    try:
        refuse_newer(version_of(connection))
        yield connection
    finally:
        connection.close()


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read: {error.strerror or error}.", _SAFE) from None
    yield
