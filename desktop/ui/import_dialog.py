"""What a list of feeds would bring: folders and feeds with check boxes, and where they go. Nothing is stored before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from desktop.core.models import NewSource
from desktop.ui import theme
from desktop.ui.sources.folder_box import FolderBox
from desktop.ui.text import plain_label, plain_lines, set_text, tooltip, tooltip_text
from desktop.ui.times import count

if TYPE_CHECKING:
    from desktop.jobs.library import Offer, Preview

_ROLE = Qt.ItemDataRole.UserRole
_NAMED = 3  # of what is left out, before "and 12 more"
_ON, _OFF = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class ImportDialog(QDialog):
    """Emits `chosen` with the feeds that the person wants, and the folder that they go into."""

    chosen = Signal(list, str)  # list[NewSource], the folder

    def __init__(
        self, path: Path, preview: Preview, folders: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._preview = preview
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Import sources")
        self._all = QCheckBox("&All", self)
        self._tree = QTreeWidget(self)
        self._folder = FolderBox("Into folder", folders, self)
        self._left_out = plain_label("", self)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self._import = self._buttons.addButton("&Import", QDialogButtonBox.ButtonRole.AcceptRole)
        self._lay_out(path)
        self._fill()
        self._tree.itemChanged.connect(self._on_changed)
        self._all.clicked.connect(self._on_all)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._on_changed()

    def accept(self) -> None:
        self.chosen.emit(self.wanted(), self._folder.folder)
        super().accept()

    def wanted(self) -> list[NewSource]:
        """The feeds that are checked, in the order of the file."""
        checked = {id(item.data(0, _ROLE)) for item in self._leaves() if item.checkState(0) == _ON}
        return [offer.source for offer in self._preview.offers if id(offer) in checked]

    def _lay_out(self, path: Path) -> None:
        head = plain_label(described(self._preview, path.name), self)
        self._tree.setHeaderLabels(["Source", "Address"])
        self._tree.setAccessibleName("Sources in the file")
        self._tree.setUniformRowHeights(True)
        self._tree.setColumnWidth(0, 280)
        self._tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self._tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        line_edit = self._folder.lineEdit()
        if line_edit is not None:
            line_edit.setPlaceholderText("Folders as in the file")
        self._left_out.setAccessibleName("What is left out")
        for label in (head, self._left_out):
            label.setWordWrap(True)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("Into &folder:", self._folder)
        layout = theme.window_column(self)
        layout.addWidget(head)
        layout.addWidget(self._all)
        layout.addWidget(self._tree, 1)
        layout.addWidget(self._left_out)
        layout.addLayout(form)
        layout.addWidget(self._buttons)
        self.resize(640, 520)

    def _fill(self) -> None:
        folders: dict[str, QTreeWidgetItem] = {"": self._tree.invisibleRootItem()}
        for offer in self._preview.offers:
            self._folder_item(offer.source.folder, folders).addChild(_feed_item(offer))
        self._tree.expandAll()
        gone = self._preview.left_out
        self._left_out.setVisible(bool(gone))
        lines = [f"{one.name}: {one.why}" for one in gone]
        more = [f"and {count(len(gone) - _NAMED)} more"] if len(gone) > _NAMED else []
        set_text(self._left_out, "\n".join(["Left out:", *lines[:_NAMED], *more]))
        tooltip(self._left_out, "\n".join(lines[:40]))

    def _folder_item(self, path: str, known: dict[str, QTreeWidgetItem]) -> QTreeWidgetItem:
        if path not in known:
            outer, _, name = path.rpartition("/")
            item = QTreeWidgetItem([plain_lines(name), ""])
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsAutoTristate | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(0, _ON)
            self._folder_item(outer, known).addChild(item)
            known[path] = item
        return known[path]

    def _leaves(self) -> Iterator[QTreeWidgetItem]:
        """The lines of the feeds that can be chosen."""
        waiting = [self._tree.invisibleRootItem()]
        while waiting:
            item = waiting.pop()
            waiting += filter(None, map(item.child, range(item.childCount())))
            offer = item.data(0, _ROLE)
            if offer is not None and not offer.known:
                yield item

    def _on_changed(self) -> None:
        states = [item.checkState(0) for item in self._leaves()]
        chosen = sum(state == _ON for state in states)
        self._all.setEnabled(bool(states))
        self._all.setChecked(bool(states) and chosen == len(states))
        self._import.setText(f"&Import {count(chosen)}" if chosen else "&Import")
        self._import.setEnabled(chosen > 0)

    def _on_all(self, checked: bool) -> None:
        self._tree.blockSignals(True)
        for item in self._leaves():
            item.setCheckState(0, _ON if checked else _OFF)
        self._tree.blockSignals(False)
        self._tree.viewport().update()
        self._on_changed()


def _feed_item(offer: Offer) -> QTreeWidgetItem:
    source = offer.source
    about = f"Already among your sources: {offer.known}" if offer.known else source.url
    item = QTreeWidgetItem([plain_lines(source.title or source.url), plain_lines(about)])
    item.setData(0, _ROLE, offer)
    local = "In your own network: check it if you know it." if offer.is_local else ""
    item.setToolTip(0, tooltip_text("\n".join(filter(None, (source.title, source.url, local)))))
    item.setToolTip(1, tooltip_text(source.url))
    item.setCheckState(0, _OFF if offer.known or offer.is_local else _ON)
    if offer.known:
        item.setFlags(item.flags() & ~(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable))
    return item


def described(preview: Preview, name: str) -> str:
    """What a file holds, in a sentence or two."""
    known = len(preview.offers) - len(preview.fresh())
    feeds = len(preview.offers)
    words = [f"{name} names {count(feeds)} {'feed' if feeds == 1 else 'feeds'}."]
    if known:
        words.append(f"{count(known)} of them {'is' if known == 1 else 'are'} among your sources already.")
    if preview.merged:
        twice = "feed was" if preview.merged == 1 else "feeds were"
        words.append(f"{count(preview.merged)} {twice} named more than once.")
    words += preview.said_of_marks
    return " ".join(words)
