"""The sidebar's tree: smart views, watchlists, then folders and sources, with counts that change in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from desktop.core.models import ArticleQuery, Source, View
from desktop.core.rates import Watchlist
from desktop.ui import times
from desktop.ui.text import tooltip_text

NODE_ROLE = Qt.ItemDataRole.UserRole + 1
RATES_KEY = "rates"
Index = QModelIndex | QPersistentModelIndex


class Kind(Enum):
    """What a line of the sidebar stands for."""

    VIEW = "view"
    FOLDER = "folder"
    SOURCE = "source"
    RATES = "rates"  # the head of the watchlists; stands for the one in the ticker
    WATCHLIST = "watchlist"
    SEARCH = "search"  # a saved one


NAMED = (Kind.SOURCE, Kind.WATCHLIST, Kind.SEARCH)  # what the person can give another name


class SourceCounts(Protocol):
    """The kept counters of one source."""

    @property
    def total(self) -> int: ...
    @property
    def unread(self) -> int: ...
    @property
    def starred(self) -> int: ...


@dataclass(eq=False)
class Node:
    """One line of the sidebar. `key` names it for good: "unread", "source:3", "folder:Banks", "watchlist:Main"."""

    kind: Kind
    key: str
    title: str
    query: ArticleQuery | None  # None: it stands for rates
    icon: str
    source: Source | None = None
    count: int = 0
    is_capped: bool = False  # there are more than `count`
    is_loud: bool = False  # the count is of unread articles: bold when it is not 0
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)

    @property
    def watchlist(self) -> str:
        """The name of the list that a line for rates stands for; "" is the one in the ticker."""
        return self.title if self.kind is Kind.WATCHLIST else ""

    @property
    def problem(self) -> str:
        """What went wrong with the source the last time; "" when nothing did."""
        return self.source.state.last_error if self.source else ""


class SidebarModel(QAbstractItemModel):
    """Takes what it shows from `update`; counts and titles change in place, other lines rebuild the tree."""

    rename_requested = Signal(int, str)
    list_rename_requested = Signal(str, str)  # of a watchlist: the name and the new one
    search_rename_requested = Signal(str, str)  # the key of a saved search and its new name
    rebuilt = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.about: Callable[[int], str] = lambda source_id: ""  # what else there is to say of a source
        self._tops: list[Node] = [_view(*one) for one in _VIEWS]
        self._nodes: dict[int, Node] = {}
        self._number()

    @property
    def unread(self) -> int:
        """Unread articles of all sources."""
        return self._tops[0].count

    @property
    def folders(self) -> list[str]:
        """The folders there are, in order."""
        return [node.title for node in self._tops if node.kind is Kind.FOLDER]

    @property
    def parents(self) -> list[Node]:
        """The lines that can be opened and closed."""
        return [node for node in self._tops if node.kind in (Kind.FOLDER, Kind.RATES)]

    @property
    def has_sources(self) -> bool:
        return any(node.kind is Kind.SOURCE for node in self._nodes.values())

    def update(
        self,
        sources: Sequence[Source],
        counts: Mapping[int, SourceCounts],
        today: int,
        watchlists: Sequence[Watchlist] = (),
        searches: Sequence[Node] = (),
    ) -> None:
        """Show these sources, lists and searches with these counters; `today` counts today's unread articles."""
        lines = [*searches, *_rates(watchlists), *_lines(sources)]
        if [_shape(node) for node in lines] != [_shape(node) for node in self._tops[len(_VIEWS) :]]:
            self.beginResetModel()
            self._tops[len(_VIEWS) :] = lines
            self._number()
            self.endResetModel()
            self._count(counts, today)
            self.rebuilt.emit()
            return
        shown = {node.key: node for node in self._nodes.values()}
        for line in lines:
            self._take(line, shown)
        self._count(counts, today)

    def node(self, index: Index) -> Node | None:
        return self._nodes.get(index.internalId()) if index.isValid() else None

    def index_of(self, key: str) -> QModelIndex:
        """The line with this key; invalid when it is gone."""
        node = next((node for node in self._nodes.values() if node.key == key), None)
        return self._index(node) if node else QModelIndex()

    # Qt's own names from here on

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        lines = self._children(parent)
        if column != 0 or not 0 <= row < len(lines):
            return QModelIndex()
        return self.createIndex(row, 0, id(lines[row]))

    def parent(self, index: Index = QModelIndex()) -> Any:  # noqa: B008
        node = self.node(index)
        return self._index(node.parent) if node and node.parent else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._children(parent)) if parent.column() <= 0 else 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        node = self.node(index)
        if node is None:
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if node.kind in NAMED else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        node = self.node(index)
        if node is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return node.title
        if role == NODE_ROLE:
            return node
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(node)
        if role == Qt.ItemDataRole.ToolTipRole:
            about = self.about(node.source.id) if node.source else ""
            return tooltip_text("\n".join(filter(None, (node.title, node.problem, about))))
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        node = self.node(index)
        title = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or node is None or node.kind not in NAMED or not title:
            return False
        if title != node.title and node.source is not None:
            self.rename_requested.emit(node.source.id, title)
        elif title != node.title and node.kind is Kind.SEARCH:
            self.search_rename_requested.emit(node.key, title)
        elif title != node.title:
            self.list_rename_requested.emit(node.title, title)
        return True

    def _children(self, parent: Index) -> list[Node]:
        node = self.node(parent)
        return node.children if node else ([] if parent.isValid() else self._tops)

    def _index(self, node: Node) -> QModelIndex:
        lines = node.parent.children if node.parent else self._tops
        return self.createIndex(lines.index(node), 0, id(node))

    def _number(self) -> None:
        self._nodes = {id(node): node for top in self._tops for node in (top, *top.children)}

    def _take(self, fresh: Node, lines: Mapping[str, Node]) -> None:
        """Put what may have changed of a line into the one that is shown."""
        for one in (fresh, *fresh.children):
            shown = lines[one.key]
            if (shown.title, shown.source) != (one.title, one.source):
                shown.title, shown.source = one.title, one.source
                self._changed(shown)
            shown.is_capped = one.is_capped
            if one.kind in (Kind.WATCHLIST, Kind.SEARCH):
                self._set_count(shown, one.count)

    def _count(self, counts: Mapping[int, SourceCounts], today: int) -> None:
        known = counts.values()
        views = (
            sum(c.unread for c in known),
            today,
            sum(c.starred for c in known),
            sum(c.total for c in known),
        )
        for node, count in zip(self._tops, views, strict=False):
            self._set_count(node, count)
        for node in self._nodes.values():
            if node.source is not None:
                kept = counts.get(node.source.id)
                self._set_count(node, kept.unread if kept else 0)
        for node in self._tops:
            if node.kind is Kind.FOLDER:
                self._set_count(node, sum(child.count for child in node.children))

    def _set_count(self, node: Node, count: int) -> None:
        if node.count != count:
            node.count = count
            self._changed(node)

    def _changed(self, node: Node) -> None:
        index = self._index(node)
        self.dataChanged.emit(index, index)


def spoken(node: Node) -> str:
    """What a screen reader says of a line."""
    if node.kind is Kind.RATES:
        return node.title
    noun = "unread" if node.is_loud else "pairs" if node.kind is Kind.WATCHLIST else "articles"
    words = [node.title, f"{times.count(node.count)} {noun}"]
    return ", ".join([*words, "problem: " + node.problem] if node.problem else words)


_VIEWS = (
    (View.UNREAD, "Unread", "unread", True),
    (View.TODAY, "Today", "today", True),
    (View.STARRED, "Starred", "star", False),
    (View.ALL, "All articles", "all", False),
)


def _view(view: View, title: str, icon: str, is_loud: bool) -> Node:
    return Node(Kind.VIEW, view.value, title, ArticleQuery(view=view), icon, is_loud=is_loud)


def _rates(watchlists: Sequence[Watchlist]) -> list[Node]:
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


def _lines(sources: Sequence[Source]) -> list[Node]:
    """Folders with their sources, then the sources without a folder, each by title."""
    folders: dict[str, Node] = {}
    loose: list[Node] = []
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
        if source.folder:
            folder = folders.setdefault(source.folder, _folder(source.folder))
            node.parent = folder
            folder.children.append(node)
        else:
            loose.append(node)
    return [*sorted(folders.values(), key=lambda node: node.title.casefold()), *loose]


def _folder(name: str) -> Node:
    return Node(Kind.FOLDER, f"folder:{name}", name, ArticleQuery(folder=name), "folder", is_loud=True)


def _by_title(source: Source) -> tuple[str, int]:
    return (source.title or source.url).casefold(), source.id


def _shape(node: Node) -> tuple[str, tuple[tuple[str, str], ...]]:
    return node.key, tuple((child.key, child.icon) for child in node.children)
