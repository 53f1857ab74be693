"""Add a source: an address, what can be followed there, a folder. Nothing is stored before Add is pressed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QWidget,
)

from desktop.core.errors import AppError
from desktop.core.incoming import IncomingArticle
from desktop.core.models import NewSource, SourceKind
from desktop.ui import theme, times
from desktop.ui.sources.folder_box import FolderBox
from desktop.ui.text import plain_label, plain_lines, set_text, tooltip_text
from desktop.ui.theme import Theme

if TYPE_CHECKING:
    from desktop.jobs.session import Session

_KINDS = {SourceKind.FEED: "Feed", SourceKind.WORDPRESS: "WordPress site, with its archive"}


class AddSourceDialog(QDialog):
    """Emits `chosen` with what the person wants to follow."""

    chosen = Signal(list)  # list[NewSource]

    def __init__(self, session: Session, folders: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._found: list[NewSource] = []
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Add source")
        self._address = QLineEdit(self)
        self._find = QPushButton("&Find", self)
        self._said = plain_label("", self)
        self._list = QListWidget(self)
        self._shown = ""  # the address whose newest articles are asked for or shown
        self._newest = QListWidget(self)
        self._about_newest = plain_label("", self)
        self._folder = FolderBox("Folder", folders, self)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self._add = self._buttons.addButton("&Add", QDialogButtonBox.ButtonRole.AcceptRole)
        self._lay_out()
        self._connect()
        self._paste()
        self._enable()

    def look_at(self, address: str) -> None:
        """Fill in an address and look what is there."""
        self._address.setText(address)
        self.look()

    def look(self) -> None:
        """Ask the site what can be followed."""
        address = self._address.text().strip()
        if not address:
            self._say("Write the address of a site or a feed, for example timesca.com.", problem=True)
            return
        self._forget()
        self._find.setEnabled(False)
        self._say("Looking…")
        self._enable()
        self._session.subscriptions.discover(address, self._on_found, self._on_failed, self)

    def accept(self) -> None:
        wanted = [
            source._replace(folder=self._folder.folder)
            for row, source in enumerate(self._found)
            if self._list.item(row).checkState() == Qt.CheckState.Checked
        ]
        if not wanted:
            self.look()
            return
        self.chosen.emit(wanted)
        super().accept()

    def _lay_out(self) -> None:
        self._address.setPlaceholderText("Address of a site or a feed")
        self._address.setAccessibleName("Address")
        self._address.setClearButtonEnabled(True)
        self._said.setWordWrap(True)
        self._about_newest.setWordWrap(True)
        self._said.setAccessibleName("Result")
        self._said.setMinimumHeight(2 * self.fontMetrics().height() + theme.SPACE_S)
        self._said.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._list.setAccessibleName("What was found")
        self._list.setWordWrap(True)
        self._newest.setAccessibleName("Newest articles")
        self._newest.setFixedHeight(6 * self.fontMetrics().height() + theme.SPACE_M)
        self._newest.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._newest.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._newest.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        line = QHBoxLayout()
        line.addWidget(self._address, 1)
        line.addWidget(self._find)
        form = QFormLayout()
        form.addRow("F&older:", self._folder)
        layout = theme.window_column(self)
        layout.addLayout(line)
        layout.addWidget(self._said)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._about_newest)
        layout.addWidget(self._newest)
        layout.addLayout(form)
        layout.addWidget(self._buttons)
        self.resize(600, 580)

    def _connect(self) -> None:
        self._find.setAutoDefault(False)
        self._find.clicked.connect(self.look)
        self._address.textEdited.connect(self._on_edited)
        self._list.itemChanged.connect(self._enable)
        self._list.currentRowChanged.connect(self._preview)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    def _paste(self) -> None:
        """An address that was just copied is most likely the one that is meant."""
        copied = QGuiApplication.clipboard().text().strip()
        if copied.startswith(("http://", "https://")) and len(copied) < 500 and " " not in copied:
            self._address.setText(plain_lines(copied))
            self._address.selectAll()

    def _on_edited(self) -> None:
        self._forget()
        self._say("")
        self._enable()

    def _forget(self) -> None:
        self._found = []
        self._list.clear()
        self._show_newest("", "", [])

    def _preview(self, row: int) -> None:
        """Show what the chosen source would bring; only what is looked at is asked."""
        if not 0 <= row < len(self._found) or self._found[row].url == self._shown:
            return
        source = self._found[row]
        self._show_newest(source.url, "Looking for the newest articles…", [])
        self._session.subscriptions.newest(
            source, partial(self._on_newest, source.url), partial(self._on_no_newest, source.url), self
        )

    def _on_newest(self, url: str, articles: list[IncomingArticle]) -> None:
        if url == self._shown:
            self._show_newest(url, "Newest articles:" if articles else "It has no articles yet.", articles)

    def _on_no_newest(self, url: str, error: AppError) -> None:
        if url == self._shown:
            self._show_newest(url, str(error), [])

    def _show_newest(self, url: str, words: str, articles: Sequence[IncomingArticle]) -> None:
        self._shown = url
        set_text(self._about_newest, words)
        self._newest.clear()
        now = self._session.now()
        for each in articles:
            when = f"{times.age(each.published, now)} · " if each.published else ""
            item = QListWidgetItem(plain_lines(f"{when}{each.title}"), self._newest)
            item.setData(Qt.ItemDataRole.ToolTipRole, tooltip_text(f"{each.title}\n{each.excerpt}"))

    def _on_found(self, found: list[NewSource]) -> None:
        self._find.setEnabled(True)
        self._found = list(found)
        self._list.blockSignals(True)
        for row, source in enumerate(self._found):
            self._list.addItem(self._item(source, checked=row == 0))
        self._list.blockSignals(False)
        if not found:
            self._say("Nothing to follow was found there. Try the address of the feed itself.", problem=True)
        else:
            self._say(
                "This can be followed:" if len(found) == 1 else f"{len(found)} ways to follow this site:"
            )
            self._list.setFocus()
            self._list.setCurrentRow(0)
        self._enable()

    def _item(self, source: NewSource, *, checked: bool) -> QListWidgetItem:
        there = self._session.reader.sources.by_url(source.url)
        known = there is not None and not there.archived
        about = "Already among your sources" if known else _KINDS[source.kind]
        if there is not None and there.archived:
            about = f"{about} · with the articles that you kept of it"
        item = QListWidgetItem(plain_lines(f"{source.title or source.url}\n{about} · {source.url}"))
        item.setData(Qt.ItemDataRole.ToolTipRole, tooltip_text(source.url))
        item.setFlags(Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
        if not known:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEnabled)
        item.setCheckState(Qt.CheckState.Checked if checked and not known else Qt.CheckState.Unchecked)
        return item

    def _on_failed(self, error: AppError) -> None:
        self._find.setEnabled(True)
        self._say(str(error), problem=True)
        self._enable()

    def _say(self, text: str, *, problem: bool = False) -> None:
        set_text(self._said, text)
        palette = self.palette()
        if problem:
            palette.setColor(self._said.foregroundRole(), Theme.of(palette).warning)
        self._said.setPalette(palette)

    def _enable(self) -> None:
        rows = range(self._list.count())
        any_checked = any(self._list.item(row).checkState() == Qt.CheckState.Checked for row in rows)
        self._add.setEnabled(any_checked)
        (self._add if any_checked else self._find).setDefault(True)
