"""Where the person left off in an article, so that it opens there again."""

from __future__ import annotations

from desktop.store.database import Database


class Places:
    """A position in the text an article; it goes with the article, and a power cut may cost the last one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, article_id: int) -> int:
        """The position of the character that stood at the top; 0 for the beginning."""
        return int(
            self._database.value("SELECT position FROM places WHERE article_id = ?", (article_id,)) or 0
        )

    def keep(self, article_id: int, position: int) -> None:
        """Remember a position; 0 forgets. An article that is gone by now has none."""
        with self._database.transaction(durable=False) as db:
            db.execute("DELETE FROM places WHERE article_id = ?", (article_id,))
            if position > 0:
                db.execute(
                    "INSERT INTO places (article_id, position) SELECT id, ? FROM articles WHERE id = ?",
                    (position, article_id),
                )
