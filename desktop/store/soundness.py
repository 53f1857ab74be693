"""Whether a database is whole: its pages, its indexes, the types of its values, and the index of words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass

from desktop.store.failures import damaged
from desktop.store.migrating import empty
from desktop.store.versions import VERSION, version_of

_TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE TABLE%'"
TYPES = {"INTEGER": int, "TEXT": str, "BLOB": bytes}


_STEP = "SELECT count(*) = 1 AND min(seconds) > 0 FROM search_step"  # its page may be an empty one of another table
_SEEN = 50  # articles at each end
_WITHOUT_MARKS = f"""SELECT 1 FROM (
        SELECT * FROM (SELECT source_id, key FROM identities ORDER BY article_id LIMIT {_SEEN})
        UNION ALL
        SELECT * FROM (SELECT source_id, key FROM identities ORDER BY article_id DESC LIMIT {_SEEN})
    ) k WHERE NOT EXISTS (SELECT 1 FROM states t WHERE t.source_id = k.source_id AND t.key = k.key) LIMIT 1"""


# Small tables of the person's that are found along an index: an index that is another's page shows them as empty, and
# is no damage to a quick check.
_READ_BY_INDEX = ("alert_events", "origins", "taggings", "tags")


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the schema declares it."""

    name: str
    kind: str
    may_be_null: bool

    @property
    def is_wrong(self) -> str:
        """A condition: the value is of another type than the column."""
        types = [self.kind.lower(), *(["null"] if self.may_be_null else [])]
        return f'typeof("{self.name}") NOT IN ({", ".join(map(repr, types))})' if self.kind in TYPES else "0"


def columns_of(connection: sqlite3.Connection, table: str, schema: str = "main") -> list[Column]:
    """The columns of a table."""
    found = connection.execute(f"PRAGMA {schema}.table_info ({table})").fetchall()
    return [Column(name, kind, not (not_null or key)) for _, name, kind, not_null, _, key in found]


def has_right_types(
    connection: sqlite3.Connection, table: str, columns: Iterable[Column], schema: str = "main"
) -> bool:
    """Whether all values are of their columns' types: swapped pages of two small tables are whole but for that."""
    wrong = " OR ".join(column.is_wrong for column in columns) or "0"
    found = connection.execute(f"SELECT 1 FROM {schema}.{table} WHERE {wrong} LIMIT 1")
    return found.fetchone() is None


def displaced(connection: sqlite3.Connection, former: sqlite3.Connection, tables: Iterable[str]) -> set[str]:
    """Those of some tables that have none of the rows, by their keys, that they had in a former store, which may be of
    an older version. Seldom has a person taken away all of them: to SQLite's checks the page of another table or index,
    empty as it may be, is a page of theirs."""
    return {table for table in tables if _has_none_of(connection, former, table)}


def _has_none_of(connection: sqlite3.Connection, former: sqlite3.Connection, table: str) -> bool:
    key = key_of(former, table)
    if not key or key != key_of(connection, table):
        return False
    sought = f"SELECT 1 FROM {table} WHERE ({', '.join(key)}) = ({', '.join('?' * len(key))})"
    had = False
    for row in former.execute(f"SELECT {', '.join(key)} FROM {table}"):
        if connection.execute(sought, row).fetchone():
            return False
        had = True
    return had


def key_of(connection: sqlite3.Connection, table: str) -> list[str]:
    """The columns of a table's primary key, in their order."""
    found = connection.execute(f"PRAGMA table_info ({table})").fetchall()
    return [str(row[1]) for row in sorted(found, key=lambda row: int(row[5])) if row[5]]


def quick_check(connection: sqlite3.Connection) -> None:
    """Raise StoreDamaged when the pages do not fit together (0.6 s for 700 MB)."""
    _refuse(connection.execute("PRAGMA quick_check(1)").fetchone()[0])


def check_after_crash(connection: sqlite3.Connection) -> None:
    """Raise StoreDamaged when the pages do not fit together, the marks are not there that articles have, or what the
    person made is not where its indexes say."""
    quick_check(connection)
    tables = {name for (name,) in connection.execute(_TABLES).fetchall()}
    for table in _READ_BY_INDEX:
        if table not in tables and version_of(connection) != VERSION:
            continue  # it comes with a later version
        _refuse(connection.execute(f"PRAGMA integrity_check ({table})").fetchone()[0])
    if lacks_marks(connection):
        raise damaged("The store is damaged (marks are not where they are kept).")


def lacks_marks(connection: sqlite3.Connection) -> bool:
    """Whether the oldest or newest articles have no marks kept for them. A page of another table, empty as it may be,
    passes for one of the marks as far as SQLite's own checks can see."""
    return connection.execute(_WITHOUT_MARKS).fetchone() is not None


def thorough_check(connection: sqlite3.Connection) -> None:
    """Raise StoreDamaged when anything does not fit together (some seconds for 700 MB)."""
    check_tables(connection)
    connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")


def check_tables(connection: sqlite3.Connection) -> None:
    """The thorough check of all but the index of words, which writes nothing."""
    _refuse(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
    _check_names(connection)
    if version_of(connection) == VERSION and not connection.execute(_STEP).fetchone()[0]:
        raise damaged("The store is damaged (the index of words does not say how it is numbered).")
    for (table,) in connection.execute(_TABLES).fetchall():
        if not has_right_types(connection, table, columns_of(connection, table)):
            raise damaged(f"The store is damaged (rows of another table among {table}).")
        for _ in connection.execute(f"SELECT * FROM {table}"):
            pass  # to SQLite a text may be any bytes: Python raises for what is none


def _check_names(connection: sqlite3.Connection) -> None:
    """Raise StoreDamaged when a table or a column is called otherwise than in a store of this version: to SQLite the
    schema is a text like any other."""
    with closing(empty(version_of(connection))) as made:
        for (table,) in made.execute(_TABLES).fetchall():
            if columns_of(connection, table) != columns_of(made, table):
                raise damaged(f"The store is damaged (another table in the place of {table}).")


def _refuse(found: object) -> None:
    if found != "ok":
        raise damaged(f"The store is damaged ({str(found).splitlines()[-1]}).")
