"""Taking offline for the window: one pack, worked on in a thread of its own, and its proof, kept up to date."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.errors import AppError
from desktop.core.models import Changes
from desktop.core.proof import Estimate, Proof, Scope
from desktop.jobs.delivery import Delivery
from desktop.jobs.pack_watch import PackWatch
from desktop.jobs.progress import Progress
from desktop.jobs.refresher import Refresher
from desktop.store import Store
from desktop.store.packs import Pack
from desktop.sync.lane import StoreLane
from desktop.sync.report import Event, Step, Summary

if TYPE_CHECKING:
    from desktop.core.pack_file import Taken
    from desktop.net.http import Http

__all__ = ["Estimate", "Pack", "Packer"]

FULL_MS = 60_000  # after the start, when nothing else is to be done, every byte is read once


class _Look(NamedTuple):
    """What reading the pack again came to, how many seconds it took, and when, if every byte was read."""

    proof: Proof | None
    seconds: float
    full_at: datetime | None


class Packer(QObject):
    """Begins, goes on, stops and proves. `proof` is what reading the store came to last, None before the first."""

    proved = Signal()
    progress_changed = Signal(object)  # Progress
    ended = Signal(str)  # why it ended before its time, "" when it did not

    def __init__(
        self,
        lane: StoreLane,
        reader: Store,
        http: Callable[[], Http],
        delivery: Delivery,
        now: Callable[[], datetime],
        refresher: Refresher,
    ) -> None:
        """`reader` is the GUI thread's; what the work brings is told by `refresher`, as that of a refresh."""
        super().__init__(refresher)
        self._lane = lane
        self._reader = reader
        self._http = http
        self._delivery = delivery
        self._now = now
        self._refresher = refresher
        self._pool = ThreadPoolExecutor(1, "pack")
        self._stopping = False
        self._looking = False
        self.running = False
        self.progress = Progress()
        self.proof: Proof | None = None
        self.proved_at: datetime | None = None  # when every byte was read last
        self.watch = PackWatch(reader, self._pool, delivery, lambda: self.running or self._looking, self)
        self.watch.stale.connect(self.look)
        self._full = QTimer(self, singleShot=True, interval=FULL_MS)
        self._full.timeout.connect(lambda: self.look(thorough=True))
        refresher.finished.connect(self._on_refreshed)

    @property
    def current(self) -> Pack | None:
        """The pack as it is stored."""
        return self._reader.packs.current()

    def follow(self) -> None:
        """Look at the pack now, whenever something changes, and once, when it is quiet, at every byte."""
        self.watch.start()
        self._full.start()
        self.look()

    def estimate(self, scope: Scope, done: Callable[[Estimate], None], owner: QObject) -> None:
        """Hand over what a pack of this scope would hold; nothing is asked."""

        def job() -> Estimate:
            from desktop.sync.pack import estimate  # the parsers are not needed at start

            with Store.open_reader(self._reader.folder) as store:
                return estimate(store, scope, self._now())

        self._delivery.run(self._pool, job, done, self._refresher.tell, owner)

    def start(self, scope: Scope) -> None:
        """Go on with the pack of this scope, or begin it; one run at a time."""
        self._work(scope)

    def retry(self) -> None:
        """Ask once more for what is missing."""
        self._work(None)

    def stop(self) -> None:
        """Ask for nothing more; what has come is kept, proved, and the next run goes on from there."""
        if self.running:
            self._stopping = True
            self._http().stop()

    def look(self, *, thorough: bool = False) -> None:
        """See whether all of it is still on disk; `thorough` reads every byte, else what is not as it was seen last."""
        if self.running or self._looking:
            return
        self.watch.begin_look()
        if self.current is None:
            return
        self._looking = True
        self._delivery.run(
            self._pool, lambda: self._prove(thorough), self._on_looked, self._on_not_looked, self
        )

    def adopt(self, taken: Taken) -> None:
        """A pack was read in from a file: show what it brought with its pictures, its rates and its proof."""
        self.proof, self.proved_at = taken.proof, self._now()
        told = self._refresher
        told.articles_changed.emit(Changes(updated=(*taken.new, *taken.changed, *taken.marked)))
        told.sources_changed.emit()
        told.rates_changed.emit()
        self.proved.emit()

    def close(self) -> None:
        """End everything and wait for it."""
        self.watch.stop()
        self._full.stop()
        self.stop()
        self._pool.shutdown()

    def _work(self, scope: Scope | None) -> None:
        if self.running:
            return
        self.running, self._stopping = True, False
        self._show(Progress(running=True, label="Taking offline"))
        self._delivery.run(self._pool, lambda: self._pack(scope), self._on_done, self._on_failed, self)

    def _pack(self, scope: Scope | None) -> tuple[Proof, Summary]:
        from desktop.sync.pack import Packing  # the parsers are not needed at start

        http = self._http()
        http.resume()
        if self._stopping:
            http.stop()
        packing = Packing(http, self._lane, self._hear_in_thread, self._now)
        return packing.retry() if scope is None else packing.run(scope)

    def _prove(self, thorough: bool) -> _Look:
        from desktop.sync.pack import proof_of

        begun, now = time.monotonic(), self._now()
        with Store.open_reader(self._reader.folder) as store:
            pack = store.packs.current()
            if pack is None:
                return _Look(None, 0, None)
            proof = proof_of(store, pack, now, thorough=thorough, seen=self.watch.seen)
        return _Look(proof, time.monotonic() - begun, now if thorough else None)

    def _hear_in_thread(self, event: Event) -> None:
        self._refresher.hear(event)
        if isinstance(event, Step):
            self._delivery.post(lambda: self._on_step(event))

    def _on_refreshed(self, _: Summary) -> None:
        self.look()

    def _on_step(self, step: Step) -> None:
        if self.running:
            self._show(Progress(True, step.done, step.total, step.label))

    def _on_done(self, result: tuple[Proof, Summary]) -> None:
        self.proof, summary = result
        self.proved_at = self._now()
        self._end()
        self.ended.emit(_outcome(summary))
        self.proved.emit()

    def _on_failed(self, error: AppError) -> None:
        self._end()
        self._refresher.tell(error)
        self.ended.emit(str(error))

    def _end(self) -> None:
        self.running = False
        self._show(Progress())
        self._refresher.rest()

    def _on_looked(self, look: _Look) -> None:
        self._looking = False
        self.proof = look.proof
        self.proved_at = look.full_at or self.proved_at
        self.watch.rest(look.seconds)
        self.proved.emit()

    def _on_not_looked(self, error: AppError) -> None:
        self._looking = False
        self._refresher.tell(error)

    def _show(self, progress: Progress) -> None:
        self.progress = progress
        self.progress_changed.emit(progress)


def _outcome(summary: Summary) -> str:
    if summary.stopped:
        return "Stopped; it goes on from here."
    return "Offline: nothing was asked." if summary.offline else ""
