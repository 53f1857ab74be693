"""One log file beside the data, with secrets and line breaks taken out."""

from __future__ import annotations

import logging
import os
import re
import traceback
from contextlib import suppress
from copy import copy
from pathlib import Path
from types import TracebackType
from typing import Any

LARGEST = 1_000_000  # bytes

# As texts: they are compiled when something is logged, which most starts do not.
_USERINFO = r"(?<=//)[^/@\s]+@"
_HEADER = r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)(\s*[=:]\s*).*"
_SECRET = (
    r"(?i)(?<![^\W_])([\w.-]*(?:key|token|secret|passw(?:or)?d|pwd|auth|sig|signature|session|sid|app_id))"
    r"(\s*[=:]\s*)[^&\s;]+"
)


def redact(text: str) -> str:
    """Take credentials out of addresses and headers, and line breaks out of foreign text."""
    text = re.sub(_USERINFO, "", text)
    text = re.sub(_HEADER, r"\1\2[removed]", text)
    text = re.sub(_SECRET, r"\1\2[removed]", text)
    return text.replace("\r", "\\r").replace("\n", "\\n")


def fault(kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> str:
    """A fault with its trace as it may be kept and shown: it may carry what it stumbled over."""
    lines = "".join(traceback.format_exception(kind, error, trace)).splitlines()
    return "\n".join(redact(line) for line in lines)


class _Redacting(logging.Formatter):
    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name that logging calls
        record.message = redact(record.message)
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        record = copy(record)
        record.exc_text = None  # another handler may have kept its own, which tells everything
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return fault(*ei)


def start(path: Path, *, verbose: bool = False) -> None:
    """Log to `path` from INFO up, or DEBUG when `verbose`; a log of over 1 MB is put aside, once, as `path`.1.

    Where that cannot be written, nothing is logged.
    """
    # The standard library's rotating handler brings sockets and pickles with it, which a start need not wait for.
    handler: logging.Handler = logging.NullHandler()
    with suppress(OSError):
        if path.exists() and path.stat().st_size > LARGEST:
            path.replace(path.with_name(path.name + ".1"))
        if os.access(path if path.exists() else path.parent, os.W_OK):
            handler = logging.FileHandler(path, encoding="utf-8", delay=True)
    handler.setFormatter(_Redacting("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger("desktop")
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    root.propagate = False


def stop() -> None:
    """Close the log file."""
    root = logging.getLogger("desktop")
    for handler in list(root.handlers):
        root.removeHandler(handler)
        handler.close()
