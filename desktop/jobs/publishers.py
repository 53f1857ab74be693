"""What the window says of the publishers of rates, and lets the person decide about their numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.errors import AppError
from desktop.core.rates import Pair, ProviderState, Quote, SourceNotes
from desktop.core.rates.sources import RULES
from desktop.core.text import plain
from desktop.net.rates import PROVIDERS
from desktop.sync.answers import pegged

if TYPE_CHECKING:
    from desktop.jobs.delivery import Delivery
    from desktop.store import Store
    from desktop.sync.lane import StoreLane


class Publishers(QObject):
    """Reads are bounded; a decision is stored by the lane, and `changed` is called when it is."""

    def __init__(
        self,
        reader: Store,
        lane: StoreLane,
        delivery: Delivery,
        now: Callable[[], datetime],
        changed: Callable[[], None],
        failed: Callable[[AppError], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._reader = reader
        self._lane = lane
        self._delivery = delivery
        self._now = now
        self._changed = changed
        self._failed = failed

    def name(self, source: str) -> str:
        """The name of a provider, or of both where an answer has two legs ("nbkr+nbk")."""
        return " + ".join(
            PROVIDERS[part].name if part in PROVIDERS else plain(part, 60) for part in source.split("+")
        )

    def of(self, pair: Pair) -> tuple[str, ...]:
        """Who publishes a pair, whether it was ever asked or not."""
        from desktop.core.rates.chain import publishers  # a start chooses no source

        return publishers(pair, pegged())

    def credit(self, source: str) -> tuple[str, str]:
        """The credit line of a provider, and the address that it links to."""
        known = [PROVIDERS[part] for part in source.split("+") if part in PROVIDERS]
        return "; ".join(each.credit for each in known), known[0].credit_url if known else ""

    def notes(self, source: str) -> list[SourceNotes]:
        """What is known of each publisher behind an answer ("nbkr+nbk"), as it stands now."""
        states = self._reader.rates.provider_states()
        return [
            SourceNotes(PROVIDERS[part].name, PROVIDERS[part].terms, states.get(part, ProviderState(part)))
            for part in source.split("+")
            if part in PROVIDERS and part in RULES
        ]

    def accept(self, quote: Quote) -> None:
        """The person believes a number that waits to be confirmed."""

        def job(store: Store) -> int:
            from desktop.sync.rate_keeping import accept  # seldom needed

            return accept(store, [quote], self._now())

        self._delivery.follow(self._lane.submit(job), self._on_accepted, self._failed, self)

    def _on_accepted(self, _: int) -> None:
        self._changed()
