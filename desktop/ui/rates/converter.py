"""Money from one currency into others, on a day and by a source, while it is typed."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QSignalBlocker, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, QUndoStack
from PySide6.QtWidgets import (
    QDateEdit,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTabWidget,
    QWidget,
)

from desktop.core.errors import UsageError
from desktop.core.rates import Pair, RateAnswer
from desktop.core.rates.amounts import Amount, Conversion, Converted, convert, parse_amount, plain_amount
from desktop.ui.rates.converter_result import ConverterResult
from desktop.ui.rates.converter_tables import AllPinned, Past
from desktop.ui.rates.pair_details import citation
from desktop.ui.rates.pair_field import CurrencyField
from desktop.ui.rates.source_box import SourceBox
from desktop.ui.text import plain_label, set_text, tooltip
from desktop.ui.theme import SPACE_M, SPACE_S, Theme, scaled, tabular, tint, window_column

if TYPE_CHECKING:
    from desktop.jobs.session import Session

START = Pair("USD", "KZT")
EARLIEST = QDate(1990, 1, 1)
SIZE = (720, 660)


class Converter(QDialog):
    """Never blocks the window. A conversion is kept when Enter is pressed, it is copied, or the converter is closed on
    what was typed."""

    def __init__(
        self,
        session: Session,
        stack: QUndoStack,
        pair: Pair | None,
        parent: QWidget | None = None,
        source: str = "",
    ) -> None:
        """`pair` None: the one of the last time. `source` is the one that the pair is asked of; "" is the best."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlags(Qt.WindowType.Window)
        self.setWindowTitle("Converter")
        self._session = session
        self._answer: RateAnswer | None = None
        self._converted: Converted | None = None
        self._amount: Amount | None = None
        self.amount = QLineEdit(self)
        self.base = CurrencyField(session.lexicon, self)
        self.quote = CurrencyField(session.lexicon, self)
        self.day = QDateEdit(self)
        self.source = SourceBox(session, "Source", self, stored=True)
        self.understood = plain_label("", self)
        self.outcome = ConverterResult(session, self)
        self.all_pinned = AllPinned(session, self)
        self.past = Past(session, stack, self)
        self._dress()
        self._lay_out()
        self._connect()
        self._start(pair, source)

    @property
    def pair(self) -> Pair:
        return Pair(self.base.currency, self.quote.currency)

    @property
    def on(self) -> date:
        """The day asked for."""
        return date(*self.day.date().getDate())

    def convert_pair(self, pair: Pair, amount: str = "", day: date | None = None) -> None:
        """Show a conversion, as if it had been typed."""
        self.base.set_currency(pair.base)
        self.quote.set_currency(pair.quote)
        if amount:
            self.amount.setText(amount)
        if day is not None:
            with QSignalBlocker(self.day):
                self.day.setDate(QDate(day.year, day.month, day.day))
        self._on_pair()

    def swap(self) -> None:
        """Turn the conversion round; the amount stays."""
        self.convert_pair(self.pair.inverse)

    def copy(self) -> None:
        """The result on the clipboard, with rate, source and date."""
        if self._converted is None or self._answer is None or self._amount is None:
            return
        words = (
            f"{plain_amount(self._amount.value)} {self.pair.base} = {self._converted.text} {self.pair.quote}"
        )
        QGuiApplication.clipboard().setText(f"{words}; {citation(self._answer, self._session)}")
        self.keep()

    def keep(self) -> None:
        """Put the conversion on the list of past ones, once."""
        answer, amount = self._answer, self._amount
        if self._converted is None or amount is None or answer is None or answer.rate is None:
            return
        self._session.conversions.keep(
            Conversion(
                amount=amount.value,
                pair=answer.pair,
                rate=answer.rate,
                digits=answer.digits,
                result=self._converted.text,
                day=self.on,
                valid_from=answer.valid_from or self.on,
                source=answer.source,
                made_at=self._session.now(),
            )
        )

    def done(self, result: int) -> None:
        if self.amount.isModified():
            self.keep()
        super().done(result)

    def _start(self, pair: Pair | None, source: str) -> None:
        past = self._session.conversions.past()
        today = self._session.today()
        self.day.setDateRange(EARLIEST, QDate(today.year, today.month, today.day))
        amount = plain_amount(past[0].amount) if past else "100"
        self.convert_pair(pair or (past[0].pair if past else START), amount, today)
        self.source.choose(source)
        self.amount.selectAll()
        self.amount.setFocus()

    def _on_pair(self) -> None:
        """Other currencies: which sources know them?"""
        self.source.offer_again(self.pair)
        self._on_question()

    def _on_question(self) -> None:
        """Another pair, day or source: read the rate."""
        self.all_pinned.forget()
        is_pair = self.pair.base != self.pair.quote
        self._answer = (
            self._session.conversions.rate(self.pair, self.on, self.source.source) if is_pair else None
        )
        self._on_amount()

    def _on_amount(self) -> None:
        """Another amount, at the rate that is in hand."""
        self._amount, said, is_warning = self._read_amount()
        self._converted = None
        if self._amount is not None and self._answer is not None:
            minor_units = self._session.lexicon().minor_units(self.pair.quote)
            self._converted = convert(self._amount.value, self._answer, minor_units)
        set_text(self.understood, said)
        theme = Theme.of(self.palette())
        tint(self.understood, theme.warning if is_warning else theme.muted_on(theme.window, theme.text))
        if self._answer is None:
            self.outcome.say_same(self.pair.base)
        else:
            self.outcome.show_result(self._converted, self._answer, self.on)
        self._copy.setEnabled(self._converted is not None)
        self.all_pinned.show_amount(self._amount, self.pair.base, self.on)

    def _read_amount(self) -> tuple[Amount | None, str, bool]:
        """The amount; how it was understood, or why it was not; and whether that needs attention."""
        text, code = self.amount.text(), self.pair.base
        if not text.strip():
            return None, "Write an amount.", False
        try:
            found = parse_amount(text, self._session.lexicon().minor_units(code))
        except UsageError as error:
            return None, str(error), True
        said = f"Understood as {plain_amount(found.value)} {code}"
        if found.other is None:
            return found, said, False
        return found, f"{said}, not {plain_amount(found.other)}", True

    def _on_refused(self, why: str) -> None:
        """Words that name no currency, or several; the conversion that is shown stays until one is chosen."""
        if why:
            set_text(self.understood, why)
            tint(self.understood, Theme.of(self.palette()).warning)
        else:
            self._on_amount()

    def _settle(self, field: CurrencyField) -> None:
        """A field that is left shows the currency that is converted, and nothing else."""
        if field.text() == field.currency:
            return
        try:
            field.take(field.text())
        except UsageError:
            field.set_currency(field.currency)

    def _on_past(self, made: Conversion) -> None:
        """A past conversion is asked again, for its day."""
        self.convert_pair(made.pair, plain_amount(made.amount), made.day)

    def _today(self) -> None:
        today = self._session.today()
        self.day.setMaximumDate(QDate(today.year, today.month, today.day))
        self.day.setDate(self.day.maximumDate())

    def _connect(self) -> None:
        self.amount.textChanged.connect(self._on_amount)
        self.amount.returnPressed.connect(self.keep)
        for field in (self.base, self.quote):
            field.currency_chosen.connect(self._on_pair)
            field.refused.connect(self._on_refused)
            field.editingFinished.connect(partial(self._settle, field))
        self.day.dateChanged.connect(self._on_question)
        self.source.currentIndexChanged.connect(self._on_question)
        self._swap.clicked.connect(self.swap)
        self._copy.clicked.connect(self.copy)
        self._to_today.clicked.connect(self._today)
        self.past.chosen.connect(self._on_past)
        self._session.rates_changed.connect(self._on_question)
        self._session.watchlists_changed.connect(self._on_amount)

    def _dress(self) -> None:
        self.amount.setFont(tabular(scaled(self.font(), 1.3)))
        self.amount.setAccessibleName("Amount")
        self.amount.setPlaceholderText("1 500,50")
        self.base.setAccessibleName("From currency")
        self.quote.setAccessibleName("To currency")
        self.day.setAccessibleName("On the day")
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("d MMM yyyy")
        self.understood.setWordWrap(True)
        self._swap = self._button("S&wap", "Ctrl+Shift+S")
        self._to_today = self._button("&Today", "Ctrl+T")
        self._copy = self._button("&Copy", "Ctrl+Shift+C")

    def _button(self, text: str, key: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        QShortcut(QKeySequence(key), self, button.click)
        tooltip(button, QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText))
        return button

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_S)
        for column, (name, field) in enumerate(
            (("&Amount", self.amount), ("&From", self.base), ("T&o", self.quote), ("", self._swap))
        ):
            grid.addWidget(self._caption(name, field), 0, column)
            grid.addWidget(field, 1, column)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(2, 2)
        grid.addWidget(self.understood, 2, 0, 1, 4)
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        row.addWidget(self._caption("On the &day", self.day))
        row.addWidget(self.day)
        row.addWidget(self._to_today)
        row.addSpacing(SPACE_M)
        row.addWidget(self._caption("&By", self.source))
        row.addWidget(self.source, 1)
        answer = QHBoxLayout()
        answer.addWidget(self.outcome, 1)
        answer.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignTop)
        tabs = QTabWidget(self)
        tabs.addTab(self.all_pinned, "A&ll pinned currencies")
        tabs.addTab(self.past, "&Past conversions")
        layout = window_column(self)
        for part in (grid, row):
            layout.addLayout(part)
        layout.addSpacing(SPACE_S)
        layout.addLayout(answer)
        layout.addSpacing(SPACE_S)
        layout.addWidget(tabs, 1)
        self.resize(*SIZE)

    def _caption(self, text: str, field: QWidget) -> QLabel:
        label = plain_label(text, self)
        label.setBuddy(field)
        return label
