"""Many days in one answer, where a publisher gives that: requests built apart from reading, as for a single day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.net.rates.provider import Parsed

ALL: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RangeRequest:
    """An address to fetch, and what the answer is read for: other currencies and days are passed over."""

    url: str
    currencies: tuple[str, ...]
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Ranges:
    """The document of many days. `reader` raises NoRatesError where there are none, ParseError for anything else."""

    url: str
    tail: str  # what follows it, as a format of `code`, `first` and `last`
    reader: Callable[[bytes, datetime, RangeRequest], Parsed]
    codes: Mapping[str, str] = field(
        default_factory=lambda: ALL
    )  # the publisher's own code of each currency; empty: ISO's, of all
    most_days: int = 3660  # that one request may ask for
    together: bool = False  # one document has all currencies, and all days
    recent_url: str = ""  # a lighter one of the last days
    recent_days: int = 0

    def at(self, url: str) -> Ranges:
        """The same behind another address."""
        return self if not url or url == self.url else replace(self, url=url, recent_url="")

    def has(self, currency: str) -> bool:
        """Whether the days of a currency can be asked for."""
        return not self.codes or currency in self.codes

    def requests(self, currencies: Iterable[str], first: date, last: date, today: date) -> list[RangeRequest]:
        """What to fetch for these days, the newest first."""
        if self.together:
            is_recent = bool(self.recent_url) and (today - first).days <= self.recent_days
            url = self.recent_url if is_recent else self.url
            return [RangeRequest(url, tuple(currencies), first, last)]
        groups = [(currency,) for currency in currencies]
        found: list[RangeRequest] = []
        while last >= first:
            start = max(first, last - timedelta(days=self.most_days - 1))
            for group in groups:
                code = self.codes.get(group[0], group[0])
                tail = self.tail.format(code=code, currency=group[0], first=start, last=last)
                found.append(RangeRequest(_joined(self.url, tail), group, start, last))
            last = start - timedelta(days=1)
        return found


def _joined(url: str, tail: str) -> str:
    return url + ("&" + tail[1:] if tail and "?" in url else tail)
