"""Walks through archives for tests: at no pace, with a clock of their own where the pace is what is tested."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from desktop.core.coverage import Coverage
from desktop.core.models import Source
from desktop.sync.backfill import Backfill
from desktop.sync.backfill_report import Backfilled, Estimate, Filled
from desktop.sync.pace import Pace
from tests.unit.sync.conftest import Desk


class Archivist:
    """Fills the gaps of the sources of a desk; `events` has what was told."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.events: list[Filled] = []
        self.on_page: Callable[[], None] = lambda: None
        self.stop_after: int | None = None  # pages

    def fill(
        self,
        source: Source,
        *,
        most: int | None = None,
        since: datetime | None = None,
        pace: Pace | None = None,
    ) -> Backfilled:
        walk = self._walk(pace or Pace(0))
        return walk.run(source.id, most=most, since=since)

    def estimate(self, source: Source) -> Estimate:
        return self._walk(Pace(0)).estimate(source.id)

    def coverage(self, source: Source) -> Coverage:
        return self.desk.do(lambda store: store.archive.coverage(source.id))

    def _walk(self, pace: Pace) -> Backfill:
        pages = len(self.events)

        def report(filled: Filled) -> None:
            self.events.append(filled)
            self.on_page()

        def stopped() -> bool:
            return self.stop_after is not None and len(self.events) - pages >= self.stop_after

        return Backfill(self.desk.http, self.desk.lane, report, self.desk.clock, pace=pace, stopped=stopped)
