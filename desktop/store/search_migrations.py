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


def index_beginnings(connection: sqlite3.Connection) -> None:
    """The index holds three-letter beginnings, sources and notes from here on; it is filled anew as before."""
    for statement in (
        "DROP TABLE search",
        "DELETE FROM search_entries",
        """CREATE VIRTUAL TABLE search USING fts5 (
            title, text, author, source, note, content = '', prefix = '3',
            tokenize = 'unicode61 remove_diacritics 2'
        )""",
        "DELETE FROM search_rebuild",
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


def add_arrival_rules(connection: sqlite3.Connection) -> None:
    """Rules for articles on their arrival, and what they did; that goes with the article."""
    connection.execute(
        """CREATE TABLE arrival_rules (
            id INTEGER PRIMARY KEY,
            words TEXT NOT NULL,
            read INTEGER NOT NULL,
            star INTEGER NOT NULL,
            position INTEGER NOT NULL
        )"""
    )
    connection.execute(
        """CREATE TABLE arrival_acts (
            rule_id INTEGER NOT NULL,
            article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
            at INTEGER NOT NULL,
            PRIMARY KEY (rule_id, article_id)
        ) WITHOUT ROWID"""
    )
    connection.execute("CREATE INDEX arrival_acts_article ON arrival_acts (article_id)")
