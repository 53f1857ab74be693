"""The seam of parsing: bytes from outside become values that are safe to keep, in the process that reads for us.

What a document does there cannot touch the window or the store. One that ended the process twice is put aside.
"""

from __future__ import annotations

import atexit
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from desktop.core.fulltext import Obstacle
from desktop.core.incoming import IncomingFeed, IncomingText, PictureInfo
from desktop.sync.quarantine import Quarantine
from desktop.sync.worker import EndedTwice, Worker

if TYPE_CHECKING:
    from desktop.core.pack_file import ArrivingArticle
    from desktop.net.discovery import Candidate
    from desktop.net.opml import Outlines
    from desktop.net.rates import Parsed, Request
    from desktop.net.rates.ranges import RangeRequest
    from desktop.net.wordpress import Site

T = TypeVar("T")

worker = Worker()  # one a program, as there is one interpreter; it starts with the first document
atexit.register(worker.close)
quarantine = Quarantine()


def read_feed(body: bytes, url: str, content_type: str = "") -> IncomingFeed:
    """Parse and clean a feed. Raises ParseError."""
    return _read(IncomingFeed, "feed", body, url, content_type)


def read_posts(body: bytes, url: str, headers: Mapping[str, str], site_url: str = "") -> IncomingFeed:
    """Parse and clean one page of WordPress posts. Raises ParseError."""
    return _read(IncomingFeed, "posts", body, url, dict(headers), site_url)


def read_picture(body: bytes) -> PictureInfo:
    """Format and size of a picture by its first bytes. Raises ParseError for anything that is never decoded."""
    return _read(PictureInfo, "picture", body)


def read_page(
    body: bytes, url: str, content_type: str = "", lead_url: str = ""
) -> tuple[IncomingText, Obstacle]:
    """Find and clean the article on a web page, and say what stands in the way of it. `lead_url` is the picture that
    is known to belong to it. Raises QuarantinedError only."""
    return _read(tuple[IncomingText, Obstacle], "page", body, url, content_type, lead_url)


def read_packed(line: bytes, now: datetime) -> ArrivingArticle:
    """Clean an article out of a pack's file, which stands there as this line. Raises ParseError."""
    from desktop.core.pack_file import ArrivingArticle

    return _read(ArrivingArticle, "packed", line, now.isoformat())


def read_links(body: bytes, url: str, headers: Mapping[str, str]) -> list[Candidate]:
    """What a page offers to be followed (`net.discovery.links`). Raises QuarantinedError only."""
    from desktop.net.discovery import Candidate

    return _read(list[Candidate], "links", body, url, dict(headers))


def read_site(body: bytes, url: str) -> Site:
    """The index of a REST interface. Raises ParseError."""
    from desktop.net.wordpress import Site

    return _read(Site, "site", body, url)


def read_sections(body: bytes, url: str) -> list[tuple[str, str]]:
    """Names and feeds of the categories of a WordPress. Raises ParseError."""
    return _read(list[tuple[str, str]], "sections", body, url)


def read_public(body: bytes) -> frozenset[int]:
    """The numbers of the posts in an answer. Raises ParseError."""
    return _read(frozenset[int], "public", body)


def read_outlines(body: bytes) -> Outlines:
    """The feeds of an OPML list. Raises ParseError."""
    from desktop.net.opml import Outlines

    return _read(Outlines, "outlines", body)


def read_rates(body: bytes, source: str, now: datetime, request: Request | RangeRequest) -> Parsed:
    """The answer to a request to the bank `source`. Raises ParseError, and NoRatesError where it has no numbers."""
    from desktop.net.rates import Parsed, Request

    if isinstance(request, Request):
        asked = request.asked.isoformat() if request.asked else ""
        return _read(Parsed, "rates", body, source, now.isoformat(), asked)
    days = request.first.isoformat(), request.last.isoformat()
    return _read(
        Parsed, "rate range", body, source, now.isoformat(), request.url, list(request.currencies), *days
    )


def close() -> None:
    """End the process that reads, and whoever waits for it by StoppedError; the next document starts another."""
    worker.close()


def _read(kind: type[T], verb: str, body: bytes, *arguments: object) -> T:
    quarantine.check(verb, body)
    try:
        return worker.read(kind, verb, body, *arguments)
    except EndedTwice as end:
        raise quarantine.add(verb, body, end.cause) from None
