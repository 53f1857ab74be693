"""Whose a database is, and how old: what every opening asks, apart from the migrations, which hardly any needs."""

from __future__ import annotations

import sqlite3

from desktop.core.errors import StoreTooNew

APPLICATION_ID = 0x43686F72  # "Chor"
VERSION = 39  # how many migrations there are (desktop/store/migrations.py)


def version_of(connection: sqlite3.Connection) -> int:
    """How many migrations the store has seen."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def refuse_newer(version: int, newest: int = VERSION) -> None:
    """Raise StoreTooNew for a store of a later program."""
    if version > newest:
        raise StoreTooNew(
            f"A newer version of Chorsu made the store (format {version}, this one knows {newest}).",
            "Update Chorsu, or choose another data folder; nothing was changed.",
        )
