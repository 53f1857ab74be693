"""Everything behind the window, with one face: the ui reads `reader`, calls these methods, hears these signals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.models import Changes, NewSource
from desktop.core.rates import Pair, RateAnswer
from desktop.jobs.alerts import Alerts
from desktop.jobs.archive import Archive
from desktop.jobs.article_fetch import ArticleFetch
from desktop.jobs.connection import Connection, ConnectionWatch
from desktop.jobs.conversions import Conversions
from desktop.jobs.delivery import Delivery
from desktop.jobs.keeping import Keeping
from desktop.jobs.library import Library
from desktop.jobs.pack import Packer
from desktop.jobs.publishers import Publishers
from desktop.jobs.rate_history import HistoryLoader
from desktop.jobs.reading import Reading
from desktop.jobs.refresher import Problem, Progress, Refresher
from desktop.jobs.searches import Searches
from desktop.jobs.starters import starters
from desktop.jobs.subscriptions import Subscriptions
from desktop.jobs.watchlists import Watchlists
from desktop.jobs.web import Web
from desktop.net.gate import Gate
from desktop.store import Store
from desktop.sync.answers import rate_of, series_of, sources_of
from desktop.sync.lane import StoreLane
from desktop.sync.report import Plan, Summary

if TYPE_CHECKING:
    from desktop.core.rates.pair_words import Lexicon
    from desktop.core.rates.quote_series import Point
    from desktop.net.http import Http

T = TypeVar("T", str, int, float, bool)
R = TypeVar("R")

__all__ = ["Connection", "Problem", "Progress", "Session", "Summary"]


class Session(QObject):
    """One person at one store. Reads are bounded and direct; writes and requests happen in lanes behind it."""

    articles_changed = Signal(object)  # Changes
    sources_changed = Signal()
    rates_changed = Signal()
    watchlists_changed = Signal()
    progress_changed = Signal(object)  # Progress
    connection_changed = Signal(object)  # Connection
    problem = Signal(object)  # Problem
    refreshed = Signal(object)  # Summary
    _closed = False

    def __init__(
        self,
        data_dir: Path,
        *,
        offline: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QObject | None = None,
    ) -> None:
        """Open the store in `data_dir` (made, migrated). Raises StoreError."""
        super().__init__(parent)
        self._clock = clock
        self._lane = StoreLane(data_dir)
        self.reader = Store.open_reader(data_dir)
        self.starters = starters()
        self._delivery = Delivery(self)
        self._fetch_pool = ThreadPoolExecutor(2, "ask")
        self.reading = Reading(self._lane, self.reader, self._delivery, self._fetch_pool, self)
        self._gate = Gate()
        self._web = Web(self._gate)
        self.archive = Archive(self._lane, self._web, self._delivery, self._fetch_pool, self.now, self)
        self.archive.progress_changed.connect(self.progress_changed)
        self._connection = ConnectionWatch(
            self._gate, offline=offline or self.setting("network.offline", False), parent=self
        )
        self._connection.changed.connect(self._on_connection)
        self._refresher = Refresher(self._lane, self._web, self._delivery, self.now, self)
        self._follow_refresher()
        self.alerts = Alerts(self._lane, self._delivery, self._fetch_pool, self.now, self._refresher)
        self._refresher.finished.connect(self._on_refreshed)  # after the alerts
        self.pack = Packer(self._lane, self.reader, self._web, self._delivery, self.now, self._refresher)
        self.keeping = Keeping(self._lane, self.reader, self._delivery, self.now, self._refresher)
        self.watchlists = Watchlists(self._write, self)
        self.watchlists.changed.connect(self.watchlists_changed)
        self.conversions = Conversions(self._lane, self._delivery, self.reader, self.now, self.tell, self)
        self.article_fetch = ArticleFetch(
            self._lane, self._open_http, self._delivery, self._fetch_pool, self.now
        )
        self.article_fetch.changed.connect(self._on_changed)
        self.history = HistoryLoader(self._lane, self._open_http, self._delivery, self.now, self)
        self._follow_history()
        self._answers: dict[tuple[Pair, str, date], RateAnswer] = {}
        lanes = (self._lane, self._delivery)
        self.publishers = Publishers(self.reader, *lanes, self.now, self._on_rates, self.tell, self)
        self.subscriptions = Subscriptions(self._open_http, self._delivery, self._fetch_pool, self)
        self.searches = Searches(*lanes, self.reader, self.tell, self)
        self.library = Library(data_dir, *lanes, self._fetch_pool, self.now, self.tell, self)
        self.library.added.connect(self._on_added)
        self.library.backups.progress_changed.connect(self._on_history)
        self.library.taken_back.connect(self._on_changed)
        self.provider_name, self.provider_credit = self.publishers.name, self.publishers.credit

    def _follow_refresher(self) -> None:
        for name in ("articles_changed", "sources_changed", "progress_changed", "problem"):
            getattr(self._refresher, name).connect(getattr(self, name))
        self._refresher.rates_changed.connect(self._on_rates)
        self._refresher.text_done.connect(self._on_text_done)

    def _follow_history(self) -> None:
        self.history.rates_changed.connect(self._on_rates)
        self.history.progress_changed.connect(self._on_history)
        self.history.problem.connect(self.problem)

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return self._clock()

    def today(self) -> date:
        """The person's calendar day."""
        return self.now().astimezone().date()

    @property
    def offline(self) -> bool:
        """Whether the person chose to work offline."""
        return self._connection.offline

    @property
    def connection(self) -> Connection:
        stamp = self.setting("refresh.last", 0)
        last = datetime.fromtimestamp(stamp, UTC) if stamp else None
        return Connection(self._connection.online, self._connection.reason, last, self._gate.metered)

    @property
    def refreshing(self) -> bool:
        return self._refresher.running

    def start(self) -> None:
        """Follow the system's network and refresh by the clock; to be called once the window is painted."""
        if self.setting("network.automatic", True):
            self._connection.follow_system()
        self._follow_clock()
        self.pack.follow()
        self.searches.start()
        self.library.backups.start()

    def _follow_clock(self) -> None:
        """Let the timer run once the person has seen what would be fetched, and wants it."""
        if self.setting("welcome.done", False) and self.setting("refresh.automatic", True):
            self._refresher.start_timer()
        else:
            self._refresher.stop_timer()

    def refresh(
        self, source_ids: Sequence[int] | None = None, *, news: bool = True, rates: bool = True
    ) -> None:
        """Ask the sources (all that are on, or those named) and the banks."""
        ids = None if source_ids is None else tuple(source_ids)
        self._refresher.refresh(Plan(ids, news, rates, pictures=self.setting("news.pictures", True)))

    def stop(self) -> None:
        """End the running refresh; what has arrived is kept."""
        self._refresher.stop()
        for work in (self.history, self.archive, self.pack, self.library.backups):
            work.stop()

    def set_offline(self, offline: bool) -> None:
        """Shut or open the gate that every request passes."""
        self._connection.set_offline(offline)
        self.set_setting("network.offline", offline)

    def set_read(self, ids: Sequence[int], read: bool) -> None:
        kept = tuple(ids)
        self._write(lambda store: store.articles.set_read(kept, read), self._on_changed)

    def set_starred(self, ids: Sequence[int], starred: bool) -> None:
        kept = tuple(ids)
        self._write(lambda store: store.articles.set_starred(kept, starred), self._on_changed)

    def add_sources(self, sources: Sequence[NewSource]) -> None:
        """Store sources and refresh them, and the rates; those that are there already stay as they are."""
        wanted = tuple(sources)

        def job(store: Store) -> list[int]:
            store.settings.set("welcome.done", True)
            return [
                store.sources.add(source, self.now()).id
                for source in wanted
                if store.sources.by_url(source.url) is None  # looked up one by one: a list may name one twice
            ]

        self._write(job, self._on_added)

    def remove_source(self, source_id: int) -> None:
        self._write(lambda store: store.sources.remove(source_id), self._on_changed)

    def rename_source(self, source_id: int, title: str) -> None:
        self._write(lambda store: store.sources.rename(source_id, title), self._on_sources)

    def move_source(self, source_id: int, folder: str) -> None:
        self._write(lambda store: store.sources.move(source_id, folder), self._on_sources)

    def setting(self, key: str, default: T) -> T:
        return self.reader.settings.get(key, default)

    def set_setting(self, key: str, value: str | int | float | bool) -> None:
        self._write(lambda store: store.settings.set(key, value), lambda _: self._on_setting(key))

    def _on_setting(self, key: str) -> None:
        if key in ("refresh.automatic", "welcome.done"):
            self._follow_clock()

    def finish_welcome(self) -> None:
        """The person has seen what would be fetched; from now on the clock may refresh."""
        self.set_setting("welcome.done", True)

    def lexicon(self) -> Lexicon:
        """The names of currencies, read at the first call."""
        from desktop.sync.lexicon import lexicon  # nobody types a pair at start

        return lexicon()

    def rate(self, pair: Pair, source: str = "") -> RateAnswer:
        """What a pair stands at today, from the store alone: by the best source, or by `source` only."""
        key = pair, source, self.today()
        if key not in self._answers:
            self._answers[key] = rate_of(self.reader, pair, key[2], self.now(), source)
        return self._answers[key]

    def series(self, pair: Pair, first: date, last: date, source: str = "") -> list[Point]:
        """The distinct fixings of a pair in that time, oldest first, from the store alone."""
        return series_of(self.reader, pair, first, last, source)

    def sources_of(self, pair: Pair) -> tuple[str, ...]:
        """The sources that can answer a pair by themselves with what is stored, most trusted first."""
        return sources_of(self.reader, pair)

    def tell(self, error: AppError) -> None:
        """Show the person something that went wrong."""
        self.problem.emit(Problem(error.message, error.remedy))

    def close(self) -> None:
        """Stop requests, finish writes, close the store. Closing twice is fine."""
        if self._closed:
            return
        self._closed = True
        self._web.close()  # first: else we would wait for servers that do not answer
        self.stop()
        for work in (self._refresher, self.history, self.pack):
            work.close()
        self._fetch_pool.shutdown(cancel_futures=True)
        self._delivery.close()
        self.reader.close()
        self._lane.close()

    def _open_http(self) -> Http:
        """The way to the web, ready to ask again after a stop."""
        http = self._web()
        if not self._refresher.running:
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

    def _on_sources(self, _: object) -> None:
        self.sources_changed.emit()

    def _on_rates(self) -> None:
        self._answers.clear()
        self.rates_changed.emit()

    def _on_history(self, progress: Progress) -> None:
        if not self._refresher.running:  # the line at the bottom tells of one thing at a time
            self.progress_changed.emit(progress)

    def _on_connection(self) -> None:
        self.connection_changed.emit(self.connection)

    def _on_text_done(self) -> None:
        stamp = int(self.now().timestamp())
        self._write(lambda store: store.settings.set("refresh.last", stamp), lambda _: self._on_connection())

    def _on_refreshed(self, summary: Summary) -> None:
        self.refreshed.emit(summary)
        self._on_connection()
