"""What can still be read of a damaged database, row by row, without changing it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from desktop.core.errors import StoreDamaged
from desktop.store.columns import unpack_body
from desktop.store.copies import CONTENT
from desktop.store.failures import told
from desktop.store.opening import BUSY_S, check_ours, connect
from desktop.store.soundness import TYPES, Column, has_right_types, lacks_marks

Row = tuple[Any, ...]
_PROBES = 20_000  # of one table: some tenths of a second of looking for rows among lost pages
_LARGEST = (1 << 63) - 1
_PACKED = {("bodies", "body"), ("revisions", "body"), ("full_texts", "body")}


class Damaged:
    """A damaged store, opened to be read. Raises StoreDamaged where nothing of it can be."""

    def __init__(self, path: Path, *, has_copy: bool = False) -> None:
        """With a daily copy, rows of the person's that the store itself disputes are rather taken from that."""
        self._has_copy = has_copy
        with told():
            check_ours(path)
            self._connection = connect(path, BUSY_S, "?mode=ro", broken=True)
        try:
            with told():
                self._connection.text_factory = _text
                self.version = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def is_sound(self, table: str, columns: Sequence[Column]) -> bool:
        """Whether a table has these columns with values of their types, and its indexes fit to it."""
        if not self.names(table).issuperset(column.name for column in columns):
            return False
        try:
            found = self._connection.execute(f"PRAGMA integrity_check ('{table}')").fetchone()
            return found == ("ok",) and has_right_types(self._connection, table, columns)
        except sqlite3.Error:
            return False

    def missed(self) -> set[str]:
        """The tables that lack rows to which others refer, as far as that can be found out."""
        found: set[str] = set()
        with suppress(sqlite3.Error):
            for row in self._connection.execute("PRAGMA foreign_key_check"):
                found.add(str(row[2]))
        with suppress(sqlite3.Error):
            if lacks_marks(self._connection):
                found.add("states")
        return found

    @property
    def tables(self) -> set[str]:
        """The tables that the schema tells of, as far as it can be read."""
        found: set[str] = set()
        with suppress(sqlite3.Error):
            for (name,) in self._connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'"):
                found.add(str(name))
        return found

    def number(self, sql: str) -> int | None:
        """A number that the store kept; None where it cannot be read."""
        try:
            found = self._connection.execute(sql).fetchone()[0]
        except sqlite3.Error:
            return None
        return found if isinstance(found, int) else None

    def names(self, table: str) -> set[str]:
        """The columns that a table has here."""
        try:
            return {str(row[1]) for row in self._connection.execute(f"PRAGMA table_info ({table})")}
        except sqlite3.Error:
            return set()

    def rows(self, table: str, columns: Sequence[Column], *, sound: bool) -> Iterator[Row]:
        """The rows of a table that can be read and are of the types of its columns; some may come twice."""
        chosen = ", ".join(f'"{column.name}"' for column in columns)
        if sound:
            yield from self._connection.execute(f"SELECT {chosen} FROM {table}")
            return
        if self._has_rowid(table):
            disputed = self._disputed(table) if self._has_copy and table not in CONTENT else set()
            found: Iterator[Row] = (
                row[1:] for row in self._by_rowid(table, chosen) if row[0] not in disputed
            )
        else:
            found = self._from_both_ends(table, chosen)
        for row in found:
            if _is_plausible(table, columns, row):
                yield row

    def _disputed(self, table: str) -> set[int]:
        """The rows of which an index that takes no value twice has another value: a page of another table may be like
        one of this in all but that."""
        disputed: set[int] = set()
        with suppress(sqlite3.Error):
            for _, index, _, origin, _ in self._connection.execute(f"PRAGMA index_list ({table})").fetchall():
                if origin != "u":
                    continue
                names = [row[2] for row in self._connection.execute(f"PRAGMA index_info ({index})")]
                read = f"SELECT rowid, {', '.join(names)} FROM {table}"
                indexed = {row[0]: row for row in self._connection.execute(f"{read} INDEXED BY {index}")}
                rows = self._connection.execute(f"{read} NOT INDEXED")
                disputed |= {row[0] for row in rows if indexed.get(row[0], row) != row}
        return disputed

    def _has_rowid(self, table: str) -> bool:
        try:
            self._connection.execute(f"SELECT rowid FROM {table} LIMIT 0")
        except sqlite3.OperationalError as error:
            return "no such column" not in str(error)
        except sqlite3.Error:
            pass
        return True

    def _by_rowid(self, table: str, chosen: str) -> Iterator[Row]:
        """Before the first damage, after the last, and what halving finds between them: each with its number first."""
        sql = f"SELECT rowid, {chosen} FROM {table} NOT INDEXED WHERE rowid BETWEEN ? AND ? ORDER BY rowid"
        first, last = 0, self._last(table)
        try:
            for rowid, *row in self._connection.execute(sql, (first, _LARGEST)):
                if rowid >= first:  # else a page of another place
                    first = rowid + 1
                    yield rowid, *row
            return
        except sqlite3.Error:
            pass
        try:
            for rowid, *row in self._connection.execute(f"{sql} DESC", (first, _LARGEST)):
                if first <= rowid <= last:
                    last = rowid - 1
                    yield rowid, *row
        except sqlite3.Error:
            pass
        yield from self._between(sql, first, last)

    def _between(self, sql: str, first: int, last: int) -> Iterator[Row]:
        left = [(first, last)]
        for _ in range(_PROBES):
            if not left:
                return
            first, last = left.pop()
            try:
                for rowid, *row in self._connection.execute(sql, (first, last)):
                    if first <= rowid <= last:
                        first = rowid + 1
                        yield rowid, *row
            except sqlite3.Error:
                if first < last:
                    middle = (first + last) // 2
                    left += [(middle + 1, last), (first, middle)]

    def _last(self, table: str) -> int:
        """The last rowid that was given, where it is known."""
        try:
            found = self._connection.execute(
                "SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)
            ).fetchone()
        except sqlite3.Error:
            found = None
        return found[0] if found and isinstance(found[0], int) else _LARGEST

    def _from_both_ends(self, table: str, chosen: str) -> Iterator[Row]:
        """The rows of a table without rowid: before the first damage, and after the last."""
        key = [
            str(row[1])
            for row in sorted(
                self._connection.execute(f"PRAGMA table_info ({table})"), key=lambda row: int(row[5])
            )
            if row[5]
        ]
        for way in ("ASC", "DESC"):
            order = ", ".join(f'"{name}" {way}' for name in key)
            try:
                yield from self._connection.execute(
                    f"SELECT {chosen} FROM {table} NOT INDEXED ORDER BY {order}"
                )
            except sqlite3.Error:
                continue
            return


def _text(raw: bytes) -> str | bytes:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw  # is of no TEXT column's type, which tells on it


def _is_plausible(table: str, columns: Sequence[Column], row: Row) -> bool:
    for column, value in zip(columns, row, strict=True):
        if value is None:
            good = column.may_be_null
        else:
            packed = (table, column.name) in _PACKED
            good = isinstance(value, TYPES.get(column.kind, object))
            good = good and (not packed or _can_be_unpacked(value))
            good = good and not (isinstance(value, str) and "\0" in value)  # of a page that was cut short
        if not good:
            return False
    return True


def _can_be_unpacked(body: Any) -> bool:
    try:
        unpack_body(body)
    except StoreDamaged:
        return False
    return True
