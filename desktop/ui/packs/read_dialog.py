"""What is in a pack's file, beside what of it is not here; and which of its sources are followed from now on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.core.proof import size_words
from desktop.ui import theme
from desktop.ui.number_grid import number_grid
from desktop.ui.text import plain_label, plain_lines, tooltip_text
from desktop.ui.times import count

if TYPE_CHECKING:
    from desktop.core.pack_file import Offer
    from desktop.jobs.pack_files import Preview

_ADDRESS = Qt.ItemDataRole.UserRole
_LINES = 5  # of the list of sources, before it scrolls
_KEPT = (
    "Stars, tags and notes of both machines are kept. What is taken offline here now gives way to this pack as what is "
    "proved; its articles stay."
)


class ReadPackDialog(QDialog):
    """Emits `chosen` with the addresses of the sources that are to be followed, when the person wants the file."""

    chosen = Signal(list)

    def __init__(self, path: Path, found: Preview, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Read offline pack")
        made = f"{found.manifest.made_at.astimezone():%d %b %Y, %H:%M}"
        head = plain_label(f"{path.name}, written {made}", self)
        head.setFont(theme.scaled(self.font(), 1.0, bold=True))
        words = plain_label(f"{found.manifest.words}.", self)
        words.setAccessibleName("What it holds")
        kept = plain_label(_KEPT, self)
        self._sources = QListWidget(self)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        buttons.addButton("&Read in", QDialogButtonBox.ButtonRole.AcceptRole).setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = theme.window_column(self)
        for label in (head, words, kept):
            label.setWordWrap(True)
        layout.addWidget(head)
        layout.addWidget(words)
        layout.addLayout(self._table(found))
        self._add_sources(layout, found.unknown)
        layout.addWidget(kept)
        layout.addStretch(1)
        layout.addWidget(buttons)
        self.setMinimumWidth(480)

    def accept(self) -> None:
        self.chosen.emit(self.followed())
        super().accept()

    def followed(self) -> list[str]:
        """The addresses of the sources that are checked."""
        items = [self._sources.item(row) for row in range(self._sources.count())]
        return [item.data(_ADDRESS) for item in items if item.checkState() is Qt.CheckState.Checked]

    def _table(self, found: Preview) -> QGridLayout:
        manifest = found.manifest
        rows = (
            ("Articles", count(manifest.articles), count(found.new)),
            ("Pictures", count(manifest.pictures), count(found.pictures)),
            ("Rates", count(manifest.quotes), "—"),
            ("Size", size_words(manifest.size), "—"),
        )
        return number_grid(self, ("In the file", "Not here yet"), rows)

    def _add_sources(self, layout: QVBoxLayout, unknown: list[Offer]) -> None:
        """The sources that are not here, to be checked; without any, nothing."""
        self._sources.setVisible(bool(unknown))
        if not unknown:
            return
        label = plain_label(
            "Sources that are not here yet: check those to follow, the others are kept paused.", self
        )
        label.setWordWrap(True)
        self._sources.setAccessibleName("Sources to follow from now on")
        self._sources.setUniformItemSizes(True)
        self._sources.setTextElideMode(Qt.TextElideMode.ElideRight)
        for offer in unknown:
            self._sources.addItem(_item(offer))
        line = self._sources.sizeHintForRow(0)
        self._sources.setFixedHeight(line * min(len(unknown), _LINES) + 2 * self._sources.frameWidth() + 4)
        layout.addWidget(label)
        layout.addWidget(self._sources)


def _item(offer: Offer) -> QListWidgetItem:
    new = offer.source.new
    articles = "article" if offer.source.articles == 1 else "articles"
    item = QListWidgetItem(plain_lines(f"{new.title or new.url} ({count(offer.source.articles)} {articles})"))
    item.setData(_ADDRESS, new.url)
    item.setToolTip(tooltip_text(f"{new.title}\n{new.url}".strip()))
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(Qt.CheckState.Unchecked)
    return item
