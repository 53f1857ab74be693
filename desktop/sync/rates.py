"""One bank: ask for its numbers and hand back quotes. Knows the store only to see whom to ask."""

from __future__ import annotations

import logging
import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from desktop.core.errors import AppError, FetchError, OfflineError, ParseError, StoppedError
from desktop.core.models import Validators
from desktop.core.rates import Pair, ProviderState, Quote, QuoteKind
from desktop.core.rates.chain import Standing, wanted
from desktop.core.rates.polling import next_poll
from desktop.core.rates.sources import BRIDGE, RULES, WITNESSES
from desktop.core.schedule import is_due, next_attempt
from desktop.core.settings import Setting
from desktop.net.http import RATES, Http
from desktop.net.rates import PROVIDERS, Parsed, Provider, Request
from desktop.store import Store
from desktop.sync import documents
from desktop.sync.answers import pegged

log = logging.getLogger(__name__)

# A bank that gives no change of its own is asked for the days before, until one differs: over a long holiday.
DAYS_BACK = 10


@dataclass(frozen=True, slots=True)
class Bank:
    """A provider at its (perhaps configured) address, and what is known of the talks with it."""

    provider: Provider
    state: ProviderState
    interval: timedelta
    newest: date | None = None  # the last date that is stored of it
    is_witness: bool = False  # no answer waits for it: its numbers only confirm what the law says
    currencies: frozenset[str] = frozenset()  # that somebody follows
    at_hours: bool = True  # asked around its hours of publication, else every `interval`


@dataclass(frozen=True, slots=True)
class FetchedRates:
    """What one talk with a bank brought."""

    state: ProviderState
    quotes: tuple[Quote, ...] = ()
    error: AppError | None = None


def rate_settings() -> tuple[Setting, ...]:
    """The address of each provider is a setting: tests and people behind mirrors need it."""
    found: list[Setting] = []
    for provider in PROVIDERS.values():
        if provider.url:
            found.append(Setting(f"rates.{provider.id}.url", provider.url, f"where {provider.name} is asked"))
        if provider.spare_url:
            about = f"where {provider.name} is asked when that fails"
            found.append(Setting(f"rates.{provider.id}.spare_url", provider.spare_url, about))
    return tuple(found)


def banks(store: Store, now: datetime, *, only_due: bool, asked: Collection[str] = frozenset()) -> list[Bank]:
    """The providers to ask now, without those that were `asked` in this refresh already: the first of each pair
    that is pinned or has an alert, and the next where one fails. Neither an aggregator that publishes once a day
    nor a mere witness is asked before its time, not even by hand."""
    states = store.rates.provider_states()
    interval = timedelta(minutes=max(1, store.settings.get("refresh.rates_minutes", 60)))
    at_hours = store.settings.get("refresh.rates_at_hours", True)
    follows = _followed(store)
    currencies = frozenset(code for pair, _ in follows for code in (pair.base, pair.quote))
    found: list[Bank] = []
    for provider in _wanted(store, follows, states, now):
        state = states.get(provider.id, ProviderState(provider.id))
        waits = not is_due(state.next_due, now, state.last_fetch)
        witness = provider.id in WITNESSES.values()
        patient = witness or (provider.kind is QuoteKind.BLENDED and not state.last_error)
        if provider.id in asked or (waits and (only_due or patient)):
            continue
        there, newest = provider_of(store, provider.id), store.rates.newest(provider.id, _anchor(provider))
        found.append(Bank(there, state, interval, newest, witness, currencies, at_hours))
    return found


def provider_of(store: Store, source: str) -> Provider:
    """A provider at its configured addresses. Behind a mirror many days are asked only where that is named too."""
    own = PROVIDERS[source]
    moved = own.at(
        store.settings.get(f"rates.{source}.url", own.url),
        store.settings.get(f"rates.{source}.spare_url", own.spare_url),
    )
    address = store.settings.get(f"rates.{source}.history_url", "")
    if own.ranges is None or not (address or moved is own):
        return moved
    return replace(moved, ranges=own.ranges.at(address))


def _followed(store: Store) -> list[tuple[Pair, str]]:
    """The pairs that are pinned or have an alert, each with the source that was chosen for it ("": the best)."""
    pins = [pinned for name in store.watchlists.names() for pinned in store.watchlists.pairs(name)]
    rules = [followed.alert.rule for followed in store.alerts.all() if not followed.alert.paused]
    return [(pin.pair, pin.source) for pin in pins] + [(rule.pair, rule.source) for rule in rules]


def _wanted(
    store: Store, follows: Sequence[tuple[Pair, str]], states: Mapping[str, ProviderState], now: datetime
) -> list[Provider]:
    """The providers that these pairs need, by what their numbers in the store and their last talks are worth."""

    def standing(source: str, currency: str) -> Standing:
        home = RULES[source].home
        pair = Pair(BRIDGE if currency == home else currency, home)
        newest = store.rates.newest(source, pair, RULES[source].local(now).date())
        state = states.get(source, ProviderState(source))
        doubted = any(quote.source == source and currency in (quote.base, quote.quote) for quote in held)
        return Standing(state.last_success is not None, state.failures, newest, doubted)

    held = store.rates.unconfirmed()
    pairs, chosen = [pair for pair, _ in follows], [source for _, source in follows]
    return [PROVIDERS[source] for source in wanted(pairs, pegged(), standing, now, chosen)]


def _anchor(provider: Provider) -> Pair:
    """A pair that every document of the provider has."""
    home = RULES[provider.rule.author].home
    return Pair(BRIDGE, "EUR" if home == BRIDGE else home)


def fetch_rates(http: Http, bank: Bank, now: datetime) -> FetchedRates:
    """Ask one bank. The world's faults come back as `error`; the good quotes that are stored stay in place."""
    try:
        return _fetch(http, bank, now)
    except (OfflineError, StoppedError) as error:
        return FetchedRates(bank.state, error=error)
    except (FetchError, ParseError) as error:
        log.info("%s: %s", bank.provider.id, error)
        failures = bank.state.failures + 1
        retry_at = error.retry_at if isinstance(error, FetchError) else None
        due = next_attempt(failures, now, retry_at, random.random)
        state = bank.state._replace(last_fetch=now, last_error=str(error), failures=failures, next_due=due)
        return FetchedRates(state, error=error)


def _fetch(http: Http, bank: Bank, now: datetime) -> FetchedRates:
    provider = bank.provider
    state = bank.state._replace(last_fetch=now, last_success=now, last_error="", failures=0)
    next_update: datetime | None = None
    today = provider.rule.local(now).date()
    quotes: list[Quote] = []
    last = bank.state.last_success
    # Where the address names the day, yesterday's validators must not vouch for a body that was never kept.
    kept = [] if last is None else provider.requests(today=provider.rule.local(last).date())
    for request in provider.requests(today=today):
        known = Validators(bank.state.etag, bank.state.last_modified) if request in kept else Validators()
        validators, parsed = _ask(http, provider, request, known, now)
        state = state._replace(etag=validators.etag, last_modified=validators.last_modified)
        if parsed is None:
            continue
        quotes += parsed.quotes
        for note in parsed.notes:
            log.info("%s: %s", provider.id, note)
        next_update = parsed.next_update
    newest = max((quote.valid_from for quote in quotes), default=bank.newest)
    due = next_poll(provider.rule, now, newest, bank.interval) if bank.at_hours else now + bank.interval
    state = state._replace(next_due=due if next_update is None else max(next_update, now + bank.interval))
    is_known = any(map(_tells_change, quotes)) and any(quote.valid_from <= today for quote in quotes)
    if bank.state.last_success is None and not is_known:
        former = _fixing_before if provider.has_days else _lately
        quotes += former(http, bank, quotes, now)
    return FetchedRates(state, tuple(quotes))


def _ask(
    http: Http, provider: Provider, request: Request, known: Validators, now: datetime
) -> tuple[Validators, Parsed | None]:
    """What the answer says (None: nothing new), and how to ask for it next time; of the second host, which is asked
    where the first fails, nothing is remembered."""

    def ask(url: str, validators: Validators) -> tuple[Validators, Parsed | None]:
        response = http.get(url, limits=RATES, validators=validators, headers=request.headers)
        if response.not_modified:
            return response.validators, None
        return response.validators, documents.read_rates(response.body, provider.id, now, request)

    try:
        return ask(request.url, known)
    except (OfflineError, StoppedError):
        raise
    except (FetchError, ParseError) as error:
        if not request.spare:
            raise
        log.info("%s: %s; the second host is asked", provider.id, error)
        return Validators(), ask(request.spare, Validators())[1]


def _tells_change(quote: Quote) -> bool:
    """Whether the bank itself says what the number was before; on a carried day it says "no change" of all."""
    return bool(quote.previous_value) and Decimal(quote.previous_value) != Decimal(quote.raw_value)


def _fixing_before(http: Http, bank: Bank, latest: list[Quote], now: datetime) -> list[Quote]:
    """The last fixing that differs from `latest`, for a first change to show; what cannot be had is left out."""
    provider = bank.provider
    if not latest:
        return []
    values = {(quote.base, quote.quote): quote.rate for quote in latest}
    day = max(quote.valid_from for quote in latest)
    found: list[Quote] = []
    for _ in range(DAYS_BACK):
        day = provider.previous_day(day)
        for request in provider.requests(day):
            try:
                _, parsed = _ask(http, provider, request, Validators(), now)
            except (OfflineError, StoppedError):
                raise
            except (FetchError, ParseError) as error:
                log.info("%s on %s: %s", provider.id, day, error)
                return found
            older = parsed.quotes if parsed is not None else ()
            found += older
            if any(values.get((quote.base, quote.quote), quote.rate) != quote.rate for quote in older):
                return found
    return found


def _lately(http: Http, bank: Bank, latest: list[Quote], now: datetime) -> list[Quote]:
    """The same from a bank that has no documents by date, only pages of many days: of what somebody follows."""
    ranges = bank.provider.ranges
    if ranges is None or not latest:
        return []
    last = max(quote.valid_from for quote in latest) - timedelta(days=1)
    told = {code for quote in latest for code in (quote.base, quote.quote)} & bank.currencies
    codes = sorted(code for code in told if code != bank.provider.base_currency and ranges.has(code))
    found: list[Quote] = []
    for request in ranges.requests(codes, last - timedelta(days=DAYS_BACK), last, last):
        try:
            body = http.get(request.url, limits=RATES).body
            found += documents.read_rates(body, bank.provider.id, now, request).quotes
        except (OfflineError, StoppedError):
            raise
        except (FetchError, ParseError) as error:
            log.info("%s, many days: %s", bank.provider.id, error)
    return found
