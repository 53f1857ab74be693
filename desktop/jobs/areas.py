"""What a session is made of, area by area: each is loaded and made when it is first asked for.

The first paint needs the store and the word on the connection; the rest comes after it, with the commands that use it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.jobs.connection import Connection, ConnectionWatch
from desktop.jobs.delivery import Delivery
from desktop.jobs.web import Web
from desktop.store import Store
from desktop.sync.lane import StoreLane

if TYPE_CHECKING:
    from desktop.core.errors import AppError
    from desktop.core.models import Changes
    from desktop.core.starters import Starter
    from desktop.jobs.acts import Acts
    from desktop.jobs.alerts import Alerts
    from desktop.jobs.archive import Archive
    from desktop.jobs.article_fetch import ArticleFetch
    from desktop.jobs.conversions import Conversions
    from desktop.jobs.keeping import Keeping
    from desktop.jobs.library import Library
    from desktop.jobs.pack import Packer
    from desktop.jobs.progress import Progress
    from desktop.jobs.publishers import Publishers
    from desktop.jobs.rate_history import HistoryLoader
    from desktop.jobs.reading import Reading
    from desktop.jobs.refresher import Refresher
    from desktop.jobs.searches import Searches
    from desktop.jobs.subscriptions import Subscriptions
    from desktop.jobs.watchlists import Watchlists
    from desktop.net.http import Http
    from desktop.sync.report import Summary

T = TypeVar("T", str, int, float, bool)
R = TypeVar("R")
_LONG = "_refresher", "history", "archive", "article_fetch", "pack", "library", "reading"  # can be stopped


class Areas(QObject):
    """The lanes, the signals and the areas. An area is made in the GUI thread, wired to the signals, and lives on."""

    articles_changed = Signal(object)  # Changes
    articles_returned = Signal(object)  # Changes: came back, known to the person
    sources_changed = Signal()
    rates_changed = Signal()
    watchlists_changed = Signal()
    progress_changed = Signal(object)  # Progress
    connection_changed = Signal(object)  # Connection
    problem = Signal(object)  # Problem
    refreshed = Signal(object)  # Summary

    def __init__(
        self, data_dir: Path, *, offline: bool, clock: Callable[[], datetime], parent: QObject | None
    ) -> None:
        super().__init__(parent)
        self._folder = data_dir
        self._clock = clock
        self._closed = False
        self._lane = StoreLane(data_dir)
        self.read_only = self._lane.read_only  # all can be read; nothing is kept or fetched
        self.reader = Store.open_reader(data_dir)
        self._delivery = Delivery(self)
        self._fetch_pool = ThreadPoolExecutor(2, "ask")
        self._web = Web()
        gate, shut = self._web.gate, offline or self.setting("network.offline", False)
        self._connection = ConnectionWatch(gate, offline=shut, read_only=self.read_only, parent=self)
        self._connection.changed.connect(self._on_connection)

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return self._clock()

    def setting(self, key: str, default: T) -> T:
        return self.reader.settings.get(key, default)

    @property
    def connection(self) -> Connection:
        stamp = self.setting("refresh.last", 0)
        last = datetime.fromtimestamp(stamp, UTC) if stamp else None
        return Connection(self._connection.online, self._connection.reason, last, self._web.gate.metered)

    @property
    def refreshing(self) -> bool:
        return "_refresher" in vars(self) and self._refresher.running

    def tell(self, error: AppError) -> None:
        """Show the person something that went wrong."""
        from desktop.jobs.progress import Problem  # nothing goes wrong at most starts

        self.problem.emit(Problem(error.message, error.remedy))

    @cached_property
    def starters(self) -> tuple[Starter, ...]:
        """The sources that ship with the program."""
        from desktop.jobs.starters import starters

        return starters()

    @cached_property
    def reading(self) -> Reading:
        """Where the person left off, and files made for them."""
        from desktop.jobs.reading import Reading

        return Reading(self._lane, self.reader, self._delivery, self._fetch_pool, self._on_history, self)

    @cached_property
    def _refresher(self) -> Refresher:
        from desktop.jobs.refresher import Refresher

        made = Refresher(self._lane, self._web, self._delivery, self.now, self)
        made.articles_changed.connect(self.articles_changed)
        made.sources_changed.connect(self.sources_changed)
        made.rates_changed.connect(self._on_rates)
        made.progress_changed.connect(self.progress_changed)
        made.problem.connect(self.problem)
        made.text_done.connect(self._on_text_done)
        made.finished.connect(self._on_refreshed)
        return made

    @cached_property
    def alerts(self) -> Alerts:
        """Alerts on rates."""
        from desktop.jobs.alerts import Alerts

        return Alerts(self._lane, self._delivery, self._fetch_pool, self.now, self._refresher)

    @cached_property
    def pack(self) -> Packer:
        """What is taken offline, and its proof."""
        from desktop.jobs.pack import Packer

        return Packer(self._lane, self.reader, self._web, self._delivery, self.now, self._refresher)

    @cached_property
    def keeping(self) -> Keeping:
        """What is removed when it has grown old."""
        from desktop.jobs.keeping import Keeping

        return Keeping(self._lane, self.reader, self._delivery, self._fetch_pool, self.now, self._refresher)

    @cached_property
    def archive(self) -> Archive:
        """Older articles."""
        from desktop.jobs.archive import Archive

        made = Archive(self._lane, self._web, self._delivery, self._fetch_pool, self.now, self)
        made.progress_changed.connect(self.progress_changed)
        return made

    @cached_property
    def acts(self) -> Acts:
        """Marks of many articles, and the removal of sources."""
        from desktop.jobs.acts import Acts

        made = Acts(self._lane, self._delivery, self._on_changed, self.tell, self)
        made.returned.connect(self.articles_returned)
        return made

    @cached_property
    def article_fetch(self) -> ArticleFetch:
        """The pages and the pictures of articles that the person names."""
        from desktop.jobs.article_fetch import ArticleFetch

        made = ArticleFetch(self._lane, self._open_http, self._delivery, self._fetch_pool, self.now)
        made.changed.connect(self._on_changed)
        made.progress_changed.connect(self._on_history)
        return made

    @cached_property
    def watchlists(self) -> Watchlists:
        """The lists of pinned pairs."""
        from desktop.jobs.watchlists import Watchlists

        made = Watchlists(self._write, self)
        made.changed.connect(self.watchlists_changed)
        return made

    @cached_property
    def conversions(self) -> Conversions:
        """What the converter keeps."""
        from desktop.jobs.conversions import Conversions

        return Conversions(self._lane, self._delivery, self.reader, self.now, self.tell, self)

    @cached_property
    def history(self) -> HistoryLoader:
        """Rates of the past."""
        from desktop.jobs.rate_history import HistoryLoader

        made = HistoryLoader(self._lane, self._open_http, self._delivery, self.now, self)
        made.rates_changed.connect(self._on_rates)
        made.progress_changed.connect(self._on_history)
        made.problem.connect(self.problem)
        return made

    @cached_property
    def publishers(self) -> Publishers:
        """The publishers of rates."""
        from desktop.jobs.publishers import Publishers

        return Publishers(self.reader, self._lane, self._delivery, self.now, self._on_rates, self.tell, self)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        """What can be followed."""
        from desktop.jobs.subscriptions import Subscriptions

        asked = (self._open_http, self._delivery, self._fetch_pool, self.now, self.tell)
        made = Subscriptions(self._folder, self._lane, *asked, self)
        made.changed.connect(self.sources_changed)
        return made

    @cached_property
    def searches(self) -> Searches:
        """Searches that are kept, and the index."""
        from desktop.jobs.searches import Searches

        return Searches(self._lane, self._delivery, self.reader, self._on_changed, self.tell, self)

    @cached_property
    def library(self) -> Library:
        """Lists of sources, in and out."""
        from desktop.jobs.library import Library

        made = Library(self._folder, self._lane, self._delivery, self._fetch_pool, self.now, self.tell, self)
        made.added.connect(self._on_added)
        made.taken_back.connect(self._on_changed)
        made.backups.progress_changed.connect(self._on_history)
        made.pack_files.read_in.connect(self.pack.adopt)
        made.pack_files.brought.connect(self._on_changed)
        return made

    def refresh(
        self, source_ids: Sequence[int] | None = None, *, news: bool = True, rates: bool = True
    ) -> None:
        """Ask the sources (all that are on, or those named) and the banks."""
        from desktop.sync.report import Plan

        ids = None if source_ids is None else tuple(source_ids)
        self._refresher.refresh(Plan(ids, news, rates, pictures=self.setting("news.pictures", True)))

    def stop(self, *, but: str = "") -> None:
        """End all that runs long, but for an area; what has arrived is kept."""
        for work in self._made(*(name for name in _LONG if name != but)):
            work.stop()

    def close(self) -> None:
        """Stop requests, finish writes, close the store. Closing twice is fine."""
        if self._closed:
            return
        self._closed = True
        self._web.close()  # first: else we would wait for servers that do not answer
        self.stop(but="reading")
        for work in self._made("_refresher", "history", "pack", "searches", "reading"):
            work.close()
        self._fetch_pool.shutdown(cancel_futures=True)
        self._delivery.close()
        self.reader.close()
        self._lane.close()

    def _made(self, *names: str) -> list[Any]:
        """Those of these areas that anybody has asked for."""
        return [vars(self)[name] for name in names if name in vars(self)]

    def _follow_clock(self) -> None:
        """Let the timer run once the person has seen what would be fetched, and wants it."""
        if self.setting("welcome.done", False) and self.setting("refresh.automatic", True):
            self._refresher.start_timer()
        else:
            self._refresher.stop_timer()

    def _open_http(self) -> Http:
        """The way to the web, ready to ask again after a stop; from any thread."""
        http = self._web()
        if not self.refreshing:
            http.resume()
        return http

    def _write(self, job: Callable[[Store], R], done: Callable[[R], None]) -> None:
        self._delivery.follow(self._lane.submit(job), done, self.tell, self)

    def _on_changed(self, changes: Changes) -> None:
        self.articles_changed.emit(changes)
        self.sources_changed.emit()

    def _on_added(self, ids: list[int]) -> None:
        self.sources_changed.emit()
        if self._connection.online:
            self.refresh(ids)
            self._follow_clock()

    def _on_rates(self) -> None:
        self.rates_changed.emit()

    def _on_history(self, progress: Progress) -> None:
        if not self.refreshing:  # the line at the bottom tells of one thing at a time
            self.progress_changed.emit(progress)

    def _on_connection(self) -> None:
        self.connection_changed.emit(self.connection)

    def _on_text_done(self) -> None:
        stamp = int(self.now().timestamp())
        self._write(lambda store: store.settings.set("refresh.last", stamp), lambda _: self._on_connection())

    def _on_refreshed(self, summary: Summary) -> None:
        self.refreshed.emit(summary)
        self._on_connection()
