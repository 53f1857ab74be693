"""One picture: fetch it without telling anyone who reads, check what it is, say why when it cannot be kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from desktop.core.errors import AppError, FetchError, OfflineError, ParseError, StoppedError, TooLargeError
from desktop.core.incoming import PictureInfo
from desktop.net.http import PICTURE, Http, Trust
from desktop.store import Store
from desktop.sync import documents

ACCEPT = "image/webp,image/png,image/jpeg,image/gif;q=0.9,image/*;q=0.5"


@dataclass(frozen=True, slots=True)
class FetchedPicture:
    """A picture's bytes, or the sentence that says why there are none."""

    key: str
    url: str
    body: bytes = b""
    info: PictureInfo | None = None
    problem: str = ""
    is_refused: bool = False  # the server will most likely not give it later either
    host_fails: bool = False  # the fault is none of the picture


def fetch_picture(http: Http, key: str, url: str, origin: str, largest: int | None = None) -> FetchedPicture:
    """Fetch one picture, of at most `largest` bytes, of an article that came from `origin`. Raises OfflineError and
    StoppedError only."""
    limits = PICTURE if largest is None else replace(PICTURE, body_bytes=largest)
    try:
        response = http.get(url, limits=limits, trust=Trust.DERIVED, accept=ACCEPT, origin=origin)
        return FetchedPicture(key, url, response.body, documents.read_picture(response.body))
    except (OfflineError, StoppedError):
        raise
    except TooLargeError as error:
        return FetchedPicture(key, url, problem=_short(error) if largest is None else _too_large(largest))
    except (FetchError, ParseError) as error:
        is_refused = isinstance(error, FetchError) and error.is_refusal
        host_fails = isinstance(error, FetchError) and error.host_wide
        return FetchedPicture(key, url, problem=_short(error), is_refused=is_refused, host_fails=host_fails)


def keep(store: Store, fetched: FetchedPicture, now: datetime) -> tuple[int, ...]:
    """Write what came of a picture; gives the articles that show it."""
    if fetched.info is None:
        store.images.fail(fetched.key, fetched.url, fetched.problem, now, is_refused=fetched.is_refused)
    else:
        store.images.put(fetched.key, fetched.url, fetched.body, fetched.info)
    return store.images.articles_of(fetched.key)


def _short(error: AppError) -> str:
    return error.message


def _too_large(largest: int) -> str:
    return f"It is larger than {largest // 1000:,} KB, and data is being saved."
