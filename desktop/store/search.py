"""The search index: where the words of an article stand, in the order of the list.

An entry's number is the article's `sort_at` in steps of sixteen seconds, or the next free one: walking the entries
backwards gives the newest hits first, and the others are never read. Small steps between the numbers take small
numbers: a byte less for each word of each article than steps of an eighth of a second. An entry may stand too late,
never too early, and is never taken away; with that, hits are put in the order of the list exactly (`hits.py`).

In place of words stand their keys (`core.transliteration`), before them their beginnings of three letters. The source
stands there as one word of its own (`core.search.source_word`), so that a source has its articles under any name
it is given.
"""

from __future__ import annotations

import sqlite3
from typing import Self

from desktop.core.search_terms import source_word, with_starts
from desktop.core.transliteration import key
from desktop.store.columns import unpack_body

STEP_S = 16
_FREE = """SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM search_entries WHERE id = ?1) THEN ?1 ELSE (
    SELECT e.id + 1 FROM search_entries e WHERE e.id >= ?1
        AND NOT EXISTS (SELECT 1 FROM search_entries n WHERE n.id = e.id + 1) ORDER BY e.id LIMIT 1) END"""


def first_entry(sort_at: int) -> int:
    """The lowest entry number of an article of this second."""
    return sort_at // STEP_S


def free_entry(db: sqlite3.Connection, lowest: int) -> int:
    """The first number from `lowest` on that no entry has. Those of articles whose own number is below all are."""
    found: int = db.execute(_FREE, (lowest,)).fetchone()[0]
    return found


def entry_words(
    title: str, text: str, author: str, source_id: int, note: str
) -> tuple[str, str, str, str, str]:
    """What stands in the columns of an entry, given the keys of an article's words."""
    return (
        with_starts(text),
        with_starts(title),
        with_starts(author),
        source_word(source_id),
        with_starts(note),
    )


class SearchIndex:
    """The writing side, a `with` block within one transaction.

    The words are written at the end of the block, all at once: FTS5 writes out what it has gathered at each statement
    between that could be taken back alone, which every one with a trigger is. So 50 articles took twice the time.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._taken = range(0)  # of these numbers it is known that entries have them
        self._words: list[tuple[int, str, str, str, str, str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        if kind is None:
            self._db.executemany(
                "INSERT INTO search (rowid, text, title, author, source, note) VALUES (?, ?, ?, ?, ?, ?)",
                sorted(
                    self._words
                ),  # FTS5 writes out what it has gathered where a number is lower than the last
            )

    def add(self, article_id: int, sort_at: int, title: str, text: str, author: str) -> None:
        """Index an article, with its source and its note. Articles of the same second go in the order of the calls."""
        source_id, note = self._db.execute(
            """SELECT a.source_id, coalesce(n.text, '') FROM articles a
            LEFT JOIN identities k ON k.article_id = a.id
            LEFT JOIN notes n ON n.source_id = k.source_id AND n.key = k.key WHERE a.id = ?""",
            (article_id,),
        ).fetchone()
        self.put(article_id, sort_at, (title, text, author), source_id, note)

    def put(
        self, article_id: int, sort_at: int, words: tuple[str, str, str], source_id: int, note: str
    ) -> None:
        """Index an article of which all is known: `words` are its title, text and author."""
        entry = self._free(sort_at)
        self._db.execute("INSERT INTO search_entries (id, article_id) VALUES (?, ?)", (entry, article_id))
        title, text, author = map(key, words)
        self._words.append((entry, *entry_words(title, text, author, source_id, key(note))))

    def replace(self, article_id: int, sort_at: int, title: str, text: str, author: str) -> None:
        """Index an article anew; its former entry stays, without an article."""
        self._db.execute("UPDATE search_entries SET article_id = NULL WHERE article_id = ?", (article_id,))
        self.add(article_id, sort_at, title, text, author)

    def again(self, article_id: int) -> None:
        """Index an article anew as it is stored."""
        sort_at, title, author, body = self._db.execute(
            """SELECT a.sort_at, h.title, b.author, coalesce(f.body, b.body) FROM articles a
            JOIN headlines h ON h.article_id = a.id JOIN bodies b ON b.article_id = a.id
            LEFT JOIN full_texts f ON f.article_id = a.id WHERE a.id = ?""",
            (article_id,),
        ).fetchone()
        self.replace(article_id, sort_at, title, unpack_body(body)[1], author)

    def _free(self, sort_at: int) -> int:
        entry = first_entry(sort_at)
        near = self._taken if entry in self._taken else range(entry, entry)
        found = free_entry(self._db, near.stop)
        self._taken = range(near.start, found + 1)
        return found
