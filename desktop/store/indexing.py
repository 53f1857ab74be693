"""How articles get into the index of words: after the transaction that stores them, many at a time.

What a transaction stores or changes it names in `search_pending`, so nothing is lost when the program ends in between:
whoever looks for words with the writing connection, or closes it, indexes what is left; the lane does so whenever a
step has come together, and the window a second after something came. An index of before (`search_rebuild`) is made
anew in the same steps, from the newest back.
"""

from __future__ import annotations

import sqlite3

from desktop.store.columns import unpack_body
from desktop.store.database import WORDS_STEP, Database, listed
from desktop.store.search import SearchIndex, Words, make_room

_PENDING = """SELECT a.id, a.sort_at, a.source_id, lower(hex(k.content_hash)), f.body IS NOT NULL, coalesce(n.text, '')
    FROM articles a JOIN identities k ON k.article_id = a.id
    LEFT JOIN full_texts f ON f.article_id = a.id
    LEFT JOIN notes n ON n.source_id = k.source_id AND n.key = k.key
    WHERE a.id IN (SELECT value FROM json_each(?)) ORDER BY a.sort_at, a.id"""
_STORED = """SELECT a.id, h.title, b.author, coalesce(f.body, b.body) FROM articles a
    JOIN headlines h ON h.article_id = a.id JOIN bodies b ON b.article_id = a.id
    LEFT JOIN full_texts f ON f.article_id = a.id WHERE a.id IN (SELECT value FROM json_each(?))"""


class Indexing:
    """What is left to be indexed. Killed in between, it goes on where it was."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._is_crowded = False

    @property
    def pending(self) -> bool:
        """Whether search does not find all articles as they are."""
        return self._database.words_waiting > 0 or self.remaking

    @property
    def remaking(self) -> bool:
        """Whether an index of before is still being made anew."""
        return self._database.row("SELECT 1 FROM search_rebuild") is not None

    @property
    def left(self) -> int:
        """How many articles of an index of before are still to be indexed; takes a tenth of a second for 100,000."""
        return int(
            self._database.value(
                """SELECT count(*) FROM articles a WHERE a.sort_at <= (SELECT reached FROM search_rebuild)
                    AND NOT EXISTS (SELECT 1 FROM search_entries e WHERE e.article_id = a.id)"""
            )
        )

    def step(self, most: int = WORDS_STEP) -> bool:
        """Index some more, first what came in; whether there are others."""
        with self._database.transaction(durable=False) as db:
            some = db.execute("SELECT article_id FROM search_pending ORDER BY 1 LIMIT ?", (most,)).fetchall()
            if some:
                self._put(db, [article_id for (article_id,) in some])
            elif self.remaking:
                self._remake(db, most)
            if self._is_crowded:
                self._is_crowded = False
                make_room(db)
        return self.pending

    def finish(self) -> None:
        """Index all that came in, within the transaction if there is one."""
        while self._database.words_waiting:
            if self._database.connection.in_transaction:
                some = self._database.rows("SELECT article_id FROM search_pending")
                self._put(self._database.connection, [article_id for (article_id,) in some])
            else:
                self.step()

    def _put(self, db: sqlite3.Connection, ids: list[int]) -> None:
        """Index articles as they are stored; their former entries stay, without an article."""
        these = (listed(ids),)
        db.execute(
            """UPDATE search_entries SET article_id = NULL
            WHERE article_id IN (SELECT value FROM json_each(?))""",
            these,
        )
        found = db.execute(_PENDING, these).fetchall()
        words: dict[int, Words] = {}
        for article_id, _, _, content_hash, has_page, _ in found:
            hashed, kept = self._database.arrived.pop(article_id, ("", None))
            if kept is not None and hashed == content_hash and not has_page:
                words[article_id] = kept
        others = listed(one[0] for one in found if one[0] not in words)
        for article_id, title, author, body in db.execute(_STORED, (others,)):
            words[article_id] = Words(title, unpack_body(body)[1], author)
        with SearchIndex(db) as index:
            for article_id, sort_at, source_id, _, _, note in found:
                index.put(article_id, sort_at, words[article_id], source_id, note)
        self._is_crowded |= index.is_crowded
        db.execute("DELETE FROM search_pending WHERE article_id IN (SELECT value FROM json_each(?))", these)

    def _remake(self, db: sqlite3.Connection, most: int) -> None:
        found = db.execute(
            """SELECT a.id, a.sort_at FROM articles a INDEXED BY articles_all
            WHERE a.sort_at <= (SELECT reached FROM search_rebuild)
                AND NOT EXISTS (SELECT 1 FROM search_entries e WHERE e.article_id = a.id)
            ORDER BY a.sort_at DESC, a.id DESC LIMIT ?""",
            (most,),
        ).fetchall()
        self._put(db, [article_id for article_id, _ in found])
        if len(found) < most:
            db.execute("DELETE FROM search_rebuild")
        else:
            db.execute("UPDATE search_rebuild SET reached = ?", (found[-1][1],))
