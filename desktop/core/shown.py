"""What a list showed at one moment: the articles that an act on "all of these" is about, without naming each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desktop.core.models import ArticleQuery, Cursor


@dataclass(frozen=True, slots=True)
class Shown:
    """The articles of a query that a list had or would have come to by scrolling, or a part of them.

    Ids grow: what came in later than the list has a higher one than `newest_id`, or is named in `but`.
    """

    query: ArticleQuery
    newest_id: int
    but: frozenset[int] = frozenset()  # came in since, and wait to be shown
    above: Cursor | None = None  # only what stands above this place
    below: Cursor | None = None  # only what stands below it
    before: datetime | None = None  # only what is older
