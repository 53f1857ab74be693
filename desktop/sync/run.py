"""What every stage of a run shares: its fetching threads, its progress, its end, and what it came to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import TypeVar

from desktop import __version__
from desktop.core.addresses import domain
from desktop.core.errors import AppError, OfflineError, StoppedError
from desktop.net.http import Http
from desktop.sync.documents import quarantine
from desktop.sync.lane import Write
from desktop.sync.report import Event, Step, Summary

T = TypeVar("T")
FETCHERS = 6


class Run:
    """One run, entered for as long as it fetches. `tell` is called from the fetching threads."""

    def __init__(
        self, http: Http, write: Write, tell: Callable[[Event], None], now: Callable[[], datetime]
    ) -> None:
        self.http = http
        self.write = write
        self.tell = tell
        self.now = now
        self.lock = threading.Lock()
        self.done = 0
        self.total = 0
        self.summary = Summary()
        self.faults: list[Exception] = []

    def __enter__(self) -> Run:
        quarantine.know(self.write(lambda store: store.quarantine.all(__version__, self.now())))
        self._pool = ThreadPoolExecutor(FETCHERS, "fetch")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for the threads; a fault of ours that was put aside is raised now."""
        self._pool.shutdown()
        if self.summary.received:
            day = self.now().astimezone().date()
            self.write(lambda store: store.traffic.add(self.summary.received, day))
        if error is None and self.faults:
            raise self.faults[0]

    @property
    def over(self) -> bool:
        """Whether the person stopped it, or we are offline: nobody else is asked then."""
        return self.summary.stopped or self.summary.offline

    def all(self, jobs: Iterable[Callable[[], None]]) -> None:
        """Do all of them, side by side."""
        for future in [self._pool.submit(job) for job in jobs]:
            future.result()

    def count_to(self, total: int) -> None:
        """Begin to count anew."""
        self.done, self.total = 0, total

    def step(self, label: str) -> None:
        with self.lock:
            self.done += 1
            step = Step(self.done, self.total, label)
        self.tell(step)
        if put_aside := quarantine.take_unsaved():
            self.write(lambda store: store.quarantine.keep(put_aside, __version__, self.now()))

    def end_by(self, error: AppError | None) -> bool:
        """Note that the person stopped us or that we are offline."""
        if isinstance(error, StoppedError):
            self.summary.stopped = True
        elif isinstance(error, OfflineError):
            self.summary.offline = True
        else:
            return False
        return True

    @contextmanager
    def metered(self, source_id: int) -> Iterator[None]:
        """Count what this thread receives meanwhile for a source, 0 for none."""
        before = self.http.received_here
        try:
            yield
        finally:
            came = self.http.received_here - before
            with self.lock:
                self.summary.received[source_id] = self.summary.received.get(source_id, 0) + came


def by_host(items: Iterable[T], url: Callable[[T], str]) -> list[list[T]]:
    """The items of each site, whatever its hosts are called, in their order: a site is asked one thing at a time."""
    groups: dict[str, list[T]] = {}
    for item in items:
        groups.setdefault(domain(url(item)), []).append(item)
    return list(groups.values())
