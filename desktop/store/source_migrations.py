"""Migrations of what is known of a source, and of the talks with its server."""

from __future__ import annotations

import sqlite3


def add_source_choices(connection: sqlite3.Connection) -> None:
    """What the person sets for one source, and what tells whether it is well."""
    for table, column in (
        ("sources", "interval_minutes INTEGER NOT NULL DEFAULT 0"),
        ("sources", "pictures INTEGER NOT NULL DEFAULT 1"),
        ("sources", "user_agent TEXT NOT NULL DEFAULT ''"),
        ("sources", "account TEXT NOT NULL DEFAULT ''"),
        ("fetch_states", "asked INTEGER NOT NULL DEFAULT 0"),
        ("fetch_states", "unchanged INTEGER NOT NULL DEFAULT 0"),
        ("fetch_states", "moved_to TEXT NOT NULL DEFAULT ''"),
        ("fetch_states", "moved_times INTEGER NOT NULL DEFAULT 0"),
        ("fetch_states", "offered TEXT NOT NULL DEFAULT ''"),
    ):
        connection.execute(f"ALTER TABLE {table} ADD COLUMN {column}")


def archive_sources(connection: sqlite3.Connection) -> None:
    """A source can be removed while articles of it stay."""
    connection.execute("ALTER TABLE sources ADD COLUMN archived INTEGER NOT NULL DEFAULT 0")


def add_poll_wishes(connection: sqlite3.Connection) -> None:
    """How seldom a feed wants to be asked, and whose its validators are, outlast an answer that is silent on them."""
    for column in (
        "moved_since INTEGER",
        "etag_url TEXT NOT NULL DEFAULT ''",
        "feed_etag_url TEXT NOT NULL DEFAULT ''",
        "tag_ignored INTEGER NOT NULL DEFAULT 0",
        "wish_minutes INTEGER NOT NULL DEFAULT 0",
        "rhythm INTEGER NOT NULL DEFAULT 0",
        "skip_hours INTEGER NOT NULL DEFAULT 0",
        "skip_days INTEGER NOT NULL DEFAULT 0",
    ):
        connection.execute(f"ALTER TABLE fetch_states ADD COLUMN {column}")
