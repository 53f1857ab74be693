"""The search index: where the words of an article stand, in the order of the list.

An entry's number is the article's `sort_at` in steps of so many seconds, or the next free one: walking the entries
backwards gives the newest hits first, and the others are never read. What lies between the numbers of two articles is
written for each of their words, so the steps are as large as leaves free numbers where the person's articles come
(`search_step`). An entry may stand too late, never too early, and is never taken away; with that, hits are put in the
order of the list exactly (`hits.py`).

In place of words stand their keys (`core.transliteration`), before them their beginnings of three letters. The source
stands there as one word of its own (`core.search.source_word`), so that a source has its articles under any name
it is given.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple, Self

from desktop.core.search_terms import source_word, with_starts
from desktop.core.transliteration import key
from desktop.store.database import listed
from desktop.store.failures import damaged

LARGEST_STEP_S = 128
_MONTH_S = 30 * 86_400
_CROWD = (
    2_000  # numbers that an entry stands behind its time where many articles are of one moment, or of each
)
_FREE = """SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM search_entries WHERE id = ?1) THEN ?1 ELSE (
    SELECT e.id + 1 FROM search_entries e WHERE e.id >= ?1
        AND NOT EXISTS (SELECT 1 FROM search_entries n WHERE n.id = e.id + 1) ORDER BY e.id LIMIT 1) END"""


def first_entry(sort_at: int, step: int) -> int:
    """The lowest entry number of an article of this second."""
    return sort_at // step


def step_of(db: sqlite3.Connection) -> int:
    """The seconds of a step, in the index that is there. Raises StoreDamaged where it does not say."""
    found = db.execute("SELECT seconds FROM search_step").fetchone()
    if found is None or not isinstance(found[0], int) or found[0] < 1:
        raise damaged("The index of words is damaged.")
    return found[0]


def fitting_step(articles: int) -> int:
    """The largest step that leaves a quarter of the numbers of a month free in which so many articles came."""
    step = LARGEST_STEP_S
    while step > 1 and articles * step > _MONTH_S * 3 // 4:
        step //= 2
    return step


def make_room(db: sqlite3.Connection) -> None:
    """Have all indexed anew, in smaller steps, within a transaction, where the newest month asks for them."""
    newest = "SELECT count(*) FROM articles WHERE sort_at > (SELECT max(sort_at) FROM articles) - ?"
    step = fitting_step(db.execute(newest, (_MONTH_S,)).fetchone()[0])
    if step < step_of(db):
        db.execute("INSERT INTO search (search) VALUES ('delete-all')")
        db.execute("DELETE FROM search_entries")
        db.execute("UPDATE search_step SET seconds = ?", (step,))
        db.execute("DELETE FROM search_rebuild")
        db.execute("INSERT INTO search_rebuild SELECT max(sort_at) FROM articles")


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


class Words(NamedTuple):
    """What is looked for in an article, as it was written."""

    title: str
    text: str
    author: str


def index_later(db: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Have articles indexed, or indexed anew, after this transaction (`indexing.py`). Until then they are found by
    what they were."""
    db.execute("INSERT OR IGNORE INTO search_pending SELECT value FROM json_each(?)", (listed(ids),))


class SearchIndex:
    """The writing side, a `with` block within one transaction.

    The words are written at the end of the block, all at once: FTS5 writes out what it has gathered at each statement
    between that could be taken back alone, which every one with a trigger is. So 50 articles took twice the time.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._step = step_of(db)
        self.is_crowded = False  # whether an entry came to stand far behind its time
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

    def put(self, article_id: int, sort_at: int, words: Words, source_id: int, note: str) -> None:
        """Index an article. Those of the same second go in the order of the calls."""
        entry = self._free(sort_at)
        self._db.execute("INSERT INTO search_entries (id, article_id) VALUES (?, ?)", (entry, article_id))
        title, text, author = map(key, words)
        self._words.append((entry, *entry_words(title, text, author, source_id, key(note))))

    def _free(self, sort_at: int) -> int:
        entry = first_entry(sort_at, self._step)
        near = self._taken if entry in self._taken else range(entry, entry)
        found = free_entry(self._db, near.stop)
        self._taken = range(near.start, found + 1)
        self.is_crowded |= found > entry + _CROWD
        return found
