"""What people and servers write in a line: searches, and dates."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from desktop.core import search
from desktop.core.models import ArticleQuery
from desktop.net import dates
from desktop.net.retry import LONGEST, SHORTEST, retry_after
from desktop.store import Store
from tests.fuzz.targets.target import Target, expect, expect_utc

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SEARCHES = (
    *(
        "toqaev rate",
        '"exchange rate" OR tenge -sport',
        "source:herald is:unread after:2026-01-31",
        "copper | gold",
    ),
    *(
        'tag:"read later" folder:Asia/Banks',
        "before:2026-02 has:note author:Ан",
        "-",
        '"',
        "OR",
        "после:2026",
        "lang:kk",
    ),
    *(
        "after:9999-99-99",
        "is:",
        'a"b"c',
        "NEAR(a b)",
        "a* b^ {c}",
        "тоқаев құны",
        "ʻoʼz‘bek’",
        "-source:x OR y",
    ),
)
DATES = (
    *(
        "Fri, 20 Nov 2026 12:00:00 +0000",
        "2026-11-20T12:00:00+05:00",
        "20 ноября 2026, 12:00",
        "2026-324",
        "20.11.2026",
    ),
    *(
        "1763640000",
        "Thu, 01-Jan-70 00:00:00 GMT",
        "20 Nov 26 12:00 EST",
        "2026-11-20 12:00:00.123456Z",
        "11/20/2026 5 PM",
    ),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-W47-5", "Суббота, 21 ноября 2026"),
)


@cache
def _store() -> Store:
    """An empty store, for what the index thinks of a search."""
    return Store.open(Path(tempfile.mkdtemp(prefix="chorsu-fuzz-")))


def _search(data: bytes) -> None:
    words = data.decode("utf-8", "replace")
    found = search.parse(words)
    expect(found == search.parse(words), "it is read in two ways")
    again = search.written(ArticleQuery(words=words))
    expect(isinstance(again, str), "it cannot be written")
    _store().articles.page(ArticleQuery(words=words), limit=3)


def _retry(data: bytes) -> None:
    found = retry_after(data.decode("latin-1"), NOW)
    expect(found is None or SHORTEST <= found <= LONGEST, f"{found}")


def _date(data: bytes) -> None:
    found = dates.parse(data.decode("utf-8", "replace"))
    expect_utc(found)
    expect(found is None or 1000 <= found.year < 9000, f"{found} is beyond what can be reckoned with")


TARGETS = (
    Target("search", _search, lambda: [each.encode() for each in SEARCHES], most_bytes=1024),
    Target(
        "retry_after",
        _retry,
        lambda: [
            b"120",
            b"Wed, 25 Nov 2026 09:00:00 GMT",
            b"Wednesday, 25-Nov-26 09:00:00 GMT",
            b"-1",
            b"1e9",
        ],
        most_bytes=256,
    ),
    Target("date", _date, lambda: [each.encode() for each in DATES], most_bytes=256),
)
