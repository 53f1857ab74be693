"""Everything behind the window, with one face: the ui reads `reader`, calls these methods, hears these signals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.models import Changes
from desktop.jobs.areas import Areas
from desktop.jobs.connection import Connection
from desktop.store.settings import MENDED_NOTICE
from desktop.sync.answers import rate_of, series_of, sources_of

if TYPE_CHECKING:
    from desktop.core.models import NewSource
    from desktop.core.rates import Pair, RateAnswer
    from desktop.core.rates.pair_words import Lexicon
    from desktop.core.rates.quote_series import Point
    from desktop.store import Store
    from desktop.sync.report import Summary as Summary

__all__ = ["Connection", "Session"]


LENS = "window.lens"


class Session(Areas):
    """One person at one store. Reads are bounded and direct; writes and requests happen in lanes behind it."""

    lens_changed = Signal()

    def __init__(
        self,
        data_dir: Path,
        *,
        offline: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QObject | None = None,
    ) -> None:
        """Open the store in `data_dir` (made, migrated). Raises StoreError."""
        super().__init__(data_dir, offline=offline, clock=clock, parent=parent)
        self._lens = _known_country(self.setting(LENS, ""))
        self._answers: dict[tuple[Pair, str, date], RateAnswer] = {}

    @property
    def lens(self) -> str:
        """The country that alone is shown (core.lens); "" for all."""
        return self._lens

    def set_lens(self, country: str) -> None:
        """Show one country alone, or all with ""; remembered."""
        if country != self._lens:
            self._lens = country
            self.set_setting(LENS, country)
            self.lens_changed.emit()

    def today(self) -> date:
        """The person's calendar day."""
        return self.now().astimezone().date()

    @property
    def offline(self) -> bool:
        """Whether the person chose to work offline."""
        return self._connection.offline

    def start(self) -> None:
        """Follow the system's network and refresh by the clock; to be called once the window is painted."""
        if self.read_only:
            self.pack.follow()
            self.tell(
                AppError(
                    "The data folder cannot be written to: all that is stored can be read, but nothing new is kept.",
                    "Make the folder writable for you, then start Chorsu again.",
                )
            )
            return
        if self.setting("network.automatic", True):
            self._connection.follow_system()
        self._follow_clock()
        self.pack.follow()
        self.searches.start()
        self.library.backups.start()
        notice = self.setting(MENDED_NOTICE, "")
        if notice:
            from desktop.jobs.progress import Problem  # seldom needed

            message, _, remedy = notice.partition("\n")
            self.problem.emit(Problem(message, remedy, lasting=True))

    def on_problems_seen(self) -> None:
        """The person has looked at what went wrong: what the last start told of need not be told again."""
        if self.setting(MENDED_NOTICE, ""):
            self._write(lambda store: store.settings.forget(MENDED_NOTICE), lambda _: None)

    def set_offline(self, offline: bool) -> None:
        """Shut or open the gate that every request passes."""
        self._connection.set_offline(offline)
        self.set_setting("network.offline", offline)

    def set_read(self, ids: Sequence[int], read: bool) -> None:
        kept = tuple(ids)
        self._mark(lambda store: store.articles.set_read(kept, read), kept, back=not read)

    def set_starred(self, ids: Sequence[int], starred: bool) -> None:
        kept = tuple(ids)
        self._mark(lambda store: store.articles.set_starred(kept, starred), kept, back=starred)

    def _mark(self, job: Callable[[Store], Changes], ids: tuple[int, ...], *, back: bool) -> None:
        """Has marks stored that are shown already; where that fails, they are shown as they stand in the store. `back`:
        the articles may belong to a list again that has let them go."""

        def on_done(changes: Changes) -> None:
            self._on_changed(changes)
            if back:
                self.articles_returned.emit(Changes(new=changes.updated))

        def on_failed(error: AppError) -> None:
            self.tell(error)
            self._on_changed(Changes(updated=ids))

        self._delivery.follow(self._lane.submit(job), on_done, on_failed, self)

    def add_sources(self, sources: Sequence[NewSource]) -> None:
        """Store sources and refresh them, and the rates; those that are there already stay as they are."""
        wanted = tuple(sources)

        def job(store: Store) -> list[int]:
            store.settings.set("welcome.done", True)
            return [
                store.sources.add(source, self.now()).id
                for source in wanted
                if not store.sources.follows(source.url)  # looked up one by one: a list may name one twice
            ]

        self._write(job, self._on_added)

    def rename_source(self, source_id: int, title: str) -> None:
        self._write(lambda store: store.sources.rename(source_id, title), self._on_sources)

    def set_setting(self, key: str, value: str | int | float | bool) -> None:
        """Keep a setting; where nothing can be kept, it counts while the window is open."""
        if self.read_only:
            return
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

    def provider_name(self, source: str) -> str:
        """The name of a provider, or of both where an answer has two legs ("nbkr+nbk")."""
        return self.publishers.name(source)

    def provider_credit(self, source: str) -> tuple[str, str]:
        """The credit line of a provider, and the address that it links to."""
        return self.publishers.credit(source)

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

    def _on_sources(self, _: object) -> None:
        self.sources_changed.emit()

    def _on_rates(self) -> None:
        self._answers.clear()
        super()._on_rates()


def _known_country(code: str) -> str:
    """A code that the lens knows; "" for another, since a setting may come from elsewhere."""
    if not code:
        return ""
    from desktop.core.lens import COUNTRIES  # the lens is off at most starts

    return code if code in COUNTRIES else ""
