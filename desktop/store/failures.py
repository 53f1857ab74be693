"""What SQLite and the file system answer, in words for the person; programming errors pass as they are."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from desktop.core.errors import StoreDamaged, StoreError, StoreInterrupted, StoreLocked, StoreReadOnly

_DISK = "Free some space on the disk and try again; what was stored before is safe."

_CODELESS = (
    "unsupported file format",
    "invalid fts5 file format",
    # Our statements are those of the tables, unless a name in the schema is no longer what it was.
    "no such table",
    "no such column",
    "Could not decode to UTF-8",  # Python's own, of a text with a flipped bit
)  # damage for which SQLite has no code of its own


@contextmanager
def told() -> Iterator[None]:
    """Turn what the world can do to a database into the StoreError family."""
    try:
        yield
    except sqlite3.Error as error:
        found = _in_words(error)
        if found is None:
            raise
        raise found from error
    except UnicodeDecodeError as error:  # Python cannot decode what SQLite says of a schema that is no text
        raise damaged("The store is damaged.") from error
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise read_only() from error
        raise StoreError(
            f"A file of the store could not be used: {error.strerror or error}.", _DISK
        ) from error


def locked() -> StoreLocked:
    """The error of a store that another program is writing to."""
    return StoreLocked(
        "Another program is writing to the store.",
        "Close the other Chorsu window or command, then try again.",
    )


def read_only() -> StoreReadOnly:
    """The error of a store that lies where nothing can be written."""
    return StoreReadOnly(
        "The store cannot be written to.", "Make the data folder writable for you, then try again."
    )


def displaced() -> StoreError:
    """The error of a store whose file is no longer where it was opened."""
    return StoreError(
        "The store was moved or removed while Chorsu was running: this could not be stored.",
        "Put the data folder back, or close Chorsu and start it again.",
    )


def damaged(what: str) -> StoreDamaged:
    """The error of a file that is not a whole store."""
    return StoreDamaged(
        what, "Close Chorsu and start it again: it mends the store, and keeps the damaged file."
    )


def _in_words(error: sqlite3.Error) -> StoreError | None:
    if str(error).startswith(_CODELESS):
        return damaged("The store is damaged.")
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return locked()
    if code == sqlite3.SQLITE_INTERRUPT:
        return StoreInterrupted("This was ended before it was done.", "Ask again.")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return damaged("The store is damaged.")
    if code == sqlite3.SQLITE_FULL:
        return StoreError("The disk is full: this could not be stored.", _DISK)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return read_only()
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_AUTH):
        return StoreError("The store could not be read or written.", "Check the disk and the data folder.")
    return None
