"""What the reader asks for behind the window: where the person left off, and files that are written for them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from pathlib import Path

from PySide6.QtCore import QObject

from desktop.core.errors import AppError, StoppedError
from desktop.core.models import ArticleQuery
from desktop.jobs.delivery import Delivery
from desktop.jobs.progress import Progress
from desktop.store import Store
from desktop.sync.lane import StoreLane

Step = Callable[[int, int], None]


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
        self._stopping = threading.Event()
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
        """Give up the files that are being made; what stood in their places stays."""
        self._stopping.set()

    def write_file(
        self,
        path: Path,
        make: Callable[[Step], bytes],
        done: Callable[[Path], None],
        failed: Callable[[AppError], None],
        owner: QObject,
    ) -> None:
        """Make a file in a thread and put it at `path` whole; a file that stood there stays when that fails.

        `make` calls its step with how much is done of how much, where it takes long; that raises StoppedError.
        """
        self._stopping.clear()
        label = f"Writing {path.name}"

        def step(number: int, total: int) -> None:
            if self._stopping.is_set():
                raise StoppedError(f"Stopped; {path.name} was not written.")
            self._delivery.post(lambda: self._show(Progress(True, number, total, label)))

        def job() -> Path:
            part = path.with_name(f".{path.name}.part")
            try:
                part.write_bytes(make(step))
                part.replace(path)
            except OSError as error:
                part.unlink(missing_ok=True)
                raise not_written(path, error) from error
            return path

        def on_done(written: Path) -> None:
            self._show(Progress())
            done(written)

        def on_failed(error: AppError) -> None:
            self._show(Progress())
            failed(error)

        self._delivery.run(self._threads, job, on_done, on_failed, owner)


def not_written(path: Path, error: OSError) -> AppError:
    """What a person is told when a file could not be written."""
    return AppError(
        f"{path.name} could not be written: {error.strerror or error}.",
        "Choose another place, or make room; the article is kept as it was.",
    )
