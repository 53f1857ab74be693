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


def index_closely(connection: sqlite3.Connection) -> None:
    """Beginnings are words of the index, its numbers go in larger steps, and the text comes first, since FTS5 notes
    for each word of each later column which one it is: a third smaller. It is filled anew as before."""
    for statement in (
        "DROP TABLE search",
        "DELETE FROM search_entries",
        """CREATE VIRTUAL TABLE search USING fts5 (
            text, title, author, source, note, content = '', tokenize = 'unicode61 remove_diacritics 2'
        )""",
        "DELETE FROM search_rebuild",
        "INSERT INTO search_rebuild SELECT max(sort_at) FROM articles HAVING count(*) > 0",
    ):
        connection.execute(statement)


def index_behind(connection: sqlite3.Connection) -> None:
    """What comes in is indexed after it is stored, many articles at a time: FTS5 gathers more before it writes."""
    connection.execute(
        """CREATE TABLE search_pending (
            article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE
        )"""
    )
    connection.execute("INSERT INTO search (search, rank) VALUES ('hashsize', 8000000)")


def index_sparsely(connection: sqlite3.Connection) -> None:
    """Entries are numbered in steps that fit to how many articles come: smaller. It is filled anew as before."""
    newest = "SELECT count(*) FROM articles WHERE sort_at > (SELECT max(sort_at) FROM articles) - 2592000"
    (articles,) = connection.execute(newest).fetchone()
    step = 128
    while step > 1 and articles * step > 1_944_000:
        step //= 2
    for statement in (
        "DROP TABLE search",
        "DELETE FROM search_entries",
        """CREATE VIRTUAL TABLE search USING fts5 (
            text, title, author, source, note, content = '', tokenize = 'unicode61 remove_diacritics 2'
        )""",
        "INSERT INTO search (search, rank) VALUES ('hashsize', 8000000)",
        "CREATE TABLE search_step (seconds INTEGER NOT NULL)",
        f"INSERT INTO search_step VALUES ({step})",
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


def add_rule_acts(connection: sqlite3.Connection) -> None:
    """More that rules do; what each changed, so that it can be taken back; a line of what they did not keep."""
    for statement in (
        "ALTER TABLE arrival_rules ADD COLUMN notify INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE arrival_rules ADD COLUMN skip_pictures INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE arrival_rules ADD COLUMN never_keep INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE arrival_acts ADD COLUMN marked_read INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE arrival_acts ADD COLUMN starred INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE arrival_acts ADD COLUMN unpictured INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE arrival_acts ADD COLUMN batch INTEGER NOT NULL DEFAULT -1",
        "ALTER TABLE arrival_acts ADD COLUMN undone INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX arrival_acts_batch ON arrival_acts (batch)",
        "ALTER TABLE articles ADD COLUMN unpictured INTEGER NOT NULL DEFAULT 0",
        """CREATE TABLE never_kept (
            source_id INTEGER NOT NULL REFERENCES origins (id),
            key TEXT NOT NULL,
            rule_id INTEGER NOT NULL,
            at INTEGER NOT NULL,
            batch INTEGER NOT NULL,
            undone INTEGER NOT NULL DEFAULT 0,
            guid TEXT NOT NULL,
            url_key TEXT NOT NULL,
            title_key TEXT NOT NULL,
            post_id INTEGER NOT NULL,
            first_seen INTEGER NOT NULL,
            sort_at INTEGER NOT NULL,
            published INTEGER,
            title TEXT NOT NULL,
            url TEXT NOT NULL,
            author TEXT NOT NULL,
            language TEXT NOT NULL,
            excerpt TEXT NOT NULL,
            PRIMARY KEY (source_id, key)
        ) WITHOUT ROWID""",
        "CREATE INDEX never_kept_rule ON never_kept (rule_id, at)",
        "CREATE INDEX never_kept_batch ON never_kept (batch)",
    ):
        connection.execute(statement)


def add_rule_tags(connection: sqlite3.Connection) -> None:
    """The tag that a rule puts on articles, and the one that it put on each."""
    connection.execute("ALTER TABLE arrival_rules ADD COLUMN tag TEXT NOT NULL DEFAULT ''")
    connection.execute("ALTER TABLE arrival_acts ADD COLUMN tag TEXT NOT NULL DEFAULT ''")
