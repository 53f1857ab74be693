"""The left pane: smart views, watchlists, folders and sources, and what can be done with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from desktop.core.models import ArticleQuery, View
from desktop.core.saved_searches import COUNTED_AT_MOST, SavedSearch
from desktop.ui import icons, theme, times
from desktop.ui.empty_state import EmptyState
from desktop.ui.sources.sidebar_delegate import SidebarDelegate, quiet_palette
from desktop.ui.sources.sidebar_model import SidebarModel
from desktop.ui.sources.sidebar_nodes import NAMED, RATES_KEY, Kind, Node
from desktop.ui.text import tooltip

if TYPE_CHECKING:
    from desktop.core.models import Source
    from desktop.jobs.session import Session

GATHER_MS = 50
REFRESHING_MS = 250  # while a refresh brings something new every few milliseconds
PLACE_SETTING = "window.place"
CLOSED_SETTING = "window.closed_folders"


class Sidebar(QWidget):
    """The tree and its two buttons. It asks; others do."""

    query_chosen = Signal(ArticleQuery)
    refilled = Signal()  # the lines are as they are stored
    watchlist_chosen = Signal(str)  # its name; "" for the one in the ticker
    unread_changed = Signal(int)
    menu_requested = Signal(QPoint)  # where, on the screen; for `current`
    search_menu_requested = Signal(QPoint)  # the same, where `current` is a saved search
    tag_menu_requested = Signal(QPoint)  # the same, where `current` is a tag
    list_menu_requested = Signal(QPoint)  # the same, where `current` stands for rates
    add_requested = Signal()
    refresh_requested = Signal()
    rename_requested = Signal(int, str)
    list_rename_requested = Signal(str, str)
    folder_rename_requested = Signal(str, str)  # its path and the new name
    move_requested = Signal(list, str)  # keys of lines, and the folder that they go into

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._chosen = session.setting(PLACE_SETTING, View.UNREAD.value)
        self._found: dict[int, int] = {}  # unread articles of saved searches, up to a limit
        self._closed = set(filter(None, session.setting(CLOSED_SETTING, "").split("\n")))
        self.model = SidebarModel(self)
        self.model.about = self._coverage
        self.tree = _tree(self, self.model)
        self.empty = EmptyState(self)
        self.empty.say("No sources yet", "", "Add source…")
        self._add = _button(self, "Add source", "Add a source")
        self._refresh = _button(self, "Refresh", "Fetch what is new")
        self._soon = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._lay_out()
        self._connect()
        self._tint()
        self.refill()
        self._on_rebuilt()
        self.setFocusProxy(self.tree)

    @property
    def current(self) -> Node | None:
        """The line that is chosen."""
        return self.model.node(self.tree.currentIndex())

    @property
    def source(self) -> Source | None:
        """The source that is chosen; None for a view or a folder."""
        return self.current.source if self.current is not None else None

    @property
    def current_key(self) -> str:
        return self._chosen

    def keep(self) -> None:
        """Store which line is chosen."""
        self._session.set_setting(PLACE_SETTING, self._chosen)

    def choose(self, key: str) -> bool:
        """Go to a line by its key; False when it is gone."""
        index = self.model.index_of(key)
        if index.isValid():
            self.tree.setCurrentIndex(index)
        return index.isValid()

    def follow(self, key: str) -> None:
        """Stand on the line with this key as soon as there is one: the chosen line gets another key."""
        if not self.choose(key):
            self._chosen = key

    def step(self, by: int) -> None:
        """Go to the next or previous line in view."""
        move = self.tree.indexBelow if by > 0 else self.tree.indexAbove
        index = move(self.tree.currentIndex())
        if index.isValid():
            self.tree.setCurrentIndex(index)

    def step_unread(self) -> str:
        """Go on to the next source that has unread articles, from the last to the first; gives its title, "" when
        there is none, or when the chosen line shows those of all sources."""
        self.refill()
        here = self.current
        if here is not None and here.key in ("unread", "all"):
            return ""
        sources = self.model.sources
        at = next((place for place, node in enumerate(sources) if node is here or node.parent is here), -1)
        inside = {node.key for node in sources if node is here or node.parent is here}
        for node in [*sources[at + 1 :], *sources[: at + 1]]:
            if node.count and node.key not in inside and self.choose(node.key):
                return node.title
        return ""

    def edit_title(self) -> None:
        """Let the person write over the title of the chosen source or watchlist."""
        if self.current and self.current.kind in NAMED:
            self.tree.edit(self.tree.currentIndex())

    def refill(self) -> None:
        """Show sources and counters as they are stored."""
        reader = self._session.reader
        midnight = self._session.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        today = reader.articles.unread_count(ArticleQuery(View.TODAY, since=midnight, once=True))
        before = self.model.unread
        searches = _search_lines(reader.saved_searches.all(), self._found)
        counts = reader.sources.counts()
        lists, tags = reader.watchlists.all(), reader.tags.all()
        folds = reader.articles.folds.all()
        self.model.update(reader.sources.all(), counts, today, lists, searches, folds, tags)
        self.empty.setVisible(not self.model.has_sources)
        if self.model.unread != before:
            self.unread_changed.emit(self.model.unread)
        self.refilled.emit()

    def _refill_soon(self) -> None:
        """Once for all that changes until then, so that a refresh of many sources does not read them all for each."""
        if not self._soon.isActive():
            self._soon.start(REFRESHING_MS if self._session.refreshing else GATHER_MS)

    def show_found(self, search_id: int, unread: int) -> None:
        """Take over how many unread articles a saved search has."""
        if self._found.get(search_id) != unread:
            self._found[search_id] = unread
            self._refill_soon()

    def _coverage(self, source_id: int) -> str:
        if self._session.reader.sources.is_archived(source_id):
            return f"{times.articles(self._session.reader.articles.count(ArticleQuery(source_id=source_id)))} kept."
        # nobody points at a source before the first paint
        from desktop.ui.sources.coverage_words import coverage_line

        line = coverage_line(self._session.reader.archive.coverage(source_id), self._session.now())
        month = self._session.today() - timedelta(days=30)
        received = self._session.reader.traffic.of(source_id, month)
        if not received:
            return line
        from desktop.core.proof import size_words

        return f"{line}\n{size_words(received)} received in 30 days."

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(theme.SPACE_S, theme.SPACE_XS, theme.SPACE_S, theme.SPACE_XS)
        bar.addWidget(self._add)
        bar.addStretch(1)
        bar.addWidget(self._refresh)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.tree, 1)
        layout.addWidget(self.empty, 2)
        layout.addLayout(bar)

    def _connect(self) -> None:
        self.tree.selectionModel().currentChanged.connect(self._on_current)
        self.tree.customContextMenuRequested.connect(self._on_menu)
        self.tree.collapsed.connect(self._on_collapsed)
        self.tree.expanded.connect(self._on_expanded)
        self.model.rebuilt.connect(self._on_rebuilt)
        self.model.rename_requested.connect(self.rename_requested)
        self.model.list_rename_requested.connect(self.list_rename_requested)
        self.model.folder_rename_requested.connect(self.folder_rename_requested)
        self.model.move_requested.connect(self.move_requested)
        self.empty.asked.connect(self.add_requested)
        self._add.clicked.connect(self.add_requested)
        self._refresh.clicked.connect(self.refresh_requested)
        self._soon.timeout.connect(self.refill)
        self._session.sources_changed.connect(self._refill_soon)
        self._session.articles_changed.connect(self._refill_soon)
        self._session.watchlists_changed.connect(self._refill_soon)

    def _on_current(self, current: QModelIndex) -> None:
        node = self.model.node(current)
        if node is not None and node.key != self._chosen and node.kind is not Kind.TAGS:
            self._chosen = node.key
            if node.query is not None:
                self.query_chosen.emit(node.query)
            else:
                self.watchlist_chosen.emit(node.watchlist)

    def _on_menu(self, position: QPoint) -> None:
        node = self.current
        if node is not None and node.kind is not Kind.TAGS:
            asked = self.menu_requested if node.query is not None else self.list_menu_requested
            asked = self.search_menu_requested if node.kind is Kind.SEARCH else asked
            asked = self.tag_menu_requested if node.kind is Kind.TAG else asked
            asked.emit(self.tree.viewport().mapToGlobal(position))

    def _on_rebuilt(self) -> None:
        """The lines are new ones: open the folders that were open and stand where we stood."""
        for node in self.model.parents:
            self.tree.setExpanded(self.model.index_of(node.key), node.place not in self._closed)
        if not self.choose(self._chosen):
            gone = self._chosen.partition(":")[0]
            self.choose(RATES_KEY if gone == Kind.WATCHLIST.value else View.UNREAD.value)

    def _on_collapsed(self, index: QModelIndex) -> None:
        self._remember_folder(index, closed=True)

    def _on_expanded(self, index: QModelIndex) -> None:
        self._remember_folder(index, closed=False)

    def _remember_folder(self, index: QModelIndex, *, closed: bool) -> None:
        node = self.model.node(index)
        if node is None or (node.place in self._closed) == closed:
            return
        (self._closed.add if closed else self._closed.discard)(node.place)
        self._session.set_setting(CLOSED_SETTING, "\n".join(sorted(self._closed)))

    def _tint(self) -> None:
        self._add.setIcon(icons.icon("add", self.palette()))
        self._refresh.setIcon(icons.icon("refresh", self.palette()))
        self.tree.setPalette(quiet_palette(self.palette()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()


def search_key(search_id: int | str) -> str:
    """The key of the line of a saved search."""
    return f"{Kind.SEARCH.value}:{search_id}"


def _search_lines(searches: Sequence[SavedSearch], unread: Mapping[int, int]) -> list[Node]:
    """One line a search, in their order; `unread` are the counts that are known."""
    lines = []
    for one in searches:
        query = ArticleQuery(words=one.words)
        line = Node(Kind.SEARCH, search_key(one.id), one.name, query, "search", is_loud=True)
        line.count = unread.get(one.id, 0)
        line.is_capped = line.count >= COUNTED_AT_MOST
        lines.append(line)
    return lines


def _tree(parent: QWidget, model: SidebarModel) -> QTreeView:
    tree = QTreeView(parent)
    tree.setAccessibleName("Views and sources")
    tree.setModel(model)
    tree.setItemDelegate(SidebarDelegate(tree))
    tree.setHeaderHidden(True)
    tree.setUniformRowHeights(True)
    tree.setFrameShape(QFrame.Shape.NoFrame)
    tree.setMouseTracking(True)
    tree.setIndentation(14)
    tree.setExpandsOnDoubleClick(True)
    tree.setDragDropMode(QTreeView.DragDropMode.DragDrop)
    tree.setDefaultDropAction(Qt.DropAction.MoveAction)
    tree.setAutoExpandDelay(600)
    tree.setEditTriggers(QTreeView.EditTrigger.EditKeyPressed)
    tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    return tree


def _button(parent: QWidget, name: str, tip: str) -> QToolButton:
    button = QToolButton(parent)
    button.setText(name)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setAutoRaise(True)
    button.setAccessibleName(name)
    tooltip(button, tip)
    return button
