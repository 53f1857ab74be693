"""Migrations of search: raw SQL on the tables as they were then (desktop/store/migrations.py)."""

from __future__ import annotations

import sqlite3


def index_spellings(connection: sqlite3.Connection) -> None:
    """The index holds keys of words from here on. It is filled anew while the program runs, from the newest back."""
    for statement in (
        "DROP TABLE search",
        "DELETE FROM search_entries",
        """CREATE VIRTUAL TABLE search USING fts5 (
            title, text, author, content = '', tokenize = 'unicode61 remove_diacritics 2'
        )""",
        "CREATE TABLE search_rebuild (reached INTEGER NOT NULL)",
        "INSERT INTO search_rebuild SELECT max(sort_at) FROM articles HAVING count(*) > 0",
    ):
        connection.execute(statement)


def save_searches(connection: sqlite3.Connection) -> None:
    """Searches can be kept as views."""
    connection.execute(
        """CREATE TABLE saved_searches (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            words TEXT NOT NULL,
            position INTEGER NOT NULL
        )"""
    )
