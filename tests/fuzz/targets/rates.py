"""The documents of the banks: each payload for its own bank, told by the first byte of the input."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from desktop.core.errors import ParseError
from desktop.net.rates import PROVIDERS, Parsed, Provider
from desktop.sync import wire
from tests.fuzz.targets.target import DATA, Target, expect

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
DAY = date(2026, 11, 24)
BANKS = [provider for provider in PROVIDERS.values() if provider.url]
CODE = re.compile(r"[A-Z]{3}\Z")


def read(number: int, body: bytes) -> tuple[Provider, Parsed]:
    """The document as one of the banks reads it: the latest, that of a day, that of many days. Raises ParseError."""
    provider = BANKS[number % len(BANKS)]
    way = number // len(BANKS) % 3
    if way == 2 and provider.ranges is not None:
        first = DAY - timedelta(days=40)
        return provider, provider.read_range(
            body, NOW, provider.ranges.requests(("USD", "KZT"), first, DAY, DAY)[0]
        )
    return provider, provider.read(body, NOW, DAY if way == 1 and provider.has_days else None)


def checked(provider: Provider, found: Parsed) -> None:
    """No wrong number: finite, above zero, of two currencies, from this bank, not from far ahead."""
    expect(wire.load(Parsed, wire.dump(found)) == found, "it does not travel whole")
    for quote in found.quotes:
        expect(quote.rate.is_finite() and quote.rate > 0, f"{quote}")
        expect(CODE.match(quote.base) and CODE.match(quote.quote) and quote.base != quote.quote, f"{quote}")
        expect(quote.source == provider.id, f"{quote}")
        expect(date(1990, 1, 1) < quote.valid_from < DAY + timedelta(days=32), f"{quote}")


def starts() -> list[bytes]:
    """Each payload behind the number of its bank, as the latest, as that of a day and as that of many days."""
    found: list[bytes] = []
    for path in sorted((DATA / "rates").glob("[a-z]*-*")):
        own = [n for n, bank in enumerate(BANKS) if path.name.split("-")[0] == bank.id.split(".")[-1]]
        way = 2 if re.search("range|hist", path.name) else 1 if "date" in path.name else 0
        for bank in own or [0]:
            found.append(bytes([bank + way * len(BANKS)]) + path.read_bytes())
    return found


def _run(data: bytes) -> None:
    try:
        provider, found = read(data[0] if data else 0, data[1:])
    except ParseError:
        return
    checked(provider, found)


TARGETS = (Target("rates", _run, starts),)
