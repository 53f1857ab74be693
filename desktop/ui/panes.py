"""How the panes stand: wide, classic or list only, or a page in place of articles; sizes are kept between starts."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QWidget

if TYPE_CHECKING:
    from desktop.jobs.session import Session

SIDEBAR_WIDTH = 220
LIST_WIDTH = 400


class Layout(StrEnum):
    """Wide: side by side. Classic: the list above the article. List only: one at a time."""

    WIDE = "wide"
    CLASSIC = "classic"
    LIST = "list"


class Panes(QWidget):
    """Two splitters: the sidebar beside list and reader, and these two beside or above each other.

    A page, such as that of the rates, may take the place of list and reader.
    """

    def __init__(
        self, session: Session, sidebar: QWidget, articles: QWidget, reader: QWidget, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._articles = articles
        self._reader = reader
        self._layout = Layout.WIDE
        self._outer = _Splitter(Qt.Orientation.Horizontal, self)
        self._inner = _Splitter(Qt.Orientation.Horizontal, self)
        self._inner.addWidget(articles)
        self._inner.addWidget(reader)
        self._inner.setStretchFactor(0, 2)
        self._inner.setStretchFactor(1, 3)
        self._outer.addWidget(sidebar)
        self._stack = QStackedWidget(self._outer)
        self._stack.addWidget(self._inner)
        self._outer.addWidget(self._stack)
        self._outer.setStretchFactor(1, 1)
        sidebar.setMinimumWidth(140)
        articles.setMinimumSize(240, 120)
        reader.setMinimumSize(280, 120)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._outer)
        self._restore()

    @property
    def layout_name(self) -> Layout:
        return self._layout

    def arrange(self, layout: Layout) -> None:
        """Stand as asked for."""
        if layout is not self._layout:
            self._keep_inner()
        self._layout = layout
        is_classic = layout is Layout.CLASSIC
        self._inner.setOrientation(Qt.Orientation.Vertical if is_classic else Qt.Orientation.Horizontal)
        self._articles.show()
        self._reader.setVisible(layout is not Layout.LIST)
        if not self._inner.restoreState(_state(self._session, f"window.inner_{layout.value}")):
            self._inner.setSizes([2000, 3000] if is_classic else [LIST_WIDTH, 660])
        self._inner.setOrientation(Qt.Orientation.Vertical if is_classic else Qt.Orientation.Horizontal)

    @property
    def page(self) -> QWidget | None:
        """The page that stands in place of the articles, if one does."""
        shown = self._stack.currentWidget()
        return None if shown is self._inner else shown

    def show_page(self, page: QWidget) -> None:
        """Put a page in the place of list and reader; it stays ours."""
        if self._stack.indexOf(page) < 0:
            self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)

    def show_articles(self) -> None:
        """List and reader come back."""
        self._stack.setCurrentWidget(self._inner)

    def show_reader(self) -> None:
        """In the list-only layout the article takes the place of the list."""
        if self._layout is Layout.LIST:
            self._articles.hide()
            self._reader.show()

    def show_list(self) -> bool:
        """The way back from `show_reader`; False when the list was there all the time."""
        if self._layout is not Layout.LIST or self._articles.isVisibleTo(self):
            return False
        self._reader.hide()
        self._articles.show()
        return True

    def keep(self) -> None:
        """Store layout and sizes."""
        self._session.set_setting("window.layout", self._layout.value)
        self._session.set_setting("window.outer", _words(self._outer.saveState()))
        self._keep_inner()

    def _keep_inner(self) -> None:
        if self._layout is not Layout.LIST:
            self._session.set_setting(f"window.inner_{self._layout.value}", _words(self._inner.saveState()))

    def _restore(self) -> None:
        if not self._outer.restoreState(_state(self._session, "window.outer")):
            self._outer.setSizes([SIDEBAR_WIDTH, 1060])
        stored = self._session.setting("window.layout", Layout.WIDE.value)
        self.arrange(Layout(stored) if stored in list(Layout) else Layout.WIDE)


class _Splitter(QSplitter):
    """A splitter with a hair line for a handle; no pane can be lost by dragging."""

    def __init__(self, orientation: Qt.Orientation, parent: QWidget) -> None:
        super().__init__(orientation, parent)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)


def _state(session: Session, key: str) -> QByteArray:
    return QByteArray.fromBase64(session.setting(key, "").encode("ascii", "ignore"))


def _words(state: QByteArray) -> str:
    return bytes(state.toBase64().data()).decode("ascii")
