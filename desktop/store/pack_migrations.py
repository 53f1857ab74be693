"""Migrations of packs in files: raw SQL on the tables as they were then (desktop/store/migrations.py)."""

from __future__ import annotations

import sqlite3


def add_pack_files(connection: sqlite3.Connection) -> None:
    """Where a pack came from that was read in, and when the person last marked an article read or unread."""
    connection.execute("ALTER TABLE packs ADD COLUMN came TEXT NOT NULL DEFAULT ''")
    connection.execute("ALTER TABLE states ADD COLUMN read_at INTEGER")
