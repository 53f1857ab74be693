"""The search index: where the words of an article stand, in the order of the list.

An entry's number is the article's `sort_at` with eight places to the second, or the next free one: walking
the entries backwards gives the newest hits first, and the others are never read. In place of words stand their
keys (`core.transliteration`).
"""

from __future__ import annotations

import sqlite3

from desktop.core.transliteration import key

PLACES = 8


def first_entry(sort_at: int) -> int:
    """The lowest entry number of an article of this second."""
    return sort_at * PLACES


class SearchIndex:
    """The writing side, within one transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._last = -1

    def add(self, article_id: int, sort_at: int, title: str, text: str, author: str) -> None:
        """Index an article. Articles of the same second go in the order of the calls."""
        entry = self._free(sort_at)
        self._db.execute("INSERT INTO search_entries (id, article_id) VALUES (?, ?)", (entry, article_id))
        self._db.execute(
            "INSERT INTO search (rowid, title, text, author) VALUES (?, ?, ?, ?)",
            (entry, key(title), key(text), key(author)),
        )

    def replace(self, article_id: int, sort_at: int, title: str, text: str, author: str) -> None:
        """Index an article anew; its former entry stays, without an article."""
        self._db.execute("UPDATE search_entries SET article_id = NULL WHERE article_id = ?", (article_id,))
        self.add(article_id, sort_at, title, text, author)

    def _free(self, sort_at: int) -> int:
        entry = first_entry(sort_at)
        if entry <= self._last < first_entry(sort_at + 1):
            entry = self._last + 1
        for (taken,) in self._db.execute("SELECT id FROM search_entries WHERE id >= ? ORDER BY id", (entry,)):
            if taken > entry:
                break
            entry += 1
        self._last = entry
        return entry
