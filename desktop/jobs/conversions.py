"""Conversions of the window: rates of any day and source, and the list of past ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.rates import Pair, RateAnswer
from desktop.core.rates.amounts import Conversion
from desktop.jobs.delivery import Delivery
from desktop.store import Store
from desktop.sync.answers import rate_of
from desktop.sync.lane import StoreLane

R = TypeVar("R")


class Conversions(QObject):
    """Reads are bounded and direct; writes go through the store lane."""

    changed = Signal()  # the list of past conversions

    def __init__(
        self,
        lane: StoreLane,
        delivery: Delivery,
        reader: Store,
        now: Callable[[], datetime],
        failed: Callable[[AppError], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._lane = lane
        self._delivery = delivery
        self._reader = reader
        self._now = now
        self._failed = failed

    def rate(self, pair: Pair, day: date, source: str = "") -> RateAnswer:
        """What a pair stood at on a day, by the best source or by one alone."""
        return rate_of(self._reader, pair, day, self._now(), source)

    def past(self) -> list[Conversion]:
        """The newest first."""
        return self._reader.conversions.past()

    def keep(self, conversion: Conversion) -> None:
        """Put it on the list, unless it says the same as the newest there."""
        self._write(lambda store: store.conversions.keep(conversion), self._on_kept)

    def clear(self) -> list[Conversion]:
        """Take all away. The list that is given holds them once that is done; `put_back` takes it."""
        cleared: list[Conversion] = []
        self._write(lambda store: cleared.extend(store.conversions.clear()), self._on_written)
        return cleared

    def put_back(self, cleared: Sequence[Conversion]) -> None:
        """Undo `clear`; the lane does one after the other, so the list is full by then."""
        self._write(lambda store: store.conversions.put_back(cleared), self._on_written)

    def _write(self, job: Callable[[Store], R], done: Callable[[R], None]) -> None:
        self._delivery.follow(self._lane.submit(job), done, self._failed, self)

    def _on_written(self, _: object) -> None:
        self.changed.emit()

    def _on_kept(self, is_new: bool) -> None:
        if is_new:
            self.changed.emit()
