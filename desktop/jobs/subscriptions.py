"""What is followed, for the window: a look at a source before it is stored."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.errors import AppError
from desktop.core.models import IncomingArticle, NewSource
from desktop.jobs.delivery import Delivery

if TYPE_CHECKING:
    from desktop.net.http import Http

Failed = Callable[[AppError], None]


class Subscriptions(QObject):
    """Asks about sources and changes them; answers come on the GUI thread unless their owner has gone."""

    def __init__(
        self, http: Callable[[], Http], delivery: Delivery, threads: Executor, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._http = http
        self._delivery = delivery
        self._threads = threads

    def discover(
        self, url: str, done: Callable[[list[NewSource]], None], failed: Failed, owner: QObject
    ) -> None:
        """List what can be followed at `url`; nothing is stored."""

        def job() -> list[NewSource]:
            from desktop.sync.discover import discover  # the parsers are not needed at start

            return discover(self._http(), url)

        self._delivery.run(self._threads, job, done, failed, owner)

    def newest(
        self,
        source: NewSource,
        done: Callable[[list[IncomingArticle]], None],
        failed: Failed,
        owner: QObject,
    ) -> None:
        """The newest articles of a source that is not stored; nothing is stored by it."""

        def job() -> list[IncomingArticle]:
            from desktop.sync.discover import newest  # the parsers are not needed at start

            return newest(self._http(), source)

        self._delivery.run(self._threads, job, done, failed, owner)
