"""The history of rates: one request a task, politely, each answer stored before the next is asked for.

It can be stopped, or cut off, at any moment: what is stored is not asked again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from desktop.core.errors import AppError, FetchError, NoRatesError, OfflineError, ParseError, StoppedError
from desktop.core.rates import Quote
from desktop.net.http import RATES, Http
from desktop.store import Store
from desktop.sync import documents
from desktop.sync.history_plan import HistoryPlan, Task
from desktop.sync.rate_keeping import keep_quotes

if TYPE_CHECKING:
    from desktop.sync.lane import Write

log = logging.getLogger(__name__)

PACE_S = 1.0  # between two requests to a host
FAILURES = 3  # in a row: then a source is left alone
EMPTY_DAYS = 15  # in a row: then its history is taken to begin there; no bank is shut for so long
_ABSENT = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """A request was answered, well or not."""

    done: int
    total: int
    label: str
    new: int


@dataclass(slots=True)
class HistorySummary:
    """What a run brought. `problems` has a sentence for each source that was left alone."""

    requests: int = 0
    new: int = 0
    problems: list[AppError] = field(default_factory=list)
    stopped: bool = False


class RateHistory:
    """One run over a plan; `report` is called from its threads. Sources are asked side by side, each in turn."""

    def __init__(
        self,
        http: Http,
        write: Write,
        report: Callable[[HistoryStep], None],
        now: Callable[[], datetime],
        pace: float = PACE_S,
    ) -> None:
        self._http = http
        self._write = write
        self._report = report
        self._now = now
        self._pace = pace
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._summary = HistorySummary()
        self._done = self._total = 0

    def stop(self) -> None:
        """Ask for nothing more; a request that is under way is still stored."""
        self._summary.stopped = True
        self._stop.set()

    def run(self, plan: HistoryPlan) -> HistorySummary:
        """Ask for everything in the plan; what one source does wrong stops no other."""
        self._total = plan.requests
        hosts = plan.by_host()
        with ThreadPoolExecutor(max(1, len(hosts)), "history") as pool:
            try:
                for future in [pool.submit(self._ask_host, tasks) for tasks in hosts]:
                    future.result()
            except BaseException:
                self.stop()
                raise
        return self._summary

    def _ask_host(self, tasks: Sequence[Task]) -> None:
        sources: dict[str, _Source] = {}
        waits = False
        for at, task in enumerate(tasks):
            source = sources.setdefault(task.provider.id, _Source())
            if source.over:
                continue
            if self._stop.is_set() or (waits and self._stop.wait(self._pace)):
                return
            waits = True
            self._ask(task, source)
            if source.over:
                rest = [other for other in tasks[at + 1 :] if other.provider.id == task.provider.id]
                if source.empty >= EMPTY_DAYS:
                    self._write(partial(_know, tasks=rest))
                self._skip(len(rest))

    def _ask(self, task: Task, source: _Source) -> None:
        """Ask once and store the answer."""
        quotes: tuple[Quote, ...] = ()
        try:
            quotes = self._fetch(task)
        except (OfflineError, StoppedError) as error:
            self._tell(error)
            self.stop()
            return
        except NoRatesError:
            source.empty += 1
        except (FetchError, ParseError) as error:
            log.info("%s: %s", task.provider.id, error)
            if isinstance(error, FetchError) and error.status in _ABSENT:
                source.unsure.append(task)  # a holiday, if older documents are there
            else:
                self._on_failure(task, source, error)
            self._step(task, 0)
            return
        source.failures = 0
        known = [task]
        if quotes:
            known += source.unsure
            source.unsure, source.empty = [], 0
        self._step(task, self._write(partial(_keep, quotes=quotes, tasks=known, now=self._now())))

    def _fetch(self, task: Task) -> tuple[Quote, ...]:
        request, provider, now = task.request, task.provider, self._now()
        response = self._http.get(request.url, limits=RATES)
        return documents.read_rates(response.body, provider.id, now, request).quotes

    def _on_failure(self, task: Task, source: _Source, error: FetchError | ParseError) -> None:
        source.failures += 1
        source.refuses = isinstance(error, FetchError) and (error.retry_at is not None or error.host_wide)
        if source.over:
            told = f"{task.provider.name}: {error.message}"
            self._tell(AppError(told, "What was loaded is kept; the rest can be loaded later."))

    def _tell(self, error: AppError) -> None:
        with self._lock:
            self._summary.problems.append(error)

    def _step(self, task: Task, new: int) -> None:
        with self._lock:
            self._done += 1
            self._summary.requests += 1
            self._summary.new += new
            step = HistoryStep(self._done, self._total, f"History: {task.provider.name}", new)
        self._report(step)

    def _skip(self, tasks: int) -> None:
        with self._lock:
            self._done += tasks


@dataclass(slots=True)
class _Source:
    """How a source did so far."""

    failures: int = 0  # in a row
    refuses: bool = False  # it asked to be left alone
    empty: int = 0  # days in a row that it has no numbers for
    unsure: list[Task] = field(default_factory=list)  # that there was no document for

    @property
    def over(self) -> bool:
        """Whether there is no sense in asking it further."""
        none = self.empty >= EMPTY_DAYS or len(self.unsure) >= EMPTY_DAYS
        return none or self.refuses or self.failures >= FAILURES


def _keep(store: Store, quotes: tuple[Quote, ...], tasks: Iterable[Task], now: datetime) -> int:
    new = keep_quotes(store, quotes, now).new
    _know(store, tasks)
    return new


def _know(store: Store, tasks: Iterable[Task]) -> None:
    for task in tasks:
        store.rate_days.save(task.provider.id, task.currencies, task.days)
