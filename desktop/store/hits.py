"""The reading side of the search index: articles that have the words, newest first."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence
from contextlib import closing

from desktop.core.models import ArticleQuery, Cursor, Place
from desktop.core.search_terms import Search, among_sources
from desktop.store import queries
from desktop.store.columns import seconds
from desktop.store.database import Database
from desktop.store.failures import damaged
from desktop.store.search import first_entry, free_entry, step_of

_ENTRIES = "FROM search f CROSS JOIN search_entries e ON e.id = f.rowid"
_WORDED = "JOIN search_entries e ON e.article_id = c.id CROSS JOIN search f ON f.rowid = e.id"
_ARTICLES = f"{_ENTRIES} CROSS JOIN articles a ON a.id = e.article_id"

_FEW = 64  # sources that are looked for in the index itself: the hits of others are not looked at
RANKED = 5_000  # newest hits that are put in the order of how well they fit
_WEIGHTS = "1.0, 10.0, 5.0, 2.0, 10.0"  # text, title, author, source, note


class Hits:
    """Hits of the words of a query. `scope` names the places to look in, None means all."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ids(
        self,
        query: ArticleQuery,
        search: Search,
        scope: Sequence[Place] | None,
        cursor: Cursor | None,
        limit: int,
        *,
        newer: bool,
    ) -> list[int]:
        """The newest hits after the cursor, or before it for `newer`; all of them with a negative limit."""
        chosen = self._bound(self._narrowed(query, search, scope), cursor, newer=newer)
        sql = f"""SELECT f.rowid, a.sort_at, a.id {_ARTICLES}
            WHERE search MATCH ? AND {chosen.where()} ORDER BY f.rowid DESC"""
        walk = self._database.walk(sql, (_wanted(search, scope), *chosen.parameters))
        with self._database.told(), closing(walk) as found:
            return _newest(found, limit, self._step())

    def best(
        self, query: ArticleQuery, search: Search, scope: Sequence[Place] | None, limit: int
    ) -> list[int]:
        """The newest hits, those that fit best first: bm25 over so many of them as are bounded, a word of the title
        weighing as ten of the text. Not for the GUI thread: all hits of a common word are counted for it."""
        chosen = self._narrowed(query, search, scope)
        oldest = self._database.value(
            f"""SELECT min(entry) FROM (SELECT f.rowid entry {_ARTICLES} WHERE search MATCH ? AND {chosen.where()}
            ORDER BY f.rowid DESC LIMIT {RANKED})""",
            (_wanted(search, scope), *chosen.parameters),
        )
        if oldest is None:
            return []
        found = self._database.rows(
            f"""SELECT a.id {_ARTICLES} WHERE search MATCH ? AND f.rowid >= ? AND {chosen.where()}
            ORDER BY bm25(search, {_WEIGHTS}), f.rowid DESC LIMIT ?""",
            (_wanted(search, scope), oldest, *chosen.parameters, limit),
        )
        return [article_id for (article_id,) in found]

    def count(self, query: ArticleQuery, search: Search, scope: Sequence[Place] | None) -> int:
        """How many hits there are: 4 ms for 20,000 of two words in all articles, 20 where each has to be looked at."""
        narrowed = self._narrowed(query, search, scope)
        if narrowed.conditions:
            table = _ARTICLES
        elif self._database.value("SELECT 1 FROM search_entries WHERE article_id IS NULL LIMIT 1"):
            table = _ENTRIES
            narrowed.conditions.append("e.article_id IS NOT NULL")
        else:
            table = "FROM search f"
        sql = f"SELECT count(*) {table} WHERE search MATCH ? AND {narrowed.where()}"
        return int(self._database.value(sql, (_wanted(search, scope), *narrowed.parameters)))

    def _bound(self, chosen: queries.Selection, cursor: Cursor | None, *, newer: bool) -> queries.Selection:
        """Narrow to one side of the cursor."""
        if cursor is None:
            return chosen
        entry = self._first(seconds(cursor.sort_at))
        chosen.conditions.append(f"f.rowid {'>=' if newer else '<'} ?")
        chosen.parameters.append(entry if newer else self._end(entry))
        return queries.bound(chosen, cursor, newer=newer)

    def _first(self, second: int) -> int:
        return first_entry(second, self._step())

    def _step(self) -> int:
        with self._database.told():
            return step_of(self._database.connection)

    def _end(self, entry: int) -> int:
        """Below which all entries stand that are of this one's time or before."""
        return free_entry(self._database.connection, entry)

    def _narrowed(
        self, query: ArticleQuery, search: Search, scope: Sequence[Place] | None
    ) -> queries.Selection:
        chosen = queries.narrow(queries.select(query, None), search)
        if query.folds and not search.tags and scope != []:  # of no source, there is nothing to leave out
            within = queries.Condition("1") if scope is None else queries.within(scope, "c")
            behind = queries.BEHIND.format(joined=_WORDED, these=f"f.search MATCH ? AND {within.sql}")
            chosen.conditions.append(f"NOT {behind}")
            chosen.parameters += (search.expression, *within.parameters)
        if search.since is not None:
            chosen.conditions.append("f.rowid >= ?")
            chosen.parameters.append(self._first(queries.midnight(search.since)))
        if search.until is not None:
            chosen.conditions.append("f.rowid < ?")
            chosen.parameters.append(self._end(self._first(queries.midnight(search.until))))
        return chosen if scope is None else queries.among(chosen, scope)


def _wanted(search: Search, scope: Sequence[Place] | None) -> str:
    """The words in the syntax of FTS5, with the sources where they are few."""
    if not scope or len(scope) > _FEW:
        return search.expression
    return among_sources(search.expression, [place.source_id for place in scope])


def _newest(found: Iterable[tuple[int, int, int]], limit: int, step: int) -> list[int]:
    """The newest articles of (entry, sort_at, id) with falling entries, in the order of the list.

    What is still to come is not newer than the time of the entry that was reached: that ends the walk, behind those
    entries that stand too late. Raises StoreDamaged.
    """
    newest: list[tuple[int, int]] = []
    for entry, sort_at, article_id in found:
        if 0 <= limit <= len(newest) and (limit == 0 or first_entry(-newest[limit - 1][0], step) > entry):
            break
        try:
            insort(newest, (-sort_at, -article_id))
        except TypeError as error:  # no number: a row of another table
            raise damaged("A time in the store is damaged.") from error
    return [-negative for _, negative in (newest if limit < 0 else newest[:limit])]
