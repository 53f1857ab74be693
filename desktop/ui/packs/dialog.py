"""Taking offline: choose, see what it takes, watch it come, and read the proof with what is missing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from desktop.core.proof import Lack, Proof, Scope, described, sentence
from desktop.ui import theme
from desktop.ui.packs.choice import PackChoice
from desktop.ui.text import plain_label, plain_lines, set_text, tooltip_text
from desktop.ui.times import count

if TYPE_CHECKING:
    from desktop.core.proof import Estimate
    from desktop.jobs.progress import Progress
    from desktop.jobs.session import Session
    from desktop.store.packs import Pack

GATHER_MS = 150
MOST_LINES = 1_000
COLUMNS = ("Missing", "Of", "Why")
_ARTICLE = Qt.ItemDataRole.UserRole + 1


class PackDialog(QDialog):
    """Stays open beside the window; closing it ends nothing."""

    article_wanted = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._packer = session.pack
        pack = self._packer.current
        self.choice = PackChoice(session, _scope(pack), self)
        self._said = plain_label("", self)
        self._bar = QProgressBar(self)
        self._proof = plain_label("", self)
        self._lacks = QTreeWidget(self)
        self._take = QPushButton("Take o&ffline", self)
        self._stop = QPushButton("&Stop", self)
        self._again = QPushButton("&Try missing again", self)
        self._soon = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._outcome = ""
        self._lay_out()
        self._connect()
        self._show_proof()
        self._show_progress(self._packer.progress)
        self._soon.start()
        self._packer.look(thorough=True)

    @property
    def words(self) -> str:
        """The estimate, the progress, or how it ended, as shown."""
        return self._said.text()

    @property
    def proof_words(self) -> str:
        return self._proof.text()

    def lines(self) -> list[tuple[str, ...]]:
        """What is listed as missing."""
        items = [self._lacks.topLevelItem(at) for at in range(self._lacks.topLevelItemCount())]
        return [tuple(item.text(column) for column in range(len(COLUMNS))) for item in items if item]

    def _lay_out(self) -> None:
        self.setWindowTitle("Take offline")
        about = plain_label(
            "Fetches texts, pictures and rates, then reads all of it from the disk again and says what is there.",
            self,
        )
        for label in (about, self._said, self._proof):
            label.setWordWrap(True)
        self._said.setAccessibleName("What it takes")
        self._proof.setAccessibleName("What is on disk")
        self._proof.setFont(theme.scaled(self.font(), 1.0, bold=True))
        self._bar.setAccessibleName("Progress")
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        self._lacks.setAccessibleName("What is missing")
        self._lacks.setHeaderLabels(list(COLUMNS))
        self._lacks.setRootIsDecorated(False)
        self._lacks.setUniformRowHeights(True)
        self._lacks.setAlternatingRowColors(True)
        self._lacks.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._lacks.setColumnWidth(0, 90)
        self._lacks.setColumnWidth(1, 280)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        for button in (self._take, self._stop, self._again):
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.close)
        self._take.setDefault(True)
        layout = theme.window_column(self)
        layout.addWidget(about)
        layout.addWidget(self.choice, 1)
        for part in (self._said, self._bar, self._proof):
            layout.addWidget(part)
        layout.addWidget(self._lacks, 1)
        layout.addWidget(buttons)
        self.resize(720, 600)

    def _connect(self) -> None:
        self.choice.changed.connect(self._on_choice)
        self._soon.timeout.connect(self._estimate)
        self._take.clicked.connect(self._on_take)
        self._stop.clicked.connect(self._packer.stop)
        self._again.clicked.connect(self._packer.retry)
        self._lacks.itemActivated.connect(self._on_activated)
        self._packer.progress_changed.connect(self._show_progress)
        self._packer.proved.connect(self._show_proof)
        self._packer.ended.connect(self._on_ended)
        self._session.connection_changed.connect(self._enable)

    def _on_choice(self) -> None:
        self._outcome = ""
        self._soon.start()

    def _estimate(self) -> None:
        if not self._packer.running:
            self._packer.estimate(self.choice.scope(), self._show_estimate, self)

    def _show_estimate(self, estimate: Estimate) -> None:
        if self._packer.running:
            return
        pack = self._packer.current
        words = described(estimate, self.choice.scope().budget)
        if pack is not None and not pack.ended and pack.scope == self.choice.scope():
            words = f"This pack is not complete yet; it goes on with what is missing. {words}"
        if self._session.connection.metered:
            words = f"{words} This connection is metered."
        set_text(self._said, f"{self._outcome} {words}".strip())

    def _on_take(self) -> None:
        self._outcome = ""
        self._packer.start(self.choice.scope())

    def _show_progress(self, progress: Progress) -> None:
        self._bar.setVisible(progress.running)
        if progress.running:
            self._bar.setRange(0, progress.total)
            self._bar.setValue(progress.done)
            counted = f": {count(progress.done)} of {count(progress.total)}" if progress.total else "…"
            label = progress.label[:1].upper() + progress.label[1:]
            set_text(self._said, f"{label}{counted}. What has come is kept, whenever you stop.")
        self._enable()

    def _enable(self) -> None:
        running, online = self._packer.running, self._session.connection.online
        self.choice.setEnabled(not running)
        self._take.setEnabled(not running and online)
        self._stop.setEnabled(running)
        proof = self._packer.proof
        self._again.setEnabled(not running and online and proof is not None and not proof.complete)

    def _on_ended(self, outcome: str) -> None:
        self._outcome = outcome
        self._soon.start()

    def _show_proof(self) -> None:
        proof = self._packer.proof
        self._proof.setVisible(proof is not None)
        self._lacks.setVisible(proof is not None and not proof.complete)
        self._lacks.clear()
        if proof is None:
            return
        pack = self._packer.current
        came = (
            f"Read in from a file of {pack.came.made_at.astimezone():%d %b %Y}. "
            if pack and pack.came
            else ""
        )
        set_text(self._proof, f"{came}On disk: {sentence(proof)}.".replace(" MB", "\N{NO-BREAK SPACE}MB"))
        self._lacks.addTopLevelItems([_line(lack) for lack in proof.lacks[:MOST_LINES]])
        self._tint(proof)
        self._enable()

    def _tint(self, proof: Proof) -> None:
        colours = theme.Theme.of(self.palette())
        colour = colours.up if proof.complete else colours.warning
        if self._proof.palette().windowText().color() != colour:
            theme.tint(self._proof, colour)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_packer") and self._packer.proof:
            self._tint(self._packer.proof)

    def _on_activated(self, item: QTreeWidgetItem) -> None:
        if article_id := item.data(0, _ARTICLE):
            self.article_wanted.emit(article_id)


def _scope(pack: Pack | None) -> Scope:
    """What is proposed: the scope of the present pack, with all watchlists where it came in a file."""
    if pack is None:
        return Scope()
    return pack.scope if pack.came is None else replace(pack.scope, lists=None)


def _line(lack: Lack) -> QTreeWidgetItem:
    item = QTreeWidgetItem([lack.kind.capitalize(), plain_lines(lack.name), plain_lines(lack.reason)])
    item.setData(0, _ARTICLE, lack.article_id)
    for column, text in ((1, lack.name), (2, lack.reason)):
        item.setData(column, Qt.ItemDataRole.ToolTipRole, tooltip_text(text))
    return item
