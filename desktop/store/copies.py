"""A small copy of what the person did, one a day, seven deep: it outlives a damaged store.

A copy is a store of today's schema without articles: sources, folders, marks, stars, watchlists, alerts, settings.
Articles come again from the network, and are recognised by their marks.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

from desktop.core.errors import StoreDamaged, StoreError
from desktop.store.failures import damaged, told
from desktop.store.files import make_private_folder, sync_folder
from desktop.store.migrating import migrate
from desktop.store.opening import BUSY_S, FILE, RESTORED, SUSPECT, check_header, connect
from desktop.store.soundness import check_tables, columns_of, displaced, has_right_types, quick_check

FOLDER = "copies"
KEPT = 7
_PREFIX, _ENDING = "state-", ".db"
# What can be fetched or made again. A table that is not named here is the person's, and copied.
CONTENT = frozenset(
    [
        "archives",
        "arrival_acts",
        "article_images",
        "article_languages",
        "article_tags",
        "articles",
        "bodies",
        "counters",
        "coverage",
        "fetch_states",
        "folds",
        "full_texts",
        "headlines",
        "identities",
        "images",
        "pack_articles",
        "packs",
        "places",
        "provider_states",
        "quarantine",
        "quote_corrections",
        "quotes",
        "rate_days",
        "revisions",
        "search_entries",
        "search_pending",
        "search_step",
        "source_languages",
        "tag_counters",
        "unconfirmed_quotes",
    ]
)
_TABLES = """SELECT name FROM main.sqlite_schema WHERE type = 'table'
    AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> 'search' AND name NOT LIKE 'search\\_%' ESCAPE '\\'
    ORDER BY name"""


def keep_daily(folder: Path, now: datetime) -> Path:
    """Make the copy of the person's day and drop those beyond the seventh. Gives the copy.

    Raises StoreDamaged, and leaves the copies as they are, once damage was met in the store or where it is met now.
    """
    if (folder / SUSPECT).exists():
        raise damaged("The daily copy was not made: the store is damaged.")
    copies = folder / FOLDER
    target = copies / f"{_PREFIX}{now.astimezone():%Y-%m-%d}{_ENDING}"
    part = copies / f".{target.name}"
    with told():
        make_private_folder(copies)
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        connection = connect(part, BUSY_S)
        try:
            _check_displaced(folder)
            migrate(connection, part)
            _copy(connection, folder)
        except sqlite3.OperationalError:  # a full disk, say: of the store itself it tells nothing
            raise
        except (StoreDamaged, sqlite3.DatabaseError):
            (folder / SUSPECT).touch(mode=0o600)  # the next opening looks at everything
            raise
        finally:
            connection.close()
        _check(part)
        part.replace(target)
        for old in daily(folder)[KEPT:]:
            old.unlink(missing_ok=True)
        sync_folder(copies)
    return target


def keep_if_due(folder: Path, now: datetime) -> None:
    """Make the copy of the day where it is not made yet."""
    newest = next(iter(daily(folder)), None)
    if newest is None or day_of(newest) != now.astimezone().date():
        keep_daily(folder, now)


def daily(folder: Path) -> list[Path]:
    """The copies that there are, the newest first."""
    return sorted((folder / FOLDER).glob(f"{_PREFIX}????-??-??{_ENDING}"), reverse=True)


def day_of(copy: Path) -> date | None:
    """The day on which a copy was made, by its name; None for another file."""
    try:
        return date.fromisoformat(copy.name.removeprefix(_PREFIX).removesuffix(_ENDING))
    except ValueError:
        return None


def newest_good(folder: Path) -> Path | None:
    """The newest copy that is whole."""
    for copy in daily(folder):
        try:
            with told():
                _check(copy)
        except StoreError:
            continue
        return copy
    return None


def refuse_gone(folder: Path) -> None:
    """Raise StoreDamaged where there are copies of a store, and no store: something took it away."""
    there = (folder / name for name in (FILE, f"{FILE}-wal", RESTORED))
    if not any(path.exists() for path in there) and newest_good(folder) is not None:
        raise damaged("The store's file is gone.")


def _copy(connection: sqlite3.Connection, folder: Path) -> None:
    """Fill a new store with the person's tables of the store in `folder`, as they stand at one moment."""
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("ATTACH ? AS original", (f"{(folder / FILE).absolute().as_uri()}?mode=ro",))
    connection.execute("BEGIN IMMEDIATE")
    for (table,) in connection.execute(_TABLES).fetchall():
        if table not in CONTENT:
            _check_table(connection, table)
            columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info ({table})"))
            connection.execute(f"DELETE FROM main.{table}")
            connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM original.{table}")
    connection.execute("INSERT INTO main.counters (source_id) SELECT id FROM main.sources")
    if connection.execute("PRAGMA main.foreign_key_check").fetchone():
        raise damaged("The daily copy could not be made: rows point at rows that are not there.")
    connection.execute("COMMIT")
    connection.execute("DETACH original")


def _check_displaced(folder: Path) -> None:
    """Where nothing is left of what a table had in the last copy, look at everything first: seldom the person took it
    away, and a damaged store must not be copied over day by day."""
    former = newest_good(folder)
    if former is None:
        return
    with (
        closing(connect(former, BUSY_S, "?immutable=1")) as copy,
        closing(connect(folder / FILE, BUSY_S, "?mode=ro")) as store,
    ):
        if displaced(store, copy, {name for (name,) in copy.execute(_TABLES)} - CONTENT):
            check_tables(store)


def _check_table(connection: sqlite3.Connection, table: str) -> None:
    """A damaged table must not take the place of the good one in a former copy."""
    found = connection.execute(f"PRAGMA original.integrity_check ('{table}')").fetchone()[0]
    right = has_right_types(connection, table, columns_of(connection, table, "original"), "original")
    if found != "ok" or not right:
        raise damaged(f"The daily copy was not made: the store is damaged ({table}).")


def _check(copy: Path) -> None:
    check_header(copy)
    connection = connect(copy, BUSY_S, "?mode=ro")
    try:
        quick_check(connection)
    finally:
        connection.close()
