"""An article whose identity changed takes along what the person did to it."""

from __future__ import annotations

import sqlite3


def take_along(db: sqlite3.Connection, source_id: int, former: str, key: str) -> None:
    """Give marks, note and tags of an identity to another, which the article has already.

    A mark of the new key that outlived its article gives way to the one that is seen; what was written and the tags
    of both are kept.
    """
    old, moved = (source_id, former), (key, source_id, former)
    db.execute("UPDATE OR REPLACE states SET key = ? WHERE source_id = ? AND key = ?", moved)
    db.execute(
        """INSERT INTO notes (source_id, key, text, changed_at)
        SELECT source_id, ?, text, changed_at FROM notes WHERE source_id = ? AND key = ?
        ON CONFLICT (source_id, key) DO UPDATE SET text = notes.text || char(10) || excluded.text""",
        moved,
    )
    db.execute("DELETE FROM notes WHERE source_id = ? AND key = ?", old)
    db.execute(
        """UPDATE articles SET noted = 1 WHERE id = (
            SELECT k.article_id FROM identities k JOIN notes n ON n.source_id = k.source_id AND n.key = k.key
            WHERE k.source_id = ? AND k.key = ?)""",
        (source_id, key),
    )
    db.execute(
        """INSERT OR IGNORE INTO taggings (source_id, key, tag_id)
        SELECT source_id, ?, tag_id FROM taggings WHERE source_id = ? AND key = ?""",
        moved,
    )
    db.execute("DELETE FROM taggings WHERE source_id = ? AND key = ?", old)
    # Those that the new key had from an article that went.
    db.execute(
        """INSERT OR IGNORE INTO article_tags (article_id, tag_id, source_id, sort_at, read)
        SELECT a.id, t.tag_id, a.source_id, a.sort_at, a.read FROM taggings t
        JOIN identities k ON k.source_id = t.source_id AND k.key = t.key JOIN articles a ON a.id = k.article_id
        WHERE t.source_id = ? AND t.key = ?""",
        (source_id, key),
    )
