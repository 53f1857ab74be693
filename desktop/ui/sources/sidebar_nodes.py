"""The lines of the sidebar, made of what is stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum

from desktop.core import folders
from desktop.core.models import ArticleQuery, Source, View
from desktop.core.rates import Watchlist
from desktop.core.tags import READ_LATER, Tag
from desktop.core.text import plain
from desktop.ui import times

RATES_KEY = "rates"
TAGS_KEY = "tags"
LATER_KEY = "later"


class Kind(Enum):
    """What a line of the sidebar stands for."""

    VIEW = "view"
    FOLDER = "folder"
    SOURCE = "source"
    RATES = "rates"  # the head of the watchlists; stands for the one in the ticker
    WATCHLIST = "watchlist"
    SEARCH = "search"  # a saved one
    TAGS = "tags"  # the head of the tags; it stands for nothing itself
    TAG = "tag"


NAMED = (
    Kind.SOURCE,
    Kind.WATCHLIST,
    Kind.FOLDER,
    Kind.SEARCH,
    Kind.TAG,
)  # what the person can give another name


class Node:
    """One line of the sidebar. `key` names it for good: "unread", "source:3", "folder:Banks", "watchlist:Main"."""

    def __init__(
        self,
        kind: Kind,
        key: str,
        title: str,
        query: ArticleQuery | None,
        icon: str,
        source: Source | None = None,
        *,
        is_loud: bool = False,
    ) -> None:
        """`query` is None where it stands for rates, or is the head of the tags; with `is_loud` the count is of unread
        articles: bold when it is not 0."""
        self.kind = kind
        self.key = key
        self.title = title
        self.query = query
        self.icon = icon
        self.source = source
        self.count = 0
        self.is_capped = False  # there are more than `count`
        self.is_loud = is_loud
        self.parent: Node | None = None
        self.children: list[Node] = []

    @property
    def words(self) -> str:
        """What is shown of the title: it may be another program's, or come with a list."""
        return plain(self.title)

    @property
    def place(self) -> str:
        """The path of a folder; what a source or a head is called otherwise."""
        return self.key.partition(":")[2] if self.kind is Kind.FOLDER else self.title

    def walk(self) -> Iterator[Node]:
        """This line and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def watchlist(self) -> str:
        """The name of the list that a line for rates stands for; "" is the one in the ticker."""
        return self.title if self.kind is Kind.WATCHLIST else ""

    @property
    def is_archived(self) -> bool:
        """Whether the person removed the source, and kept articles of it."""
        return self.source is not None and self.source.archived

    @property
    def is_paused(self) -> bool:
        """Whether the person, or the server for good, keeps the source from being asked."""
        return self.source is not None and not self.source.enabled and not self.source.archived

    @property
    def problem(self) -> str:
        """What went wrong with the source the last time; "" when nothing did."""
        return self.source.state.last_error if self.source else ""


def spoken(node: Node) -> str:
    """What a screen reader says of a line."""
    if node.kind in (Kind.RATES, Kind.TAGS):
        return node.title
    noun = "unread" if node.is_loud else "pairs" if node.kind is Kind.WATCHLIST else "articles"
    state = ["paused"] if node.is_paused else ["removed, kept articles only"] if node.is_archived else []
    words = [node.title, f"{times.count(node.count)} {noun}", *state]
    return ", ".join([*words, "problem: " + node.problem] if node.problem else words)


def view_lines() -> list[Node]:
    """The smart views."""
    return [
        _view(View.UNREAD, "Unread", "unread", is_loud=True),
        _view(View.TODAY, "Today", "today", is_loud=True),
        _view(View.STARRED, "Starred", "star"),
        Node(Kind.VIEW, LATER_KEY, READ_LATER, ArticleQuery(tag=READ_LATER), "later"),
        _view(View.NOTES, "Notes", "note"),
        _view(View.KEPT, "Kept offline", "kept"),
        _view(View.UPDATED, "Updated", "refresh"),
        _view(View.ALL, "All articles", "all"),
    ]


def _view(view: View, title: str, icon: str, *, is_loud: bool = False) -> Node:
    return Node(Kind.VIEW, view.value, title, ArticleQuery(view=view), icon, is_loud=is_loud)


def tag_lines(tags: Sequence[Tag]) -> list[Node]:
    """The tags under their head; nothing where there are none."""
    own = [tag for tag in tags if not tag.is_built_in]
    if not own:
        return []
    head = Node(Kind.TAGS, TAGS_KEY, "Tags", None, "tag")
    for tag in own:
        line = Node(
            Kind.TAG, tag_line_key(tag.name), tag.name, ArticleQuery(tag=tag.name), "tag", is_loud=True
        )
        line.count = tag.unread
        _hang(line, head, [])
    return [head]


def tag_line_key(name: str) -> str:
    """The key of the line of a tag."""
    return f"{Kind.TAG.value}:{name}"


def rate_lines(watchlists: Sequence[Watchlist]) -> list[Node]:
    """The watchlists under their head; nothing where there are none."""
    if not watchlists:
        return []
    head = Node(Kind.RATES, RATES_KEY, "Rates", None, "rates")
    for one in watchlists:
        line = Node(
            Kind.WATCHLIST, watchlist_key(one.name), one.name, None, "pinned" if one.in_ticker else "all"
        )
        line.count = len(one.pairs)
        line.parent = head
        head.children.append(line)
    return [head]


def watchlist_key(name: str) -> str:
    """The key of the line of a watchlist."""
    return f"watchlist:{name}"


def source_lines(sources: Sequence[Source]) -> list[Node]:
    """Folders with what is in them, then the sources without a folder, each by title; folders stand first."""
    known: dict[str, Node] = {}
    tops: list[Node] = []
    for path in folders.all_of(source.folder for source in sources):
        known[path] = _folder(path)
        _hang(known[path], known.get(folders.parent(path)), tops)
    for source in sorted(sources, key=_by_title):
        node = Node(
            Kind.SOURCE,
            f"source:{source.id}",
            source.title or source.url,
            ArticleQuery(source_id=source.id),
            "source",
            source,
            is_loud=True,
        )
        _hang(node, known.get(source.folder), tops)
    return tops


def _hang(node: Node, parent: Node | None, tops: list[Node]) -> None:
    node.parent = parent
    (tops if parent is None else parent.children).append(node)


def _folder(path: str) -> Node:
    title = folders.name(path)
    return Node(Kind.FOLDER, f"folder:{path}", title, ArticleQuery(folder=path), "folder", is_loud=True)


def _by_title(source: Source) -> tuple[str, int]:
    return (source.title or source.url).casefold(), source.id


Shape = tuple[str, str, tuple["Shape", ...]]


def shape(node: Node) -> Shape:
    """What of a line and those below it makes the tree anew when it changes."""
    return node.key, node.icon, tuple(shape(child) for child in node.children)
