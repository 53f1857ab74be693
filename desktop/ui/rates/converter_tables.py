"""The two lists under the converter: the amount in every pinned currency, and what was converted before."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop.core.rates import Pair, RateAnswer
from desktop.core.rates.amounts import Amount, Conversion, convert, plain_amount
from desktop.core.rates.numbers import format_rate
from desktop.ui.empty_state import EmptyState
from desktop.ui.text_table import TextTable
from desktop.ui.theme import SPACE_M, SPACE_S
from desktop.ui.times import day as day_words
from desktop.ui.times import full
from desktop.ui.undo import Step

if TYPE_CHECKING:
    from desktop.jobs.session import Session

_PINNED = ("Currency", "Amount", "Rate", "Of", "Source")
_PAST = ("When", "Amount", "Result", "Rate", "Of", "Source")
CLEARED = "Past conversions cleared"


class _Listed(QWidget):
    """A table with a row of buttons below it, or words where it has no rows."""

    def __init__(self, name: str, empty: tuple[str, str], parent: QWidget) -> None:
        super().__init__(parent)
        self.table = TextTable(name, self)
        self.empty = EmptyState(self)
        self.empty.say(*empty)
        self.buttons = QHBoxLayout()
        self.buttons.addStretch(1)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE_S, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self._stack, 1)
        layout.addLayout(self.buttons)

    def add_button(self, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        self.buttons.addWidget(button)
        return button

    def show_rows(self, headers: tuple[str, ...], rows: list[list[str]], numbers: set[int]) -> None:
        self.table.show_rows(headers, rows, numbers)
        self._stack.setCurrentWidget(self.table if rows else self.empty)


class AllPinned(_Listed):
    """One amount in the currencies of all pinned pairs, each at the best rate of the day."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        words = (
            "No other currency is pinned",
            "Pin pairs in the ticker or on the rates page to see them here.",
        )
        super().__init__("The amount in all pinned currencies", words, parent)
        self._session = session
        self._answers: dict[tuple[Pair, date], RateAnswer] = {}
        self._copy = self.add_button("Copy list")
        self._copy.clicked.connect(self._on_copy)

    def currencies(self, base: str) -> list[str]:
        """The codes on all watchlists, in their order, without `base`."""
        lists = self._session.reader.watchlists
        pairs = [item.pair for name in lists.names() for item in lists.pairs(name)]
        codes = dict.fromkeys(code for pair in pairs for code in (pair.quote, pair.base))
        return [code for code in codes if code != base]

    def forget(self) -> None:
        """Read the rates anew the next time; until then another amount, letter by letter, reads none."""
        self._answers.clear()

    def show_amount(self, amount: Amount | None, base: str, on: date) -> None:
        """Convert into each; "—" where the rate is not known or there is no amount."""
        rows = [self._row(amount, Pair(base, code), on) for code in self.currencies(base)]
        self.show_rows(_PINNED, rows, {1, 2})
        self._copy.setEnabled(bool(rows))

    def _row(self, amount: Amount | None, pair: Pair, on: date) -> list[str]:
        lexicon = self._session.lexicon()
        if (pair, on) not in self._answers:
            self._answers[pair, on] = self._session.conversions.rate(pair, on)
        answer = self._answers[pair, on]
        found = None if amount is None else convert(amount.value, answer, lexicon.minor_units(pair.quote))
        return [
            f"{pair.quote}  {lexicon.name(pair.quote)}",
            "—" if found is None else f"≈ {found.text}" if found.is_rough else found.text,
            "—" if answer.rate is None else format_rate(answer.rate, answer.digits),
            _of(answer, on),
            self._session.provider_name(answer.source) if answer.source else "No source has this rate",
        ]

    def _on_copy(self) -> None:
        self.table.clearSelection()
        self.table.copy()


def _of(answer: RateAnswer, on: date) -> str:
    if answer.valid_from is None:
        return ""
    return f"{day_words(answer.valid_from, on)}{', out of date' if answer.stale else ''}"


class Past(_Listed):
    """What was converted before, as it was then. A row can be asked again; clearing can be undone."""

    chosen = Signal(object)  # Conversion

    def __init__(self, session: Session, stack: QUndoStack, parent: QWidget) -> None:
        words = ("Nothing converted yet", "Press Enter after an amount, or copy a result, to keep it here.")
        super().__init__("Past conversions", words, parent)
        self._session = session
        self._undo_stack = stack
        self._conversions: list[Conversion] = []
        self._cleared: list[Conversion] = []
        self._undo = self.add_button("&Undo")
        self._clear = self.add_button("Clear li&st")
        self._undo.clicked.connect(stack.undo)
        self._clear.clicked.connect(self.clear)
        self.table.activated.connect(self._on_activated)
        stack.indexChanged.connect(self._enable)
        session.conversions.changed.connect(self.reload)
        self.reload()

    def reload(self) -> None:
        """Read the list anew."""
        self._conversions = self._session.conversions.past()
        self.show_rows(_PAST, [self._row(made) for made in self._conversions], {1, 2, 3})
        self._enable()

    def clear(self) -> None:
        """Empty the list; the person can take that back."""
        self._undo_stack.push(Step(CLEARED, self._do_clear, self._put_back))

    def _do_clear(self) -> None:
        self._cleared = self._session.conversions.clear()

    def _put_back(self) -> None:
        self._session.conversions.put_back(self._cleared)

    def _row(self, made: Conversion) -> list[str]:
        return [
            full(made.made_at),
            f"{plain_amount(made.amount)} {made.pair.base}",
            f"{made.result} {made.pair.quote}",
            format_rate(made.rate, made.digits),
            f"{day_words(made.valid_from)} {made.valid_from.year}",
            self._session.provider_name(made.source),
        ]

    def _on_activated(self, index: QModelIndex) -> None:
        self.chosen.emit(self._conversions[index.row()])

    def _enable(self) -> None:
        self._clear.setEnabled(bool(self._conversions))
        self._undo.setVisible(self._undo_stack.undoText() == CLEARED)
