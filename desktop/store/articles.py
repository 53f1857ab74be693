"""Articles as lists, one by one, and the marks that the person makes. How they come in is in `incoming`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from desktop.core.models import (
    Article,
    ArticleQuery,
    ArticleRow,
    Changes,
    Cursor,
    FetchState,
    Order,
    Place,
    View,
)
from desktop.core.text import title_key
from desktop.store import queries
from desktop.store.article_rows import GUID, JOINS, ROW, article_of, article_row
from desktop.store.columns import moment, unpack_body
from desktop.store.database import Database, listed

if TYPE_CHECKING:
    from desktop.core.incoming import IncomingFeed
    from desktop.core.search_terms import Search
    from desktop.core.versions import Version
    from desktop.store.hits import Hits

_ORDER = "ORDER BY sort_at DESC, id DESC LIMIT ?"
_OLDEST = "ORDER BY sort_at, id LIMIT ?"
_MOST_BRANCHES = 200  # of a merge: a folder of more sources is filtered out of the list of all


class Articles:
    """The stored articles. Lists are newest first, by (sort_at, id); a page costs the same at any depth."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.folds = queries.Folds(database)

    @cached_property
    def _hits(self) -> Hits:
        from desktop.store.hits import Hits  # nobody searches at the start

        return Hits(self._database)

    def page(self, query: ArticleQuery, after: Cursor | None = None, limit: int = 100) -> list[ArticleRow]:
        """The first articles of a query in its order, strictly after the cursor."""
        return self.rows(self._ordered(query, after, limit))

    def best(self, query: ArticleQuery, limit: int = -1) -> list[int]:
        """The newest hits of a search, those that fit best first; without words the newest articles."""
        query, search = queries.asked(self._database, query)
        if search is None or not search.expression:
            return self.ids(query, limit=limit)
        return self._hits.best(query, search, self._scope(query, search), limit)

    def newer(self, query: ArticleQuery, cursor: Cursor, limit: int = 1000) -> list[ArticleRow]:
        """The articles of a query that are newer than the cursor, newest first, at most `limit`."""
        return self.rows(self.ids(query, cursor, limit, newer=True))

    def newest_id(self) -> int:
        """The id of the article that came in last, 0 when there is none: later ones get higher ids."""
        return int(self._database.value("SELECT max(id) FROM articles") or 0)

    def unindexed(self) -> set[int]:
        """The ids of articles that came in or changed and that no search finds yet as they are."""
        return {one for (one,) in self._database.rows("SELECT article_id FROM search_pending")}

    def count(self, query: ArticleQuery) -> int:
        """How many articles a query has; kept numbers where there are, counted along an index otherwise."""
        unread = query.unread_only or query.view is View.UNREAD
        if query.tag and query._replace(unread_only=False, order=Order.NEWEST, once=False) == ArticleQuery(
            tag=query.tag
        ):
            return queries.tagged(self._database, query.tag, "unread" if unread else "total")
        mark = queries.MARKED.get(query.view, "")
        if query.words.strip() or query.tag or query.since is not None:
            return self._count(query)
        column = "_".join(filter(None, ("unread" * unread, mark))) or "total"
        scope = self._place(query)
        folded = self.folds.count(column, query.folder) if query.folds else 0
        within = "1" if scope is None else "source_id IN (SELECT value FROM json_each(?))"
        kept = self._database.value(
            f"SELECT coalesce(sum({column}), 0) FROM counters WHERE {within}",
            () if scope is None else (listed(scope),),
        )
        return int(kept) - folded

    def folded(self, query: ArticleQuery) -> int:
        """How many copies a list leaves out; those that a search found are not counted."""
        if not query.folds or query.words.strip():
            return 0
        return self.count(query._replace(once=False)) - self.count(query)

    def unread_count(self, query: ArticleQuery) -> int:
        """How many unread articles a query has."""
        return self.count(query._replace(unread_only=True))

    def rows(self, ids: Sequence[int]) -> list[ArticleRow]:
        """The list rows of articles, in the order of `ids`; those that are gone are left out."""
        sql = f"SELECT {ROW} FROM json_each(?) j CROSS JOIN articles a ON a.id = j.value {JOINS}"
        with self._database.told():
            return [article_row(row) for row in self._database.rows(sql, (listed(ids),))]

    def get(self, article_id: int) -> Article | None:
        """One article, whole."""
        found = self._database.row(
            f"""SELECT {ROW}, {GUID}, b.author, b.updated_at, b.first_seen, b.published_text, b.body,
                b.categories, b.enclosures, b.language, s.site_url, f.body, coalesce(f.problem, ''),
                coalesce(f.cut, 0)
            FROM articles a {JOINS} JOIN bodies b ON b.article_id = a.id
            LEFT JOIN full_texts f ON f.article_id = a.id
            JOIN identities k ON k.article_id = a.id WHERE a.id = ?""",
            (article_id,),
        )
        return None if found is None else article_of(found)

    def revisions(self, article_id: int) -> list[tuple[datetime, str, str, str]]:
        """(replaced at, title, HTML, text) of the former texts of an article, oldest first."""
        found = self._database.rows(
            "SELECT replaced_at, title, body FROM revisions WHERE article_id = ? ORDER BY id", (article_id,)
        )
        return [(moment(at), title, *unpack_body(body)) for at, title, body in found]

    def versions(self, article: Article) -> list[Version]:
        """The texts that an article has and had, the present one first."""
        from desktop.core.versions import Version  # seldom asked

        former = self.revisions(article.row.id)
        since = [article.first_seen, *(replaced_at for replaced_at, *_ in former)]
        texts = [*((title, text) for _, title, _, text in former), (article.row.title, article.text)]
        return [Version(at, *text) for at, text in zip(since, texts, strict=True)][::-1]

    def apply(
        self,
        source_id: int,
        feed: IncomingFeed,
        state: FetchState | None,
        now: datetime,
        *,
        read_before: datetime | None = None,
    ) -> Changes:
        """Merge a fetched feed into what is known, with the fetch state, in one transaction.

        New articles that were published before `read_before` arrive as read.

        Unchanged articles are not written. An article that comes back is still read and starred. Raises
        UsageError for an unknown source.
        """
        from desktop.store.incoming import store_feed  # merging is not needed to start

        return store_feed(self._database, source_id, feed, state, now, read_before)

    def knows_any(self, source_id: int, feed: IncomingFeed, now: datetime) -> bool:
        """Whether a source has any article of a feed, by all that `apply` would know it by."""
        from desktop.core.merge import candidates
        from desktop.store.known import known_articles

        return bool(known_articles(self._database, source_id, candidates(feed.articles, now)))

    def set_read(self, ids: Iterable[int], read: bool) -> Changes:
        """Mark articles and their copies read or unread; gives those that changed. It survives a power cut."""
        return self._mark("read", ids, read)

    def set_starred(self, ids: Iterable[int], starred: bool) -> Changes:
        """Star articles and their copies, or take the star off; gives those that changed. It survives a power cut."""
        return self._mark("starred", ids, starred)

    def _mark(self, column: str, ids: Iterable[int], value: bool) -> Changes:
        from desktop.store import stories  # nobody marks at the start

        with self._database.transaction(durable=True) as db:
            found = db.execute(
                f"SELECT id FROM articles WHERE id IN (SELECT value FROM json_each(?)) AND {column} <> ?",
                (stories.with_copies(db, listed(ids)), int(value)),
            )
            changed = tuple(article_id for (article_id,) in found)
            stories.put_mark(db, column, listed(changed), int(value))
        return Changes(updated=changed)

    def _scope(self, query: ArticleQuery, search: Search | None = None) -> list[Place] | None:
        """Where a query looks, None for everywhere."""
        scope = self._place(query)
        if search is None or not search.narrows_sources:
            return None if scope is None else [Place(one) for one in scope]
        from desktop.store.languages import places  # see _hits

        wanted = places(self._database, search)
        return wanted if scope is None else [one for one in wanted if one.source_id in scope]

    def _place(self, query: ArticleQuery) -> list[int] | None:
        """The sources of the place in the sidebar, seen through the country lens; None for all."""
        if query.country:
            place = self._place(query._replace(country=""))
            there = queries.of_country(self._database, query.country)
            return [one for one in there if place is None or one in place]
        if query.source_id is not None:
            return [query.source_id]
        if query.folder is None:
            return None
        found = self._database.rows(
            """SELECT id FROM sources
            WHERE folder = ?1 OR substr(folder, 1, length(?1) + 1) = ?1 || '/' ORDER BY id""",
            (query.folder,),
        )
        return [source_id for (source_id,) in found]

    def ids(
        self, query: ArticleQuery, cursor: Cursor | None = None, limit: int = -1, *, newer: bool = False
    ) -> list[int]:
        """The articles of a query on one side of a place, newest first; all of them with a negative limit."""
        query, search = queries.asked(self._database, query)
        if search is not None and search.expression:
            return self._hits.ids(query, search, self._scope(query, search), cursor, limit, newer=newer)
        return self._walk(self.selections(query, search), cursor, limit, newer=newer)

    def by_title(self, query: ArticleQuery) -> list[int]:
        """The sources of a query in the order of a list by source."""
        scope = self._place(query)
        found = self._database.rows("SELECT title, id FROM sources")
        chosen = [row for row in found if scope is None or row[1] in scope]
        return [source_id for _, source_id in sorted(chosen, key=lambda row: title_key(*row))]

    def _ordered(self, query: ArticleQuery, after: Cursor | None, limit: int) -> list[int]:
        if query.order in (Order.NEWEST, Order.TITLE) or query.words.strip():
            return self.ids(query, after, limit)
        if query.order is Order.OLDEST:
            walks = self.selections(*queries.asked(self._database, query))
            return self._walk(walks, after, limit, newer=True, order=_OLDEST)
        sources = self.by_title(query)
        first = 0
        if after is not None:
            first = sources.index(after.source_id) if after.source_id in sources else len(sources)
        found: list[int] = []
        for source_id in sources[first:]:
            cursor = after if after is not None and source_id == after.source_id else None
            chosen = self.of_source(query, source_id)
            found += self._walk(chosen, cursor, limit - len(found), newer=False)
            if len(found) == limit:
                break
        return found

    def _walk(
        self,
        selections: Sequence[queries.Selection],
        cursor: Cursor | None,
        limit: int,
        *,
        newer: bool,
        order: str = _ORDER,
    ) -> list[int]:
        chosen = [queries.bound(one, cursor, newer=newer) for one in selections]
        if not chosen:
            return []
        # With ORDER BY, SQLite merges the branches row by row along their indexes and stops at the limit.
        branches = [
            f"SELECT {one.place[0]} sort_at, {one.place[1]} id FROM {one.tables} WHERE {one.where()}"
            for one in chosen
        ]
        parameters = [parameter for one in chosen for parameter in one.parameters]
        found = self._database.rows(f"{' UNION ALL '.join(branches)} {order}", (*parameters, limit))
        return [article_id for _, article_id in found]

    def of_source(self, query: ArticleQuery, source_id: int) -> list[queries.Selection]:
        """The walks of one source in a list by source."""
        one, search = queries.asked(self._database, query._replace(source_id=source_id))
        folded = self.folds.condition(one._replace(source_id=query.source_id), search, None)
        return self.selections(one, search, folded)

    def selections(
        self, query: ArticleQuery, search: Search | None = None, folded: queries.Condition | None = None
    ) -> list[queries.Selection]:
        """The walks along indexes that give the articles of a query together, words left out."""
        if search is not None and not search and not search.problem:
            return []  # signs only, and no word
        scope = self._scope(query, search)
        folded = folded or self.folds.condition(query, search, scope)
        tags = search.tags[0] if search is not None and search.tags else ("",)
        chosen = []
        for place, tag in enumerate(tags):
            if scope is None:
                walks = [queries.select(query, None, tag, folded)]
            elif sum(len(one.languages) or 1 for one in scope) * len(tags) <= _MOST_BRANCHES:
                walks = [walk for one in scope for walk in queries.select_in(query, one, tag, folded)]
            else:
                walks = [queries.among(queries.select(query, None, tag, folded), scope)]
            chosen += [queries.without(one, tags[:place]) if place else one for one in walks]
        return [queries.narrow(one, search) for one in chosen]

    def _count(self, query: ArticleQuery) -> int:
        query, search = queries.asked(self._database, query)
        if search and search.is_read_alone:  # both numbers are kept
            return self.count(query := query._replace(words="")) - self.unread_count(query)
        if search and search.expression:
            return self._hits.count(query, search, self._scope(query, search))
        value = self._database.value
        return sum(
            int(value(f"SELECT count(*) FROM {one.tables} WHERE {one.where()}", one.parameters))
            for one in self.selections(query, search)
        )
