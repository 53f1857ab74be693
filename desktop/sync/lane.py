"""The one thread that writes. It alone holds the writing connection; everybody else hands it jobs."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from desktop.core.errors import StoreError, StoreReadOnly
from desktop.store import Store
from desktop.store.database import WORDS_STEP
from desktop.store.opening import FILE

if TYPE_CHECKING:
    from desktop.store.mending import Mended

T = TypeVar("T")
log = logging.getLogger(__name__)


class Write(Protocol):
    """Run a job on the one writing store and give its result."""

    def __call__(self, job: Callable[[Store], T]) -> T: ...


class StoreLane:
    """Runs jobs on the writing store, one at a time, in the order that they were handed in.

    Once a step of articles waits for the index it is indexed, after the jobs that were handed in before.
    """

    def __init__(self, data_dir: Path) -> None:
        """Open (create, migrate) the store; one that cannot be written to, to read it. Raises StoreError."""
        self._pool = ThreadPoolExecutor(1, "store")
        try:
            self._store = self._pool.submit(_open, data_dir).result()
        except BaseException:
            self._pool.shutdown()
            raise
        self._is_read_only = not self._store.writable

    @property
    def read_only(self) -> bool:
        """Whether every write fails with StoreReadOnly."""
        return self._is_read_only

    def __call__(self, job: Callable[[Store], T]) -> T:
        """Run a job and wait for its result. Not from the GUI thread."""
        return self.submit(job).result()

    @property
    def mended(self) -> Mended | None:
        """What was damaged, and mended when the store was opened."""
        return self._store.mended

    def submit(self, job: Callable[[Store], T]) -> Future[T]:
        """Queue a job."""
        return self._pool.submit(self._run, job)

    def close(self) -> None:
        """Finish what was accepted, then close the store: no write is lost."""
        self._pool.submit(self._store.close)
        self._pool.shutdown()

    def _run(self, job: Callable[[Store], T]) -> T:
        try:
            return job(self._store)
        finally:
            with suppress(
                StoreError, RuntimeError
            ):  # told to whoever needs it; closing, which indexes what is left
                if not self._is_read_only and self._store.words_waiting >= WORDS_STEP:
                    self._pool.submit(self._index)

    def _index(self) -> None:
        try:
            if self._store.words_waiting >= WORDS_STEP:  # another may have done it
                self._store.indexing.step()
        except StoreError as error:  # they wait on; the next job tries again
            log.warning("The words of what came in are not indexed yet: %s", error)


def _open(data_dir: Path) -> Store:
    try:
        return Store.open(data_dir)
    except StoreReadOnly:
        if not (data_dir / FILE).exists():
            raise
        return Store.open_reader(data_dir)
