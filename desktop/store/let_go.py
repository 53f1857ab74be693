"""Articles that went by the rules of keeping or were deleted, and their way back until the store is closed.

As with sources that are removed (`store/removals.py`), what goes is copied row by row into temporary tables of the
writing connection, tables of later versions too. An article that a rule let go and the person brought back is spared:
no rule lets it go again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from desktop.store.cascades import mark_as_now, parts
from desktop.store.database import listed

# What the person holds on to, as a condition on `articles a`; "read later" is a tag.
PROTECTED = """(a.starred = 1 OR a.noted = 1 OR a.tagged = 1
    OR EXISTS (SELECT 1 FROM pack_articles p WHERE p.article_id = a.id))"""
_THESE = "(SELECT value FROM json_each(?))"
_STATES = f"(SELECT source_id, key FROM identities WHERE article_id IN {_THESE})"


def take(db: sqlite3.Connection, ids: Sequence[int], at: int) -> list[str]:
    """Delete articles within a transaction, and let their states say so; gives the keys of their pictures."""
    these = listed(ids)
    keys = db.execute(f"SELECT DISTINCT key FROM article_images WHERE article_id IN {_THESE}", (these,))
    found = [key for (key,) in keys]
    db.execute(f"UPDATE states SET let_go = ?, spared = 0 WHERE (source_id, key) IN {_STATES}", (at, these))
    db.execute(f"DELETE FROM pack_articles WHERE article_id IN {_THESE}", (these,))
    db.execute(f"DELETE FROM articles WHERE id IN {_THESE}", (these,))
    return found


def remember(db: sqlite3.Connection, set_id: int, ids: Sequence[int], *, by_person: bool) -> None:
    """Copy all that is known of articles that are about to go, within a transaction. What a rule let go is spared once
    it is back; what the person deleted, where it was before."""
    these = listed(ids)
    _make_room(db)
    db.execute(
        f"""INSERT OR IGNORE INTO temp.gone SELECT ?1, k.article_id, ?2, CASE ?2 WHEN 1 THEN s.spared ELSE 1 END
        FROM identities k JOIN states s ON s.source_id = k.source_id AND s.key = k.key
        WHERE k.article_id IN {_THESE.replace("?", "?3")}""",
        (set_id, int(by_person), these),
    )
    db.execute(
        f"""INSERT INTO temp.gone_images SELECT * FROM main.images WHERE key IN (
            SELECT key FROM main.article_images WHERE article_id IN {_THESE})""",
        (these,),
    )
    for table, column in _tables(db):
        db.execute(
            f"INSERT INTO temp.gone_{table} SELECT * FROM main.{table} WHERE {column} IN {_THESE}", (these,)
        )


def missing(db: sqlite3.Connection, set_id: int) -> list[int]:
    """The articles of a set that can be put back: not those whose source is no longer followed, nor those that have
    come again."""
    _make_room(db)
    rows = db.execute(
        """SELECT g.article_id FROM temp.gone g JOIN temp.gone_identities k ON k.article_id = g.article_id
        JOIN main.sources s ON s.id = k.source_id WHERE g.set_id = ? AND NOT EXISTS (
            SELECT 1 FROM main.identities i WHERE i.source_id = k.source_id AND i.key = k.key)
        ORDER BY g.article_id""",
        (set_id,),
    )
    return [article_id for (article_id,) in rows]


def bring_back(db: sqlite3.Connection, set_id: int, ids: Sequence[int]) -> None:
    """Put such articles of a set back as they were, within a transaction."""
    these = listed(ids)
    mark_as_now(db, "gone", these)
    db.execute(
        f"""INSERT OR IGNORE INTO main.images SELECT * FROM temp.gone_images WHERE key IN (
            SELECT key FROM temp.gone_article_images WHERE article_id IN {_THESE})""",
        (these,),
    )
    for table, column in _tables(db):
        if table == "search_entries":
            db.execute(
                f"""UPDATE main.search_entries SET article_id = e.article_id FROM temp.gone_search_entries e
                WHERE e.id = main.search_entries.id AND e.article_id IN {_THESE}""",
                (these,),
            )
        else:
            db.execute(
                f"INSERT OR IGNORE INTO main.{table} SELECT * FROM temp.gone_{table} WHERE {column} IN {_THESE}",
                (these,),
            )
    db.execute(
        f"""UPDATE states SET let_go = NULL, spared = (
            SELECT g.spared FROM temp.gone g JOIN main.identities k ON k.article_id = g.article_id
            WHERE g.set_id = ? AND k.source_id = states.source_id AND k.key = states.key)
        WHERE (source_id, key) IN {_STATES}""",
        (set_id, these),
    )
    for table, column in _tables(db):
        db.execute(f"DELETE FROM temp.gone_{table} WHERE {column} IN {_THESE}", (these,))


def may_go_again(db: sqlite3.Connection, set_id: int) -> list[int]:
    """The articles of a set that are back; of a set that went by a rule, not those that the person has marked since."""
    _make_room(db)
    rows = db.execute(
        f"""SELECT a.id FROM temp.gone g JOIN main.articles a ON a.id = g.article_id
        WHERE g.set_id = ? AND (g.by_person = 1 OR (a.read = 1 AND NOT {PROTECTED}))""",
        (set_id,),
    )
    return [article_id for (article_id,) in rows]


def _tables(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """The tables with rows of articles, what is referred to first, and the column that names the article."""
    for part in parts(db):
        if part.of_articles or part.table == "articles":
            yield part.table, "id" if part.table == "articles" else part.column


def _make_room(db: sqlite3.Connection) -> None:
    db.execute(
        """CREATE TEMP TABLE IF NOT EXISTS gone (
            set_id INTEGER, article_id INTEGER, by_person INTEGER, spared INTEGER,
            PRIMARY KEY (set_id, article_id)) WITHOUT ROWID"""
    )
    for table, column in (("images", "key"), *_tables(db)):
        db.execute(f"CREATE TEMP TABLE IF NOT EXISTS gone_{table} AS SELECT * FROM main.{table} WHERE 0")
        db.execute(f"CREATE INDEX IF NOT EXISTS temp.gone_{table}_of ON gone_{table} ({column})")
