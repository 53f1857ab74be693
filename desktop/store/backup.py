"""A backup: one file that holds the store as it stood at one moment, with or without its pictures.

It is a zip of `chorsu.db`, `images/SHA256` and `manifest.json`, which tells what is in it and the checksum of the
database; the name of a picture is its checksum. It is made beside a running writer, and never half.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from desktop.core.errors import AppError, StoreError
from desktop.store.failures import told
from desktop.store.files import writing_whole
from desktop.store.opening import BUSY_S, FILE, connect, open_reader

FORMAT = 1
MANIFEST = "manifest.json"
PICTURES = "images/"
_NUMBERS = ("sources", "articles", "starred", "pictures", "pairs", "alerts")
_SCRATCH = ".backup-"
_DAY_S = 86_400
_CHUNK = 1 << 20
_PAGES = 2_000  # of one step of the copy

Progress = Callable[[int, int], None]  # how much of how much is done, in any unit


@dataclass(frozen=True, slots=True)
class Contents:
    """What a store or a backup holds. `made_at` is None for a store that is in use."""

    made_at: datetime | None = None
    sources: int = 0
    articles: int = 0
    starred: int = 0
    pictures: int = 0
    pairs: int = 0
    alerts: int = 0
    whole: bool = True  # False where the articles were left out on purpose


def back_up(
    folder: Path,
    target: Path,
    now: datetime,
    *,
    pictures: bool = True,
    progress: Progress = lambda done, total: None,
) -> Contents:
    """Write the store of `folder` into a file, whole or not at all; what `progress` raises ends it.

    Raises StoreError, and AppError where the file cannot be written.
    """
    for left in folder.glob(f"{_SCRATCH}*"):  # of one that was cut off
        if now.timestamp() - left.stat().st_mtime > _DAY_S:
            shutil.rmtree(left, ignore_errors=True)
    with told(), tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=folder) as scratch:
        snapshot = Path(scratch) / FILE
        _copy(folder, snapshot, progress)
        try:
            with writing_whole(target) as file:
                return _pack(file, folder, snapshot, now, pictures, progress)
        except OSError as error:
            raise AppError(
                f"{target.name} could not be written: {error.strerror or error}.",
                "Choose another place, or make room; the store is as it was.",
            ) from error


def contents_of(connection: sqlite3.Connection, made_at: datetime | None = None) -> Contents:
    """What the store behind a connection holds; it may be of an older version."""

    def number(sql: str) -> int:
        try:
            return int(connection.execute(sql).fetchone()[0])
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):  # of a later version than the file
                return 0
            raise

    articles = number("SELECT count(*) FROM articles")
    return Contents(
        made_at,
        number("SELECT count(*) FROM sources"),
        articles,
        number(f"SELECT count(*) FROM {'articles' if articles else 'states'} WHERE starred = 1"),
        number("SELECT count(DISTINCT sha256) FROM images WHERE sha256 <> ''"),
        number("SELECT count(*) FROM pinned_pairs"),
        number("SELECT count(*) FROM alerts WHERE removed_at IS NULL"),
    )


def _copy(folder: Path, target: Path, step: Progress) -> None:
    """Copy the database as it stands now, in steps; what is written meanwhile is not in it."""
    source = open_reader(folder, BUSY_S)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    copy = connect(target, BUSY_S)
    try:
        source.execute("BEGIN")  # one moment for all steps: without it a write would start the copy anew
        source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        source.backup(copy, pages=_PAGES, progress=lambda _, left, total: step((total - left) // 2, total))
        copy.execute("PRAGMA journal_mode = DELETE")  # all in one file
    finally:
        copy.close()
        source.close()


def _pack(
    file: IO[bytes], folder: Path, snapshot: Path, now: datetime, with_pictures: bool, step: Progress
) -> Contents:
    connection = connect(snapshot, BUSY_S)
    try:
        found = contents_of(connection, now)
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        hashes = "SELECT DISTINCT sha256 FROM images WHERE sha256 <> '' ORDER BY sha256"
        wanted = [sha256 for (sha256,) in connection.execute(hashes)] if with_pictures else []
    finally:
        connection.close()
    from desktop.store.images import FOLDER

    stored = 0
    total = len(wanted) + 2
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        checksum = _add(archive, snapshot, FILE, lambda: step(1, total))
        for done, sha256 in enumerate(wanted, 2):
            step(done, total)
            path = folder / FOLDER / sha256[:2] / sha256
            if path.is_file():  # one that is lost is fetched again after a restore
                archive.write(path, PICTURES + sha256, zipfile.ZIP_STORED)
                stored += 1
        manifest = {
            "format": FORMAT, "made_at": now.astimezone(UTC).isoformat(), "version": version,
            "sha256": checksum, "size": snapshot.stat().st_size, "sources": found.sources,
            "articles": found.articles, "starred": found.starred, "pictures": stored,
            "pairs": found.pairs, "alerts": found.alerts,
        }  # fmt: skip
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return contents_told(manifest)


def _add(archive: zipfile.ZipFile, path: Path, name: str, step: Callable[[], None]) -> str:
    """Put a file into the archive, and call `step` all the while; gives its checksum."""
    digest = hashlib.sha256()
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
        while chunk := source.read(_CHUNK):
            step()
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()


def read_manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest of a backup. Raises StoreError for another archive."""
    try:
        info = archive.getinfo(MANIFEST)
        found = json.loads(archive.read(info)) if info.file_size < _CHUNK else None
    except (KeyError, ValueError, zipfile.BadZipFile, OSError, EOFError) as error:
        raise not_a_backup() from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise not_a_backup()
    return found


def contents_told(found: dict[str, Any]) -> Contents:
    try:
        made_at = datetime.fromisoformat(found["made_at"])
        sources, articles, starred, pictures, pairs, alerts = (int(found[name]) for name in _NUMBERS)
    except (KeyError, ValueError, TypeError) as error:
        raise not_a_backup() from error
    return Contents(made_at, sources, articles, starred, pictures, pairs, alerts)


def not_a_backup() -> StoreError:
    """The error of a file that holds no store of ours."""
    return StoreError("The file is not a backup of Chorsu.", "Nothing was changed.")
