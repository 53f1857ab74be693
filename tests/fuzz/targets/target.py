"""What a fuzz target is: a reader of bytes from outside, inputs to start from, and promises that it must keep."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.feed_samples import DAMAGE, damaged

DATA = Path(__file__).parents[2] / "data"
FOUND = Path(__file__).parents[1] / "found"
URL = "https://courier.example/feed/"
NUMBERS = (
    *(
        b"0",
        b"-1",
        b"NaN",
        b"Infinity",
        b"1e999",
        b"5,39256E-05",
        b"12 075,20",
        b"12.075,20",
        b"-",
        b"ND",
        b"",
    ),
    *(b"1" * 5000, b"0.0000000000000000000000001", b"2026-02-31", b"31.02.2026", b"9999-12-31T23:59:59Z"),
    *(
        b"0001-01-01",
        b"1e-400",
        b"null",
        b"[]",
        b"{}",
        b'"x"',
        b"true",
        b"18446744073709551616",
        b"1 t.u.",
        b"&#" + b"9" * 5000 + b";",
    ),
)


@dataclass(frozen=True)
class Target:
    """`run` raises for a promise that is broken; what a reader may say of bytes (ParseError) it swallows."""

    name: str
    run: Callable[[bytes], None]
    starts: Callable[[], Iterable[bytes]]
    words: tuple[bytes, ...] = DAMAGE + NUMBERS
    most_bytes: int = 16_384

    @cached_property
    def seeds(self) -> list[bytes]:
        """Documents to start from, those that broke something once before the others."""
        found = [path.read_bytes() for path in sorted(FOUND.glob(f"{self.name}-*"))]
        return found + [body for body in self.starts() if len(body) <= self.most_bytes]

    def mutant(self, draw: random.Random) -> bytes:
        """A seed with faults, words of the kind of document among them."""
        body = draw.choice(self.seeds)
        if draw.random() < 0.8:
            body = damaged(body, draw)
        for _ in range(draw.choice((0, 0, 1, 2))):
            body = _with_another_number(body, draw)
        if draw.random() < 0.3:
            at = draw.randrange(len(body) + 1)
            body = body[:at] + draw.choice(self.words) + body[at:]
        if draw.random() < 0.1:
            other = draw.choice(self.seeds)
            body = body[: draw.randrange(len(body) + 1)] + other[draw.randrange(len(other) + 1) :]
        return body


def _with_another_number(body: bytes, draw: random.Random) -> bytes:
    """The document with one run of digits replaced."""
    at = draw.randrange(len(body) + 1)
    while at < len(body) and not body[at : at + 1].isdigit():
        at += 1
    end = at
    while end < len(body) and body[end : end + 1] in b"0123456789.,-":
        end += 1
    return body[:at] + draw.choice(NUMBERS) + body[end:] if end > at else body


def files(*patterns: str) -> list[bytes]:
    """The payloads of the tests that match."""
    return [path.read_bytes() for pattern in patterns for path in sorted(DATA.glob(pattern))]


def expect(holds: object, promise: str) -> None:
    """Raise unless a promise holds (`assert` vanishes with -O)."""
    if not holds:
        raise AssertionError(promise)


def expect_web(*urls: str) -> None:
    """Addresses are "" or of the web, and can be taken apart."""
    for url in filter(None, urls):
        expect(urlsplit(url).scheme in ("http", "https"), f"{url!r} is no web address")


def expect_utc(*moments: datetime | None) -> None:
    for moment in moments:
        expect(moment is None or moment.utcoffset() == timedelta(0), f"{moment!r} is not in UTC")


def expect_line(*texts: str) -> None:
    """Plain text of one line, that can be stored and shown."""
    for text in texts:
        expect(not any(ord(c) < 32 or c in "\u202e\u2028\u2029" for c in text), f"{text!r} is no line")
        text.encode("utf-8")
