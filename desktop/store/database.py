"""One connection: reads, and short transactions of two strengths. The world's faults come as StoreError."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.core.errors import StoreDamaged
from desktop.store.failures import displaced, told

if TYPE_CHECKING:
    from desktop.store.search import Words

Row = tuple[Any, ...]
LOG_BYTES = (
    8_000_000  # of the log that a large transaction may find, and that the log keeps once it begins anew
)
WORDS_STEP = 500  # articles that are indexed in one transaction: about 0.2 s
_ROWS = 64  # of one statement
_BULK = {"wal_autocheckpoint": 0, "cache_size": -96_000}  # the cache in KiB


class Database:
    """A connection in the hands of one thread."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        on_damage: Callable[[], None] = lambda: None,
        is_in_place: Callable[[], bool] = lambda: True,
    ) -> None:
        """`on_damage` is called each time that a statement meets damage. While the file is not `is_in_place`, nothing
        is committed: it would go with a file that nobody finds again."""
        self.connection = connection
        self._is_in_place = is_in_place
        self.suspect = on_damage
        self.finish_index: Callable[[], None] = lambda: None  # called before words are looked for
        # Of articles that wait for the index, by number: the hash of their content and their words. What is not here
        # is unpacked again.
        self.arrived: dict[int, tuple[str, Words]] = {}
        self._durable: bool | None = None

    def rows(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[Row]:
        """All rows of a bounded query."""
        with self.told():
            return self.connection.execute(sql, parameters).fetchall()

    def walk(self, sql: str, parameters: Sequence[Any] = ()) -> Generator[Row, None, None]:
        """The rows one by one, for a reader that stops when it has enough, and then closes this."""
        with self.told(), closing(self.connection.execute(sql, parameters)) as found:
            yield from found

    def row(self, sql: str, parameters: Sequence[Any] = ()) -> Row | None:
        """The first row, if there is one."""
        with self.told():
            found: Row | None = self.connection.execute(sql, parameters).fetchone()
            return found

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """The first column of the first row, None when there is no row."""
        found = self.row(sql, parameters)
        return None if found is None else found[0]

    @contextmanager
    def transaction(self, *, durable: bool) -> Iterator[sqlite3.Connection]:
        """All or nothing. `durable`, for what the person did, outlives a power cut as well."""
        with self.told():
            self._set_strength(durable)
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                if not self._is_in_place():
                    raise displaced()
                self.connection.execute("COMMIT")
            except BaseException:
                # A full disk makes SQLite roll back by itself.
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    @contextmanager
    def bulk(self) -> Iterator[sqlite3.Connection]:
        """A durable transaction that writes much: what it changes fits into memory, and goes from the log into the
        file with a later one, not with this. What earlier ones left in the log goes first, or it would only grow."""
        kept = {name: self.value(f"PRAGMA {name}") for name in _BULK}
        if self._log_bytes() > LOG_BYTES:
            self.row("PRAGMA wal_checkpoint (PASSIVE)")
        try:
            for name, setting in _BULK.items():
                self.connection.execute(f"PRAGMA {name} = {setting}")
            with self.transaction(durable=True) as db:
                yield db
        finally:
            for name, setting in kept.items():
                self.connection.execute(f"PRAGMA {name} = {setting}")

    @property
    def words_waiting(self) -> int:
        """How many articles have come in or changed and are still to be indexed (`indexing.py`)."""
        return int(self.value("SELECT count(*) FROM search_pending"))

    @contextmanager
    def at_most(self, seconds: float) -> Iterator[None]:
        """End what is read within, with StoreInterrupted, when it has used so much processor time, or waited for the
        disk ten times as long."""
        from desktop.store.watch import Watch  # nobody searches at the start

        with Watch(self.connection.interrupt, seconds, 10 * seconds):
            yield

    def close(self) -> None:
        """Let go of the file."""
        with told():
            self.connection.close()

    @contextmanager
    def told(self) -> Iterator[None]:
        """Remember damage that is met, and tell of it, as of all that the world can do, by a StoreError."""
        try:
            with told():
                yield
        except StoreDamaged:
            self.suspect()
            raise

    def _log_bytes(self) -> int:
        """How large the log is; 0 where there is none."""
        with suppress(OSError):
            return Path(f"{self.value('SELECT file FROM pragma_database_list LIMIT 1')}-wal").stat().st_size
        return 0

    def _set_strength(self, durable: bool) -> None:
        # A FULL commit also syncs the NORMAL ones before it: 0 of 1,000 simulated power cuts lost a mark.
        if self._durable is not durable:
            self.connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._durable = durable


def insert_rows(db: sqlite3.Connection, head: str, rows: Sequence[Sequence[Any]], tail: str = "") -> None:
    """Insert rows, many with a statement of `head` (INSERT INTO table (columns)) and `tail`. So that a statement with
    triggers could be taken back alone, SQLite first writes every page that it changes to a file beside: for each
    article by itself sixteen of them."""
    for first in range(0, len(rows), _ROWS):
        some = rows[first : first + _ROWS]
        row = f"({', '.join('?' * len(some[0]))})"
        db.execute(f"{head} VALUES {', '.join([row] * len(some))} {tail}", [*chain.from_iterable(some)])


def listed(values: Iterable[int | str]) -> str:
    """Values as one parameter: `IN (SELECT value FROM json_each(?))` takes any number of them."""
    return json.dumps(list(values))
