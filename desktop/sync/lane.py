"""The one thread that writes. It alone holds the writing connection; everybody else hands it jobs."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, TypeVar

from desktop.store import Store

T = TypeVar("T")


class Write(Protocol):
    """Run a job on the one writing store and give its result."""

    def __call__(self, job: Callable[[Store], T]) -> T: ...


class StoreLane:
    """Runs jobs on the writing store, one at a time, in the order that they were handed in."""

    def __init__(self, data_dir: Path) -> None:
        """Open (create, migrate) the store. Raises StoreError."""
        self._pool = ThreadPoolExecutor(1, "store")
        try:
            self._store = self._pool.submit(Store.open, data_dir).result()
        except BaseException:
            self._pool.shutdown()
            raise

    def __call__(self, job: Callable[[Store], T]) -> T:
        """Run a job and wait for its result. Not from the GUI thread."""
        return self.submit(job).result()

    def submit(self, job: Callable[[Store], T]) -> Future[T]:
        """Queue a job."""
        return self._pool.submit(job, self._store)

    def close(self) -> None:
        """Finish what was accepted, then close the store: no write is lost."""
        self._pool.submit(self._store.close)
        self._pool.shutdown()
