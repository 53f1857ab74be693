"""From an ArticleQuery to SQL: every list is walked along one index that is in the order of the list.

The index is named in the statement, so a list can never fall back to reading the whole table unnoticed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from desktop.core.models import ArticleQuery, Cursor, View
from desktop.core.text import fold
from desktop.store.columns import seconds, sound
from desktop.store.database import listed

_WORD = re.compile(r"[^\W_]")
_SHORTEST_PREFIX = 2


@dataclass(slots=True)
class Selection:
    """Conditions on `articles a` and their parameters."""

    index: str
    conditions: list[str] = field(default_factory=list)
    parameters: list[str | int] = field(default_factory=list)

    def where(self) -> str:
        return " AND ".join(self.conditions) or "1"


def select(query: ArticleQuery, source_id: int | None) -> Selection:
    """The articles of a query in one source (or in all, for None), words left out."""
    scope = "articles_source" if source_id is not None else "articles"
    chosen = Selection(f"{scope}_all" if source_id is None else scope)
    if source_id is not None:
        chosen.conditions.append("a.source_id = ?")
        chosen.parameters.append(source_id)
    if query.view is View.UNREAD or query.unread_only:
        chosen.index = f"{scope}_unread"
        chosen.conditions.append("a.read = 0")
    if query.view is View.STARRED:  # there are fewer stars than unread articles
        chosen.index = f"{scope}_starred"
        chosen.conditions.append("a.starred = 1")
    if query.since is not None:
        chosen.conditions.append("a.sort_at >= ?")
        chosen.parameters.append(seconds(query.since))
    return chosen


def bound(chosen: Selection, cursor: Cursor | None, *, newer: bool = False) -> Selection:
    """Narrow a selection to what comes strictly after the cursor in the list, or strictly before it."""
    if cursor is not None:
        chosen.conditions.append(f"(a.sort_at, a.id) {'>' if newer else '<'} (?, ?)")
        chosen.parameters += [seconds(cursor.sort_at), cursor.id]
    return chosen


def match_expression(words: str) -> str:
    """FTS5 syntax for what a person typed: all words, quoted phrases kept, the last word as a beginning.

    "" when there is nothing to look for. No input can be a syntax error: every term is a quoted string.
    """
    terms: list[str] = []
    for place, part in enumerate(sound(words).split('"')):
        folded = fold(part)
        terms += [folded] if place % 2 else folded.split()
    terms = [term for term in terms if _WORD.search(term)]
    if not terms:
        return ""
    open_ended = not words.endswith((" ", '"')) and len(terms[-1]) >= _SHORTEST_PREFIX
    quoted = ['"' + term.replace('"', " ") + '"' for term in terms]
    return " ".join(quoted) + (" *" if open_ended else "")


def among(chosen: Selection, source_ids: Sequence[int]) -> Selection:
    """Narrow a selection to some sources."""
    chosen.conditions.append("a.source_id IN (SELECT value FROM json_each(?))")
    chosen.parameters.append(listed(source_ids))
    return chosen
