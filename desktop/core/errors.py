"""What can go wrong in the world outside, in words for the person who reads them.

AppError                the world's fault: shown with what happened, what was kept, what to do
├── UsageError          the person asked for something that cannot be (exit 2)
├── FetchError          an address could not be fetched
│   ├── OfflineError    the gate is shut: nothing was sent
│   └── StoppedError    the person pressed stop
├── ParseError          the bytes are not what was asked for (a web page instead of a feed, damage)
│   ├── NoRatesError    a good answer that says that there are no rates for the day
│   └── QuarantinedError  reading them ended the process that reads, twice
├── ReaderError         the process that reads documents cannot be started
└── StoreError          the store cannot be used (exit 3)
    ├── StoreInterrupted    a read was ended before it was done, since it took too long or is no longer wanted
    ├── StoreDamaged
    ├── StoreLocked     another process is writing
    ├── StoreReadOnly   its folder or its medium cannot be written to; all can be read
    └── StoreTooNew     made by a newer version; left untouched

Everything else that is raised is a fault of ours: logged, and reported once.
"""

from __future__ import annotations

from datetime import datetime


class AppError(Exception):
    """One sentence on what happened, and one on what to do about it ("" where nothing can be done)."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class UsageError(AppError):
    """The person asked for something that cannot be."""


class FetchError(AppError):
    """An address could not be fetched.

    `status` is the HTTP status, or 0 where there was no answer. `retry_at` is the moment (UTC) that the server asked
    us to wait for, if it did. `host_wide` says that the fault concerns every address of the host.
    """

    def __init__(
        self,
        message: str,
        remedy: str = "",
        *,
        status: int = 0,
        retry_at: datetime | None = None,
        host_wide: bool = False,
    ) -> None:
        super().__init__(message, remedy)
        self.status = status
        self.retry_at = retry_at
        self.host_wide = host_wide

    @property
    def is_refusal(self) -> bool:
        """Whether the server understood the question and will most likely say no again."""
        return self.status in (401, 402, 403, 404, 406, 410, 451)


class TooLargeError(FetchError):
    """An answer was larger than what was allowed for it."""


class OfflineError(FetchError):
    """Working offline: no socket was opened."""


class StoppedError(FetchError):
    """The person stopped the refresh."""


class ParseError(AppError):
    """The bytes are not what was asked for. `is_html` says that they are a web page."""

    def __init__(self, message: str, remedy: str = "", *, is_html: bool = False) -> None:
        super().__init__(message, remedy)
        self.is_html = is_html


class NoRatesError(ParseError):
    """The source answered, and has no rates for the day that was asked for."""


class QuarantinedError(ParseError):
    """The document ended the process that reads, twice; it is not read again until it changes."""


class ReaderError(AppError):
    """The process that reads documents cannot be started; nothing that comes in can be read."""


class StoreError(AppError):
    """The store cannot be used; nothing was changed."""


class StoreInterrupted(StoreError):
    """A read was ended before it was done; nothing is wrong."""


class StoreDamaged(StoreError):
    """The file is not a whole database; it is kept as it is."""


class StoreLocked(StoreError):
    """Another process is writing to the store."""


class StoreReadOnly(StoreError):
    """The store lies where nothing can be written."""


class StoreTooNew(StoreError):
    """A newer version of the program made this store."""
