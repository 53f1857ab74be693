"""A stand-in for the session where a test wants to say itself what each pair stands at."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

from PySide6.QtCore import QObject, Signal

from desktop.core.rates import Pair, PinnedPair, Quote, QuoteKind, RateAnswer, SourceNotes

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def make_quote(pair: Pair, value: str, **changes: object) -> Quote:
    """A number as a bank published it today."""
    fields: dict[str, object] = {
        "base": pair.base,
        "quote": pair.quote,
        "rate": Decimal(value.replace(",", ".")),
        "raw_value": value,
        "raw_nominal": "1",
        "valid_from": TODAY,
        "source": "bank",
        "kind": QuoteKind.OFFICIAL,
        "fetched_at": NOW,
    }
    return Quote(**{**fields, **changes})  # type: ignore[arg-type]


def make_answer(pair: Pair, value: str | None, change: str | None = None, **changes: object) -> RateAnswer:
    """What a pair stands at: `change` in percent since the fixing of 21 Nov; None for an unknown rate."""
    rate = None if value is None else Decimal(value)
    moved = None if change is None else Decimal(change)
    before = None if rate is None or moved is None else rate / (1 + moved / 100)
    fields: dict[str, object] = {
        "pair": pair,
        "rate": rate,
        "digits": 5 if rate is not None else 0,
        "legs": (make_quote(pair, value),) if value is not None else (),
        "valid_from": TODAY if rate is not None else None,
        "previous_rate": before,
        "previous_from": date(2026, 11, 21) if before is not None else None,
        "change_percent": moved,
        "source": "bank" if rate is not None else "",
        "kind": QuoteKind.OFFICIAL if rate is not None else None,
        "age_days": 0,
        "stale": False,
        "upcoming": None,
    }
    return RateAnswer(**{**fields, **changes})  # type: ignore[arg-type]


class Desk(QObject):
    """Pinned pairs in memory, answers as given, and a list of what was asked of it."""

    rates_changed = Signal()
    lens_changed = Signal()
    lens = ""
    watchlists_changed = Signal()
    connection_changed = Signal(object)

    def __init__(self, answers: dict[str, RateAnswer]) -> None:
        super().__init__()
        self.answers = {pair_of(text): answer for text, answer in answers.items()}
        self.pinned = list(self.answers)
        self.asked: list[tuple[str, Pair]] = []
        self.motion = True
        self.online = True
        self.bank_name = "Central Bank of Somewhere"
        self.credit = ("Rates of the Central Bank of Somewhere", "https://bank.example/rates")
        self.notes: list[SourceNotes] = []
        self.publishers = SimpleNamespace(notes=lambda source: self.notes, accept=self.accept)
        self.reader = SimpleNamespace(watchlists=SimpleNamespace(pairs=self._pairs))
        self.watchlists = SimpleNamespace(pin=self._pin, unpin=self._unpin, flip=self._flip)

    @property
    def connection(self) -> SimpleNamespace:
        return SimpleNamespace(online=self.online, reason="", last_refresh=None)

    def setting(self, key: str, default: bool) -> bool:
        return self.motion if key == "ticker.motion" else default

    def today(self) -> date:
        return TODAY

    def rate(self, pair: Pair, source: str = "") -> RateAnswer:
        return self.answers.get(pair, make_answer(pair, None))

    def provider_name(self, provider_id: str) -> str:
        return self.bank_name

    def provider_credit(self, provider_id: str) -> tuple[str, str]:
        return self.credit

    def accept(self, quote: Quote) -> None:
        self.asked.append(("accept", Pair(quote.base, quote.quote)))

    def _pin(self, pair: Pair, list_name: str = "", source: str = "") -> None:
        self.asked.append(("pin", pair))
        self.pinned.append(pair)
        self.watchlists_changed.emit()

    def _unpin(self, pair: Pair) -> None:
        self.asked.append(("unpin", pair))
        self.pinned.remove(pair)
        self.watchlists_changed.emit()

    def _flip(self, pair: Pair) -> None:
        self.asked.append(("flip", pair))
        self.pinned[self.pinned.index(pair)] = pair.inverse
        self.watchlists_changed.emit()

    def _pairs(self, list_name: str = "") -> list[PinnedPair]:
        return [PinnedPair(list_name, pair, at) for at, pair in enumerate(self.pinned)]


def pair_of(text: str) -> Pair:
    """ "USD/KZT" as a pair."""
    base, quote = text.split("/")
    return Pair(base, quote)
