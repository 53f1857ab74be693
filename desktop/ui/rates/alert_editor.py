"""Where an alert is put together in plain words, beside what the rate stands at and what would set it off."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from desktop.core.errors import UsageError
from desktop.core.rates import Pair
from desktop.core.rates.alert_rules import (
    MOST_DAYS,
    AlertKind,
    AlertRule,
    Direction,
    checked,
    parse_threshold,
)
from desktop.core.rates.alert_words import now, number, outlook
from desktop.ui.rates.pair_field import PairField
from desktop.ui.rates.source_box import SourceBox
from desktop.ui.text import plain_label, set_text
from desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, Theme, scaled, tint, window_column

if TYPE_CHECKING:
    from desktop.jobs.session import Session


class Choice(NamedTuple):
    """A condition as it stands in the list of them."""

    text: str
    kind: AlertKind
    direction: Direction = Direction.EITHER


CHOICES = (
    Choice("rises to", AlertKind.LEVEL, Direction.UP),
    Choice("falls to", AlertKind.LEVEL, Direction.DOWN),
    Choice("crosses, either way,", AlertKind.LEVEL),
    Choice("moves, either way, by", AlertKind.CHANGE),
    Choice("rises by", AlertKind.CHANGE, Direction.UP),
    Choice("falls by", AlertKind.CHANGE, Direction.DOWN),
    Choice("has a new fixing", AlertKind.FIXING),
    Choice("has no new fixing for", AlertKind.SILENT),
)
DAYS = {AlertKind.CHANGE: 7, AlertKind.SILENT: 3}


class AlertEditor(QDialog):
    """A new alert, or another condition for one that is there. Does not block the window."""

    submitted = Signal(object)  # AlertRule

    def __init__(
        self,
        session: Session,
        pair: Pair | None,
        parent: QWidget | None = None,
        *,
        source: str = "",
        rule: AlertRule | None = None,
    ) -> None:
        """`source` is the one that the pair is asked of; "" is the best. `rule`: the one to change."""
        super().__init__(parent)
        self._session = session
        self._pair = rule.pair if rule else pair
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.setWindowTitle("Change alert" if rule else "New alert")
        self._make("&Save" if rule else "&Set alert")
        self._lay_out()
        if rule is not None:
            self._show_rule(rule)
        self._field.setText(str(self._pair) if self._pair else "")
        if self._pair:
            self._source.offer(self._pair, rule.source if rule else source)
        self._connect()
        self.refresh()

    @property
    def rule(self) -> AlertRule:
        """What is asked for. Raises UsageError while it is not complete."""
        if self._pair is None:
            raise UsageError("Which pair?", "Write it like USD/KZT or dollar tenge.")
        choice = CHOICES[self._condition.currentIndex()]
        measured = choice.kind in (AlertKind.LEVEL, AlertKind.CHANGE)
        if measured and not self._number.text().strip():
            wanted = "Which rate?" if choice.kind is AlertKind.LEVEL else "How many percent?"
            raise UsageError(wanted)
        return checked(
            AlertRule(
                self._pair,
                choice.kind,
                choice.direction,
                parse_threshold(self._number.text()) if measured else Decimal(0),
                self._days.value() if choice.kind in DAYS else 0,
                self._source.source,
            )
        )

    def refresh(self) -> None:
        """Show what the condition needs, where the rate stands, and what would set the alert off."""
        choice = CHOICES[self._condition.currentIndex()]
        is_level, is_change = choice.kind is AlertKind.LEVEL, choice.kind is AlertKind.CHANGE
        self._number.setVisible(is_level or is_change)
        self._number.setAccessibleName("Rate" if is_level else "Percent")
        self._days.setVisible(choice.kind in DAYS)
        self._source.setEnabled(self._source.count() > 1)
        unit = f"{self._pair.quote} for 1 {self._pair.base}" if is_level and self._pair else ""
        set_text(self._unit, "% within" if is_change else unit)
        set_text(
            self._days_unit,
            {AlertKind.CHANGE: "days", AlertKind.SILENT: "business days"}.get(choice.kind, ""),
        )
        self._show_now()
        self._show_outlook()

    def _make(self, word: str) -> None:
        self._field = PairField(self._session.lexicon, self)
        self._field.setAccessibleName("Pair")
        self._field.setPlaceholderText("USD/KZT, dollar tenge…")
        self._source = SourceBox(self._session, "Source", self)
        self._now = plain_label("", self)
        self._condition = QComboBox(self)
        self._condition.setAccessibleName("Condition")
        self._condition.addItems([choice.text for choice in CHOICES])
        self._number = QLineEdit(self)
        self._number.setMinimumWidth(7 * self.fontMetrics().averageCharWidth())
        self._unit = plain_label("", self)
        self._days = QSpinBox(self)
        self._days.setRange(1, MOST_DAYS)
        self._days.setValue(DAYS[AlertKind.CHANGE])
        self._days.setAccessibleName("Days")
        self._days_unit = plain_label("", self)
        self._outlook = plain_label("", self)
        self._outlook.setWordWrap(True)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self._save = self._buttons.addButton(word, QDialogButtonBox.ButtonRole.AcceptRole)
        self._save.setDefault(True)

    def _lay_out(self) -> None:
        condition = QHBoxLayout()
        condition.setSpacing(SPACE_S)
        for part in (self._condition, self._number, self._unit, self._days, self._days_unit):
            condition.addWidget(part)
        condition.addStretch(1)
        form = QFormLayout()
        form.setHorizontalSpacing(SPACE_L)
        form.setVerticalSpacing(SPACE_M)
        form.addRow("&Pair", self._field)
        form.addRow("&By", self._source)
        form.addRow("Now", self._now)
        form.addRow("When it", condition)
        layout = window_column(self)
        layout.addLayout(form)
        layout.addWidget(self._outlook)
        layout.addStretch(1)
        layout.addWidget(self._buttons)
        self._now.setFont(scaled(self.font(), 1.0, bold=True))
        self._outlook.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self.setMinimumWidth(560)

    def _connect(self) -> None:
        self._field.pair_chosen.connect(self._on_pair)
        self._field.refused.connect(self._on_refused)
        self._source.currentIndexChanged.connect(self.refresh)
        self._condition.currentIndexChanged.connect(self._on_condition)
        self._number.textChanged.connect(self._show_outlook)
        self._days.valueChanged.connect(self._show_outlook)
        self._buttons.rejected.connect(self.close)
        self._buttons.accepted.connect(self.submit)
        self._session.rates_changed.connect(self.refresh)

    def submit(self) -> None:
        """Hand the rule on and close, or say what is missing."""
        if self._field.text() and self._field.text() != str(self._pair):
            self._field.returnPressed.emit()
        try:
            rule = self.rule
        except UsageError as error:
            self._say(str(error), is_problem=True)
            (self._number if self._pair else self._field).setFocus()
            return
        self.submitted.emit(rule)
        self.close()

    def _show_rule(self, rule: AlertRule) -> None:
        at = next(
            n for n, one in enumerate(CHOICES) if (one.kind, one.direction) == (rule.kind, rule.direction)
        )
        self._condition.setCurrentIndex(at)
        self._number.setText(number(rule.threshold) if rule.threshold else "")
        self._days.setValue(rule.days or DAYS[AlertKind.CHANGE])

    def _show_now(self) -> None:
        text = "—"
        if self._pair is not None:
            given = self._session.rate(self._pair, self._source.source)
            source = f", {self._session.provider_name(given.source)}" if given.source else ""
            text = now(given, self._session.today()) + source
        set_text(self._now, text)

    def _show_outlook(self) -> None:
        try:
            rule = self.rule
        except UsageError as error:
            self._say(str(error) if self._number.text().strip() and self._pair else "")
            return
        self._say(outlook(rule, self._session.rate(rule.pair, rule.source)))

    def _say(self, text: str, *, is_problem: bool = False) -> None:
        theme = Theme.of(self.palette())
        muted = theme.muted_on(theme.window, theme.text)
        tint(self._outlook, theme.warning if is_problem else muted)
        set_text(self._outlook, text)

    def _on_pair(self, pair: Pair) -> None:
        self._pair = pair
        self._field.setText(str(pair))
        self._source.offer_again(pair)
        self.refresh()

    def _on_refused(self, why: str) -> None:
        self._say(why, is_problem=True)

    def _on_condition(self) -> None:
        kind = CHOICES[self._condition.currentIndex()].kind
        self._days.setValue(DAYS.get(kind, self._days.value()))
        self.refresh()
