"""Migrations of the languages of articles: raw SQL on the tables as they were then (desktop/store/migrations.py).

`bodies.language` is what an article says of itself, or its feed of all of them. `source_languages` names those that
occur in a source; `inherited` are the feed's. Where articles of a source have a language of their own, each of its
articles stands in `article_languages`, which has the indexes of a list; of the many sources that write in one language
none does. Both follow by triggers.
"""

from __future__ import annotations

import sqlite3

_SEVERAL = """(SELECT count(*) > 1 AND max(language <> '' AND NOT inherited) FROM source_languages
    WHERE source_id = {})"""
_ROWS = """INSERT INTO article_languages (article_id, source_id, language, sort_at, read)
    SELECT a.id, a.source_id, b.language, a.sort_at, a.read FROM articles a JOIN bodies b ON b.article_id = a.id
    WHERE NOT EXISTS (SELECT 1 FROM article_languages l WHERE l.article_id = a.id)"""
_NAMED = """INSERT INTO source_languages (source_id, language)
    SELECT a.source_id, NEW.language FROM articles a WHERE a.id = NEW.article_id AND NOT EXISTS (
        SELECT 1 FROM source_languages s WHERE s.source_id = a.source_id AND s.language = NEW.language);"""

_SPOKEN = (
    "UPDATE articles SET spoken = 1 WHERE spoken = 0 AND id IN (SELECT article_id FROM article_languages)"
)

# What is kept of languages, made anew from the articles.
SPOKEN_AGAIN = (
    """INSERT OR IGNORE INTO source_languages (source_id, language)
        SELECT DISTINCT a.source_id, b.language FROM bodies b JOIN articles a ON a.id = b.article_id""",
    f"{_ROWS} AND {_SEVERAL.format('a.source_id')}",
    _SPOKEN,
)

_TABLES = (
    """CREATE TABLE source_languages (
        source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
        language TEXT NOT NULL,
        inherited INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (source_id, language)
    ) WITHOUT ROWID""",
    """CREATE TABLE article_languages (
        article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
        source_id INTEGER NOT NULL,
        language TEXT NOT NULL,
        sort_at INTEGER NOT NULL,
        read INTEGER NOT NULL
    )""",
    "CREATE INDEX article_languages_source ON article_languages (source_id, language, sort_at)",
    """CREATE INDEX article_languages_source_unread ON article_languages (source_id, language, read, sort_at)
        WHERE read = 0""",
    """INSERT INTO source_languages (source_id, language)
        SELECT DISTINCT a.source_id, b.language FROM bodies b JOIN articles a ON a.id = b.article_id""",
    # What all articles of a source say was most likely said by its feed, and so was what is known of the source.
    """UPDATE source_languages SET inherited = 1 WHERE language <> '' AND (
        language = (SELECT s.language FROM sources s WHERE s.id = source_id)
        OR (SELECT count(*) FROM source_languages o WHERE o.source_id = source_languages.source_id) = 1)""",
    f"{_ROWS} AND {_SEVERAL.format('a.source_id')}",
    # So that marking those of other sources looks at no other table.
    "ALTER TABLE articles ADD COLUMN spoken INTEGER NOT NULL DEFAULT 0",
    _SPOKEN,
)

_FOLLOWING = (
    f"""CREATE TRIGGER bodies_speak AFTER INSERT ON bodies BEGIN
        {_NAMED}
        {_ROWS} AND a.id = NEW.article_id AND {_SEVERAL.format("a.source_id")};
    END""",
    f"""CREATE TRIGGER bodies_speak_otherwise AFTER UPDATE OF language ON bodies WHEN OLD.language <> NEW.language BEGIN
        {_NAMED}
        UPDATE article_languages SET language = NEW.language WHERE article_id = NEW.article_id;
    END""",
    f"""CREATE TRIGGER source_languages_several AFTER INSERT ON source_languages
    WHEN {_SEVERAL.format("NEW.source_id")} BEGIN
        {_ROWS} AND a.source_id = NEW.source_id;
    END""",
    """CREATE TRIGGER article_languages_told AFTER INSERT ON article_languages BEGIN
        UPDATE articles SET spoken = 1 WHERE id = NEW.article_id AND spoken = 0;
    END""",
    """CREATE TRIGGER articles_tell_languages AFTER UPDATE OF read ON articles
    WHEN NEW.spoken = 1 AND OLD.read <> NEW.read BEGIN
        UPDATE article_languages SET read = NEW.read WHERE article_id = NEW.id;
    END""",
)


def know_languages(connection: sqlite3.Connection) -> None:
    """What language each article is in, so that a list can walk along it."""
    for statement in (*_TABLES, *_FOLLOWING):
        connection.execute(statement)
