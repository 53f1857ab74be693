"""What to ask whom for the history of some pairs: the most trusted sources of them, the days that are not known.

The newest days come first, so that what is looked at most is there soonest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

from desktop.core.rates import Pair
from desktop.core.rates.chain import ANCHORS
from desktop.core.rates.quote_series import is_coarse
from desktop.core.rates.quote_ways import ways
from desktop.core.rates.sources import AGGREGATORS, PASSED_ON, PEG, RULES
from desktop.core.settings import Setting
from desktop.net.rates import PROVIDERS, Provider
from desktop.net.rates.provider import Request
from desktop.net.rates.ranges import RangeRequest
from desktop.store import Store
from desktop.store.rate_days import EVERY
from desktop.sync.answers import pegged
from desktop.sync.rates import provider_of

YEARS = 5
_LATELY = timedelta(days=45)
_SPLIT = 60  # known days between unknown ones are asked again rather than in two requests, unless so many
_DAY_BYTES = 12_000  # of a table of one day, as recorded
_ROW_BYTES = 150  # of a number in a document of many days
_WHOLE_BYTES = 700_000  # of a document of all days and currencies


Choice = tuple[Pair, str]  # a pair, and the source that it is wanted of; "" for the best


@dataclass(frozen=True, slots=True)
class Task:
    """One request, and the days that are known when it is answered."""

    provider: Provider
    request: Request | RangeRequest
    currencies: tuple[str, ...]  # that the days are known of; EVERY for a whole table
    days: tuple[date, ...]

    @property
    def size(self) -> int:
        """About so many bytes."""
        if isinstance(self.request, Request):
            return _DAY_BYTES
        ranges = self.provider.ranges
        return _WHOLE_BYTES if ranges is not None and ranges.together else _ROW_BYTES * len(self.days)


@dataclass(frozen=True, slots=True)
class HistoryPlan:
    """Everything that is to be asked, and a sentence for each pair that nothing can be asked for."""

    tasks: tuple[Task, ...]
    notes: tuple[str, ...] = ()

    @property
    def requests(self) -> int:
        return len(self.tasks)

    @property
    def size(self) -> int:
        """About so many bytes."""
        return sum(task.size for task in self.tasks)

    def by_host(self) -> list[list[Task]]:
        """The tasks of each host, which are asked one after the other."""
        groups: dict[str, list[Task]] = {}
        for task in self.tasks:
            groups.setdefault(urlsplit(task.request.url).netloc, []).append(task)
        return list(groups.values())

    def seconds(self, pace: float) -> float:
        """How long it takes at least: hosts are asked side by side, one host every `pace` seconds."""
        return max(map(len, self.by_host()), default=0) * pace


def history_settings() -> tuple[Setting, ...]:
    """The addresses of documents of many days, beside those in `sync.rates`."""
    return tuple(
        Setting(f"rates.{p.id}.history_url", p.ranges.url, f"where {p.name} is asked for many days")
        for p in PROVIDERS.values()
        if p.ranges is not None
    )


def first_day(last: date, years: int) -> date:
    """The day so many years before."""
    return last - timedelta(days=round(years * 365.25))


def plan_history(
    store: Store, choices: Iterable[Choice], first: date, last: date, now: datetime
) -> HistoryPlan:
    """What to ask for the fixings of pairs from `first` to `last`, without today, which the refresh brings."""
    wanted: dict[str, set[str]] = {}
    notes: list[str] = []
    for pair, source in choices:
        legs = _legs(store, pair, source, last)
        if legs is None:
            # A source that only another version knows may be pinned: by a backup, or a pack in a file.
            name = PROVIDERS[source].name if source in PROVIDERS else source
            who = f"{name} keeps no" if source else "No source keeps a"
            notes.append(f"{who} history of {pair}.")
        elif not legs:
            notes.append(f"{pair} is fixed by law: there is nothing to load.")
        for publisher, currency in legs or ():
            wanted.setdefault(publisher, set()).add(currency)
    tasks: list[Task] = []
    for publisher, currencies in wanted.items():
        provider = provider_of(store, publisher)
        rule = provider.rule
        until = min(last, rule.local(now).date() - timedelta(days=1))
        tasks += _tasks(store, provider, sorted(currencies), max(first, rule.since or first), until)
    return HistoryPlan(tuple(tasks), tuple(notes))


def _legs(store: Store, pair: Pair, source: str, today: date) -> list[tuple[str, str]] | None:
    """Whom to ask for which currency, by the most trusted way that can be loaded; none for a peg, None where there is
    no such way."""
    for way in ways(pair, source):
        legs = [(leg.source, _foreign(leg.source, leg.pair)) for leg in way.legs]
        if all(_serves(store, publisher, currency, today) for publisher, currency in legs):
            return [leg for leg in legs if leg[0] != PEG]
    return None


def _serves(store: Store, source: str, currency: str, today: date) -> bool:
    """Whether a source keeps a history of a currency that is fine enough: as far as what is stored of it tells. An
    aggregator is believed to have it, and so is a bank of which nothing is stored."""
    if source == PEG:
        return currency in pegged()
    provider = PROVIDERS[source]
    by_range = provider.ranges is not None and provider.ranges.has(currency)
    if not by_range and (not provider.has_days or source in PASSED_ON):
        return False
    home = RULES[source].home
    for pair in (Pair(currency, home), Pair(home, currency)):
        rows = store.rates.fixings(source, pair, today - _LATELY, today + _LATELY)
        if rows:
            return not is_coarse(source, rows[-1])
    return source in AGGREGATORS or not any(key[0] == source for key in store.rates.series((home, *ANCHORS)))


def _foreign(source: str, pair: Pair) -> str:
    return pair.quote if pair.base == RULES[source].home else pair.base


def _tasks(
    store: Store, provider: Provider, currencies: Sequence[str], first: date, last: date
) -> list[Task]:
    missing = {currency: _missing(store, provider, currency, first, last) for currency in currencies}
    ranges = provider.ranges
    if ranges is None:
        by_range: list[str] = []
    else:
        by_range = [currency for currency in currencies if ranges.has(currency) and missing[currency]]
    by_day = sorted({day for currency in currencies if currency not in by_range for day in missing[currency]})
    tasks: list[Task] = []
    if ranges is not None and ranges.together and by_range:
        both = sorted({day for currency in by_range for day in missing[currency]})
        tasks += _ranged(provider, by_range, both, last)
    else:
        for currency in by_range:
            tasks += _ranged(provider, [currency], missing[currency], last)
    if provider.has_days:
        tasks += [
            Task(provider, request, (EVERY,), (day,))
            for day in reversed(by_day)
            for request in provider.requests(day)
        ]
    return tasks


def _ranged(
    provider: Provider, currencies: Sequence[str], missing: Sequence[date], today: date
) -> list[Task]:
    """Requests for runs of unknown days, newest first."""
    ranges = provider.ranges
    if ranges is None or not missing:
        return []
    cuts = [n for n, (a, b) in enumerate(pairwise(missing), 1) if (b - a).days > _SPLIT]
    edges = [0, *cuts, len(missing)]
    tasks: list[Task] = []
    for start, end in reversed(list(pairwise(edges))):
        run = missing[start:end]
        for request in ranges.requests(currencies, run[0], run[-1], today):
            days = tuple(day for day in run if request.first <= day <= request.last)
            tasks.append(Task(provider, request, request.currencies, days))
    return tasks


def _missing(store: Store, provider: Provider, currency: str, first: date, last: date) -> list[date]:
    """The business days that nothing is known of, oldest first."""
    rule = provider.rule
    known = store.rate_days.known(provider.id, Pair(currency, rule.home), first, last)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5 and not rule.is_holiday(day) and day not in known]
