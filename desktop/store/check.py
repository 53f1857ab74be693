"""What `chorsu check` asks of a store: is everything whole, and does everything that is kept twice agree?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from desktop.store.database import Database
from desktop.store.images import Images

# What each statement counts must be 0.
_RULES = (
    (
        """SELECT count(*) FROM sources s LEFT JOIN counters c ON c.source_id = s.id
        WHERE c.total IS NOT (SELECT count(*) FROM articles a WHERE a.source_id = s.id)
            OR c.unread IS NOT (SELECT count(*) FROM articles a WHERE a.source_id = s.id AND a.read = 0)
            OR (c.starred, c.noted, c.updated, c.kept) IS NOT (
                SELECT coalesce(sum(a.starred), 0), coalesce(sum(a.noted), 0), coalesce(sum(a.updated), 0),
                    coalesce(sum(a.kept), 0) FROM articles a WHERE a.source_id = s.id)
            OR (c.unread_starred, c.unread_noted, c.unread_updated, c.unread_kept) IS NOT (
                SELECT coalesce(sum(a.starred), 0), coalesce(sum(a.noted), 0), coalesce(sum(a.updated), 0),
                    coalesce(sum(a.kept), 0) FROM articles a WHERE a.source_id = s.id AND a.read = 0)""",
        "The kept counts of {} sources are not what their articles come to.",
    ),
    (
        """SELECT count(*) FROM folds f
        WHERE f.total <> (SELECT count(*) FROM articles a WHERE a.fold = f.id)
            OR f.unread <> (SELECT count(*) FROM articles a WHERE a.fold = f.id AND a.read = 0)
            OR (f.starred, f.unread_starred) IS NOT (
                SELECT coalesce(sum(a.starred), 0), coalesce(sum(a.starred AND a.read = 0), 0)
                FROM articles a WHERE a.fold = f.id)""",
        "The kept counts of {} groups of copies are not what their articles come to.",
    ),
    (
        """SELECT count(*) FROM articles a WHERE a.fold <> 0 AND NOT EXISTS (
            SELECT 1 FROM articles c WHERE c.story = a.story AND c.story <> 0 AND c.fold = 0)""",
        "{} articles are folded behind none that is shown.",
    ),
    (
        "SELECT count(*) FROM articles WHERE id NOT IN (SELECT article_id FROM headlines)",
        "{} articles have no title.",
    ),
    (
        "SELECT count(*) FROM articles WHERE id NOT IN (SELECT article_id FROM bodies)",
        "{} articles have no text.",
    ),
    (
        "SELECT count(*) FROM articles WHERE id NOT IN (SELECT article_id FROM identities)",
        "{} articles have no identity.",
    ),
    (
        """SELECT count(*) FROM articles a JOIN identities k ON k.article_id = a.id
        LEFT JOIN states t ON t.source_id = k.source_id AND t.key = k.key
        WHERE t.read IS NOT a.read OR t.starred IS NOT a.starred OR k.source_id <> a.source_id""",
        "The marks of {} articles are not those that are kept for them.",
    ),
    (
        """SELECT count(*) FROM articles a
        WHERE NOT EXISTS (SELECT 1 FROM search_entries WHERE article_id = a.id)
            AND NOT EXISTS (SELECT 1 FROM search_pending WHERE article_id = a.id)
            AND NOT EXISTS (SELECT 1 FROM search_rebuild WHERE a.sort_at <= reached)""",
        "{} articles cannot be found by search.",
    ),
    (
        """SELECT count(*) FROM articles a JOIN identities k ON k.article_id = a.id
        WHERE a.tagged <> EXISTS (SELECT 1 FROM article_tags t WHERE t.article_id = a.id)
            OR EXISTS (SELECT 1 FROM article_tags t WHERE t.article_id = a.id AND
                (t.read, t.sort_at, t.source_id) IS NOT (a.read, a.sort_at, a.source_id))
            OR (SELECT count(*) FROM article_tags t WHERE t.article_id = a.id) <> (
                SELECT count(*) FROM taggings g WHERE g.source_id = k.source_id AND g.key = k.key)""",
        "The tags of {} articles are not those that are kept for them.",
    ),
    (
        """SELECT count(*) FROM articles a JOIN bodies b ON b.article_id = a.id
        LEFT JOIN article_languages l ON l.article_id = a.id
        WHERE NOT EXISTS (SELECT 1 FROM source_languages s WHERE s.source_id = a.source_id AND s.language = b.language)
            OR l.article_id IS NULL AND (SELECT count(*) > 1 AND max(s.language <> '' AND NOT s.inherited)
                FROM source_languages s WHERE s.source_id = a.source_id)
            OR a.spoken <> (l.article_id IS NOT NULL)
            OR (l.language, l.source_id, l.sort_at, l.read) <> (b.language, a.source_id, a.sort_at, a.read)""",
        "The languages of {} articles are not those that are kept for them.",
    ),
    (
        """SELECT count(*) FROM articles a WHERE a.kept <> (
            EXISTS (SELECT 1 FROM bodies b WHERE b.article_id = a.id)
            AND NOT EXISTS (SELECT 1 FROM article_images r JOIN images i ON i.key = r.key
                WHERE r.article_id = a.id AND i.sha256 = '')
            AND NOT EXISTS (SELECT 1 FROM full_texts f WHERE f.article_id = a.id AND f.wanted = 1
                AND f.body IS NULL AND f.problem <> 'The page holds no more than the feed.'))""",
        "Of {} articles it is not known right whether all of them is on disk.",
    ),
    (
        """SELECT count(*) FROM tags g LEFT JOIN tag_counters c ON c.tag_id = g.id
        WHERE (coalesce(c.total, 0), coalesce(c.unread, 0)) IS NOT (
            SELECT count(*), coalesce(sum(t.read = 0), 0) FROM article_tags t WHERE t.tag_id = g.id)""",
        "The kept counts of {} tags are not what their articles come to.",
    ),
    (
        """SELECT count(*) FROM articles a
        WHERE a.images_total <> (SELECT count(*) FROM article_images r WHERE r.article_id = a.id)""",
        "{} articles do not show as many pictures as they say.",
    ),
)


def problems(database: Database, images: Images) -> list[str]:
    """One sentence for each thing that is wrong; changes nothing. Raises StoreError if it cannot be read.

    A database that is damaged is mended at the next opening.
    """
    return [*_structure(database), *_agreement(database), *_files(images)]


def _structure(database: Database) -> Iterator[str]:
    for (found,) in database.rows("PRAGMA integrity_check(20)"):
        if found != "ok":
            database.suspect()
            yield f"The database is damaged: {found}."
    dangling = database.rows("PRAGMA foreign_key_check")
    if dangling:
        tables = ", ".join(sorted({str(row[0]) for row in dangling}))
        yield f"{len(dangling)} rows point at rows that are not there ({tables})."


def _agreement(database: Database) -> Iterator[str]:
    for sql, sentence in _RULES:
        count = database.value(sql)
        if count:
            yield sentence.format(count)


def _files(images: Images) -> Iterator[str]:
    missing = changed = 0
    for sha256, _ in images.stored_files():
        path = images.file(sha256)
        try:
            found = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError:
            missing += 1
        else:
            changed += found != sha256
    if missing:
        yield f"{missing} picture files are missing."
    if changed:
        yield f"{changed} picture files are not what was stored."
