"""Indexing anew what was stored before the index changed: the newest first, a few at a time, while all else goes on."""

from __future__ import annotations

from desktop.store.columns import unpack_body
from desktop.store.database import Database
from desktop.store.search import SearchIndex

STEP = 200  # articles in one transaction: about 0.1 s


class Indexing:
    """What is left to be indexed. Killed in between, it goes on where it was."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def pending(self) -> bool:
        """Whether search does not find all articles yet."""
        return self._database.row("SELECT 1 FROM search_rebuild") is not None

    @property
    def left(self) -> int:
        """How many articles are still to be indexed; takes a tenth of a second for 100,000."""
        return int(
            self._database.value(
                """SELECT count(*) FROM articles a WHERE a.sort_at <= (SELECT reached FROM search_rebuild)
                    AND NOT EXISTS (SELECT 1 FROM search_entries e WHERE e.article_id = a.id)"""
            )
        )

    def step(self, most: int = STEP) -> bool:
        """Index some more; whether there are others."""
        with self._database.transaction(durable=False) as db:
            found = db.execute(
                """SELECT a.id, a.sort_at, h.title, b.author, coalesce(f.body, b.body)
                FROM articles a INDEXED BY articles_all JOIN headlines h ON h.article_id = a.id
                JOIN bodies b ON b.article_id = a.id
                LEFT JOIN full_texts f ON f.article_id = a.id
                WHERE a.sort_at <= (SELECT reached FROM search_rebuild)
                    AND NOT EXISTS (SELECT 1 FROM search_entries e WHERE e.article_id = a.id)
                ORDER BY a.sort_at DESC, a.id DESC LIMIT ?""",
                (most,),
            ).fetchall()
            with SearchIndex(db) as index:
                for article_id, sort_at, title, author, body in reversed(found):
                    index.add(article_id, sort_at, title, unpack_body(body)[1], author)
            if len(found) < most:
                db.execute("DELETE FROM search_rebuild")
                return False
            db.execute("UPDATE search_rebuild SET reached = ?", (found[-1][1],))
            return True
