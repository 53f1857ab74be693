"""The one place where a thread hands something to the GUI thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from desktop.core.errors import AppError

log = logging.getLogger(__name__)

T = TypeVar("T")


def as_app_error(error: BaseException) -> AppError:
    """The error itself when it is the world's fault; else a plain sentence for a fault of ours, which is logged."""
    if isinstance(error, AppError):
        return error
    log.error("unexpected fault", exc_info=error)
    return AppError(
        "Something went wrong inside Chorsu; nothing that was stored is lost.", "Details are in the log."
    )


class Delivery(QObject):
    """Runs callables on the thread that it was made in."""

    # The only signal in the program that is emitted off the GUI thread.
    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._closed = False
        # Queued: a job that is done before its callback is attached must not call back re-entrantly.
        self._posted.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def post(self, call: Callable[[], None]) -> None:
        """Have `call` run on the GUI thread, soon; from any thread. Dropped after `close`."""
        if not self._closed:
            self._posted.emit(call)

    def run(
        self,
        executor: Executor,
        job: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[AppError], None],
        owner: QObject,
    ) -> None:
        """Run `job` on `executor`; `done` or `failed` follows on the GUI thread unless `owner` is gone by then."""
        self.follow(executor.submit(job), done, failed, owner)

    def follow(
        self, future: Future[T], done: Callable[[T], None], failed: Callable[[AppError], None], owner: QObject
    ) -> None:
        """Call `done` or `failed` on the GUI thread when `future` is there."""

        def hand_over(ready: Future[T]) -> None:
            self.post(lambda: _finish(ready, done, failed, owner))

        future.add_done_callback(hand_over)

    def close(self) -> None:
        """Deliver nothing more."""
        self._closed = True

    def _run(self, call: Callable[[], None]) -> None:
        if not self._closed:
            call()


def _finish(
    future: Future[T], done: Callable[[T], None], failed: Callable[[AppError], None], owner: QObject
) -> None:
    if future.cancelled() or not isValid(owner):  # the widget that asked is gone
        return
    error = future.exception()
    if error is not None:
        failed(as_app_error(error))
    else:
        done(future.result())
