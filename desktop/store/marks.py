"""Marking what a list shows, at once and in any number, with the way back.

Which articles an act changed is remembered until the store is closed, as is what the window can undo: in a
temporary table of the writing connection. 100,000 of them take 0.02 s there, and no memory of the window.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace

from desktop.core.models import ArticleQuery, Changes, Cursor, Order
from desktop.core.shown import Shown
from desktop.store import queries
from desktop.store.articles import Articles
from desktop.store.columns import seconds
from desktop.store.database import Database, listed

_IN_SET = "(SELECT article_id FROM temp.marked WHERE set_id = ?)"


class Marks:
    """Read marks of many articles; each act is one transaction that survives a power cut."""

    def __init__(self, database: Database, articles: Articles) -> None:
        self._database = database
        self._articles = articles
        self._last_set = 0

    def read(self, which: Shown | Sequence[int]) -> tuple[int, Changes]:
        """Mark what was shown, or some articles, as read where they are unread; gives the number of the set for `put`,
        and the set."""
        with self._database.bulk() as db:
            if isinstance(which, Shown):
                set_id = self.collect(db, replace(which, query=which.query._replace(unread_only=True)))
            else:
                set_id = self.collect(db, which)
                db.execute(
                    f"""DELETE FROM temp.marked WHERE set_id = ?1 AND article_id NOT IN (
                        SELECT id FROM articles WHERE id IN {_IN_SET.replace("?", "?1")} AND read = 0)""",
                    (set_id,),
                )
            _add_copies(db, set_id)
            return set_id, _put(db, set_id, read=True)

    def put(self, set_id: int, *, read: bool) -> Changes:
        """Mark the articles of a set read or unread; gives those that changed."""
        with self._database.bulk() as db:
            return _put(db, set_id, read=read)

    def collect(self, db: sqlite3.Connection, which: Shown | Sequence[int]) -> int:
        """Remember what a list showed, or some articles by their ids, in `temp.marked`, within a transaction; gives the
        number of the set."""
        self._last_set += 1
        db.execute(
            """CREATE TEMP TABLE IF NOT EXISTS marked (
                set_id INTEGER, article_id INTEGER, PRIMARY KEY (set_id, article_id)) WITHOUT ROWID"""
        )
        if isinstance(which, Shown):
            self._collect(db, which)
        else:
            db.execute(
                "INSERT OR IGNORE INTO temp.marked SELECT ?, value FROM json_each(?)",
                (self._last_set, listed(which)),
            )
        return self._last_set

    def _collect(self, db: sqlite3.Connection, shown: Shown) -> None:
        query = shown.query
        more, parameters = _narrowed(shown)
        insert = f"INSERT INTO temp.marked SELECT {self._last_set}, a.id FROM"
        if query.words.strip():
            hits = set(self._articles.ids(query, shown.below))
            if shown.above is not None:
                hits &= set(self._articles.ids(query, shown.above, newer=True))
            where = "a.id IN (SELECT value FROM json_each(?))"
            db.execute(f"{insert} articles a WHERE {where} AND {more}", (listed(hits), *parameters))
            return
        for one in self._walks(query, shown.above, shown.below):
            db.execute(
                f"{insert} {one.tables} WHERE {one.where()} AND {more}",
                (*one.parameters, *parameters),
            )

    def _walks(
        self, query: ArticleQuery, above: Cursor | None, below: Cursor | None
    ) -> Iterator[queries.Selection]:
        """What stands above and below these places in the order of the list."""
        if query.order is not Order.BY_SOURCE:
            newer_above = query.order is Order.NEWEST
            for one in self._articles.selections(*queries.asked(self._database, query)):
                queries.bound(one, above, newer=newer_above)
                yield queries.bound(one, below, newer=not newer_above)
            return
        sources = self._articles.by_title(query)
        first = sources.index(below.source_id) if below is not None else 0
        last = sources.index(above.source_id) if above is not None else len(sources)
        for source_id in sources[first : last + 1]:
            for one in self._articles.of_source(query, source_id):
                queries.bound(one, above if above and above.source_id == source_id else None, newer=True)
                yield queries.bound(one, below if below and below.source_id == source_id else None)


def _add_copies(db: sqlite3.Connection, set_id: int) -> None:
    """Have the unread copies of what was collected marked with it."""
    db.execute(
        """INSERT OR IGNORE INTO temp.marked SELECT ?1, c.id
        FROM articles c INDEXED BY articles_story WHERE c.story <> 0 AND c.read = 0 AND EXISTS (
            SELECT 1 FROM articles a INDEXED BY articles_story JOIN temp.marked m
                ON m.set_id = ?1 AND m.article_id = a.id
            WHERE a.story = c.story AND a.story <> 0)""",
        (set_id,),
    )


def _narrowed(shown: Shown) -> tuple[str, list[int | str]]:
    conditions = "a.id <= ? AND a.id NOT IN (SELECT value FROM json_each(?))"
    parameters: list[int | str] = [shown.newest_id, listed(sorted(shown.but))]
    if shown.before is not None:
        conditions += " AND a.sort_at < ?"
        parameters.append(seconds(shown.before))
    return conditions, parameters


def _put(db: sqlite3.Connection, set_id: int, *, read: bool) -> Changes:
    # Each row is looked at once, and the time of the clock as well: this is done to 100,000 of them.
    found = db.execute(
        f"UPDATE articles SET read = ? WHERE id IN {_IN_SET} AND read <> ? RETURNING id",
        (int(read), set_id, int(read)),
    ).fetchall()
    # Asked for by IN, all keys would be sorted before the first is looked at, which takes as long as this.
    db.execute(
        """INSERT INTO states (source_id, key, first_seen, read, read_at)
        SELECT k.source_id, k.key, n.at, ?, n.at
        FROM (SELECT CAST(strftime('%s', 'now') AS INTEGER) AS at) n CROSS JOIN temp.marked m
            CROSS JOIN identities k ON k.article_id = m.article_id WHERE m.set_id = ?
        ON CONFLICT (source_id, key) DO UPDATE SET read = excluded.read, read_at = excluded.read_at""",
        (int(read), set_id),
    )
    return Changes(updated=tuple(article_id for (article_id,) in found))
