"""What a chart shows, as the person chooses it: how far back, by whom, against whom, with which other pairs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics, QShortcut
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from desktop.core.rates import Pair
from desktop.core.rates.chart import Span
from desktop.ui.rates.chart_scene import MOST_CURVES
from desktop.ui.rates.source_box import BEST, SourceBox
from desktop.ui.text import tooltip
from desktop.ui.theme import SPACE_L, SPACE_S, scaled

if TYPE_CHECKING:
    from desktop.jobs.session import Session

_SPANS = {
    Span.MONTH: "One month",
    Span.QUARTER: "Three months",
    Span.HALF: "Six months",
    Span.YEAR: "One year",
    Span.FIVE_YEARS: "Five years",
    Span.ALL: "All that is stored",
}
_EXPORTS = (
    ("png", "&Picture (PNG)…"),
    ("svg", "&Drawing (SVG)…"),
    ("csv", "&Numbers (CSV)…"),
    ("copy", "&Copy picture"),
)


class ChartControls(QWidget):
    """A row of controls over a chart. Keys 1 to 6 choose the span, F flips, % shows percents, T the table."""

    changed = Signal()  # another plot is wanted
    flip_wanted = Signal()
    table_wanted = Signal()  # the table is wanted, or the chart again
    export_wanted = Signal(str)  # png, svg, csv, copy

    def __init__(self, session: Session, pair: Pair, parent: QWidget, source: str = "") -> None:
        super().__init__(parent)
        self._session = session
        self._owner = parent
        self._pair = pair
        self._others: list[Pair] = []
        self._spans = QButtonGroup(self)
        self._first = self._sources("Source", "Whose rates are shown", BEST)
        self._second = self._sources(
            "Second source", "A second source, to see how far it is from the first", "No second source"
        )
        self._pairs = self._menu_button("&Pairs", "Compare with other pinned pairs, in percent")
        self._flip = self._button("&Flip", "The pair the other way round", "F")
        self._flip.clicked.connect(self.flip_wanted)
        self._percent = self._toggle("%", "Change in percent since the first day shown", "%")
        self._table = self._toggle("&Table", "The same numbers as a table", "T")
        self._export = self._menu_button("&Export", "Save or copy what is shown")
        for kind, text in _EXPORTS:
            self._export.menu().addAction(text).setData(kind)
        self._export.menu().triggered.connect(self._on_export)
        self._pairs.menu().triggered.connect(self._on_pair)
        self._percent.toggled.connect(self.changed)
        self._table.toggled.connect(self.table_wanted)
        self._lay_out()
        self.start(pair, source)

    @property
    def span(self) -> Span:
        return list(Span)[self._spans.checkedId()]

    @property
    def source(self) -> str:
        """The source that is shown; "" for the best."""
        return self._first.source

    @property
    def second(self) -> str:
        """The source that is compared with; "" for none, as where several pairs are shown."""
        return "" if self._others else self._second.source

    @property
    def series(self) -> list[tuple[Pair, str]]:
        """All that is shown, each pair with its source ("": the best)."""
        shown = [(self._pair, self.source), *((pair, "") for pair in self._others)]
        return [*shown, (self._pair, self.second)] if self.second else shown

    @property
    def pairs(self) -> tuple[Pair, ...]:
        return (self._pair, *self._others)

    @property
    def percent(self) -> bool:
        return bool(self._others) or self._percent.isChecked()

    @property
    def wants_table(self) -> bool:
        return self._table.isChecked()

    def start(self, pair: Pair, source: str = "") -> None:
        """Begin with another pair: by itself, by one source or by the best of each time."""
        self._pair = pair
        self._others = []
        self._first.offer(pair, source)
        self._second.offer(pair)
        self._fill_pairs()
        self._enable()

    def set_span(self, span: Span) -> None:
        self._spans.button(list(Span).index(span)).click()

    def choose(self, source: str) -> None:
        """Show one source alone; "" for the best of each time."""
        self._first.choose(source)

    def compare(self, source: str) -> None:
        """Put a second source beside the first."""
        self._second.choose(source)

    def add_pair(self, pair: Pair) -> None:
        """Show one pair more, or no longer; with two or more everything is in percent."""
        if pair in self._others:
            self._others.remove(pair)
        elif pair != self._pair and len(self._others) < MOST_CURVES - 1:
            self._others.append(pair)
        self._fill_pairs()
        self._enable()
        self.changed.emit()

    def set_filled(self, filled: bool) -> None:
        """Say whether there is anything to export or to show as a table."""
        self._export.setEnabled(filled)
        self._table.setEnabled(filled)

    def _fill_pairs(self) -> None:
        lists = self._session.reader.watchlists
        pinned = dict.fromkeys(item.pair for name in lists.names() for item in lists.pairs(name))
        menu = self._pairs.menu()
        menu.clear()
        for pair in dict.fromkeys([*self._others, *pinned]):
            if pair in (self._pair, self._pair.inverse):
                continue
            action = menu.addAction(str(pair))
            action.setCheckable(True)
            action.setChecked(pair in self._others)
            action.setData((pair.base, pair.quote))
        self._pairs.setEnabled(not menu.isEmpty())

    def _enable(self) -> None:
        several = bool(self._others)
        self._second.setEnabled(not several and self._second.count() > 2)
        self._first.setEnabled(self._first.count() > 1)
        self._percent.setEnabled(not several)

    def _on_pair(self, action: QAction) -> None:
        self.add_pair(Pair(*action.data()))

    def _on_export(self, action: QAction) -> None:
        self.export_wanted.emit(action.data())

    def _on_span(self) -> None:
        self.changed.emit()

    def _sources(self, name: str, tip: str, none: str) -> SourceBox:
        box = SourceBox(self._session, name, self, none)
        box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        tooltip(box, tip)
        box.currentIndexChanged.connect(self.changed)
        return box

    def _toggle(self, text: str, tip: str, key: str) -> QToolButton:
        button = self._button(text, tip, key)
        button.setCheckable(True)
        button.toggled.connect(partial(_show_checked, button))
        return button

    def _button(self, text: str, tip: str, key: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setAccessibleName(tip)
        # Not the button's own shortcut: that would hold in the whole window that the chart stands in.
        QShortcut(key, self._owner, button.click, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        tooltip(button, f"{tip} ({key})")
        return button

    def _menu_button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(QMenu(button))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        tooltip(button, tip)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_S)
        bold = scaled(self.font(), 1.0, bold=True)
        for at, (span, name) in enumerate(_SPANS.items()):
            button = self._toggle(span.value, name, str(at + 1))
            button.setMinimumWidth(QFontMetrics(bold).horizontalAdvance(span.value) + SPACE_L)
            self._spans.addButton(button, at)
            row.addWidget(button)
        self._spans.button(list(Span).index(Span.YEAR)).setChecked(True)
        self._spans.idClicked.connect(self._on_span)
        row.addSpacing(SPACE_L)
        row.addWidget(self._first, 2)
        row.addWidget(self._second, 2)
        row.addStretch(1)
        for button in (self._flip, self._pairs, self._percent, self._table, self._export):
            row.addWidget(button)


def _show_checked(button: QToolButton, checked: bool) -> None:
    """In bold as well: some styles hardly show a pressed button on dark ground."""
    font = button.font()
    font.setBold(checked)
    button.setFont(font)
