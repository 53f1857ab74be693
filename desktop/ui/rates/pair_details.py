"""Everything behind one rate: the number, how it was published, by whom and when, and what comes next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.rates import Pair, Quote, QuoteKind, RateAnswer
from desktop.core.rates.quotes import format_change, format_rate
from desktop.ui.links import checked_url, link_label, open_external
from desktop.ui.sources.facts import source_facts
from desktop.ui.text import plain_label, set_text, tooltip, window_title
from desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, Theme, scaled, tint
from desktop.ui.times import day, full

if TYPE_CHECKING:
    from desktop.jobs.session import Session

DIGITS = 6
_KINDS = {
    QuoteKind.OFFICIAL: "Official rate of a central bank",
    QuoteKind.REFERENCE: "Reference rate",
    QuoteKind.BLENDED: "Blend of several sources",
    QuoteKind.PEG: "Fixed by law",
    QuoteKind.DERIVED: "Computed from other rates",
}


def copy_pair(session: Session, pair: Pair, source: str = "") -> None:
    """Puts a rate on the clipboard with its date and source, so that it can be quoted."""
    QGuiApplication.clipboard().setText(citation(session.rate(pair, source), session))


def citation(answer: RateAnswer, session: Session) -> str:
    """A rate that can be quoted: "1 USD = 473.18 KZT (National Bank of Kazakhstan, 24 Nov 2026)"."""
    if answer.rate is None or answer.valid_from is None:
        return f"{answer.pair}: not known"
    when = f"{day(answer.valid_from)} {answer.valid_from.year}"
    value = format_rate(answer.rate, answer.digits)
    return (
        f"1 {answer.pair.base} = {value} {answer.pair.quote} ({session.provider_name(answer.source)}, {when})"
    )


def as_published(quote: Quote) -> str:
    """A published number as its source wrote it: "100 KZT = 16,7180 RUB"."""
    return f"{quote.raw_nominal or '1'} {quote.base} = {quote.raw_value} {quote.quote}"


def facts(answer: RateAnswer, today: date, name: Callable[[str], str] = str) -> list[tuple[str, str]]:
    """What is known of an answer, as (name, text) in the order of reading."""
    rows = [("Change", format_change(answer))]
    if answer.previous_rate is not None and answer.previous_from is not None:
        before = format_rate(answer.previous_rate, answer.digits)
        rows.append(("Previous", f"{before} on {day(answer.previous_from, today)}"))
    if answer.upcoming is not None:
        rows.append(("Next", upcoming(answer.upcoming, answer.pair, today)))
    if answer.unconfirmed is not None:
        rows.append(("Unconfirmed", doubtful(answer.unconfirmed, answer, today, name)))
    published = [_leg(leg, answer, name) for leg in answer.legs if leg.raw_value]
    if published:
        rows.append(("As published", "\n".join(published)))
    if len(answer.legs) > 1:
        rows.append(("Via", " and ".join(f"{leg.base}/{leg.quote}" for leg in answer.legs)))
    if answer.valid_from is not None:
        rows.append(("Valid from", _valid_from(answer, answer.valid_from, today)))
    if answer.legs and answer.kind is not QuoteKind.PEG:
        rows.append(("Fetched", full(min(leg.fetched_at for leg in answer.legs))))
    if answer.source:
        rows.append(("Source", name(answer.source)))
    if answer.kind is not None:
        rows.append(("Kind", _KINDS[answer.kind]))
    return rows


def upcoming(quote: Quote, pair: Pair, today: date) -> str:
    """A number that is published and not in force yet: "from 24 Nov: 473.18"."""
    return f"from {day(quote.valid_from, today)}: {turned(quote, pair)}"


def turned(quote: Quote, pair: Pair) -> str:
    """The number of a pair's own quote, in the direction of the pair."""
    rate = quote.rate if (quote.base, quote.quote) == (pair.base, pair.quote) else 1 / quote.rate
    return format_rate(rate, DIGITS)


def doubtful(quote: Quote, answer: RateAnswer, today: date, name: Callable[[str], str] = str) -> str:
    """A number that jumped: who says it, and what it waits for."""
    said = f"{name(quote.source)} says {as_published(quote)} from {day(quote.valid_from, today)}."
    kept = "Until then the last good number stays." if answer.rate is not None else ""
    return f"{said} It counts when its next fixing or a second source agrees, or when you accept it. {kept}".strip()


def _leg(leg: Quote, answer: RateAnswer, name: Callable[[str], str]) -> str:
    """A leg as published, with its bank where there are two."""
    return as_published(leg) if len(answer.legs) == 1 else f"{as_published(leg)}, {name(leg.source)}"


def _valid_from(answer: RateAnswer, since: date, today: date) -> str:
    when = day(since, today)
    return f"{when}, out of date: {answer.age_days} days old" if answer.stale else when


class PairDetails(QDialog):
    """A window of its own for one pair; follows the store while it is open and never blocks."""

    alert_requested = Signal(object, str)  # Pair, and the source that it is asked of
    chart_wanted = Signal(object, str)

    def __init__(self, session: Session, pair: Pair, parent: QWidget | None = None, source: str = "") -> None:
        """`source` is the one that the pair is asked of; "" is the best."""
        super().__init__(parent)
        self._session = session
        self._source_id = source
        self.pair = pair
        self._credit_url = ""
        self._doubtful: Quote | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self._build()
        session.rates_changed.connect(self.refresh)
        session.watchlists_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Reads the answer anew."""
        answer = self._session.rate(self.pair, self._source_id)
        value = "—" if answer.rate is None else format_rate(answer.rate, answer.digits)
        self.setWindowTitle(window_title(f"{self.pair}"))
        set_text(self._value, value)
        set_text(self._unit, f"{self.pair.quote} for 1 {self.pair.base}")
        self._doubtful = answer.unconfirmed
        self._accept.setVisible(answer.unconfirmed is not None)
        self._show_facts(answer)
        self._show_source(answer)
        self._pin.setText("Unpin" if self._pinned() is not None else "Pin")

    def flip(self) -> None:
        """Turns the pair round, here and on the ticker's list where it stands there."""
        if self._pinned() == self.pair:
            self._session.watchlists.flip(self.pair)
        self.pair = self.pair.inverse
        self.refresh()

    def toggle_pin(self) -> None:
        pinned = self._pinned()
        if pinned is None:
            self._session.watchlists.pin(self.pair, source=self._source_id)
        else:
            self._session.watchlists.unpin(pinned)

    def ask_for_alert(self) -> None:
        self.alert_requested.emit(self.pair, self._source_id)

    def copy(self) -> None:
        copy_pair(self._session, self.pair, self._source_id)

    def accept(self) -> None:
        """Believes the number that waits to be confirmed."""
        if self._doubtful is not None:
            self._session.publishers.accept(self._doubtful)

    def show_chart(self) -> None:
        """Wishes for the chart of the pair, beside this window."""
        self.chart_wanted.emit(self.pair, self._source_id)

    def open_source(self) -> None:
        """Opens the page of the source, in the system's browser."""
        open_external(QUrl(self._credit_url))

    def _pinned(self) -> Pair | None:
        """How the pair stands on the ticker's list, in this direction or the other; None where it does not."""
        pairs = [item.pair for item in self._session.reader.watchlists.pairs()]
        return next((pair for pair in (self.pair, self.pair.inverse) if pair in pairs), None)

    def _build(self) -> None:
        self._value = plain_label()
        self._value.setFont(scaled(self.font(), 2.4, bold=True))
        self._unit = plain_label()
        self._facts = QFormLayout()
        self._facts.setHorizontalSpacing(SPACE_L)
        self._facts.setVerticalSpacing(SPACE_S + 2)
        self._facts.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._source = plain_label()
        self._source.setWordWrap(True)
        self._link = self._button("Open the source’s page", self.open_source)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L + SPACE_M, SPACE_L, SPACE_L + SPACE_M, SPACE_L)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self._value)
        layout.addWidget(self._unit)
        layout.addSpacing(SPACE_L)
        layout.addLayout(self._facts)
        layout.addSpacing(SPACE_S)
        self._accept = self._button("Accept the new number", self.accept)
        layout.addWidget(self._accept, alignment=Qt.AlignmentFlag.AlignLeft)
        layout.addSpacing(SPACE_M)
        credit = QHBoxLayout()
        credit.addWidget(self._source, 1)
        credit.addWidget(self._link)
        layout.addLayout(credit)
        layout.addStretch(1)
        layout.addSpacing(SPACE_L)
        layout.addLayout(self._buttons())
        self.setMinimumWidth(13 * SPACE_XL)

    def _buttons(self) -> QHBoxLayout:
        self._pin = self._button("Pin", self.toggle_pin)
        row = QHBoxLayout()
        row.addWidget(self._button("Flip", self.flip))
        row.addWidget(self._pin)
        row.addWidget(self._button("Copy", self.copy))
        row.addWidget(self._button("Chart", self.show_chart))
        row.addWidget(self._button("Alert me…", self.ask_for_alert))
        row.addStretch(1)
        return row

    def _button(self, text: str, slot: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    def _show_facts(self, answer: RateAnswer) -> None:
        while self._facts.rowCount():
            self._facts.removeRow(0)
        theme = Theme.of(self.palette())
        rows = facts(answer, self._session.today(), self._session.provider_name)
        for name, text in [*rows, *source_facts(self._session.publishers.notes(answer.source))]:
            label = plain_label(name)
            label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            tint(label, theme.muted_on(theme.window, theme.text))
            value = plain_label()
            value.setWordWrap(True)
            value.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            set_text(value, text)  # once it can be selected
            value.setAccessibleName(f"{name}: {text}")
            if name == "Change":
                tint(value, {"+": theme.up, "\u2212": theme.down}.get(text[:1], theme.text))
            self._facts.addRow(label, value)
        tint(self._unit, theme.muted_on(theme.window, theme.text))

    def _show_source(self, answer: RateAnswer) -> None:
        credit, self._credit_url = self._session.provider_credit(answer.source) if answer.source else ("", "")
        text = credit or "No source has published this rate yet. It appears after the next refresh."
        set_text(self._source, text)
        self._link.setVisible(checked_url(QUrl(self._credit_url)) is not None)
        tooltip(self._link, link_label(self._credit_url) if self._credit_url else "")
