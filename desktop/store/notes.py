"""What the person wrote on articles, by the identity of an article: it outlives article and source."""

from __future__ import annotations

from datetime import datetime

from desktop.core.models import Changes
from desktop.store.columns import seconds, sound
from desktop.store.database import Database
from desktop.store.search import index_later
from desktop.store.stories import fold, stories_of


class Notes:
    """One note an article. A note survives a power cut."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, article_id: int) -> str:
        """The note on an article, "" without one."""
        found = self._database.value(
            """SELECT n.text FROM identities k JOIN notes n ON n.source_id = k.source_id AND n.key = k.key
            WHERE k.article_id = ?""",
            (article_id,),
        )
        return "" if found is None else str(found)

    def put(self, article_id: int, text: str, now: datetime) -> Changes:
        """Write a note in the place of the former one; "" takes it away. An article that has gone is passed over."""
        with self._database.transaction(durable=True) as db:
            found = db.execute(
                "SELECT source_id, key FROM identities WHERE article_id = ?", (article_id,)
            ).fetchone()
            if found is None:
                return Changes()
            if text.strip():
                db.execute(
                    "INSERT OR REPLACE INTO notes (source_id, key, text, changed_at) VALUES (?, ?, ?, ?)",
                    (*found, sound(text), seconds(now)),
                )
            else:
                db.execute("DELETE FROM notes WHERE source_id = ? AND key = ?", found)
            db.execute("UPDATE articles SET noted = ? WHERE id = ?", (int(bool(text.strip())), article_id))
            index_later(db, [article_id])
            regrouped = fold(db, stories_of(db, [article_id]))  # its copy is the one that is shown
        return Changes(updated=(article_id,), regrouped=regrouped)
