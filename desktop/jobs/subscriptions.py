"""What is followed, for the window: a look at a source before it is stored, its settings, its health."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.incoming import IncomingArticle
from desktop.core.models import NewSource, SourceKind
from desktop.jobs.delivery import Delivery
from desktop.store import Store
from desktop.sync.lane import StoreLane

if TYPE_CHECKING:
    from desktop.core.source_health import SourceHealth
    from desktop.net.http import Http

Failed = Callable[[AppError], None]


class Subscriptions(QObject):
    """Asks about sources and changes them; answers come on the GUI thread unless their owner has gone."""

    changed = Signal()

    def __init__(
        self,
        data_dir: Path,
        lane: StoreLane,
        http: Callable[[], Http],
        delivery: Delivery,
        threads: Executor,
        now: Callable[[], datetime],
        tell: Failed,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._data_dir = data_dir
        self._lane = lane
        self._http = http
        self._delivery = delivery
        self._threads = threads
        self._now = now
        self._tell = tell

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

    def save(
        self,
        source_id: int,
        new: NewSource,
        password: str,
        done: Callable[[NewSource, AppError | None], None],
        failed: Failed,
        owner: QObject,
    ) -> None:
        """Make a source what `new` says, and put a password that is not "" into the system's keyring.

        `done` gets what was stored, and why the password could not be kept, if it could not.
        """

        def job() -> tuple[NewSource, AppError | None]:
            from desktop.net import accounts  # the keyring is asked only for an account
            from desktop.sync.discover import typed_address

            url = typed_address(new.url)
            kept = new._replace(url=url, feed_url=url if new.kind is SourceKind.FEED else new.feed_url)
            self._lane(lambda store: store.sources.edit(source_id, kept))
            try:
                if password:
                    accounts.keep(url, new.account, password)
            except AppError as error:
                return kept, error
            return kept, None

        def saved(result: tuple[NewSource, AppError | None]) -> None:
            self.changed.emit()
            done(*result)

        self._delivery.run(self._threads, job, saved, failed, owner)

    def edit(self, source_id: int, new: NewSource) -> None:
        """Make a source what `new` says, which was good before."""
        self._write(lambda store: store.sources.edit(source_id, new))

    def move(self, folders: Mapping[int, str]) -> None:
        """Put sources into folders, all or none."""
        self._write(lambda store: store.sources.move_all(folders))

    def set_enabled(self, source_ids: Sequence[int], enabled: bool) -> None:
        """Pause sources, or have refreshes ask them again."""

        def job(store: Store) -> None:
            for source_id in source_ids:
                store.sources.set_enabled(source_id, enabled)

        self._write(job)

    def health(self, done: Callable[[list[SourceHealth]], None], owner: QObject) -> None:
        """How all sources are; counted off the GUI thread."""

        def job() -> list[SourceHealth]:
            from desktop.sync.source_care import health  # nobody looks at it at start

            with Store.open_reader(self._data_dir) as store:
                return health(store, self._now())

        self._delivery.run(self._threads, job, done, self._tell, owner)

    def _write(self, job: Callable[[Store], object]) -> None:
        self._delivery.follow(self._lane.submit(job), lambda _: self.changed.emit(), self._tell, self)
