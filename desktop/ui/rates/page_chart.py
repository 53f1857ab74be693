"""The chart under the table of a watchlist: it follows the pair that is chosen, and is made when it is first seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.core.rates import Pair
from desktop.ui.theme import SPACE_M

if TYPE_CHECKING:
    from desktop.jobs.session import Session
    from desktop.ui.rates.chart_panel import ChartPanel

FOLLOW_MS = 120  # somebody who goes down the list does not want a chart of every line


class RatesChart(QWidget):
    """Room for one chart. Hidden, it reads nothing."""

    article_wanted = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._wanted: tuple[Pair, str] | None = None  # with the source that the person chose for it
        self._shown: tuple[Pair, str] | None = None
        self.panel: ChartPanel | None = None
        self._soon = QTimer(self, singleShot=True, interval=FOLLOW_MS)
        self._soon.timeout.connect(self._follow)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)

    def show_pair(self, pair: Pair, source: str) -> None:
        """Show a pair by a source ("": the best) soon."""
        if (pair, source) != self._wanted:
            self._wanted = pair, source
            self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._soon.start()

    def _follow(self) -> None:
        if self._wanted is None or self._wanted == self._shown or not self.isVisible():
            return
        pair, source = self._shown = self._wanted
        if self.panel is None:
            from desktop.ui.rates.chart_panel import ChartPanel  # no chart is needed to start

            self.panel = ChartPanel(self._session, pair, self, source)
            self.panel.article_wanted.connect(self.article_wanted)
            self._box.addWidget(self.panel)
        else:
            self.panel.show_pair(pair, source)
