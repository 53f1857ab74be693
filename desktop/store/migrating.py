"""Bringing a store up to date: the migrations that it lacks, in one transaction, after a copy."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from desktop.store.failures import damaged
from desktop.store.files import make_private_file
from desktop.store.migrations import MIGRATIONS, Migration
from desktop.store.versions import refuse_newer, version_of


def migrate(
    connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration] = MIGRATIONS
) -> Path | None:
    """Bring the store up to date, all or nothing; gives the copy made before, if there was one to make."""
    version = version_of(connection)
    refuse_newer(version, len(migrations))
    if version == len(migrations):
        return None
    copy = _copy(connection, path, version) if version else None
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        for migration in migrations[version:]:
            migration(connection)
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise damaged("The store could not be brought up to date: rows point at rows that are not there.")
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise
        # A statement that this version of the tables cannot take: they are not of the version that the header says.
        raise damaged(f"The store could not be brought up to date ({error}).") from error
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    finally:
        connection.execute("PRAGMA foreign_keys = ON")
    return copy


def empty(version: int) -> sqlite3.Connection:
    """A store of a version with nothing in it, in memory."""
    made = sqlite3.connect(":memory:", isolation_level=None)
    for migration in MIGRATIONS[:version]:
        migration(made)
    return made


def _copy(connection: sqlite3.Connection, path: Path, version: int) -> Path:
    """Copy the store, with what still stands in its log, beside it."""
    copy = path.with_name(f"{path.name}.version-{version}.bak")
    copy.unlink(missing_ok=True)
    copy.touch(mode=0o600)
    target = sqlite3.connect(copy)
    try:
        connection.backup(target)
    finally:
        target.close()
    make_private_file(copy)
    return copy
