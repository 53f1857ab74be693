"""Lists of feeds and files of articles for the window: read and written off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.models import ArticleQuery, NewSource
from desktop.jobs.backups import Backups
from desktop.jobs.delivery import Delivery
from desktop.jobs.pack_files import PackFiles
from desktop.jobs.reading import not_written
from desktop.store import Store
from desktop.sync.lane import StoreLane

if TYPE_CHECKING:
    from desktop.core.identity import Mark
    from desktop.sync.subscriptions import Offer, Preview

__all__ = ["Library", "Offer", "Preview"]

R = TypeVar("R")
Failed = Callable[[AppError], None]


class Library(QObject):
    """What the person keeps, in and out."""

    imported = Signal(
        object, object
    )  # list[NewSource]: those that were not there before; their marks, by address
    added = Signal(list)  # the ids of new sources
    taken_back = Signal(object)  # Changes

    def __init__(
        self,
        folder: Path,
        lane: StoreLane,
        delivery: Delivery,
        threads: Executor,
        now: Callable[[], datetime],
        tell: Failed,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._folder = folder
        self._lane = lane
        self._delivery = delivery
        self._threads = threads
        self._now = now
        self._tell = tell
        self.backups = Backups(folder, lane, delivery, threads, now, tell, self)
        self.pack_files = PackFiles(folder, lane, delivery, self.backups, now, self)

    def stop(self) -> None:
        """End what is being written or read."""
        self.backups.stop()

    def read_list(self, path: Path, done: Callable[[Preview], None], failed: Failed, owner: QObject) -> None:
        """Look what an OPML file or another reader's database would bring; nothing is stored."""

        def job() -> Preview:
            from desktop.sync.subscriptions import preview_file  # the parsers are not needed at start

            return preview_file(path, self._lane(lambda store: store.sources.subscriptions()))

        self._delivery.run(self._threads, job, done, failed, owner)

    def import_list(
        self,
        sources: Sequence[NewSource],
        folder: str = "",
        marks: Mapping[str, Sequence[Mark]] | None = None,
    ) -> None:
        """Add sources, with their own folders inside `folder`; `imported` tells which were not there before.

        `marks`, by the address of the source, wait for their articles.
        """
        from desktop.sync.subscriptions import into_folder

        kept = marks or {}

        def done(ids: list[int], fresh: list[NewSource]) -> None:
            self.added.emit(ids)
            self.imported.emit(fresh, kept)

        self._add(into_folder(sources, folder), done, kept)

    def add_again(self, sources: Sequence[NewSource], marks: Mapping[str, Sequence[Mark]]) -> None:
        """The way back from `take_back`."""
        self._add(sources, lambda ids, _: self.added.emit(ids), marks)

    def take_back(self, sources: Sequence[NewSource]) -> None:
        """Remove what an import added, but for what the person has changed or holds on to something of since."""
        kept = tuple(sources)
        self._follow(lambda store: store.sources.imports.take_back(kept)[0], self.taken_back.emit)

    def write_list(self, path: Path, done: Callable[[tuple[int, int]], None], owner: QObject) -> None:
        """Write all sources as OPML, whole or not at all; `done` is given how many there are, and how many of their
        addresses hold a key."""

        def job() -> tuple[int, int]:
            from desktop.core.addresses import holds_key
            from desktop.net import opml
            from desktop.store.files import write_whole

            sources = self._lane(lambda store: store.sources.subscriptions())
            try:
                write_whole(path, opml.write(sources, self._now()))
            except OSError as error:
                raise not_written(path, error) from error
            return len(sources), sum(holds_key(source.feed_url or source.url) for source in sources)

        self._delivery.run(self._threads, job, done, self._tell, owner)

    def write_articles(
        self, path: Path, chosen: ArticleQuery | Sequence[int], done: Callable[[int], None], owner: QObject
    ) -> None:
        """Write the articles of a list, or some, in the form that the ending names; `done` is given how many."""

        def job() -> int:
            from desktop.sync.articles_out import export_articles

            with Store.open_reader(self._folder) as store:
                return export_articles(store, path, chosen, progress=self.backups.report)

        self.backups.run("articles", job, done, self._tell, owner)

    def _add(
        self,
        sources: Sequence[NewSource],
        done: Callable[[list[int], list[NewSource]], None],
        marks: Mapping[str, Sequence[Mark]],
    ) -> None:
        wanted = tuple(sources)

        def job(store: Store) -> tuple[list[int], list[NewSource]]:
            store.settings.set("welcome.done", True)
            fresh = [source for source in wanted if not store.sources.follows(source.url)]
            return store.sources.imports.add(fresh, self._now(), marks), fresh

        self._follow(job, lambda result: done(*result))

    def _follow(self, job: Callable[[Store], R], done: Callable[[R], None]) -> None:
        self._delivery.follow(self._lane.submit(job), done, self._tell, self)
