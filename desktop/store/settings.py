"""Settings: a key and a JSON value. What a setting means and its default belong to those who read it."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from desktop.store.database import Database

MENDED_NOTICE = "store.mended"  # what the window has to tell of a damaged store: message, line break, remedy

Value = str | int | float | bool
T = TypeVar("T", str, int, float, bool)


class Settings:
    """The person's settings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str, default: T) -> T:
        """The value of a key, or `default` when it is not set or is of another type."""
        stored = self._database.value("SELECT value FROM settings WHERE key = ?", (key,))
        value = _value(stored)
        if type(value) is int and type(default) is float:
            value = float(value)
        return value if type(value) is type(default) else default

    def set(self, key: str, value: Value) -> None:
        """Keep a value; it survives a power cut."""
        with self._database.transaction(durable=True) as db:
            db.execute(
                "INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)",
                (key, json.dumps(value)),
            )

    def forget(self, key: str) -> None:
        """Go back to the default."""
        with self._database.transaction(durable=True) as db:
            db.execute("DELETE FROM settings WHERE key = ?", (key,))

    def all(self) -> dict[str, Value]:
        """What is set, by key."""
        return {
            key: value
            for key, stored in self._database.rows("SELECT key, value FROM settings ORDER BY key")
            if (value := _value(stored)) is not None
        }


def _value(stored: str | None) -> Any:
    """What a row says; None without one, and for a damaged one, which must not keep the program from starting."""
    try:
        return None if stored is None else json.loads(stored)
    except (TypeError, ValueError):
        return None
