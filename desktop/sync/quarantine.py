"""Documents that ended the process that reads them, twice: they are not read again until they change."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable

from desktop.core.errors import QuarantinedError
from desktop.core.incoming import Quarantined
from desktop.sync.worker import Cause

_SAID = {
    Cause.TIME: "takes too long to read",
    Cause.MEMORY: "takes too much memory to read",
    Cause.CRASH: "makes the part of Chorsu that reads it break down",
}
_NAMES = {
    "feed": "The feed",
    "page": "The page",
    "picture": "The picture",
    "outlines": "The list",
    "packed": "The article",
}


class Quarantine:
    """What is known of such documents, by hash. From any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, str] = {}
        self._unsaved: list[Quarantined] = []

    def know(self, stored: Iterable[Quarantined]) -> None:
        """Take over what the store remembers, in place of what was known."""
        with self._lock:
            self._known = {each.digest: each.message for each in (*stored, *self._unsaved)}

    def check(self, verb: str, body: bytes) -> None:
        """Raises QuarantinedError for a document that was put aside."""
        if self._known and (message := self._known.get(_digest(verb, body))):
            raise _error(message)

    def add(self, verb: str, body: bytes, cause: Cause) -> QuarantinedError:
        """Put a document aside; gives what to tell of it."""
        name = _NAMES.get(verb, "The answer")
        message = f"{name} {_SAID[cause]}, so it was put aside."
        with self._lock:
            entry = Quarantined(_digest(verb, body), message)
            self._known[entry.digest] = message
            self._unsaved.append(entry)
        return _error(message)

    def take_unsaved(self) -> list[Quarantined]:
        """What the store has not been told yet."""
        if not self._unsaved:
            return []
        with self._lock:
            unsaved, self._unsaved = self._unsaved, []
        return unsaved


def _digest(verb: str, body: bytes) -> str:
    """Of the document and what it is read as: a page that breaks one reader may serve another."""
    return hashlib.sha256(verb.encode() + b"\0" + body).hexdigest()


def _error(message: str) -> QuarantinedError:
    return QuarantinedError(message, "It is read again when it changes; what is stored is kept.")
