"""Migrations of the article row and what stands beside it: raw SQL on the tables as they were then
(desktop/store/migrations.py)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

_KEPT = """id, source_id, sort_at, published, read, starred, updated, images_total, withdrawn, noted, unpictured,
    tagged, story, fold, kept, spoken"""

_APART = (
    """CREATE TABLE headlines (
        article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
        lead_key TEXT NOT NULL,
        title TEXT NOT NULL,
        url TEXT NOT NULL,
        excerpt TEXT NOT NULL
    )""",
    "INSERT INTO headlines SELECT id, lead_key, title, url, excerpt FROM articles ORDER BY id",
    """CREATE TABLE articles_apart (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
        sort_at INTEGER NOT NULL,
        published INTEGER,
        read INTEGER NOT NULL DEFAULT 0,
        starred INTEGER NOT NULL DEFAULT 0,
        updated INTEGER NOT NULL DEFAULT 0,
        images_total INTEGER NOT NULL DEFAULT 0,
        withdrawn INTEGER,
        noted INTEGER NOT NULL DEFAULT 0,
        unpictured INTEGER NOT NULL DEFAULT 0,
        tagged INTEGER NOT NULL DEFAULT 0,
        story INTEGER NOT NULL DEFAULT 0,
        fold INTEGER NOT NULL DEFAULT 0,
        kept INTEGER NOT NULL DEFAULT 0,
        spoken INTEGER NOT NULL DEFAULT 0
    )""",
    f"INSERT INTO articles_apart ({_KEPT}) SELECT {_KEPT} FROM articles ORDER BY id",
    "DROP TABLE articles",
    "ALTER TABLE articles_apart RENAME TO articles",
)


_BRIEFLY = (
    """CREATE TABLE headlines_briefly (
        article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
        lead_key TEXT NOT NULL,
        title TEXT NOT NULL,
        url TEXT NOT NULL,
        excerpt BLOB NOT NULL
    )""",
    """INSERT INTO headlines_briefly SELECT article_id, lead_key, title, url, packed_excerpt(excerpt)
        FROM headlines ORDER BY article_id""",
    "DROP TABLE headlines",
    "ALTER TABLE headlines_briefly RENAME TO headlines",
    """CREATE TABLE identities_briefly (
        article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
        source_id INTEGER NOT NULL,
        key TEXT NOT NULL,
        guid TEXT,
        url_key TEXT NOT NULL,
        title_key TEXT NOT NULL,
        content_hash BLOB NOT NULL,
        post_id INTEGER NOT NULL DEFAULT 0,
        UNIQUE (source_id, key)
    )""",
    """INSERT INTO identities_briefly SELECT article_id, source_id, key,
        CASE WHEN key <> 'g:' || guid THEN guid END, url_key, title_key, bytes_of(content_hash), post_id
        FROM identities ORDER BY article_id""",
    "DROP TABLE identities",
    "ALTER TABLE identities_briefly RENAME TO identities",
    "CREATE INDEX identities_guid ON identities (guid, source_id) WHERE guid <> ''",
    "CREATE INDEX identities_url ON identities (url_key, source_id)",
    "CREATE INDEX identities_title ON identities (title_key, source_id)",
    "CREATE INDEX identities_post ON identities (source_id, post_id) WHERE post_id <> 0",
)


def split_headlines(connection: sqlite3.Connection) -> None:
    """The words of the list stand apart from what is marked: a mark writes a row of 30 bytes, not of 400.

    The table is made anew, since columns that are only dropped leave its pages as many as they were.
    """
    indexes = connection.execute(
        "SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'articles' ORDER BY name"
    ).fetchall()
    (last,) = connection.execute(
        "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'articles'"
    ).fetchone()
    with _without_triggers(connection):
        for statement in _APART:
            connection.execute(statement)
    # No number is given twice, those of articles that are gone either.
    connection.execute("DELETE FROM sqlite_sequence WHERE name = 'articles'")
    connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('articles', ?)", (last,))
    for (index,) in indexes:
        connection.execute(index)


def write_briefly(connection: sqlite3.Connection) -> None:
    """Excerpts are packed, a guid that is the identity of its article is NULL beside it, and a hash stands in bytes."""
    from desktop.store.columns import pack_excerpt

    def bytes_of(digest: str) -> bytes:
        try:
            return bytes.fromhex(digest)
        except ValueError:
            return digest.encode()  # what is damaged: the text counts as another, as it did

    connection.create_function("packed_excerpt", 1, pack_excerpt, deterministic=True)
    connection.create_function("bytes_of", 1, bytes_of, deterministic=True)
    with _without_triggers(connection):
        for statement in _BRIEFLY:
            connection.execute(statement)


@contextmanager
def _without_triggers(connection: sqlite3.Connection) -> Iterator[None]:
    """SQLite renames no table while a trigger speaks of a table that is gone."""
    found = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in found:
        connection.execute(f"DROP TRIGGER {name}")
    yield
    for _, sql in found:
        connection.execute(sql)
