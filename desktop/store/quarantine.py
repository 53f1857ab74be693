"""Documents that are not read again for now, because reading them ended the process that reads, twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from desktop.core.incoming import Quarantined
from desktop.store.columns import seconds
from desktop.store.database import Database

KEPT = timedelta(days=7)  # then it may have been the machine's fault after all


class Quarantine:
    """Their hashes, with what was said of them. A new version of the program reads them anew: it may do better."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, version: str, now: datetime) -> list[Quarantined]:
        """Those that this version put aside within the last week."""
        rows = self._database.rows(
            "SELECT digest, message FROM quarantine WHERE version = ? AND put_aside_at > ?",
            (version, seconds(now - KEPT)),
        )
        return [Quarantined(digest, message) for digest, message in rows]

    def keep(self, entries: Iterable[Quarantined], version: str, now: datetime) -> None:
        """Remember these, and forget what no longer counts."""
        with self._database.transaction(durable=False) as db:
            db.execute(
                "DELETE FROM quarantine WHERE version <> ? OR put_aside_at <= ?",
                (version, seconds(now - KEPT)),
            )
            db.executemany(
                "INSERT OR REPLACE INTO quarantine (digest, message, version, put_aside_at) VALUES (?, ?, ?, ?)",
                [(entry.digest, entry.message, version, seconds(now)) for entry in entries],
            )
