"""What a conversion came to, and everything behind it: the rate, its date, its legs, and how far it can be trusted."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QVBoxLayout, QWidget

from desktop.core.rates import RateAnswer
from desktop.core.rates.amounts import Converted, is_too_old
from desktop.core.rates.numbers import format_rate
from desktop.core.rates.quotes import Freshness, freshness
from desktop.ui.rates.pair_details import doubtful, facts
from desktop.ui.text import plain_label, set_text
from desktop.ui.theme import SPACE_L, SPACE_S, Theme, scaled, tabular, tint

if TYPE_CHECKING:
    from desktop.jobs.session import Session

_LEFT_OUT = ("Change", "Previous", "Fetched", "Unconfirmed")  # the last is said above


class ConverterResult(QWidget):
    """Labels that can be selected and copied."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._value = plain_label("", self)
        self._value.setFont(tabular(scaled(self.font(), 2.0, bold=True)))
        self._value.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._rate = plain_label("", self)
        self._state = plain_label("", self)
        for label in (self._rate, self._state):
            label.setWordWrap(True)
        self._facts = QFormLayout()
        self._facts.setHorizontalSpacing(SPACE_L)
        self._facts.setVerticalSpacing(SPACE_S)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        for label in (self._value, self._rate, self._state):
            layout.addWidget(label)
        layout.addSpacing(SPACE_S)
        layout.addLayout(self._facts)
        self._shown: tuple[RateAnswer, date] | None = None

    @property
    def words(self) -> tuple[str, str, str]:
        """The result, the rate and the state as shown."""
        return self._value.text(), self._rate.text(), self._state.text()

    def say_same(self, code: str) -> None:
        """Both currencies are the same."""
        self._shown = None
        set_text(self._value, "—")
        set_text(self._rate, f"Both are {code}: choose two different currencies.")
        self._state.hide()
        self._clear_facts()

    def show_result(self, converted: Converted | None, answer: RateAnswer, day: date) -> None:
        """Show a result, or that there is none."""
        value = "—" if converted is None else f"{converted.text} {answer.pair.quote}"
        rough = converted is not None and converted.is_rough
        set_text(self._value, f"≈ {value}" if rough else value)
        self._value.setAccessibleName(f"Result: {value}")
        set_text(self._rate, rate_line(answer))
        set_text(self._state, "\n".join(state_lines(answer, day, self._session, rough=rough)))
        theme = Theme.of(self.palette())
        tint(self._state, theme.warning)
        tint(self._rate, theme.text)
        self._state.setVisible(bool(self._state.text()))
        if self._shown != (answer, day):
            self._shown = (answer, day)
            self._show_facts(answer, day)

    def _show_facts(self, answer: RateAnswer, day: date) -> None:
        self._clear_facts()
        theme = Theme.of(self.palette())
        for name, text in facts(answer, day, self._session.provider_name):
            if name in _LEFT_OUT:
                continue
            label, value = plain_label(name), plain_label(text)
            tint(label, theme.muted_on(theme.window, theme.text))
            value.setWordWrap(True)
            value.setAccessibleName(f"{name}: {text}")
            self._facts.addRow(label, value)

    def _clear_facts(self) -> None:
        while self._facts.rowCount():
            self._facts.removeRow(0)


def rate_line(answer: RateAnswer) -> str:
    """The rate both ways round: "1 USD = 473.18 KZT, 1 KZT = 0.0021134 USD"."""
    if answer.rate is None:
        return ""
    there = f"1 {answer.pair.base} = {format_rate(answer.rate, answer.digits)} {answer.pair.quote}"
    if is_too_old(answer):
        return there
    back = f"1 {answer.pair.quote} = {format_rate(1 / answer.rate, answer.digits)} {answer.pair.base}"
    return f"{there}, {back}"


def state_lines(answer: RateAnswer, day: date, session: Session, *, rough: bool) -> list[str]:
    """What a careful reader must know before using the result."""
    lines: list[str] = []
    if answer.unconfirmed is not None:
        lines.append(f"Unconfirmed: {doubtful(answer.unconfirmed, answer, day, session.provider_name)}")
    if answer.rate is None:
        lines.append("No source that is stored gives this rate for that day. Choose another day or source.")
        return lines
    if is_too_old(answer):
        lines.append(
            f"Too old to calculate with: the last rate that is known is {answer.age_days} days older than the day "
            "asked for."
        )
        return lines
    fresh = freshness(answer, day, session.now())
    if fresh is Freshness.STALE:
        lines.append(f"Out of date: the newest rate is {answer.age_days} days older than the day asked for.")
    elif fresh is Freshness.AGEING:
        lines.append("A newer rate is due and has not come yet.")
    if rough:
        lines.append(f"Rounded: only {answer.digits} digits of this rate are sure.")
    return lines
