"""The chart of a pair in a window of its own, which never blocks the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QDialog, QWidget

from desktop.core.rates import Pair
from desktop.ui.rates.chart_panel import ChartPanel
from desktop.ui.text import plain_label, set_text, window_title
from desktop.ui.theme import scaled, window_column

if TYPE_CHECKING:
    from desktop.jobs.session import Session

SIZE = (960, 600)
GEOMETRY = "chart.geometry"


class ChartWindow(QDialog):
    """One chart; Escape closes it. Its size is kept between times."""

    def __init__(self, session: Session, pair: Pair, parent: QWidget | None = None, source: str = "") -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlags(Qt.WindowType.Window)
        self._session = session
        self._title = plain_label("", self)
        self._title.setFont(scaled(self.font(), 1.5, bold=True))
        self.panel = ChartPanel(session, pair, self, source)
        self.panel.pair_changed.connect(self._name)
        layout = window_column(self)
        layout.addWidget(self._title)
        layout.addWidget(self.panel, 1)
        self._name(pair)
        self.resize(*SIZE)
        kept = session.setting(GEOMETRY, "").encode("ascii", "ignore")
        self.restoreGeometry(QByteArray.fromBase64(kept))
        self.panel.chart.setFocus(Qt.FocusReason.OtherFocusReason)

    def done(self, result: int) -> None:
        geometry = bytes(self.saveGeometry().toBase64().data()).decode("ascii")
        self._session.set_setting(GEOMETRY, geometry)
        super().done(result)

    def _name(self, pair: Pair) -> None:
        self.setWindowTitle(window_title(f"{pair} chart"))
        set_text(self._title, str(pair))
