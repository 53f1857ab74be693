"""From an ArticleQuery to SQL: every list is walked along one index that is in the order of the list.

The index is named in the statement, so a list can never fall back to reading the whole table unnoticed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, NamedTuple

from desktop.core.models import ArticleQuery, Cursor, Fold, Place, View
from desktop.core.tags import tag_key
from desktop.store.columns import seconds, texts
from desktop.store.database import Database, listed

if TYPE_CHECKING:
    from desktop.core.search_terms import Search

HAS = """EXISTS (SELECT 1 FROM search_entries e CROSS JOIN search f ON f.rowid = e.id
    WHERE e.article_id = a.id AND f.search MATCH ?)"""
# The same of many articles: the words are looked up once, where HAS looks them up for each article, and all words that
# begin so. A page of 200,000 articles without a common beginning takes 15 ms in place of 200, their count 50.
_HAVE = """a.id IN (SELECT e.article_id FROM search f CROSS JOIN search_entries e ON e.id = f.rowid
    WHERE f.search MATCH ? AND e.article_id IS NOT NULL)"""

MARKED = {View.STARRED: "starred", View.NOTES: "noted", View.UPDATED: "updated", View.KEPT: "kept"}
# A copy whose story is shown by another one of those that the list is about.
BEHIND = """(a.fold <> 0 AND EXISTS (SELECT 1 FROM articles c INDEXED BY articles_story {joined}
    WHERE c.story = a.story AND c.story <> 0 AND {these}
        AND (c.fold <> 0, c.read, c.id) < (a.fold <> 0, a.read, a.id)))"""
_TAGGED = """EXISTS (SELECT 1 FROM article_tags g JOIN tags n ON n.id = g.tag_id
    WHERE g.article_id = a.id AND n.folded IN (SELECT value FROM json_each(?)))"""


class Condition(NamedTuple):
    """A condition and its parameters; "" for none."""

    sql: str = ""
    parameters: tuple[str | int, ...] = ()


_NONE = Condition()


class Selection:
    """Conditions on `articles a` and their parameters."""

    def __init__(self, index: str, walked: str = "") -> None:
        """`walked` is the table that the index is of, where it is not `articles`: `t`, which they are joined to."""
        self.index = index
        self.walked = walked
        self.conditions: list[str] = []
        self.parameters: list[str | int] = []

    @property
    def tables(self) -> str:
        if self.walked:
            return f"{self.walked} t INDEXED BY {self.index} CROSS JOIN articles a ON a.id = t.article_id"
        return f"articles a INDEXED BY {self.index}"

    @property
    def place(self) -> tuple[str, str]:
        """The columns that the walk is in the order of."""
        return ("t.sort_at", "t.article_id") if self.walked else ("a.sort_at", "a.id")

    def where(self) -> str:
        return " AND ".join(self.conditions) or "1"


def select(
    query: ArticleQuery,
    source_id: int | None,
    tag: str = "",
    folded: Condition = _NONE,
    language: str | None = None,
) -> Selection:
    """The articles of a query in one source (or in all, for None), words left out, and those that are `folded`, a
    condition of `Folds`. With the key of a tag those that have it, or of one source those in a language, each along
    its own indexes."""
    walked = "article_tags" if tag else "" if language is None else "article_languages"
    table, row = (walked, "t") if walked else ("articles", "a")
    scope = f"{table}_source" if source_id is not None else table
    chosen = Selection(f"{scope}_all" if source_id is None else scope, walked=walked)
    if tag:
        chosen.conditions.append("t.tag_id = (SELECT id FROM tags WHERE folded = ?)")
        chosen.parameters.append(tag)
    if source_id is not None:
        chosen.conditions.append(f"{row}.source_id = ?")
        chosen.parameters.append(source_id)
    if language is not None:
        chosen.conditions.append("t.language = ?")
        chosen.parameters.append(language)
    if query.view is View.UNREAD or query.unread_only:
        chosen.index = f"{scope}_unread"
        chosen.conditions.append(f"{row}.read = 0")
    for view, mark in MARKED.items():
        if query.view is view:
            if not walked:  # there are fewer stars than unread articles
                chosen.index = f"{scope}_{mark}"
            chosen.conditions.append(f"a.{mark} = 1")
    if query.since is not None:
        chosen.conditions.append(f"{row}.sort_at >= ?")
        chosen.parameters.append(seconds(query.since))
    if folded.sql:
        chosen.conditions.append(f"NOT {folded.sql}")
        chosen.parameters += folded.parameters
    return chosen


def select_in(query: ArticleQuery, place: Place, tag: str = "", folded: Condition = _NONE) -> list[Selection]:
    """The walks that give the articles of a query in one place together."""
    if not place.languages:
        return [select(query, place.source_id, tag, folded)]
    if tag:
        return [among(select(query, place.source_id, tag, folded), [place])]
    return [select(query, place.source_id, folded=folded, language=one) for one in place.languages]


class Folds:
    """The kept numbers of copies that are folded behind others (`desktop.store.stories`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Fold]:
        """One for each folder in which there are any."""
        found = self._database.rows(
            "SELECT id, folder, total, unread, starred, unread_starred FROM folds WHERE total > 0"
        )
        return [Fold(*row) for row in found]

    def condition(
        self, query: ArticleQuery, search: Search | None, scope: Sequence[Place] | None
    ) -> Condition:
        """What is true of `articles a` that a list leaves out, "" for none. Where a search names its sources, which of
        the copies is shown is seen article by article."""
        if not query.folds or (search is not None and search.tags):
            return _NONE
        if search is not None and search.narrows_sources:
            these = within(scope or (), "c")
            return Condition(BEHIND.format(joined="", these=these.sql), these.parameters)
        if query.folder is None:
            return Condition("a.fold <> 0")
        hidden = [str(fold.id) for fold in self.all() if fold.hides_in(query.folder)]
        return Condition(f"a.fold IN ({', '.join(hidden)})") if hidden else _NONE

    def count(self, column: str, folder: str | None) -> int:
        """How many articles, by a kept number of `Fold`, the list of a folder, or of everything, leaves out."""
        return sum(getattr(fold, column) for fold in self.all() if fold.hides_in(folder))


def bound(chosen: Selection, cursor: Cursor | None, *, newer: bool = False) -> Selection:
    """Narrow a selection to what comes strictly after the cursor in the list, or strictly before it."""
    if cursor is not None:
        chosen.conditions.append(f"({', '.join(chosen.place)}) {'>' if newer else '<'} (?, ?)")
        chosen.parameters += [seconds(cursor.sort_at), cursor.id]
    return chosen


def asked(database: Database, query: ArticleQuery) -> tuple[ArticleQuery, Search | None]:
    """The query with the marks that its words ask for, and what else they and its tag ask; None without either."""
    if not query.words.strip() and not query.tag:
        return query, None
    from desktop.core.search import parse  # nobody searches at the start

    search = parse(query.words)
    if search.terms or search.without:
        database.finish_index()
        with database.told():
            titles = database.rows("SELECT id, title FROM sources")
            texts([title for _, title in titles])
            search = search.naming(titles)
    if query.tag:
        from dataclasses import replace  # loaded with the search

        search = replace(search, tags=((tag_key(query.tag),), *search.tags))
    if search.read is False:
        query = query._replace(unread_only=True)
    if search.starred:
        query = query._replace(view=View.STARRED, unread_only=query.unread_only or query.view is View.UNREAD)
    if search.noted and query.view in (View.ALL, View.UNREAD, View.TODAY):
        query = query._replace(view=View.NOTES, unread_only=query.unread_only or query.view is View.UNREAD)
    return query, search


def narrow(chosen: Selection, search: Search | None, *, few: bool = False) -> Selection:
    """Narrow a selection to what a search asks of articles, their words and sources left out, and the tags that the
    selection walks along. `few`: it is asked of a few articles that are known by their ids."""
    if search is None:
        return chosen
    if search.read:
        chosen.conditions.append("a.read = 1")
    if search.starred is False:
        chosen.conditions.append("a.starred = 0")
    if search.noted is not None:
        chosen.conditions.append(f"a.noted = {int(search.noted)}")
    for day, sign in ((search.since, ">="), (search.until, "<")):
        if day is not None:
            chosen.conditions.append(f"a.sort_at {sign} ?")
            chosen.parameters.append(midnight(day))
    if search.unwanted:
        chosen.conditions.append(f"NOT {HAS if few else _HAVE}")
        chosen.parameters.append(search.unwanted)
    for group in search.tags[int(chosen.walked == "article_tags") :]:
        chosen.conditions.append(_TAGGED)
        chosen.parameters.append(listed(group))
    if search.without_tags:
        without(chosen, search.without_tags)
    return chosen


def without(chosen: Selection, tags: Sequence[str]) -> Selection:
    """Narrow a selection to what has none of some tags."""
    chosen.conditions.append(f"NOT {_TAGGED}")
    chosen.parameters.append(listed(tags))
    return chosen


def midnight(day: date) -> int:
    """When a day of the person begins."""
    return seconds(datetime.combine(day, time.min).astimezone())


def among(chosen: Selection, scope: Sequence[Place]) -> Selection:
    """Narrow a selection to some places."""
    condition = within(scope, "a")
    chosen.conditions.append(condition.sql)
    chosen.parameters += condition.parameters
    return chosen


def within(scope: Sequence[Place], row: str) -> Condition:
    """Whether a row of `articles` is in some places."""
    whole = ", ".join(str(place.source_id) for place in scope if not place.languages)
    spoken = [(place.source_id, language) for place in scope for language in place.languages]
    if not spoken:
        return Condition(f"{row}.source_id IN ({whole})")
    pairs = ", ".join(["(?, ?)"] * len(spoken))
    return Condition(
        f"""({row}.source_id IN ({whole}) OR EXISTS (SELECT 1 FROM article_languages l
            WHERE l.article_id = {row}.id AND (l.source_id, l.language) IN (VALUES {pairs})))""",
        tuple(value for pair in spoken for value in pair),
    )


def of_country(database: Database, country: str) -> list[int]:
    """The sources of a country."""
    from desktop.core.lens import country_of  # the lens is off at most starts

    found = database.rows("SELECT id, country, site_url, url FROM sources ORDER BY id")
    return [one for one, stated, *addresses in found if country_of(stated, addresses) == country]


def tagged(database: Database, tag: str, column: str) -> int:
    """The kept count of a tag: "total" or "unread"."""
    found = database.value(
        f"SELECT c.{column} FROM tags t JOIN tag_counters c ON c.tag_id = t.id WHERE t.folded = ?",
        (tag_key(tag),),
    )
    return int(found or 0)
