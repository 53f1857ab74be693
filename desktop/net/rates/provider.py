"""What every provider of rates is: requests built apart from reading, facts to show beside its numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from desktop.core.rates import Quote, QuoteKind
from desktop.core.rates.rule import SourceRule
from desktop.net.rates.ranges import RangeRequest, Ranges

_CADENCES = {0: "fixed", 1: "daily", 7: "weekly"}


@dataclass(frozen=True, slots=True)
class Request:
    """An address to fetch, and the day that the answer must be for (None: the latest)."""

    url: str
    asked: date | None = None
    spare: str = ""  # a second host with the same document, for when the first fails
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A good document. `notes` says what could not be used, `next_update` when to ask again if it says so."""

    quotes: tuple[Quote, ...]
    notes: tuple[str, ...] = ()
    next_update: datetime | None = None


@dataclass(frozen=True, slots=True)
class Provider:
    """A publisher of rates. `parse` and `read` raise ParseError for what is not a good document of it."""

    rule: SourceRule
    name: str
    country: str  # ISO 3166 code; "" for none
    url: str  # the latest document; "" where there is nothing to fetch
    credit: str  # to be shown beside the numbers
    credit_url: str
    homepage: str
    reader: Callable[[bytes, datetime, date | None], Parsed]
    terms: str  # what its publisher allows and asks for, in a sentence
    day_base: str = ""  # the address of former days where it is not `url`
    day_tail: str = ""  # what follows it, as a format of `day`; "" where former days cannot be asked for
    latest_tail: str = ""  # the same for the latest, where even that must be asked for by date
    undated_tail: str = ""
    no_sundays: bool = False  # there is no document that is dated Sunday
    spare_url: str = ""  # a second host for `url`, and for `day_base`
    spare_day_base: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    ranges: Ranges | None = None  # where many days can be had at once

    @property
    def id(self) -> str:
        return self.rule.id

    @property
    def base_currency(self) -> str:
        """The currency that stands on one side of all its numbers."""
        return self.rule.home

    @property
    def kind(self) -> QuoteKind:
        return self.rule.kind

    @property
    def cadence(self) -> str:
        """ "daily", "weekly" or "fixed"."""
        return _CADENCES[self.rule.cadence_days]

    @property
    def publishes(self) -> tuple[time, str]:
        """The local hour of publication, and the zone that it is local to."""
        return self.rule.publishes_at, self.rule.zone

    @property
    def weekend(self) -> frozenset[int]:
        """Weekdays (Monday = 0) for which no new number is sure to come."""
        return frozenset(range(7)) - self.rule.expected if self.rule.expected else frozenset()

    @property
    def history_since(self) -> date | None:
        """The first day that the publisher has numbers for; None where it gives only the latest."""
        return self.rule.since

    @property
    def has_days(self) -> bool:
        """Whether the numbers of a former day can be asked for."""
        return bool(self.day_tail)

    def at(self, url: str, spare_url: str = "") -> Provider:
        """The same provider behind other addresses; former days are asked for there too, one by one."""
        moved = self
        if url and url != self.url:
            moved = replace(moved, url=url, day_base=url, spare_url="", spare_day_base="", ranges=None)
        if spare_url and spare_url != self.spare_url:
            moved = replace(moved, spare_url=spare_url, spare_day_base=spare_url)
        return moved

    def requests(self, day: date | None = None, *, today: date | None = None) -> list[Request]:
        """What to fetch for the latest numbers, or for those of a day; empty where that cannot be asked for.

        `today`, in the provider's own zone, is for those that give even the latest by date only.
        """
        if not self.url:
            return []
        if day is not None:
            tail = self.day_tail.format(day=day)
            base, spare = self.day_base or self.url, self.spare_day_base
            return [self._request(base, spare, tail, day)] if tail else []
        tail = self.undated_tail
        if self.latest_tail and today is not None:
            tail = self.latest_tail.format(day=self._with_document(today))
        return [self._request(self.url, self.spare_url, tail)]

    def _request(self, url: str, spare: str, tail: str, asked: date | None = None) -> Request:
        return Request(_joined(url, tail), asked, _joined(spare, tail) if spare else "", self.headers)

    def _with_document(self, today: date) -> date:
        """The last day that has a document of its own, for those that have none on Sundays."""
        return today - timedelta(days=1) if self.no_sundays and today.weekday() == 6 else today

    def previous_day(self, day: date) -> date:
        """The working day to ask for when the fixing before `day` is wanted; repeat it, ten steps at most."""
        back = {0: 3, 6: 2}.get(day.weekday(), 1)
        return day - timedelta(days=back)

    def read(self, body: bytes, fetched_at: datetime, asked: date | None = None) -> Parsed:
        """The document with its notes."""
        return self.reader(body, fetched_at, asked)

    def read_range(self, body: bytes, fetched_at: datetime, request: RangeRequest) -> Parsed:
        """The numbers of many days that were asked for; NoRatesError where there are none."""
        if self.ranges is None:
            raise ValueError(f"{self.id} gives one day at a time")
        return self.ranges.reader(body, fetched_at, request)

    def parse(self, body: bytes, fetched_at: datetime, asked: date | None = None) -> list[Quote]:
        """The numbers of the document."""
        return list(self.read(body, fetched_at, asked).quotes)


def _joined(url: str, tail: str) -> str:
    if not tail:
        return url
    if tail.startswith("?"):
        return url + ("&" + tail[1:] if "?" in url else tail)
    return url.rstrip("/") + "/" + tail
