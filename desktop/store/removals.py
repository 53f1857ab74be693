"""Taking sources away, and bringing them back whole until the store is closed.

What goes is copied row by row into temporary tables of the writing connection: whatever refers to a source or to its
articles goes with it and comes back with it, tables of later versions too. Files of pictures are held until the store
is closed; after a crash they are collected as all that nobody refers to.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from desktop.core.models import Changes
from desktop.store.cascades import Part, parts
from desktop.store.database import Database, listed
from desktop.store.images import Images
from desktop.store.stories import fold, settle, stories_of

_ARTICLES = "SELECT id FROM {} WHERE source_id = :source"
# Of an article that went twice, the later copy; none of those that have come again meanwhile.
_BACK = """SELECT max(article_id) FROM temp.removed_identities k WHERE source_id = ?
    AND NOT EXISTS (SELECT 1 FROM main.identities i WHERE i.source_id = k.source_id AND i.key = k.key)
    GROUP BY key"""


class Removals:
    """Sources that go, with all that is theirs."""

    def __init__(self, database: Database, images: Images) -> None:
        self._database = database
        self._images = images

    def remove(self, source_ids: Sequence[int]) -> Changes:
        """Take sources away; what was read and starred of them is remembered for good."""
        gone: list[int] = []
        left: set[int] = set()
        with self._database.transaction(durable=True) as db:
            found = parts(db)
            _make_room(db, found)
            for source_id in source_ids:
                source = {"source": source_id}
                articles = _ARTICLES.format("articles")
                gone += [article_id for (article_id,) in db.execute(articles, source)]
                _keep(db, found, source_id)
                left.update(stories_of(db, gone))
                keys = self._images.keys_of_source(source_id)
                db.execute(f"DELETE FROM pack_articles WHERE article_id IN ({articles})", source)
                db.execute("DELETE FROM sources WHERE id = :source", source)
                db.execute("DELETE FROM retention WHERE source_id = :source", source)
                db.execute("UPDATE states SET let_go = NULL WHERE source_id = :source", source)
                self._images.held.update(self._images.drop_unused(db, keys))
            regrouped = fold(db, left)
        return Changes(removed=tuple(gone), regrouped=regrouped)

    def put_back(self, source_id: int) -> Changes:
        """Bring back what removals took of a source. Where it is followed anew, it gets the articles that it lacks."""
        with self._database.transaction(durable=True) as db:
            found = parts(db)
            _make_room(db, found)
            back = [article_id for (article_id,) in db.execute(_BACK, (source_id,))]
            _restore(db, found, source_id, back)
            _forget(db, found, source_id)
            regrouped = settle(db, stories_of(db, back))
        return Changes(new=tuple(back), regrouped=regrouped)


def _make_room(db: sqlite3.Connection, found: list[Part]) -> None:
    for table in ("images", "states", *(part.table for part in found)):
        db.execute(f"CREATE TEMP TABLE IF NOT EXISTS removed_{table} AS SELECT * FROM main.{table} WHERE 0")


def _keep(db: sqlite3.Connection, found: list[Part], source_id: int) -> None:
    for part, rows in _rows(found, "main.articles"):
        db.execute(
            f"INSERT INTO temp.removed_{part.table} SELECT * FROM main.{part.table} WHERE {rows}",
            {"source": source_id},
        )
    db.execute(
        f"""INSERT INTO temp.removed_images SELECT * FROM main.images WHERE key IN (
            SELECT key FROM article_images WHERE article_id IN ({_ARTICLES.format("main.articles")}))""",
        {"source": source_id},
    )
    db.execute(
        """INSERT INTO temp.removed_states SELECT * FROM main.states
        WHERE source_id = ? AND let_go IS NOT NULL""",
        (source_id,),
    )


def _restore(db: sqlite3.Connection, found: list[Part], source_id: int, back: list[int]) -> None:
    db.execute("UPDATE temp.removed_articles SET fold = 0 WHERE source_id = ?", (source_id,))
    db.execute(
        """INSERT OR IGNORE INTO images SELECT * FROM temp.removed_images WHERE key IN (
            SELECT key FROM temp.removed_article_images
            WHERE article_id IN (SELECT value FROM json_each(?)))""",
        (listed(back),),
    )
    for part in found:
        if part.table == "search_entries":
            continue
        column, these = part.column, "(SELECT :source)"
        if part.of_articles or part.table == "articles":
            column, these = (
                ("id" if part.table == "articles" else column),
                "(SELECT value FROM json_each(:back))",
            )
        db.execute(
            f"""INSERT OR IGNORE INTO main.{part.table} SELECT * FROM temp.removed_{part.table}
            WHERE {column} IN {these} ORDER BY rowid DESC""",
            {"source": source_id, "back": listed(back)},
        )
        if part.table == "sources":
            db.execute(
                "INSERT OR IGNORE INTO counters (source_id) SELECT id FROM sources WHERE id = ?", (source_id,)
            )
    db.execute(
        """UPDATE search_entries SET article_id = e.article_id FROM temp.removed_search_entries e
        WHERE e.id = search_entries.id AND e.article_id IN (SELECT value FROM json_each(?))""",
        (listed(back),),
    )
    db.execute(
        """UPDATE main.states SET let_go = k.let_go FROM temp.removed_states k
        WHERE k.source_id = states.source_id AND k.key = states.key AND k.source_id = ? AND NOT EXISTS (
            SELECT 1 FROM identities i WHERE i.source_id = k.source_id AND i.key = k.key)""",
        (source_id,),
    )


def _forget(db: sqlite3.Connection, found: list[Part], source_id: int) -> None:
    for part, rows in reversed(list(_rows(found, "temp.removed_articles"))):
        db.execute(f"DELETE FROM temp.removed_{part.table} WHERE {rows}", {"source": source_id})
    db.execute("DELETE FROM temp.removed_states WHERE source_id = ?", (source_id,))


def _rows(found: list[Part], articles: str) -> Iterator[tuple[Part, str]]:
    """For each table the condition on its rows of a source, whose articles stand in `articles`."""
    of_articles = _ARTICLES.format(articles)
    for part in found:
        yield part, f"{part.column} IN ({of_articles})" if part.of_articles else f"{part.column} = :source"
