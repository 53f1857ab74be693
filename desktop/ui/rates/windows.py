"""The windows that stand beside the main one for rates: charts and the converter."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QWidget

from desktop.core.rates import Pair
from desktop.ui.rates.ticker import Ticker

if TYPE_CHECKING:
    from desktop.jobs.session import Session
    from desktop.ui.rates.chart_window import ChartWindow
    from desktop.ui.rates.commands import RatesCommands
    from desktop.ui.rates.converter import Converter

USUAL = Pair("USD", "KZT")


class RateWindows(QObject):
    """Opens them for the pair at hand. They are loaded when first opened."""

    article_wanted = Signal(int)  # to be read in the window

    def __init__(
        self, session: Session, ticker: Ticker, rates: RatesCommands, stack: QUndoStack, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session = session
        self._rates = rates
        self._stack = stack
        self._window = window
        ticker.chart_wanted.connect(self.show_chart)

    def slots(self) -> dict[str, Callable[[], object]]:
        """The actions that are done here."""
        return {"chart": self.chart, "converter": self.converter}

    def chart(self) -> None:
        """The chart of the pair at hand."""
        self.show_chart(self._rates.pair or USUAL, self._rates.source)

    def show_chart(self, pair: Pair, source: str = "") -> ChartWindow:
        """The chart of a pair by a source ("": the best), made or brought to the front."""
        from desktop.ui.rates.chart_window import ChartWindow

        open_ones = self._window.findChildren(ChartWindow)
        found = next((one for one in open_ones if one.isVisible() and one.panel.pair == pair), None)
        chart = found or ChartWindow(self._session, pair, self._window, source)
        chart.show()
        if found is None:
            chart.panel.article_wanted.connect(self.article_wanted)
            chart.panel.chart.point_at(None)  # a dialog that is shown gives the focus as if by keys
        chart.raise_()
        chart.activateWindow()
        return chart

    def converter(self) -> Converter:
        """The one converter, made or brought to the front."""
        from desktop.ui.rates.converter import Converter

        found = next((one for one in self._window.findChildren(Converter) if one.isVisible()), None)
        rates = self._rates
        converter = found or Converter(self._session, self._stack, rates.pair, self._window, rates.source)
        converter.show()
        converter.raise_()
        converter.activateWindow()
        return converter
