"""Migrations of tags: raw SQL on the tables as they were then (desktop/store/migrations.py)."""

from __future__ import annotations

import sqlite3

_FOUND = """INSERT OR IGNORE INTO article_tags (article_id, tag_id, source_id, sort_at, read)
    SELECT a.id, t.tag_id, a.source_id, a.sort_at, a.read FROM taggings t
    JOIN identities k ON k.source_id = t.source_id AND k.key = t.key JOIN articles a ON a.id = k.article_id"""


def add_tags(connection: sqlite3.Connection) -> None:
    """The person's tags, by the identity of an article; a tag is there while anything has it, or had it before it
    went. `article_tags` and its counts follow by triggers: the list walks the one and the sidebar reads the other."""
    for statement in (*_TABLES, *_FOLLOWING):
        connection.execute(statement)


_TABLES = (
    "CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL, folded TEXT NOT NULL UNIQUE)",
    """CREATE TABLE taggings (
        source_id INTEGER NOT NULL REFERENCES origins (id),
        key TEXT NOT NULL,
        tag_id INTEGER NOT NULL REFERENCES tags (id),
        PRIMARY KEY (source_id, key, tag_id)
    ) WITHOUT ROWID""",
    "CREATE INDEX taggings_tag ON taggings (tag_id)",
    """CREATE TABLE article_tags (
        article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        tag_id INTEGER NOT NULL,
        source_id INTEGER NOT NULL,
        sort_at INTEGER NOT NULL,
        read INTEGER NOT NULL,
        PRIMARY KEY (article_id, tag_id)
    ) WITHOUT ROWID""",
    # The article closes every index, so that (sort_at, article) is the order of the list.
    "CREATE INDEX article_tags_all ON article_tags (tag_id, sort_at)",
    "CREATE INDEX article_tags_source ON article_tags (tag_id, source_id, sort_at)",
    "CREATE INDEX article_tags_unread ON article_tags (tag_id, read, sort_at) WHERE read = 0",
    """CREATE INDEX article_tags_source_unread ON article_tags (tag_id, source_id, read, sort_at)
        WHERE read = 0""",
    """CREATE TABLE tag_counters (
        tag_id INTEGER PRIMARY KEY REFERENCES tags (id) ON DELETE CASCADE,
        total INTEGER NOT NULL,
        unread INTEGER NOT NULL
    )""",
    "ALTER TABLE articles ADD COLUMN tagged INTEGER NOT NULL DEFAULT 0",
)

_FOLLOWING = (
    f"""CREATE TRIGGER taggings_found AFTER INSERT ON taggings BEGIN
        {_FOUND} WHERE t.source_id = NEW.source_id AND t.key = NEW.key AND t.tag_id = NEW.tag_id;
    END""",
    """CREATE TRIGGER taggings_lost AFTER DELETE ON taggings BEGIN
        DELETE FROM article_tags WHERE tag_id = OLD.tag_id AND article_id = (
            SELECT article_id FROM identities WHERE source_id = OLD.source_id AND key = OLD.key);
        DELETE FROM tags WHERE id = OLD.tag_id
            AND NOT EXISTS (SELECT 1 FROM taggings WHERE tag_id = OLD.tag_id);
    END""",
    f"""CREATE TRIGGER identities_find_tags AFTER INSERT ON identities
    WHEN EXISTS (SELECT 1 FROM taggings WHERE source_id = NEW.source_id AND key = NEW.key) BEGIN
        {_FOUND} WHERE k.article_id = NEW.article_id;
    END""",
    """CREATE TRIGGER article_tags_counted AFTER INSERT ON article_tags BEGIN
        UPDATE articles SET tagged = 1 WHERE id = NEW.article_id AND tagged = 0;
        INSERT INTO tag_counters (tag_id, total, unread)
            SELECT NEW.tag_id, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM tag_counters WHERE tag_id = NEW.tag_id);
        UPDATE tag_counters SET total = total + 1, unread = unread + (NEW.read = 0)
            WHERE tag_id = NEW.tag_id;
    END""",
    """CREATE TRIGGER article_tags_discounted AFTER DELETE ON article_tags BEGIN
        UPDATE tag_counters SET total = total - 1, unread = unread - (OLD.read = 0)
            WHERE tag_id = OLD.tag_id;
        UPDATE articles SET tagged = EXISTS (SELECT 1 FROM article_tags WHERE article_id = OLD.article_id)
            WHERE id = OLD.article_id;
    END""",
    """CREATE TRIGGER article_tags_recounted AFTER UPDATE OF read ON article_tags BEGIN
        UPDATE tag_counters SET unread = unread + OLD.read - NEW.read WHERE tag_id = NEW.tag_id;
    END""",
    """CREATE TRIGGER articles_tell_tags AFTER UPDATE OF read ON articles
    WHEN NEW.tagged = 1 AND OLD.read <> NEW.read BEGIN
        UPDATE article_tags SET read = NEW.read WHERE article_id = NEW.id;
    END""",
)
