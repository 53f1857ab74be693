"""The alerts of the window: what the person does with them, and what they came to."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.rates.alert_rules import AlertEvent, AlertRule
from desktop.core.text import plain
from desktop.jobs import notices
from desktop.jobs.delivery import Delivery
from desktop.jobs.progress import Problem
from desktop.jobs.refresher import Refresher
from desktop.store import Store
from desktop.sync import alerts as steps
from desktop.sync.lane import StoreLane

R = TypeVar("R")


class Alerts(QObject):
    """Writes through the lane; everything is read from the store."""

    changed = Signal()  # alerts, how they stand, or what fired
    fired = Signal(object)  # tuple[AlertEvent, ...]: what one refresh set off
    unheard = Signal(str, str)  # title and text of a notification that the session bus did not take

    def __init__(
        self,
        lane: StoreLane,
        delivery: Delivery,
        pool: Executor,
        now: Callable[[], datetime],
        refresher: Refresher,
    ) -> None:
        super().__init__(refresher)
        self._lane = lane
        self._delivery = delivery
        self._pool = pool
        self._now = now
        self._problem = refresher.problem
        refresher.alerts_fired.connect(self._on_fired)

    def add(self, rule: AlertRule) -> None:
        """Keep a new alert. It looks at once at numbers that are published and not in force yet."""
        self._write(lambda store: steps.add_alert(store, rule, self._now()), look=True)

    def change(self, alert_id: int, rule: AlertRule) -> None:
        """Let an alert wait for something else."""
        self._write(lambda store: steps.change_alert(store, alert_id, rule, self._now()), look=True)

    def pause(self, alert_id: int) -> None:
        self._write(lambda store: store.alerts.pause(alert_id))

    def resume(self, alert_id: int) -> None:
        self._write(lambda store: steps.resume_alert(store, alert_id, self._now()), look=True)

    def remove(self, alert_id: int) -> None:
        self._write(lambda store: store.alerts.remove(alert_id, self._now()))

    def put_back(self, alert_id: int) -> None:
        """Undo a removal."""
        self._write(lambda store: store.alerts.put_back(alert_id), look=True)

    def mark_seen(self) -> None:
        """The person has looked at what fired."""
        self._write(lambda store: store.alerts.mark_seen())

    def notify(self, title: str, text: str) -> None:
        """Hand a notification to the desktop, as plain text; `unheard` follows where no session bus takes it."""
        title, text = plain(title), "\n".join(map(plain, text.split("\n")))
        if not notices.has_bus():
            self.unheard.emit(title, text)
            return

        def done(taken: bool) -> None:
            if not taken:
                self.unheard.emit(title, text)

        self._delivery.run(self._pool, lambda: notices.send(title, text), done, self._tell, self)

    def _write(self, job: Callable[[Store], R], *, look: bool = False) -> None:
        def work(store: Store) -> None:
            job(store)
            if look:
                steps.evaluate_alerts(store, self._now())

        self._delivery.follow(self._lane.submit(work), self._on_written, self._tell, self)

    def _on_fired(self, events: tuple[AlertEvent, ...]) -> None:
        self.changed.emit()
        self.fired.emit(events)

    def _tell(self, error: AppError) -> None:
        self._problem.emit(Problem(error.message, error.remedy))

    def _on_written(self, _: None) -> None:
        self.changed.emit()
