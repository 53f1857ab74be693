"""How a list is arranged: order, groups, unread only, look; remembered for each view, folder and source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from desktop.core.models import ArticleQuery, ArticleRow, Cursor, Order
from desktop.core.text import collated, plain, title_key
from desktop.ui import times

if TYPE_CHECKING:
    from desktop.jobs.session import Session

PAGE = 100
LOOK = "list.look"
Heading = Callable[[ArticleRow], str]


class Look(StrEnum):
    """What a row shows: cards with excerpt and picture, title over source, or one line with the rest beside it."""

    CARDS = "cards"
    COMPACT = "compact"
    COLUMNS = "columns"


_FLAGS = ("grouped", "unread_only", "copies", "by_match")


class Arrangement(NamedTuple):
    """What the person chose for one list."""

    order: Order = Order.NEWEST
    grouped: bool = False
    unread_only: bool = False
    copies: bool = False  # each copy of a story that stands in several sources
    by_match: bool = False  # while something is searched for: what fits best first
    look: Look = Look.CARDS

    def words(self, standard: Look) -> str:
        """As it is stored: "oldest grouped columns"; without a look that is the standard one."""
        look = () if self.look is standard else (self.look,)
        return " ".join([self.order, *(name for name in _FLAGS if getattr(self, name)), *look])

    def order_of(self, query: ArticleQuery) -> Order:
        """The order to ask for; how well articles fit is asked for a search alone."""
        return Order.BEST if self.by_match and query.words else self.order

    @classmethod
    def of(cls, words: str, standard: Look) -> Arrangement:
        """From what was stored; what is not known is left out."""
        parts = words.split()
        order = next((one for one in Order if one in parts), Order.NEWEST)
        look = next((one for one in Look if one in parts), standard)
        return cls(order, **{name: name in parts for name in _FLAGS}, look=look)


class Arrangements:
    """Those that the person chose, kept as settings."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, Arrangement] = {}
        self._standard: Look | None = None  # chosen a moment ago
        self._given: Look | None = (
            None  # what lists without a look of their own got: another may be stored by now
        )

    @property
    def standard(self) -> Look:
        """The look of lists for which none was chosen; once there was one switch for all of them."""
        former = Look.COMPACT if self._session.setting("window.compact", False) else Look.CARDS
        chosen = self._standard or self._session.setting(LOOK, "")
        return Look(chosen) if chosen in tuple(Look) else former

    def set_standard(self, look: Look) -> None:
        """Give another look to lists for which none was chosen."""
        given = self._given or self.standard
        self._known = {
            setting: known._replace(look=look) if known.look is given else known
            for setting, known in self._known.items()
        }
        self._standard = self._given = look

    def of(self, query: ArticleQuery) -> Arrangement:
        """How this list was arranged the last time."""
        setting = setting_of(query)
        if setting not in self._known:
            self._given = self.standard
            self._known[setting] = Arrangement.of(self._session.setting(setting, ""), self._given)
        return self._known[setting]

    def keep(self, query: ArticleQuery, arrangement: Arrangement) -> None:
        """Remember it for this list."""
        self._known[setting_of(query)] = arrangement
        self._session.set_setting(setting_of(query), arrangement.words(self.standard))


def setting_of(query: ArticleQuery) -> str:
    """The setting that remembers the arrangement of a list."""
    if query.words:
        return f"list.arranged.search:{query.words}"
    if query.source_id is not None:
        return f"list.arranged.source:{query.source_id}"
    return f"list.arranged.{query.view}" if query.folder is None else f"list.arranged.folder:{query.folder}"


def headings(order: Order, today: Callable[[], date]) -> Heading:
    """What stands over a group: the source in a list by source, the letter in one by title, else the day."""
    if order is Order.TITLE:
        return _letter
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
    if order is Order.TITLE:
        return collated(row.title), 0, -at, -row.id
    by_source = order is Order.BY_SOURCE
    title, source_id = title_key(row.source_title, row.source_id) if by_source else ("", 0)
    return title, source_id, -at, -row.id


def _letter(row: ArticleRow) -> str:
    first = collated(row.title)[:1].upper()
    return first if first.isalpha() else "0–9" if first else "—"


def _source(row: ArticleRow) -> str:
    return plain(row.source_title)


def _day(day: date, today: date) -> str:
    if day == today:
        return "Today"
    return "Yesterday" if day == today - timedelta(days=1) else times.weekday(day)


class Articles(Protocol):
    """What the model reads: the articles of a store."""

    def page(
        self, query: ArticleQuery, after: Cursor | None = None, limit: int = PAGE
    ) -> Sequence[ArticleRow]: ...
    def rows(self, ids: Sequence[int]) -> Sequence[ArticleRow]: ...
    def count(self, query: ArticleQuery) -> int: ...
    def newest_id(self) -> int: ...
    def unindexed(self) -> set[int]: ...


class Pages:
    """The articles of a list, page by page: as the store has them in order, or along an order that was worked out."""

    def __init__(self, articles: Articles, query: ArticleQuery, ids: Sequence[int] | None) -> None:
        self._articles = articles
        self._query = query
        self._ids = ids
        self._read = 0
        self.complete = False

    @property
    def is_fixed(self) -> bool:
        """Whether the order was worked out, so that what comes in has no place in it."""
        return self._ids is not None

    @property
    def total(self) -> int:
        """How many articles the list has."""
        return self._articles.count(self._query) if self._ids is None else len(self._ids)

    def next(self, last: ArticleRow | None) -> list[ArticleRow]:
        """The page after the last row that was read."""
        if self._ids is None:
            found = self._articles.page(self._query, None if last is None else cursor_of(last), PAGE)
            self.complete = len(found) < PAGE
        else:
            ids = self._ids[self._read : self._read + PAGE]
            self._read += len(ids)
            found = self._articles.rows(ids)
            self.complete = self._read == len(self._ids)
        return list(found)

    def may_be_unread(self, last: ArticleRow) -> bool:
        """Whether an unread article may follow."""
        unread = self._query._replace(unread_only=True)
        return self.is_fixed or bool(self._articles.page(unread, cursor_of(last), 1))

    def ids(self, above: int, below: int) -> Sequence[int]:
        """Of an order that was worked out, what stands above an article, below another, or all for 0."""
        ids = self._ids or ()
        return ids[ids.index(below) + 1 if below else 0 : ids.index(above) if above else len(ids)]
