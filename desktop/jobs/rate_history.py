"""The history of rates, loaded behind the window: one run at a time, in a thread of its own, until it is stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.errors import AppError
from desktop.jobs.delivery import Delivery
from desktop.jobs.progress import Problem, Progress
from desktop.store import Store
from desktop.sync.lane import StoreLane

if TYPE_CHECKING:
    from desktop.net.http import Http
    from desktop.sync.history_plan import Choice, HistoryPlan
    from desktop.sync.rate_history import HistoryStep, HistorySummary, RateHistory

GATHER_MS = 1_000  # rates that arrive within this time are shown together


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a history costs: requests, about so many bytes and seconds; `notes` tell of pairs without one."""

    requests: int
    size: int
    seconds: float
    notes: tuple[str, ...] = ()


class HistoryLoader(QObject):
    """Plans, loads and stops; what arrives is told in few signals."""

    progress_changed = Signal(object)  # Progress
    rates_changed = Signal()
    problem = Signal(object)  # Problem
    finished = Signal(object)  # HistorySummary

    def __init__(
        self,
        lane: StoreLane,
        http: Callable[[], Http],
        delivery: Delivery,
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lane = lane
        self._http = http
        self._delivery = delivery
        self._now = now
        self._pool = ThreadPoolExecutor(1, "history")
        self._run: RateHistory | None = None
        self._running = False
        self._stopped = False
        self.progress = Progress()
        self._soon = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._soon.timeout.connect(self.rates_changed)

    @property
    def running(self) -> bool:
        return self._running

    def estimate(
        self, choices: Sequence[Choice], years: int, done: Callable[[Estimate], None], owner: QObject
    ) -> None:
        """Hand over what there is to load for pairs, each by a source or by the best; nothing is asked."""
        wanted = tuple(choices)
        future = self._lane.submit(lambda store: _estimate(store, wanted, years, self._now()))
        self._delivery.follow(future, done, self._on_failed, owner)

    def start(self, choices: Sequence[Choice], years: int) -> None:
        """Load what is not stored; one run at a time."""
        if self._running:
            return
        wanted = tuple(choices)
        self._running, self._stopped = True, False
        self._show(Progress(running=True, label="History"))
        self._delivery.run(
            self._pool, lambda: self._work(wanted, years), self._on_done, self._on_failed, self
        )

    def stop(self) -> None:
        """Ask for nothing more; what has arrived is kept, and the next run goes on from there."""
        self._stopped = True
        if self._run is not None:
            self._run.stop()

    def close(self) -> None:
        """End everything and wait for it."""
        self.stop()
        self._soon.stop()
        self._pool.shutdown()

    def _work(self, choices: Sequence[Choice], years: int) -> HistorySummary:
        from desktop.sync.rate_history import RateHistory  # the parsers are not needed at start

        plan = self._lane(lambda store: _plan(store, choices, years, self._now()))
        self._run = RateHistory(
            self._http(), self._lane, self._on_step_in_thread, self._now, self._lane(_pace)
        )
        if self._stopped:
            self._run.stop()
        return self._run.run(plan)

    def _on_step_in_thread(self, step: HistoryStep) -> None:
        self._delivery.post(lambda: self._on_step(step))

    def _on_step(self, step: HistoryStep) -> None:
        if self._running:
            self._show(Progress(True, step.done, step.total, step.label))
        if step.new and not self._soon.isActive():
            self._soon.start()

    def _on_done(self, summary: HistorySummary) -> None:
        for error in summary.problems:
            self.problem.emit(Problem(error.message, error.remedy))
        self._end()
        self.finished.emit(summary)

    def _on_failed(self, error: AppError) -> None:
        self.problem.emit(Problem(error.message, error.remedy))
        self._end()

    def _end(self) -> None:
        self._running, self._run = False, None
        self._soon.stop()
        self.rates_changed.emit()
        self._show(Progress())

    def _show(self, progress: Progress) -> None:
        self.progress = progress
        self.progress_changed.emit(progress)


def _pace(store: Store) -> float:
    return store.settings.get("rates.history_pace", 1.0)


def _estimate(store: Store, choices: Sequence[Choice], years: int, now: datetime) -> Estimate:
    plan = _plan(store, choices, years, now)
    return Estimate(plan.requests, plan.size, plan.seconds(_pace(store)), plan.notes)


def _plan(store: Store, choices: Sequence[Choice], years: int, now: datetime) -> HistoryPlan:
    from desktop.sync.history_plan import first_day, plan_history

    last: date = now.date()
    return plan_history(store, choices, first_day(last, years), last, now)
