"""How much is kept for reading offline, at the bottom: the sum of the pack, else that of all pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QStatusBar

from desktop.core.proof import Proof, sentence, short
from desktop.ui.text import plain_label, set_text, tooltip
from desktop.ui.theme import Theme, tint
from desktop.ui.times import count

if TYPE_CHECKING:
    from desktop.jobs.session import Session

GATHER_MS = 300


class Kept(QObject):
    """A label in the status bar that follows the store by itself."""

    def __init__(self, session: Session, status: QStatusBar) -> None:
        super().__init__(status)
        self._session = session
        self._status = status
        self.label = plain_label("", status)
        self.label.setAccessibleName("Kept for reading offline")
        status.addPermanentWidget(self.label)
        self._soon = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._soon.timeout.connect(self._show)
        session.articles_changed.connect(self._soon.start)
        session.pack.proved.connect(self._show)
        status.installEventFilter(self)
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.PaletteChange:
            self._show()
        return False

    def _show(self) -> None:
        if (pack := self._session.pack.current) is not None and pack.proof is not None:
            self._show_proof(self._session.pack.proof or pack.proof, lacking=pack.lacking)
            return
        tint(self.label, Theme.of(self._status.palette()).text)
        totals = self._session.reader.images.totals()
        set_text(
            self.label, f"Pictures {count(totals.stored)}/{count(totals.images)}" if totals.images else ""
        )
        tooltip(self.label, f"{count(totals.missing)} pictures are not on disk." if totals.missing else "")

    def _show_proof(self, proof: Proof, *, lacking: int) -> None:
        """The sum of the pack, in the colour of a warning when something is missing."""
        if proof is self._session.pack.proof:
            lacking = len(proof.lacks)
        set_text(self.label, short(proof))
        missing = f"\n{count(lacking)} missing: File > Take offline lists them." if lacking else ""
        at = self._session.pack.proved_at
        full = f"\nEvery byte was read again on {at.astimezone():%d %b, %H:%M}." if at else ""
        tooltip(self.label, f"The pack on disk: {sentence(proof)}.{missing}{full}")
        colours = Theme.of(self._status.palette())
        tint(self.label, colours.warning if lacking else colours.text)
