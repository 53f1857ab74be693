"""Feeds, read marks, stars and labels out of the databases of QuiteRSS and RSS Guard.

QuiteRSS 0.12 to 0.19 (feeds.db): `feeds`, folders among them by an empty xmlUrl, and `news`, whose `label` holds ids of
`labels` between commas (",1,4,"). RSS Guard 3 to 5 (database.db): `Categories`, `Feeds`, `Messages` and `Labels`. Which
message has which of them stands in `LabelsInMessages`, by the custom ids of both until version 4 and by their numbers
since version 5, or, for a while, in `Messages.labels`, custom ids between points.

The file is copied, opened to be read, and not trusted: only plain tables are asked, values have a greatest length, and
the time is bounded.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from desktop.core.errors import ParseError, UsageError
from desktop.core.identity import Mark
from desktop.core.tags import tag_name
from desktop.store.opening import BUSY_S, connect

MAGIC = b"SQLite format 3\0"
MOST_MARKS = 2_000_000
_LONGEST = 1 << 20  # bytes of a value
_LONGEST_NAME = 8_192  # characters of an article's guid and address
_SECONDS = 60.0
_SCRIPT = 1  # the source_type of a feed that RSS Guard has a command make
_LEVELS = 32
# Python cannot decode what SQLite says of a schema that is no text.
_OF_DAMAGE = (sqlite3.Error, UnicodeDecodeError)
_NOTHING = "Nothing was imported."


@dataclass(slots=True)
class ForeignFeed:
    """A feed as the other program had it. `runs` says that it pipes the feed through a command."""

    title: str
    url: str
    site_url: str
    folder: str
    enabled: bool
    runs: bool = False
    marks: list[Mark] = field(default_factory=list)


def read_foreign(path: Path) -> list[ForeignFeed]:
    """The feeds of the other program with what was read and starred. Raises ParseError."""
    with _opened(path) as connection:
        kinds = connection.execute("SELECT lower(name), type FROM sqlite_schema")
        tables = {str(name) for name, kind in kinds if kind == "table"}
        if tables >= {"feeds", "messages", "categories"}:
            return _of_rss_guard(connection)
        if tables >= {"feeds", "news"}:
            return _of_quiterss(connection)
    raise ParseError("The file is neither a database of QuiteRSS nor one of RSS Guard.", _NOTHING)


def _of_quiterss(connection: sqlite3.Connection) -> list[ForeignFeed]:
    rows = list(
        _rows(connection, "feeds", "id", "parentId", "text", "title", "xmlUrl", "htmlUrl", "disableUpdate")
    )
    names = {row[0]: (row[1], _text(row[2]) or _text(row[3])) for row in rows if not _text(row[4])}
    feeds = {
        row[0]: ForeignFeed(
            _text(row[2]) or _text(row[3]),
            _text(row[4]),
            _text(row[5]),
            _path(row[1], names),
            not _true(row[6]),
        )
        for row in rows
        if _text(row[4])
    }
    # What was deleted there was seen, and is not to come back as unread.
    # Articles of Atom have their address in link_alternate alone.
    labels = {_text(number): _tag(name) for number, name in _rows(connection, "labels", "id", "name")}
    columns = ("feedId", "guid", "link_href", "link_alternate", "read", "starred", "deleted", "label")
    for feed, guid, url, alternate, read, starred, deleted, listed in _rows(connection, "news", *columns):
        tags = () if _true(deleted) else _named(_text(listed).split(","), labels)
        seen = _true(read) or _true(deleted)
        _keep(feeds.get(feed), Mark(_text(guid), _text(url) or _text(alternate), seen, _true(starred), tags))
    return list(feeds.values())


def _of_rss_guard(connection: sqlite3.Connection) -> list[ForeignFeed]:
    folders = _rows(connection, "Categories", "id", "parent_id", "title")
    names = {number: (parent, _text(title)) for number, parent, title in folders}
    by_number: dict[Any, ForeignFeed] = {}
    by_name: dict[Any, ForeignFeed] = {}
    rows = _rows(
        connection, "Feeds", "id", "custom_id", "title", "source", "category", "is_off", "custom_data"
    )
    for number, name, title, source, folder, is_off, data in rows:
        feed = ForeignFeed(
            _text(title), _text(source), "", _path(folder, names), not _true(is_off), _runs(data)
        )
        by_number[number] = by_name[_text(name) or _text(number)] = feed
    # Until version 4 a message names its feed by the text of custom_id, since then by the number.
    is_named = _type(connection, "Messages", "feed").startswith(("TEXT", "VARCHAR"))
    labels = _labels_of_rss_guard(connection)
    columns = (
        "id",
        "feed",
        "custom_id",
        "url",
        "is_read",
        "is_important",
        "labels",
        "is_deleted",
        "is_pdeleted",
    )
    for number, feed_key, guid, url, read, starred, listed, *deleted in _rows(
        connection, "Messages", *columns
    ):
        found = by_name.get(_text(feed_key)) if is_named else by_number.get(feed_key)
        tags: tuple[str, ...] = ()
        if not any(map(_true, deleted)):
            given = (*labels.of.get(number, ()), *labels.of.get(_text(guid), ()), *_text(listed).split("."))
            tags = _named(given, labels.names)
        seen = any(map(_true, (read, *deleted)))
        _keep(found, Mark(_text(guid), _text(url), seen, _true(starred), tags))
    return list(by_number.values())


class _Labels(NamedTuple):
    """The names of labels, and those of messages, by the number or the custom id of either."""

    names: dict[Any, str]
    of: dict[Any, list[Any]]


def _labels_of_rss_guard(connection: sqlite3.Connection) -> _Labels:
    found = _Labels({}, {})
    by_number = _type(connection, "LabelsInMessages", "label").startswith("INT")
    for number, custom_id, name in _rows(connection, "Labels", "id", "custom_id", "name"):
        found.names[number if by_number else _text(custom_id) or _text(number)] = _tag(name)
    for message, label in _rows(connection, "LabelsInMessages", "message", "label"):
        found.of.setdefault(message, []).append(label)
    return found


def _named(labels: Iterable[Any], names: Mapping[Any, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (names.get(label, "") for label in labels))))


def _tag(label: object) -> str:
    """The tag that a label becomes, "" where its name is none."""
    try:
        return tag_name(_text(label))
    except UsageError:
        return ""


def _keep(feed: ForeignFeed | None, mark: Mark) -> None:
    is_marked = mark.read or mark.starred or mark.tags
    if feed is not None and is_marked and 0 < len(mark.guid) + len(mark.url) <= _LONGEST_NAME:
        feed.marks.append(mark)


def _type(connection: sqlite3.Connection, table: str, column: str) -> str:
    """The type that a column was given, "" where there is none."""
    rows = connection.execute(f"PRAGMA table_info ({table})")
    return next((str(row[2]).upper() for row in rows if str(row[1]).lower() == column), "")


def _rows(connection: sqlite3.Connection, table: str, *columns: str) -> Iterator[tuple[Any, ...]]:
    """These columns of a table, NULL for one that its version of the program has not; nothing of a table it has not."""
    kind = connection.execute(
        "SELECT type FROM sqlite_schema WHERE lower(name) = lower(?)", (table,)
    ).fetchone()
    if kind != ("table",):
        return iter(())
    there = {str(row[1]).lower() for row in connection.execute(f"PRAGMA table_info ({table})")}
    chosen = ", ".join(f'"{name}"' if name.lower() in there else "NULL" for name in columns)
    return iter(connection.execute(f"SELECT {chosen} FROM {table} LIMIT {MOST_MARKS}"))


def _path(number: object, names: Mapping[Any, tuple[Any, str]]) -> str:
    """The folder with those around it as "Outer/Inner", however the file links them."""
    parts: list[str] = []
    for _ in range(_LEVELS):
        if number not in names:
            break
        number, name = names[number]
        parts.insert(0, " ".join(name.split()))
    return "/".join(filter(None, parts))


def _runs(data: object) -> bool:
    """Whether RSS Guard would run a command to get the feed, or on it."""
    try:
        found = json.loads(_text(data) or "{}")
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and bool(found.get("post_process") or found.get("source_type") == _SCRIPT)


def _text(value: object) -> str:
    return (
        value if isinstance(value, str) else "" if value is None or isinstance(value, bytes) else str(value)
    )


def _true(value: object) -> bool:
    return value not in (None, "", 0, "0", "false", b"")


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A copy of the file, with what still stands in its log, to be read within bounds."""
    with tempfile.TemporaryDirectory(prefix="chorsu-import-") as scratch:
        copy = Path(scratch) / "foreign.db"
        try:
            for ending in ("", "-wal"):
                beside = path.with_name(path.name + ending)
                if not ending or beside.exists():
                    shutil.copyfile(beside, copy.with_name(copy.name + ending))
        except OSError as error:
            raise ParseError(f"{path.name} cannot be read: {error.strerror or error}.", _NOTHING) from None
        try:
            connection = connect(copy, BUSY_S)
        except _OF_DAMAGE as error:
            raise _broken() from error
        try:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
            connection.text_factory = _decoded
            connection.set_progress_handler(_until(time.monotonic() + _SECONDS), 100_000)
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA query_only = ON")
            yield connection
        except _OF_DAMAGE as error:
            raise _broken() from error
        finally:
            connection.close()


def _until(end: float) -> Callable[[], int]:
    return lambda: int(time.monotonic() > end)


def _decoded(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _broken() -> ParseError:
    return ParseError("The database is damaged, or takes too long to read.", _NOTHING)
