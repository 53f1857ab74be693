"""The searches that the person keeps as views. They are few: every change writes all of them."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.core.saved_searches import SavedSearch
from desktop.store.columns import sound
from desktop.store.database import Database


class SavedSearches:
    """Saved searches in the order of the sidebar. Writes survive a power cut."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[SavedSearch, ...]:
        found = self._database.rows("SELECT id, name, words FROM saved_searches ORDER BY position")
        return tuple(SavedSearch(*row) for row in found)

    def put(self, searches: Sequence[SavedSearch]) -> None:
        """Have exactly these, in this order."""
        with self._database.transaction(durable=True) as db:
            db.execute("DELETE FROM saved_searches")
            db.executemany(
                "INSERT INTO saved_searches (id, name, words, position) VALUES (?, ?, ?, ?)",
                [(one.id, sound(one.name), sound(one.words), at) for at, one in enumerate(searches)],
            )
