"""From an ArticleQuery to SQL: every list is walked along one index that is in the order of the list.

The index is named in the statement, so a list can never fall back to reading the whole table unnoticed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from desktop.core.models import ArticleQuery, Cursor, View
from desktop.core.tags import tag_key
from desktop.store.columns import seconds
from desktop.store.database import Database, listed

if TYPE_CHECKING:
    from desktop.core.search_terms import Search

HAS = """EXISTS (SELECT 1 FROM search_entries e CROSS JOIN search f ON f.rowid = e.id
    WHERE e.article_id = a.id AND f.search MATCH ?)"""


_MARKED = {View.STARRED: "starred", View.NOTES: "noted", View.UPDATED: "updated"}
_TAGGED = """EXISTS (SELECT 1 FROM article_tags g JOIN tags n ON n.id = g.tag_id
    WHERE g.article_id = a.id AND n.folded IN (SELECT value FROM json_each(?)))"""


@dataclass(slots=True)
class Selection:
    """Conditions on `articles a` and their parameters."""

    index: str
    conditions: list[str] = field(default_factory=list)
    parameters: list[str | int] = field(default_factory=list)
    walks_tag: bool = False  # the index is of `article_tags t`, which the articles are joined to

    @property
    def tables(self) -> str:
        if self.walks_tag:
            return f"article_tags t INDEXED BY {self.index} CROSS JOIN articles a ON a.id = t.article_id"
        return f"articles a INDEXED BY {self.index}"

    @property
    def place(self) -> tuple[str, str]:
        """The columns that the walk is in the order of."""
        return ("t.sort_at", "t.article_id") if self.walks_tag else ("a.sort_at", "a.id")

    def where(self) -> str:
        return " AND ".join(self.conditions) or "1"


def select(query: ArticleQuery, source_id: int | None, tag: str = "") -> Selection:
    """The articles of a query in one source (or in all, for None), words left out. With the key of a tag those that
    have it, along its own indexes."""
    table, row = ("article_tags", "t") if tag else ("articles", "a")
    scope = f"{table}_source" if source_id is not None else table
    chosen = Selection(f"{scope}_all" if source_id is None else scope, walks_tag=bool(tag))
    if tag:
        chosen.conditions.append("t.tag_id = (SELECT id FROM tags WHERE folded = ?)")
        chosen.parameters.append(tag)
    if source_id is not None:
        chosen.conditions.append(f"{row}.source_id = ?")
        chosen.parameters.append(source_id)
    if query.view is View.UNREAD or query.unread_only:
        chosen.index = f"{scope}_unread"
        chosen.conditions.append(f"{row}.read = 0")
    for view, mark in _MARKED.items():
        if query.view is view:
            if not tag:  # there are fewer stars than unread articles
                chosen.index = f"{scope}_{mark}"
            chosen.conditions.append(f"a.{mark} = 1")
    if query.since is not None:
        chosen.conditions.append(f"{row}.sort_at >= ?")
        chosen.parameters.append(seconds(query.since))
    return chosen


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
        search = search.naming(database.rows("SELECT id, title FROM sources"))
    if query.tag:
        search = replace(search, tags=((tag_key(query.tag),), *search.tags))
    if search.read is False:
        query = replace(query, unread_only=True)
    if search.starred:
        query = replace(query, view=View.STARRED, unread_only=query.unread_only or query.view is View.UNREAD)
    if search.noted and query.view in (View.ALL, View.UNREAD, View.TODAY):
        query = replace(query, view=View.NOTES, unread_only=query.unread_only or query.view is View.UNREAD)
    return query, search


def narrow(chosen: Selection, search: Search | None) -> Selection:
    """Narrow a selection to what a search asks of articles, their words and sources left out, and the tags that the
    selection walks along."""
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
        chosen.conditions.append(f"NOT {HAS}")
        chosen.parameters.append(search.unwanted)
    for group in search.tags[int(chosen.walks_tag) :]:
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


def among(chosen: Selection, source_ids: Sequence[int]) -> Selection:
    """Narrow a selection to some sources."""
    chosen.conditions.append("a.source_id IN (SELECT value FROM json_each(?))")
    chosen.parameters.append(listed(source_ids))
    return chosen
