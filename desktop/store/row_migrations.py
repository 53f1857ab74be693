"""The migration of the article row: raw SQL on the tables as they were then (desktop/store/migrations.py)."""

from __future__ import annotations

import sqlite3

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


def split_headlines(connection: sqlite3.Connection) -> None:
    """The words of the list stand apart from what is marked: a mark writes a row of 30 bytes, not of 400.

    The table is made anew, since columns that are only dropped leave its pages as many as they were. Triggers are
    away meanwhile: SQLite renames no table while one of them speaks of a table that is gone.
    """
    triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    indexes = connection.execute(
        "SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'articles' ORDER BY name"
    ).fetchall()
    (last,) = connection.execute(
        "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'articles'"
    ).fetchone()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in _APART:
        connection.execute(statement)
    # No number is given twice, those of articles that are gone either.
    connection.execute("DELETE FROM sqlite_sequence WHERE name = 'articles'")
    connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('articles', ?)", (last,))
    for (index,) in indexes:
        connection.execute(index)
    for _, trigger in triggers:
        connection.execute(trigger)
