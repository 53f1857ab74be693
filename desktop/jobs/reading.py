"""What the reader asks for behind the window: where the person left off, and files that are written for them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject
from shiboken6 import isValid

from desktop.core.errors import AppError, StoppedError
from desktop.core.models import ArticleQuery
from desktop.jobs.delivery import Delivery
from desktop.jobs.progress import Progress
from desktop.store import Store
from desktop.sync.lane import StoreLane

Step = Callable[[int, int], None]
T = TypeVar("T")


class Reading(QObject):
    """Places in articles, and files made from them in a thread."""

    def __init__(
        self,
        lane: StoreLane,
        reader: Store,
        delivery: Delivery,
        threads: Executor,
        show: Callable[[Progress], None],
        parent: QObject,
    ) -> None:
        """`show` is told how far a file is that takes long."""
        super().__init__(parent)
        self._show = show
        self._stops: dict[
            threading.Event, bool
        ] = {}  # of what is under way, and whether it ends with the program
        self._lane = lane
        self._reader = reader
        self._delivery = delivery
        self._threads = threads
        self._kept: dict[int, int] = {}  # handed in, and perhaps not written yet
        self._styles: dict[int, bool] = {}  # likewise

    def place(self, article_id: int) -> int:
        """The position of the character that stood at the top; 0 for the beginning."""
        kept = self._kept.get(article_id)
        return self._reader.places.of(article_id) if kept is None else kept

    def keep_place(self, article_id: int, position: int) -> None:
        """Remember where the person is; written soon, and before the store is closed."""
        if position != self.place(article_id):
            self._kept[article_id] = position
            if not self._lane.read_only:
                self._lane.submit(lambda store: store.places.keep(article_id, position))

    def keeps_style(self, source_id: int) -> bool:
        """Whether the articles of a source are shown in their publisher's colours and alignment."""
        chosen = self._styles.get(source_id)
        return self._reader.sources.keeps_style(source_id) if chosen is None else chosen

    def keep_style(self, source_id: int, keep: bool) -> None:
        """Choose so for a source; it counts at once, and outlives a power cut soon after."""
        self._styles[source_id] = keep
        if not self._lane.read_only:
            self._lane.submit(lambda store: store.sources.keep_style(source_id, keep))

    def sort_by_title(
        self,
        query: ArticleQuery,
        done: Callable[[Sequence[int]], None],
        failed: Callable[[AppError], None],
        owner: QObject,
    ) -> None:
        """Work out in a thread in which order a list by title is; `done` is given its articles."""

        def job() -> Sequence[int]:
            with Store.open_reader(self._reader.folder) as store:
                return store.in_title_order(query)

        self._delivery.run(self._threads, job, done, failed, owner)

    def stop(self) -> None:
        """Give up what is being made; files that stood in their places stay."""
        for stop in list(self._stops):
            stop.set()

    def close(self) -> None:
        """Give it up, but for what goes to a printer: that would come out in half."""
        for stop, ends in list(self._stops.items()):
            if ends:
                stop.set()

    def make(
        self,
        make: Callable[[Step], T],
        show: Step,
        done: Callable[[T], None],
        failed: Callable[[AppError], None],
        owner: QObject,
        *,
        stopped: str,
        ends_with_program: bool = True,
    ) -> Callable[[], None]:
        """Make in a thread what takes long; gives what gives it up.

        `make` calls its step with how much is done of how much, which `show` is told of while there is an `owner`;
        after a stop it raises StoppedError, which says `stopped`.
        """
        stop = threading.Event()
        self._stops[stop] = ends_with_program

        def step(number: int, total: int) -> None:
            if stop.is_set():
                raise StoppedError(stopped)
            self._delivery.post(lambda: show(number, total) if isValid(owner) else None)

        def job() -> T:
            try:
                return make(step)
            finally:
                del self._stops[stop]

        self._delivery.run(self._threads, job, done, failed, owner)
        return stop.set

    def make_and_tell(
        self,
        label: str,
        make: Callable[[Step], T],
        done: Callable[[T], None],
        failed: Callable[[AppError], None],
        owner: QObject,
        *,
        stopped: str,
        ends_with_program: bool = True,
    ) -> None:
        """The same; the line at the bottom of the window tells how far it is."""

        def on_done(made: T) -> None:
            self._show(Progress())
            done(made)

        def on_failed(error: AppError) -> None:
            self._show(Progress())
            failed(error)

        def show(number: int, total: int) -> None:
            self._show(Progress(True, number, total, label))

        self.make(make, show, on_done, on_failed, owner, stopped=stopped, ends_with_program=ends_with_program)

    def write_file(
        self,
        path: Path,
        make: Callable[[Step], bytes],
        done: Callable[[Path], None],
        failed: Callable[[AppError], None],
        owner: QObject,
    ) -> None:
        """Make a file in a thread and put it at `path` whole; a file that stood there stays when that fails."""

        def job(step: Step) -> Path:
            part = path.with_name(f".{path.name}.part")
            try:
                part.write_bytes(make(step))
                part.replace(path)
            except OSError as error:
                part.unlink(missing_ok=True)
                raise not_written(path, error) from error
            return path

        stopped = f"Stopped; {path.name} was not written."
        self.make_and_tell(f"Writing {path.name}", job, done, failed, owner, stopped=stopped)


def not_written(path: Path, error: OSError) -> AppError:
    """What a person is told when a file could not be written."""
    return AppError(
        f"{path.name} could not be written: {error.strerror or error}.",
        "Choose another place, or make room; the article is kept as it was.",
    )
