"""The reading side of the search index: articles that have the words, newest first."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.core.models import ArticleQuery, Cursor
from desktop.core.search_terms import Search
from desktop.store import queries
from desktop.store.columns import seconds
from desktop.store.database import Database
from desktop.store.search import first_entry

_ENTRIES = "FROM search f CROSS JOIN search_entries e ON e.id = f.rowid"
_WORDED = "JOIN search_entries e ON e.article_id = c.id CROSS JOIN search f ON f.rowid = e.id"
_CROWD_S = 3600  # an entry stands so many seconds late at most, where very many articles have the same second
_ARTICLES = f"{_ENTRIES} CROSS JOIN articles a ON a.id = e.article_id"

RANKED = 5_000  # newest hits that are put in the order of how well they fit
_WEIGHTS = "10.0, 1.0, 5.0, 2.0, 10.0"  # title, text, author, source, note


class Hits:
    """Hits of the words of a query. `scope` names the sources to look in, None means all."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ids(
        self,
        query: ArticleQuery,
        search: Search,
        scope: Sequence[int] | None,
        cursor: Cursor | None,
        limit: int,
        *,
        newer: bool,
    ) -> list[int]:
        """The newest hits after the cursor, or before it for `newer`."""
        chosen = self._bound(_narrowed(query, search, scope), cursor, newer=newer)
        found = self._database.rows(
            f"SELECT a.id {_ARTICLES} WHERE search MATCH ? AND {chosen.where()} ORDER BY f.rowid DESC LIMIT ?",
            (search.expression, *chosen.parameters, limit),
        )
        return [article_id for (article_id,) in found]

    def best(self, query: ArticleQuery, search: Search, scope: Sequence[int] | None, limit: int) -> list[int]:
        """The newest hits, those that fit best first: bm25 over so many of them as are bounded, a word of the title
        weighing as ten of the text. Not for the GUI thread: all hits of a common word are counted for it."""
        chosen = _narrowed(query, search, scope)
        oldest = self._database.value(
            f"""SELECT min(entry) FROM (SELECT f.rowid entry {_ARTICLES} WHERE search MATCH ? AND {chosen.where()}
            ORDER BY f.rowid DESC LIMIT {RANKED})""",
            (search.expression, *chosen.parameters),
        )
        if oldest is None:
            return []
        found = self._database.rows(
            f"""SELECT a.id {_ARTICLES} WHERE search MATCH ? AND f.rowid >= ? AND {chosen.where()}
            ORDER BY bm25(search, {_WEIGHTS}), f.rowid DESC LIMIT ?""",
            (search.expression, oldest, *chosen.parameters, limit),
        )
        return [article_id for (article_id,) in found]

    def count(self, query: ArticleQuery, search: Search, scope: Sequence[int] | None) -> int:
        """How many hits there are: 1 ms for 20,000 in all articles, 20 ms where each has to be looked at."""
        narrowed = _narrowed(query, search, scope)
        if narrowed.conditions:
            table = _ARTICLES
        elif self._database.value("SELECT 1 FROM search_entries WHERE article_id IS NULL LIMIT 1"):
            table = _ENTRIES
            narrowed.conditions.append("e.article_id IS NOT NULL")
        else:
            table = "FROM search f"
        sql = f"SELECT count(*) {table} WHERE search MATCH ? AND {narrowed.where()}"
        return int(self._database.value(sql, (search.expression, *narrowed.parameters)))

    def _bound(self, chosen: queries.Selection, cursor: Cursor | None, *, newer: bool) -> queries.Selection:
        """Narrow to one side of the entry of the cursor's article, or of its time when the article has gone."""
        if cursor is not None:
            entry = self._database.value(
                "SELECT max(id) FROM search_entries WHERE article_id = ?", (cursor.id,)
            )
            chosen.conditions.append(f"f.rowid {'>' if newer else '<'} ?")
            chosen.parameters.append(first_entry(seconds(cursor.sort_at)) if entry is None else entry)
        return chosen


def _narrowed(query: ArticleQuery, search: Search, scope: Sequence[int] | None) -> queries.Selection:
    chosen = queries.narrow(queries.select(query, None), search)
    if query.folds and not search.tags and scope != []:  # of no source, there is nothing to leave out
        within = "1" if scope is None else f"c.source_id IN ({', '.join(map(str, scope))})"
        behind = queries.BEHIND.format(joined=_WORDED, these=f"f.search MATCH ? AND {within}")
        chosen.conditions.append(f"NOT {behind}")
        chosen.parameters.append(search.expression)
    if search.since is not None:
        chosen.conditions.append("f.rowid >= ?")
        chosen.parameters.append(first_entry(queries.midnight(search.since)))
    if search.until is not None:
        chosen.conditions.append("f.rowid < ?")
        chosen.parameters.append(first_entry(queries.midnight(search.until) + _CROWD_S))
    return chosen if scope is None else queries.among(chosen, scope)
