"""The sidebar's tree: smart views, watchlists, then folders and sources, with counts that change in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Protocol

from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from desktop.core.models import Fold, Source, View
from desktop.core.rates import Watchlist
from desktop.core.tags import Tag
from desktop.core.text import plain
from desktop.ui.sources.sidebar_nodes import (
    LATER_KEY,
    NAMED,
    Kind,
    Node,
    rate_lines,
    shape,
    source_lines,
    spoken,
    tag_lines,
    view_lines,
)
from desktop.ui.text import tooltip_text

DRAGGED = "application/x-chorsu-lines"
MOVED = (Kind.SOURCE, Kind.FOLDER)  # what can be dragged into a folder
NODE_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


@cache  # the sum of flags is dear, and a view asks for it at every turn
def _flags(kind: Kind) -> Qt.ItemFlag:
    if kind is Kind.TAGS:
        return Qt.ItemFlag.ItemIsEnabled
    flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
    if kind in NAMED:
        flags |= Qt.ItemFlag.ItemIsEditable
    if kind in MOVED:
        flags |= Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemIsDropEnabled
    return flags


class SourceCounts(Protocol):
    """The kept counters of one source."""

    @property
    def total(self) -> int: ...
    @property
    def unread(self) -> int: ...
    @property
    def starred(self) -> int: ...
    @property
    def noted(self) -> int: ...
    @property
    def updated(self) -> int: ...
    @property
    def kept(self) -> int: ...


class SidebarModel(QAbstractItemModel):
    """Takes what it shows from `update`; counts and titles change in place, other lines rebuild the tree."""

    rename_requested = Signal(int, str)
    list_rename_requested = Signal(str, str)  # of a watchlist: the name and the new one
    search_rename_requested = Signal(str, str)  # the key of a saved search and its new name
    folder_rename_requested = Signal(str, str)  # the path and the new name
    tag_rename_requested = Signal(str, str)  # the name and the new one
    move_requested = Signal(list, str)  # the keys of sources and folders, and the folder that they go into
    rebuilt = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.about: Callable[[int], str] = lambda source_id: ""  # what else there is to say of a source
        self._views = view_lines()
        self._tops: list[Node] = [*self._views]
        self._nodes: dict[int, Node] = {}
        self._number()

    @property
    def unread(self) -> int:
        """Unread articles of all sources."""
        return self._tops[0].count

    @property
    def folders(self) -> list[str]:
        """The folders there are, in order."""
        return [node.place for top in self._tops for node in top.walk() if node.kind is Kind.FOLDER]

    @property
    def parents(self) -> list[Node]:
        """The lines that can be opened and closed."""
        lines = (node for top in self._tops for node in top.walk())
        return [node for node in lines if node.kind in (Kind.FOLDER, Kind.RATES, Kind.TAGS)]

    @property
    def sources(self) -> list[Node]:
        """The lines of sources, from the top down."""
        return [node for node in self._nodes.values() if node.kind is Kind.SOURCE]

    @property
    def has_sources(self) -> bool:
        return bool(self.sources)

    def update(
        self,
        sources: Sequence[Source],
        counts: Mapping[int, SourceCounts],
        today: int,
        watchlists: Sequence[Watchlist] = (),
        searches: Sequence[Node] = (),
        folds: Sequence[Fold] = (),
        tags: Sequence[Tag] = (),
    ) -> None:
        """Show these sources, lists, searches and tags with these counters; `today` counts today's unread articles, and
        `folds` the copies that are shown once where sources are mixed."""
        lines = [*searches, *tag_lines(tags), *rate_lines(watchlists), *source_lines(sources)]
        later = sum(tag.total for tag in tags if tag.is_built_in)
        if [shape(node) for node in lines] != [shape(node) for node in self._tops[len(self._views) :]]:
            self.beginResetModel()
            self._tops[len(self._views) :] = lines
            self._number()
            self.endResetModel()
            self._count(counts, today, later, folds)
            self.rebuilt.emit()
            return
        shown = {node.key: node for node in self._nodes.values()}
        for line in lines:
            self._take(line, shown)
        self._count(counts, today, later, folds)

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
        return _flags(node.kind)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        node = self.node(index)
        if node is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return node.words
        if role == Qt.ItemDataRole.EditRole:
            return node.title
        if role == NODE_ROLE:
            return node
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(node)
        if role == Qt.ItemDataRole.ToolTipRole:
            about = self.about(node.source.id) if node.source else ""
            state = "Paused: it is not asked for new articles." if node.is_paused else ""
            if node.is_archived:
                state = "Removed: it is not asked any more, and has only the articles that were kept."
            return tooltip_text("\n".join(filter(None, (node.title, state, node.problem, about))))
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        node = self.node(index)
        title = plain(str(value))  # a name of signs that cannot be seen is no name
        if role != Qt.ItemDataRole.EditRole or node is None or node.kind not in NAMED or not title:
            return False
        if title != node.title and node.source is not None:
            self.rename_requested.emit(node.source.id, title)
        elif title != node.title and node.kind is Kind.SEARCH:
            self.search_rename_requested.emit(node.key, title)
        elif title != node.title and node.kind is Kind.TAG:
            self.tag_rename_requested.emit(node.title, title)
        elif title != node.title and node.kind is Kind.FOLDER:
            self.folder_rename_requested.emit(node.place, title)
        elif title != node.title:
            self.list_rename_requested.emit(node.title, title)
        return True

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [DRAGGED]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        keys = [node.key for index in indexes if (node := self.node(index)) is not None]
        data = QMimeData()
        data.setData(DRAGGED, "\n".join(keys).encode())
        return data

    def canDropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        return data.hasFormat(DRAGGED)

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Ask for the move; the lines follow when the store has it."""
        node = self.node(parent)
        if not data.hasFormat(DRAGGED):
            return False
        while node is not None and node.kind is not Kind.FOLDER:
            node = node.parent  # onto a source: beside it
        self.move_requested.emit(
            bytes(data.data(DRAGGED).data()).decode().split("\n"), node.place if node else ""
        )
        return True

    def _children(self, parent: Index) -> list[Node]:
        node = self.node(parent)
        return node.children if node else ([] if parent.isValid() else self._tops)

    def _index(self, node: Node) -> QModelIndex:
        lines = node.parent.children if node.parent else self._tops
        return self.createIndex(lines.index(node), 0, id(node))

    def _number(self) -> None:
        self._nodes = {id(node): node for top in self._tops for node in top.walk()}

    def _take(self, fresh: Node, lines: Mapping[str, Node]) -> None:
        """Put what may have changed of a line into the one that is shown."""
        for one in fresh.walk():
            shown = lines[one.key]
            if (shown.title, shown.source) != (one.title, one.source):
                shown.title, shown.source = one.title, one.source
                self._changed(shown)
            shown.is_capped = one.is_capped
            if one.kind in (Kind.WATCHLIST, Kind.SEARCH, Kind.TAG):
                self._set_count(shown, one.count)

    def _count(
        self, counts: Mapping[int, SourceCounts], today: int, later: int, folds: Sequence[Fold]
    ) -> None:
        known = counts.values()
        views = {
            View.UNREAD: sum(c.unread for c in known) - sum(f.unread for f in folds),
            View.TODAY: today,
            View.STARRED: sum(c.starred for c in known) - sum(f.starred for f in folds),
            LATER_KEY: later,
            View.NOTES: sum(c.noted for c in known),
            View.KEPT: sum(c.kept for c in known),
            View.UPDATED: sum(c.updated for c in known),
            View.ALL: sum(c.total for c in known) - sum(f.total for f in folds),
        }
        for node in self._views:
            self._set_count(node, views[node.key])
        for node in self._nodes.values():
            if node.source is not None:
                kept = counts.get(node.source.id)
                self._set_count(node, kept.unread if kept else 0)
        for node in self._tops:
            if node.kind is Kind.FOLDER:
                self._sum(node, [fold for fold in folds if fold.unread])

    def _sum(self, folder: Node, folds: Sequence[Fold]) -> None:
        """Count what is in a folder, the folders in it too."""
        inside = sum(node.count for node in folder.walk() if node.source is not None)
        self._set_count(folder, inside - sum(fold.unread for fold in folds if fold.hides_in(folder.place)))
        for node in folder.children:
            if node.kind is Kind.FOLDER:
                self._sum(node, folds)

    def _set_count(self, node: Node, count: int) -> None:
        if node.count != count:
            node.count = count
            self._changed(node)

    def _changed(self, node: Node) -> None:
        index = self._index(node)
        self.dataChanged.emit(index, index)
