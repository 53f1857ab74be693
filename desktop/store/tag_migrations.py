"""Migrations of notes, tags and smart views: raw SQL on the tables as they were then (desktop/store/migrations.py)."""

from __future__ import annotations

import sqlite3

_FOUND = """INSERT OR IGNORE INTO article_tags (article_id, tag_id, source_id, sort_at, read)
    SELECT a.id, t.tag_id, a.source_id, a.sort_at, a.read FROM taggings t
    JOIN identities k ON k.source_id = t.source_id AND k.key = t.key JOIN articles a ON a.id = k.article_id"""


def add_notes(connection: sqlite3.Connection) -> None:
    """What the person writes on articles outlives them, as their marks do; the article row has a copy of the fact."""
    connection.execute(
        """CREATE TABLE notes (
            source_id INTEGER NOT NULL REFERENCES origins (id),
            key TEXT NOT NULL,
            text TEXT NOT NULL,
            changed_at INTEGER NOT NULL,
            PRIMARY KEY (source_id, key)
        ) WITHOUT ROWID"""
    )
    connection.execute("ALTER TABLE articles ADD COLUMN noted INTEGER NOT NULL DEFAULT 0")
    for mark in ("noted", "updated"):
        connection.execute(f"CREATE INDEX articles_{mark} ON articles ({mark}, sort_at) WHERE {mark} = 1")
        connection.execute(
            f"""CREATE INDEX articles_source_{mark} ON articles (source_id, {mark}, sort_at)
            WHERE {mark} = 1"""
        )
    connection.execute(
        """CREATE TRIGGER identities_find_notes AFTER INSERT ON identities
        WHEN EXISTS (SELECT 1 FROM notes WHERE source_id = NEW.source_id AND key = NEW.key) BEGIN
            UPDATE articles SET noted = 1 WHERE id = NEW.article_id;
        END"""
    )


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


_NO_MORE = "The page holds no more than the feed."  # of a page that was read
# Text and pictures are on disk.
_WHOLE = f"""EXISTS (SELECT 1 FROM bodies b WHERE b.article_id = articles.id)
    AND NOT EXISTS (SELECT 1 FROM article_images r JOIN images i ON i.key = r.key
        WHERE r.article_id = articles.id AND i.sha256 = '')
    AND NOT EXISTS (SELECT 1 FROM full_texts f WHERE f.article_id = articles.id AND f.wanted = 1
        AND f.body IS NULL AND f.problem <> '{_NO_MORE}')"""
_KEPT = f"UPDATE articles SET kept = {_WHOLE} WHERE"
_MARKS = ("starred", "noted", "updated", "kept")


def count_views(connection: sqlite3.Connection) -> None:
    """Which articles can be read whole with the network off, and how many each smart view has, kept by triggers."""
    for trigger in ("articles_counted", "articles_discounted", "articles_recounted"):
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute("ALTER TABLE articles ADD COLUMN kept INTEGER NOT NULL DEFAULT 0")
    connection.execute(f"{_KEPT} 1")
    connection.execute("CREATE INDEX articles_kept ON articles (kept, sort_at) WHERE kept = 1")
    connection.execute(
        "CREATE INDEX articles_source_kept ON articles (source_id, kept, sort_at) WHERE kept = 1"
    )
    for mark in _MARKS[1:]:
        connection.execute(f"ALTER TABLE counters ADD COLUMN {mark} INTEGER NOT NULL DEFAULT 0")
        connection.execute(
            f"""UPDATE counters SET {mark} = (
                SELECT count(*) FROM articles a WHERE a.source_id = counters.source_id AND a.{mark} = 1)"""
        )
    for statement in (*_counting(), *_KEEPING):
        connection.execute(statement)


def _counting() -> tuple[str, ...]:
    added = ", ".join(f"{mark} = {mark} + NEW.{mark}" for mark in _MARKS)
    gone = ", ".join(f"{mark} = {mark} - OLD.{mark}" for mark in _MARKS)
    moved = ", ".join(f"{mark} = {mark} - OLD.{mark} + NEW.{mark}" for mark in _MARKS)
    differs = " OR ".join(f"OLD.{mark} <> NEW.{mark}" for mark in ("read", *_MARKS))
    return (
        f"""CREATE TRIGGER articles_counted AFTER INSERT ON articles BEGIN
            UPDATE counters SET total = total + 1, unread = unread + (NEW.read = 0), {added}
            WHERE source_id = NEW.source_id;
        END""",
        f"""CREATE TRIGGER articles_discounted AFTER DELETE ON articles BEGIN
            UPDATE counters SET total = total - 1, unread = unread - (OLD.read = 0), {gone}
            WHERE source_id = OLD.source_id;
        END""",
        f"""CREATE TRIGGER articles_recounted AFTER UPDATE OF read, {", ".join(_MARKS)} ON articles
        WHEN {differs} BEGIN
            UPDATE counters SET unread = unread + OLD.read - NEW.read, {moved} WHERE source_id = NEW.source_id;
        END""",
    )


_KEEPING = (
    f"CREATE TRIGGER bodies_keep AFTER INSERT ON bodies BEGIN {_KEPT} id = NEW.article_id; END",
    """CREATE TRIGGER bodies_lost AFTER DELETE ON bodies BEGIN
        UPDATE articles SET kept = 0 WHERE id = OLD.article_id AND kept = 1;
    END""",
    """CREATE TRIGGER article_images_wanted AFTER INSERT ON article_images
    WHEN EXISTS (SELECT 1 FROM images WHERE key = NEW.key AND sha256 = '') BEGIN
        UPDATE articles SET kept = 0 WHERE id = NEW.article_id AND kept = 1;
    END""",
    f"""CREATE TRIGGER article_images_gone AFTER DELETE ON article_images BEGIN
        {_KEPT} id = OLD.article_id AND kept = 0;
    END""",
    f"""CREATE TRIGGER images_keep AFTER UPDATE OF sha256 ON images
    WHEN (OLD.sha256 = '') <> (NEW.sha256 = '') BEGIN
        {_KEPT} id IN (SELECT article_id FROM article_images WHERE key = NEW.key);
    END""",
    f"CREATE TRIGGER full_texts_wanted_now AFTER INSERT ON full_texts BEGIN {_KEPT} id = NEW.article_id; END",
    f"""CREATE TRIGGER full_texts_gone AFTER DELETE ON full_texts BEGIN
        {_KEPT} id = OLD.article_id AND kept = 0;
    END""",
    f"""CREATE TRIGGER full_texts_keep AFTER UPDATE OF wanted, body, problem ON full_texts BEGIN
        {_KEPT} id = NEW.article_id;
    END""",
)


def look_once(connection: sqlite3.Connection) -> None:
    """Whether an article is whole is written where that changes: a new one cost three rounds through two indexes."""
    for trigger in ("bodies_keep", "full_texts_wanted_now"):
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute(
        f"""CREATE TRIGGER bodies_keep AFTER INSERT ON bodies BEGIN
            UPDATE articles SET kept = 1 - kept WHERE id = NEW.article_id AND kept <> ({_WHOLE});
        END"""
    )
    connection.execute(
        f"""CREATE TRIGGER full_texts_wanted_now AFTER INSERT ON full_texts
        WHEN NEW.wanted = 1 AND NEW.body IS NULL AND NEW.problem <> '{_NO_MORE}' BEGIN
            UPDATE articles SET kept = 0 WHERE id = NEW.article_id AND kept = 1;
        END"""
    )


def count_unread_views(connection: sqlite3.Connection) -> None:
    """How many of each smart view are unread, kept by triggers too: of sources, and of copies that are folded away.

    What was one trigger is two, so that marking many articles as read writes no more than that needs.
    """
    for mark in _MARKS:
        connection.execute(f"ALTER TABLE counters ADD COLUMN unread_{mark} INTEGER NOT NULL DEFAULT 0")
        connection.execute(
            f"""UPDATE counters SET unread_{mark} = (SELECT count(*) FROM articles a
                WHERE a.source_id = counters.source_id AND a.{mark} = 1 AND a.read = 0)"""
        )
    connection.execute("ALTER TABLE folds ADD COLUMN unread_starred INTEGER NOT NULL DEFAULT 0")
    connection.execute(
        """UPDATE folds SET unread_starred = (
            SELECT count(*) FROM articles a WHERE a.fold = folds.id AND a.starred = 1 AND a.read = 0)"""
    )
    for trigger in (
        *("articles_counted", "articles_discounted", "articles_recounted"),
        *("folds_counted", "folds_discounted", "folds_moved", "folds_recounted"),
    ):
        connection.execute(f"DROP TRIGGER {trigger}")
    for statement in (*_counting_unread(), *_counting_folds()):
        connection.execute(statement)


def _counting_unread() -> tuple[str, ...]:
    def counted(sign: str, row: str) -> str:
        of_view = ", ".join(
            f"{mark} = {mark} {sign} {row}.{mark}, unread_{mark} = unread_{mark} {sign} ({row}.read = 0) * {row}.{mark}"
            for mark in _MARKS
        )
        return f"""UPDATE counters SET total = total {sign} 1, unread = unread {sign} ({row}.read = 0), {of_view}
            WHERE source_id = {row}.source_id;"""

    reread = ", ".join(
        f"unread_{mark} = unread_{mark} + (OLD.read - NEW.read) * NEW.{mark}" for mark in _MARKS
    )
    marked = ", ".join(
        f"{mark} = {mark} - OLD.{mark} + NEW.{mark}, "
        f"unread_{mark} = unread_{mark} + (OLD.read = 0) * (NEW.{mark} - OLD.{mark})"
        for mark in _MARKS
    )
    differs = " OR ".join(f"OLD.{mark} <> NEW.{mark}" for mark in _MARKS)
    return (
        f"CREATE TRIGGER articles_counted AFTER INSERT ON articles BEGIN {counted('+', 'NEW')} END",
        f"CREATE TRIGGER articles_discounted AFTER DELETE ON articles BEGIN {counted('-', 'OLD')} END",
        # Where both change at once, this one counts the marks as they are now, the other the reading as it was.
        f"""CREATE TRIGGER articles_reread AFTER UPDATE OF read ON articles WHEN OLD.read <> NEW.read BEGIN
            UPDATE counters SET unread = unread + OLD.read - NEW.read, {reread} WHERE source_id = NEW.source_id;
        END""",
        f"""CREATE TRIGGER articles_remarked AFTER UPDATE OF {", ".join(_MARKS)} ON articles WHEN {differs} BEGIN
            UPDATE counters SET {marked} WHERE source_id = NEW.source_id;
        END""",
    )


def _counting_folds() -> tuple[str, ...]:
    off, on = (
        f"""UPDATE folds SET total = total {sign} 1, unread = unread {sign} ({row}.read = 0),
            starred = starred {sign} {row}.starred,
            unread_starred = unread_starred {sign} ({row}.read = 0) * {row}.starred WHERE id = {row}.fold;"""
        for sign, row in (("-", "OLD"), ("+", "NEW"))
    )
    return (
        f"CREATE TRIGGER folds_counted AFTER INSERT ON articles WHEN NEW.fold <> 0 BEGIN {on} END",
        f"CREATE TRIGGER folds_discounted AFTER DELETE ON articles WHEN OLD.fold <> 0 BEGIN {off} END",
        f"CREATE TRIGGER folds_moved AFTER UPDATE OF fold ON articles BEGIN {off} {on} END",
        f"""CREATE TRIGGER folds_recounted AFTER UPDATE OF read, starred ON articles
        WHEN OLD.fold <> 0 AND OLD.fold = NEW.fold BEGIN {off} {on} END""",
    )
