"""How a list is arranged: order, groups, unread only; remembered for each view, folder and source."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from desktop.core.models import ArticleQuery, ArticleRow, Cursor, Order
from desktop.core.text import title_key
from desktop.ui import times

Heading = Callable[[ArticleRow], str]


class Arrangement(NamedTuple):
    """What the person chose for one list."""

    order: Order = Order.NEWEST
    grouped: bool = False
    unread_only: bool = False
    copies: bool = False  # each copy of a story that stands in several sources
    by_match: bool = False  # while something is searched for: what fits best first

    def words(self) -> str:
        """As it is stored: "oldest grouped"."""
        return " ".join([self.order, *(name for name in self._fields[1:] if getattr(self, name))])

    def order_of(self, query: ArticleQuery) -> Order:
        """The order to ask for; how well articles fit is asked for a search alone."""
        return Order.BEST if self.by_match and query.words else self.order

    @classmethod
    def of(cls, words: str) -> Arrangement:
        """From what was stored; what is not known is left out."""
        parts = words.split()
        order = next((one for one in Order if one in parts), Order.NEWEST)
        return cls(order, *(name in parts for name in cls._fields[1:]))


def setting_of(query: ArticleQuery) -> str:
    """The setting that remembers the arrangement of a list."""
    if query.words:
        return f"list.arranged.search:{query.words}"
    if query.source_id is not None:
        return f"list.arranged.source:{query.source_id}"
    return f"list.arranged.{query.view}" if query.folder is None else f"list.arranged.folder:{query.folder}"


def headings(order: Order, today: Callable[[], date]) -> Heading:
    """What stands over a group: the source in a list by source, else the day."""
    return _source if order is Order.BY_SOURCE else lambda row: _day(row.sort_at.astimezone().date(), today())


def order_of(query: ArticleQuery) -> Order:
    """The order that a list has: what was searched for stands newest first, or as it fits."""
    return Order.NEWEST if query.words and query.order is not Order.BEST else query.order


def cursor_of(row: ArticleRow) -> Cursor:
    """Where a row stands in the list."""
    return Cursor(row.sort_at, row.id, row.source_id)


def place_of(row: ArticleRow, order: Order) -> tuple[str, float, float, int]:
    """What the rows of a list are in the order of."""
    at = row.sort_at.timestamp()
    if order is Order.OLDEST:
        return "", 0, at, row.id
    by_source = order is Order.BY_SOURCE
    title, source_id = title_key(row.source_title, row.source_id) if by_source else ("", 0)
    return title, source_id, -at, -row.id


def _source(row: ArticleRow) -> str:
    return row.source_title


def _day(day: date, today: date) -> str:
    if day == today:
        return "Today"
    return "Yesterday" if day == today - timedelta(days=1) else times.weekday(day)
