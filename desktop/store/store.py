"""The store: one SQLite file and a folder of pictures, with one writer and any number of readers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from desktop.core.errors import StoreDamaged, StoreError
from desktop.store.articles import Articles
from desktop.store.database import Database
from desktop.store.failures import told
from desktop.store.files import WriterLock, make_private_folder
from desktop.store.images import Images
from desktop.store.opening import BUSY_S, FILE, LOCK, RUNNING, SUSPECT, open_reader, open_writer
from desktop.store.rates import Rates
from desktop.store.saved_searches import SavedSearches
from desktop.store.settings import Settings
from desktop.store.sources import Sources
from desktop.store.watchlists import Watchlists

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.core.models import ArticleQuery
    from desktop.core.proof import Proof
    from desktop.store.alerts import Alerts
    from desktop.store.arrival_rules import ArrivalRules
    from desktop.store.conversions import Conversions
    from desktop.store.coverage import Archive
    from desktop.store.full_texts import FullTexts
    from desktop.store.indexing import Indexing
    from desktop.store.marks import Marks
    from desktop.store.mending import Mended
    from desktop.store.notes import Notes
    from desktop.store.packs import Pack, Packs
    from desktop.store.places import Places
    from desktop.store.proof import Seen
    from desktop.store.quarantine import Quarantine
    from desktop.store.rate_days import RateDays
    from desktop.store.retention import Retention
    from desktop.store.source_facts import SourceCounting
    from desktop.store.tags import Tags
    from desktop.store.traffic import Traffic


class Store:
    """Everything that is kept. Belongs to the thread that opened it. Raises StoreError and UsageError.

    The start needs few of its parts; the others are loaded when they are first asked for.
    """

    def __init__(
        self,
        folder: Path,
        connection: sqlite3.Connection,
        lock: WriterLock | None,
        mended: Mended | None = None,
    ) -> None:
        self.folder = folder
        self.path = folder / FILE
        self.mended = mended  # what was damaged, and mended by this opening
        self._lock = lock
        self._place = _place(self.path) if lock else None
        self._database = Database(connection, self._suspect, self._is_in_place)
        if lock is not None:
            self._database.finish_index = self._finish_index
        self.images = Images(self._database, folder)
        self.sources = Sources(self._database, self.images)
        self.articles = Articles(self._database)
        self.rates = Rates(self._database)
        self.watchlists = Watchlists(self._database)
        self.saved_searches = SavedSearches(self._database)
        self.settings = Settings(self._database)

    @classmethod
    def open(cls, data_dir: Path, *, busy_s: float = BUSY_S) -> Store:
        """Open for writing, making the store when there is none and mending a damaged one. Raises StoreError."""
        with told():
            make_private_folder(data_dir)
        lock = WriterLock(data_dir / LOCK)
        mended = None
        try:
            try:
                if not (data_dir / FILE).exists():
                    from desktop.store.copies import refuse_gone

                    refuse_gone(data_dir)
                connection = open_writer(data_dir, busy_s)
            except StoreDamaged:
                from desktop.store.mending import mend  # seldom needed

                mended = mend(data_dir, datetime.now(UTC))
                connection = open_writer(data_dir, busy_s)
            return cls(data_dir, connection, lock, mended)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def open_reader(cls, data_dir: Path, *, busy_s: float = BUSY_S) -> Store:
        """Open for reading, beside a writer or without one. Raises StoreError where there is no store."""
        return cls(data_dir, open_reader(data_dir, busy_s), None)

    @cached_property
    def alerts(self) -> Alerts:
        """Alerts on rates."""
        from desktop.store.alerts import Alerts

        return Alerts(self._database)

    @cached_property
    def indexing(self) -> Indexing:
        """The making of the index of words."""
        from desktop.store.indexing import Indexing

        return Indexing(self._database)

    @property
    def words_waiting(self) -> int:
        """How many articles have come in or changed and are still to be indexed."""
        return self._database.words_waiting

    @cached_property
    def places(self) -> Places:
        """Where the person left off."""
        from desktop.store.places import Places

        return Places(self._database)

    @cached_property
    def full_texts(self) -> FullTexts:
        """Full texts."""
        from desktop.store.full_texts import FullTexts

        return FullTexts(self._database)

    @cached_property
    def retention(self) -> Retention:
        """The rules of keeping."""
        from desktop.store.retention import Retention

        return Retention(self._database, self.images)

    @cached_property
    def arrival_rules(self) -> ArrivalRules:
        """The rules for articles on their arrival."""
        from desktop.store.arrival_rules import ArrivalRules

        return ArrivalRules(self._database)

    @cached_property
    def traffic(self) -> Traffic:
        """What was received."""
        from desktop.store.traffic import Traffic

        return Traffic(self._database)

    @cached_property
    def packs(self) -> Packs:
        """What is taken offline."""
        from desktop.store.packs import Packs

        return Packs(self._database, self.images)

    @cached_property
    def quarantine(self) -> Quarantine:
        """Documents that are not read."""
        from desktop.store.quarantine import Quarantine

        return Quarantine(self._database)

    @cached_property
    def rate_days(self) -> RateDays:
        """Days of rates that were asked for."""
        from desktop.store.rate_days import RateDays

        return RateDays(self._database)

    @cached_property
    def conversions(self) -> Conversions:
        """What was converted."""
        from desktop.store.conversions import Conversions

        return Conversions(self._database)

    @cached_property
    def archive(self) -> Archive:
        """What is known of the archives of sources."""
        from desktop.store.coverage import Archive

        return Archive(self._database)

    @cached_property
    def marks(self) -> Marks:
        """Marks of many articles: not needed to start."""
        from desktop.store.marks import Marks

        return Marks(self._database, self.articles)

    @cached_property
    def tags(self) -> Tags:
        """The tags on articles."""
        from desktop.store.tags import Tags

        return Tags(self._database, lambda: self.marks)

    @cached_property
    def notes(self) -> Notes:
        """What the person wrote on articles: not needed to start."""
        from desktop.store.notes import Notes

        return Notes(self._database)

    @cached_property
    def source_facts(self) -> SourceCounting:
        """What tells how sources are: not needed to start."""
        from desktop.store.source_facts import SourceCounting

        return SourceCounting(self._database)

    @contextmanager
    def at_one_moment(self) -> Iterator[None]:
        """What is read meanwhile is of one moment, whoever writes. For a reader."""
        with told():
            self._database.connection.execute("BEGIN")
        try:
            yield
        finally:
            self._database.connection.execute("ROLLBACK")

    def at_most(self, seconds: float) -> AbstractContextManager[None]:
        """End a read of this thread that uses more processor time, with StoreInterrupted."""
        return self._database.at_most(seconds)

    def interrupt(self) -> None:
        """End the read that is going on, with StoreInterrupted; from any thread."""
        self._database.connection.interrupt()

    @property
    def writable(self) -> bool:
        """Whether this is the one that writes."""
        return self._lock is not None

    def in_title_order(self, query: ArticleQuery) -> Sequence[int]:
        """The articles of a query by title; takes a while."""
        from desktop.store.title_order import in_title_order  # seldom asked for

        return in_title_order(self._database, self.articles, query)

    def check(self) -> list[str]:
        """What is wrong with the store, one sentence each; changes nothing."""
        from desktop.store.check import problems  # seldom asked

        return problems(self._database, self.images)

    def prove(self, pack: Pack, *, thorough: bool, seen: Seen | None = None) -> Proof:
        """Read a pack again, its rates apart; changes nothing."""
        from desktop.store.proof import Proving  # seldom asked

        return Proving(self._database, self.images, pack, thorough=thorough, seen=seen).read()

    def version(self) -> int:
        """Another number whenever anybody else has written to the store since it was asked last."""
        return int(self._database.value("PRAGMA data_version"))

    def _suspect(self) -> None:
        """Damage was met: the next opening looks at everything."""
        with suppress(OSError):
            (self.folder / SUSPECT).touch(mode=0o600)

    def _finish_index(self) -> None:
        """Index what waits for it. Where that cannot be written just now, what is indexed is all that is found."""
        if self.words_waiting:  # nothing of indexing is loaded without need
            with nullcontext() if self._database.connection.in_transaction else suppress(StoreError):
                self.indexing.finish()

    def _is_in_place(self) -> bool:
        return self._place is None or _place(self.path) == self._place

    def close(self) -> None:
        """Close for good and let others write. Closing twice is fine."""
        if self._lock is not None:
            with suppress(StoreError):  # they are collected another time
                self.images.let_go_held()
            with suppress(StoreError):  # the next start goes on with it
                self._finish_index()
        self._database.close()
        if self._lock is not None:
            try:
                with told():
                    (self.folder / RUNNING).unlink(missing_ok=True)
            finally:
                self._lock.release()
                self._lock = None

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _place(path: Path) -> tuple[int, int] | None:
    """Which file has this name now."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
