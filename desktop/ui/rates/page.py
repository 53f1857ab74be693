"""The page of a watchlist: its name, a field to add a pair, the table, and room for a chart under it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.core.lens import is_of
from desktop.core.rates import Pair, PinnedPair
from desktop.ui import icons
from desktop.ui.empty_state import EmptyState
from desktop.ui.rates.page_chart import RatesChart
from desktop.ui.rates.page_model import RatesModel
from desktop.ui.rates.page_view import RatesView
from desktop.ui.rates.pair_field import PairField
from desktop.ui.rates.rows import rate_row, waiting_row
from desktop.ui.text import plain_label, set_text, tooltip
from desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, Theme, scaled

if TYPE_CHECKING:
    from desktop.jobs.session import Session

GATHER_MS = 50
FIELD_WIDTH = 280
CHART_NEEDS = 560  # pixels in height that the page has when a chart stands under the table
CHART_SETTING = "rates.chart"
SLICE = 20  # lines at a time: some 40 ms at five years of history


class RatesPage(QWidget):
    """Shows one list from the store, and follows it."""

    pair_added = Signal(object)  # Pair
    pair_chosen = Signal(object)  # Pair, or None for an empty list
    list_menu_requested = Signal(QPoint)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._name = ""
        self._wanted: Pair | None = None  # to be chosen once the store has it
        self.model = RatesModel(self)
        self.view = RatesView(self.model, self)
        self.field = PairField(session.lexicon, self)
        self.empty = EmptyState(self)
        self._mark = QAction(self)  # only a picture that says what the field is for
        self.field.addAction(self._mark, QLineEdit.ActionPosition.LeadingPosition)
        self.chart_button = QToolButton(self)
        self.list_button = QToolButton(self)
        self.chart = RatesChart(session, self)
        self._title = plain_label("", self)
        self._facts = plain_label("", self)
        self._refusal = plain_label("", self)
        self._middle = QStackedWidget(self)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self._soon = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._more = QTimer(self, singleShot=True, interval=0)
        self._next = 0  # the first line whose rate has not been read since the last change
        self._lay_out()
        self._tint()
        self._soon.timeout.connect(self.refresh)
        self._more.timeout.connect(self._fill)
        self.field.pair_chosen.connect(self._on_added)
        self.field.refused.connect(self._on_refused)
        self.empty.asked.connect(self._on_empty_button)
        self.view.selectionModel().currentRowChanged.connect(self._on_chosen)
        session.rates_changed.connect(self._soon.start)
        session.watchlists_changed.connect(self._soon.start)
        session.lens_changed.connect(self._soon.start)
        self.setFocusProxy(self.view)

    @property
    def list_name(self) -> str:
        """The list that is shown."""
        return self._name or self._session.reader.watchlists.in_ticker()

    @property
    def pair(self) -> Pair | None:
        """The pair that is chosen."""
        return self.view.pair

    def show_list(self, name: str) -> None:
        """Show a list; "" is the one in the ticker."""
        if name != self._name:
            self._wanted = None
        self._name = name
        self.refresh()

    def refresh(self) -> None:
        """Read the list and its rates anew; what was chosen stays chosen."""
        chosen = self._wanted or self.view.pair
        lists = self._session.reader.watchlists
        every = lists.pairs(self.list_name)
        pinned = [one for one in every if is_of(one.pair, self._session.lens)]
        self._show(pinned)
        self._describe(len(pinned), len(every), shown=lists.in_ticker() == self.list_name)
        self._middle.setCurrentWidget(self.view if pinned else self.empty)
        self.setFocusProxy(self.view if pinned else self.field)
        if self._wanted is not None and self.model.place(self._wanted) >= 0:
            self._wanted = None
        self.view.select(chosen)
        self._follow_chart()  # another source may be chosen for the same pair
        self._settle_chart()
        if not pinned:
            self.pair_chosen.emit(None)

    def _show(self, pinned: Sequence[PinnedPair]) -> None:
        """Show these pairs; the rates of a long list follow in slices, so that the window goes on answering."""
        shown = {row.pinned: row for row in self.model.rows}
        names = self._session.lexicon()
        self.model.show([shown.get(one) or waiting_row(one, names) for one in pinned])
        self._next = 0
        self._fill()

    def _fill(self) -> None:
        end = min(self._next + SLICE, self.model.rowCount())
        for at in range(self._next, end):
            self.model.put(at, rate_row(self._session, self.model.rows[at].pinned))
        self._next = end
        self.view.fit()
        if end < self.model.rowCount():
            self._more.start()

    def _describe(self, pairs: int, every: int, *, shown: bool) -> None:
        set_text(self._title, self.list_name)
        words = f"{pairs} pair{'' if pairs == 1 else 's'}"
        if country := self._session.lens:
            words = f"{country} only, {every - pairs} of {every} pairs hidden"
        set_text(self._facts, f"{words} · in the ticker" if shown else words)
        self.view.setAccessibleName(f"Rates, {self.list_name}, {words}")
        if self._session.lens and every:
            self.empty.say(f"No pair of {self._session.lens} on “{self.list_name}”", "", "Show all countries")
            return
        self.empty.say(
            f"No pairs on “{self.list_name}”",
            "Type two currencies in any way: USD/KZT, dollar tenge, доллар сум.",
            "Add a pair",
        )

    def _on_empty_button(self) -> None:
        if self._session.lens and self._session.reader.watchlists.pairs(self.list_name):
            self._session.set_lens("")
        else:
            self.field.setFocus()

    def _lay_out(self) -> None:
        self._title.setFont(scaled(self.font(), 1.25, bold=True))
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._title)
        names.addWidget(self._facts)
        top = QHBoxLayout()
        top.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        top.setSpacing(SPACE_L)
        top.addLayout(names, 1)
        self.field.setMinimumWidth(160)
        self.field.setMaximumWidth(FIELD_WIDTH)
        top.addWidget(self.field, 1)
        top.addWidget(self.chart_button)
        top.addWidget(self.list_button)
        self._refusal.setWordWrap(True)
        self._refusal.setContentsMargins(SPACE_M, 0, SPACE_M, SPACE_S)
        self._refusal.hide()
        self._middle.addWidget(self.view)
        self._middle.addWidget(self.empty)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        self.splitter.addWidget(self._middle)
        self.splitter.addWidget(self.chart)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(top)
        box.addWidget(self._refusal)
        box.addWidget(self.splitter, 1)
        self.setMinimumWidth(360)

        self.chart_button.setText("Chart")
        self.chart_button.setAccessibleName("Show the chart under the list")
        self.chart_button.setAutoRaise(True)
        self.chart_button.setCheckable(True)
        self.chart_button.setChecked(self._session.setting(CHART_SETTING, True))
        self.chart_button.toggled.connect(self._on_chart_button)
        self.list_button.setText("List")
        self.list_button.setAccessibleName("Watchlist menu")
        self.list_button.setAutoRaise(True)
        self.list_button.setArrowType(Qt.ArrowType.DownArrow)
        self.list_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.list_button.clicked.connect(self._on_list_button)

    def _tint(self) -> None:
        theme = Theme.of(self.palette())
        for label, colour in (
            (self._facts, theme.muted_on(theme.window, theme.text)),
            (self._refusal, theme.warning),
        ):
            _colour(label, colour)
        self._mark.setIcon(icons.icon("add", self.palette()))

    def _on_added(self, pair: Pair) -> None:
        self._wanted = pair
        self.pair_added.emit(pair)

    def _on_refused(self, why: str) -> None:
        set_text(self._refusal, why)
        self._refusal.setVisible(bool(why))
        self.field.setAccessibleDescription(why)

    def _on_list_button(self) -> None:
        button = self.list_button
        self.list_menu_requested.emit(button.mapToGlobal(button.rect().bottomLeft()))

    def _on_chosen(self) -> None:
        self._follow_chart()
        self.pair_chosen.emit(self.view.pair)

    def _follow_chart(self) -> None:
        chosen = self.view.pinned
        if chosen is not None:
            self.chart.show_pair(chosen.pair, chosen.source)

    def _on_chart_button(self, wanted: bool) -> None:
        self._session.set_setting(CHART_SETTING, wanted)
        self._settle_chart()

    def _settle_chart(self) -> None:
        """The chart stands where it is wanted, has something to show and leaves room for the table."""
        has_room = self.height() >= CHART_NEEDS
        self.chart_button.setEnabled(has_room)
        tooltip(
            self.chart_button, "" if has_room else "There is no room; Ctrl+G opens it in a window of its own"
        )
        self.chart.setVisible(has_room and self.chart_button.isChecked() and self.model.rowCount() > 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle_chart()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()


def _colour(label: QLabel, colour: object) -> None:
    palette = label.palette()
    palette.setColor(label.foregroundRole(), colour)
    label.setPalette(palette)
