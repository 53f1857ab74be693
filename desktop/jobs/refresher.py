"""The refresh of the window: one at a time, in a thread of its own, by the timer or by the person."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.errors import AppError
from desktop.core.models import Changes
from desktop.jobs.delivery import Delivery
from desktop.jobs.progress import Problem, Progress
from desktop.sync.lane import StoreLane
from desktop.sync.report import (
    AlertsFired,
    Event,
    FullTextDone,
    PicturesDone,
    Plan,
    RatesDone,
    SourceDone,
    Step,
    Summary,
    TextDone,
)

if TYPE_CHECKING:
    from desktop.net.http import Http

TICK_MS = 60_000
GATHER_MS = 120  # changes that arrive within this time reach the models together


class Refresher(QObject):
    """Runs refreshes and tells what they bring, gathered into few signals."""

    articles_changed = Signal(object)  # Changes
    rates_changed = Signal()
    sources_changed = Signal()
    progress_changed = Signal(object)  # Progress
    problem = Signal(object)  # Problem
    text_done = Signal()  # the sources and banks have been asked, pictures are still to come
    alerts_fired = Signal(object)  # tuple[AlertEvent, ...]
    finished = Signal(object)  # Summary

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
        self._pool = ThreadPoolExecutor(1, "refresh")
        self._queued: list[Plan] = []
        self._running = False
        self._stopping = False
        self._gathered: list[Changes] = []
        self._touched = False  # sources were asked since the last time that changes were handed over
        self._gather_timer = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._gather_timer.timeout.connect(self._flush)
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._on_tick)

    @property
    def running(self) -> bool:
        return self._running

    def start_timer(self) -> None:
        """Ask what is due, now and every minute."""
        if not self._timer.isActive():
            self._timer.start()
            self._on_tick()

    def stop_timer(self) -> None:
        self._timer.stop()

    def refresh(self, plan: Plan) -> None:
        """Run `plan`, after the one that runs now."""
        if self._running:
            if plan not in self._queued:
                self._queued.append(plan)
            return
        self._running = True
        self._stopping = False
        if not plan.only_due:  # the timer mostly finds nothing to do: it shows itself with its first step
            self.progress_changed.emit(Progress(running=True))
        self._delivery.run(self._pool, lambda: self._work(plan), self._on_done, self._on_failed, self)

    def stop(self) -> None:
        """End the running refresh; what has arrived is kept."""
        self._queued.clear()
        if self._running:
            self._stopping = True
            self._http().stop()

    def close(self) -> None:
        """End everything and wait for it."""
        self._timer.stop()
        self.stop()
        self._pool.shutdown()

    def _work(self, plan: Plan) -> Summary:
        from desktop.sync.refresh import Refresh  # parsers are loaded by the first refresh, not by the start

        http = self._http()
        http.resume()
        if self._stopping:
            http.stop()
        if plan.sources is not None:  # while the plan waited, some of them may have been removed
            followed = {one.id for one in self._lane(lambda store: store.sources.all()) if not one.archived}
            plan = replace(plan, sources=tuple(one for one in plan.sources if one in followed))
        return Refresh(http, self._lane, self.hear, self._now).run(plan)

    def hear(self, event: Event) -> None:
        """Tell what a run brings, this one or another's; from any thread."""
        self._delivery.post(lambda: self._on_event(event))

    def tell(self, error: AppError) -> None:
        """Show the person something that went wrong."""
        self.problem.emit(Problem(error.message, error.remedy))

    def rest(self) -> None:
        """Another run has ended: hand over what it brought, and show no progress but our own."""
        self._flush()
        if not self._running:
            self.progress_changed.emit(Progress())

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Step):
            self.progress_changed.emit(Progress(True, event.done, event.total, event.label))
        elif isinstance(event, SourceDone):
            self._touched = True
            self._gather(event.changes)
            if event.error is not None:
                self.problem.emit(
                    Problem(
                        f"{event.source.title}: {event.error.message}", event.error.remedy, event.source.id
                    )
                )
        elif isinstance(event, FullTextDone):
            self._gather(Changes(updated=(event.article_id,)))
        elif isinstance(event, PicturesDone):
            self._gather(Changes(updated=event.articles))
        elif isinstance(event, RatesDone) and (event.new or event.held):
            self.rates_changed.emit()
        elif isinstance(event, AlertsFired):
            self.alerts_fired.emit(event.events)
        elif isinstance(event, TextDone) and event.complete:
            self.text_done.emit()

    def _gather(self, changes: Changes) -> None:
        if changes:
            self._gathered.append(changes)
        if not self._gather_timer.isActive():
            self._gather_timer.start()

    def _flush(self) -> None:
        gathered, self._gathered = self._gathered, []
        touched, self._touched = self._touched, False
        if touched:
            self.sources_changed.emit()
        if not gathered:
            return
        new = dict.fromkeys(i for changes in gathered for i in changes.new)
        updated = dict.fromkeys(i for changes in gathered for i in changes.updated)
        removed = dict.fromkeys(i for changes in gathered for i in changes.removed)
        regrouped = dict.fromkeys(i for changes in gathered for i in changes.regrouped)
        self.articles_changed.emit(
            Changes(
                new=tuple(new),
                updated=tuple(i for i in updated if i not in new),
                removed=tuple(removed),
                unchanged=sum(changes.unchanged for changes in gathered),
                regrouped=tuple(regrouped),
            )
        )

    def _on_done(self, summary: Summary) -> None:
        self._end()
        self.finished.emit(summary)
        self._next()

    def _on_failed(self, error: AppError) -> None:
        self._end()
        self.tell(error)
        self._next()

    def _end(self) -> None:
        self._running = False
        self._flush()
        self.progress_changed.emit(Progress())

    def _next(self) -> None:
        if self._queued:
            self.refresh(self._queued.pop(0))

    def _on_tick(self) -> None:
        if not self._running:
            self.refresh(Plan(only_due=True))
